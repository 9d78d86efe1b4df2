//! The entries of a `system.multicall`, as the server reads them.

use super::{
    incoming_call::{IncomingCall, MethodName},
    params::{Params, ParamsLocation},
};
use crate::{
    Error,
    de::{Item, Reader, Scalar, cursor_at, decode_at},
    error::{Found, Mismatch},
    xml::{Checkpoint, Cursor, Document, EventIndex, Scanner},
};

impl Params {
    /// The entries of a `system.multicall`, if these are its parameters.
    ///
    /// A malformed entry is an error among the others. Members may come in any order. An entry without
    /// `params` has no parameters.
    ///
    /// # Errors
    ///
    /// These are not the parameters of a multicall, or there are more than `max` entries.
    ///
    /// ```
    /// use bytes::Bytes;
    /// use xmlrpc_core::{Dialect, Limits, message::{CallWriter, IncomingCall, MulticallWriter}};
    ///
    /// let mut multicall = MulticallWriter::new(Dialect::EXTENDED);
    /// multicall.push("getData", &CallWriter::new("getData", Dialect::EXTENDED).finish()?);
    /// let document = Bytes::from(multicall.finish());
    ///
    /// let call = IncomingCall::read(document, None, &Limits::default())?;
    /// let entries = call.params().multicall_entries(100)?;
    /// assert_eq!(entries[0].as_ref().unwrap().method(), "getData");
    /// # Ok::<(), xmlrpc_core::Error>(())
    /// ```
    pub fn multicall_entries(&self, max: usize) -> Result<Vec<Result<IncomingCall, Error>>, Error> {
        read(self, max)
    }
}

fn read(params: &Params, max: usize) -> Result<Vec<Result<IncomingCall, Error>>, Error> {
    let Some(document) = &params.document else {
        return Err(arity(0));
    };
    if let ParamsLocation::Params(start) = params.location
        && let Some(entries) = scan(document, start, max)
    {
        return Ok(entries.into_iter().map(Ok).collect());
    }
    read_events(params, document, max).map_err(|error| document.resolve(error))
}

fn arity(given: usize) -> Error {
    Error::data(format_args!(
        "system.multicall takes 1 parameter, {given} given"
    ))
}

/// Reads all entries, if all are well-formed and there are at most `max`.
fn scan(document: &Document, start: Checkpoint, max: usize) -> Option<Vec<IncomingCall>> {
    let mut scanner = document.resume(start);
    if !scanner.tag(b"<param>") {
        return None;
    }
    let array = scanner.position();
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
    let entry = scanner.position();
    let start = scanner.offset();
    let Ok(Item::Struct) = scanner.item() else {
        return None;
    };
    let mut method = None;
    let mut params = ParamsLocation::None;
    while let Some((name, member)) = scanner.member(entry).ok()? {
        match &*name {
            "methodName" => match scanner.item().ok()? {
                Item::Scalar(Scalar::String(name)) => {
                    method = Some(MethodName::scanned(&name, document)?);
                }
                _ => return None,
            },
            "params" => {
                let array = scanner.position();
                let Ok(Item::Array) = scanner.item() else {
                    return None;
                };
                params = ParamsLocation::Data(scanner.checkpoint());
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
        Params::new(document.clone(), params),
        scanner.offset() - start,
    ))
}

fn read_events(
    params: &Params,
    document: &Document,
    max: usize,
) -> Result<Vec<Result<IncomingCall, Error>>, Error> {
    let values = params.events()?;
    let [array] = *values else {
        return Err(arity(values.len()));
    };
    let mut reader = cursor_at(document, array)?;
    // The events do not tell where an entry ends. Most multicalls have entries of about the same size.
    let count = elements(&mut reader.clone()).map_or(1, |entries| entries.len().max(1));
    let bytes = document.text().len() / count;
    enter(&mut reader, array, "array").map_err(in_params)?;
    let mut entries = Vec::new();
    while reader.element(array).map_err(in_params)? {
        if entries.len() == max {
            return Err(Error::limit(format_args!(
                "the multicall has more than the {max} entries that this server accepts; split it into several"
            )));
        }
        let entry = reader.here();
        let index = entries.len();
        let call = read_entry(document, &mut reader, entry, bytes);
        entries.push(call.map_err(|error| in_params(error.in_element(index))));
        reader.leave_value(entry);
    }
    Ok(entries)
}

fn read_entry(
    document: &Document,
    reader: &mut Cursor<'_, '_>,
    entry: EventIndex,
    bytes: usize,
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
        return Err(reader.locate_value(Error::protocol("the entry has no `methodName`"), entry));
    };
    Ok(IncomingCall::entry(
        MethodName::Copied(method.into()),
        Params::at_events(document.clone(), values),
        bytes,
    ))
}

fn in_params(error: Error) -> Error {
    error.in_param(0)
}

/// Enters an array or a struct.
fn enter(
    reader: &mut Cursor<'_, '_>,
    value: EventIndex,
    expected: &'static str,
) -> Result<(), Error> {
    let found = match reader.item()? {
        Item::Array if expected == "array" => return Ok(()),
        Item::Struct if expected == "struct" => return Ok(()),
        Item::Array => Found::Array,
        Item::Struct => Found::Struct,
        Item::Scalar(scalar) => scalar.found(),
    };
    let error = Error::protocol(Mismatch { expected, found });
    Err(reader.locate_value(error, value))
}

/// The elements of the next value: an array, nil, or the empty struct that stands for an empty array.
fn elements(reader: &mut Cursor<'_, '_>) -> Result<Vec<EventIndex>, Error> {
    let array = reader.here();
    if reader.nil()? || is_empty_struct(&mut reader.clone(), array) {
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

fn is_empty_struct(reader: &mut Cursor<'_, '_>, value: EventIndex) -> bool {
    matches!(reader.item(), Ok(Item::Struct)) && matches!(reader.member(value), Ok(None))
}
