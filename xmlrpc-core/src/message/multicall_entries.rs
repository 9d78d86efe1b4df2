//! The entries of a `system.multicall`, on the side that answers it.

use super::{IncomingCall, Params, incoming::Method, params::Values};
use crate::{
    Error,
    de::{Item, Reader, Scalar, cursor_at, decode_at},
    error::{Found, Instead},
    xml::{Cursor, Document, Events, Mark, Pause, Scanner},
};

pub(super) fn read(params: &Params, max: usize) -> Result<Vec<Result<IncomingCall, Error>>, Error> {
    let Some(document) = &params.document else {
        return Err(arity(0));
    };
    if let Values::Params(pause) = params.place
        && let Some(entries) = scan(document, pause, max)
    {
        return Ok(entries.into_iter().map(Ok).collect());
    }
    read_tree(params, document, max).map_err(|error| document.resolve(error))
}

fn arity(given: usize) -> Error {
    Error::data(format_args!(
        "system.multicall takes 1 parameter, {given} given"
    ))
}

/// All entries, where all are well-formed, and there are no more than may be.
fn scan(document: &Document, pause: Pause, max: usize) -> Option<Vec<IncomingCall>> {
    let mut scanner = document.resumed(pause);
    if !scanner.tag(b"<param>") {
        return None;
    }
    let array = scanner.mark();
    let Ok(Item::Array) = scanner.item() else {
        return None;
    };
    let mut entries = Vec::new();
    while scanner.element(array).ok()? {
        if entries.len() == max {
            return None;
        }
        entries.push(scan_entry(document, &mut scanner)?);
    }
    let ends = scanner.end_tag(b"</param>")
        && scanner.end_tag(b"</params>")
        && scanner.end_tag(b"</methodCall>");
    (ends && scanner.is_at_end()).then_some(entries)
}

fn scan_entry(document: &Document, scanner: &mut Scanner<'_>) -> Option<IncomingCall> {
    let entry = scanner.mark();
    let Ok(Item::Struct) = scanner.item() else {
        return None;
    };
    let mut method = None;
    let mut values = Values::None;
    while let Some((name, member)) = scanner.member(entry).ok()? {
        match &*name {
            "methodName" => match scanner.item().ok()? {
                Item::Scalar(Scalar::String(name)) => {
                    method = Some(Method::scanned(&name, document)?);
                }
                _ => return None,
            },
            "params" => {
                let array = scanner.mark();
                let Ok(Item::Array) = scanner.item() else {
                    return None;
                };
                values = Values::Data(scanner.pause());
                while scanner.element(array).ok()? {
                    scanner.skip_value().ok()?;
                }
            }
            _ => scanner.skip_value().ok()?,
        }
        scanner.end_member(member).ok()?;
    }
    Some(IncomingCall::entry(
        method?,
        Params::new(document.clone(), values),
    ))
}

fn read_tree(
    params: &Params,
    document: &Document,
    max: usize,
) -> Result<Vec<Result<IncomingCall, Error>>, Error> {
    let values = params.marks()?;
    let [array] = *values else {
        return Err(arity(values.len()));
    };
    let mut reader = cursor_at(document, array)?;
    enter(&mut reader, array, "array").map_err(in_params)?;
    let mut entries = Vec::new();
    while reader.element(array).map_err(in_params)? {
        if entries.len() == max {
            return Err(Error::limit(format_args!(
                "system.multicall takes at most {max} entries here"
            )));
        }
        let entry = reader.here();
        let index = entries.len();
        let call = tree_entry(document, &mut reader, entry);
        entries.push(call.map_err(|error| in_params(error.in_element(index))));
        reader.leave_value(entry);
    }
    Ok(entries)
}

fn tree_entry(
    document: &Document,
    reader: &mut Cursor<'_, '_>,
    entry: Mark,
) -> Result<IncomingCall, Error> {
    enter(reader, entry, "struct")?;
    let mut method = None;
    let mut values = Vec::new();
    while let Some((name, member)) = reader.member(entry)? {
        let value = reader.here();
        match &*name {
            "methodName" => {
                let name: String =
                    decode_at(document, value).map_err(|error| error.in_member("methodName"))?;
                method = Some(name);
            }
            "params" => values = elements(reader).map_err(|error| error.in_member("params"))?,
            _ => {}
        }
        reader.leave_value(value);
        reader.end_member(member)?;
    }
    let method = method
        .as_deref()
        .map(str::trim_ascii)
        .filter(|method| !method.is_empty());
    let Some(method) = method else {
        return Err(reader.locate_value(Error::protocol("the entry names no method"), entry));
    };
    Ok(IncomingCall::entry(
        Method::Copy(method.into()),
        Params::of_tree(document.clone(), values),
    ))
}

fn in_params(error: Error) -> Error {
    error.in_param(0)
}

/// Enters an array or a struct.
fn enter(reader: &mut Cursor<'_, '_>, mark: Mark, expected: &'static str) -> Result<(), Error> {
    let found = match reader.item()? {
        Item::Array if expected == "array" => return Ok(()),
        Item::Struct if expected == "struct" => return Ok(()),
        Item::Array => Found::Array,
        Item::Struct => Found::Struct,
        Item::Scalar(scalar) => scalar.found(),
    };
    let error = Error::protocol(Instead { expected, found });
    Err(reader.locate_value(error, mark))
}

/// The places of the elements of the array that comes next.
fn elements(reader: &mut Cursor<'_, '_>) -> Result<Vec<Mark>, Error> {
    let array = reader.here();
    if reader.nil()? {
        return Ok(Vec::new());
    }
    enter(reader, array, "array")?;
    let mut values = Vec::new();
    while reader.element(array)? {
        values.push(reader.here());
        reader.skip();
    }
    Ok(values)
}
