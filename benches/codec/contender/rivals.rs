//! The other Rust crates for XML-RPC.

use std::rc::Rc;

use super::judge_written;
use crate::{
    datum::Datum,
    documents::{Document, xml::Root},
    harness::{
        task::{Case, Verdict, borrowing},
        text,
    },
};

pub(super) fn decode<T: Datum>(document: &Rc<Document<T>>) -> Vec<Case> {
    match document.root {
        Root::Response => vec![
            read(document, "serde_xmlrpc", |xml| {
                serde_xmlrpc::response_from_str(xml).map_err(text)
            }),
            read(document, "dxr", |xml| {
                let response = dxr::MethodResponse::from_xml(xml).map_err(shortened)?;
                T::try_from_value(&response.value).map_err(shortened)
            }),
            read(document, "xmlrpc", |xml| {
                let request = xmlrpc::Request::new("");
                let value = request.call(Canned(xml.as_bytes())).map_err(text)?;
                T::from_plain(value).ok_or_else(|| "another type".to_owned())
            }),
        ],
        Root::Call { .. } => vec![
            read(document, "serde_xmlrpc", |xml| {
                let (_, params) = serde_xmlrpc::request_from_str(xml).map_err(text)?;
                let (data,) = serde_xmlrpc::from_values(params).map_err(text)?;
                Ok(data)
            }),
            read(document, "dxr", |xml| {
                let call = dxr::MethodCall::from_xml(xml).map_err(shortened)?;
                match &*call.params {
                    [data] => T::try_from_value(data).map_err(shortened),
                    _ => Err("another number of parameters".to_owned()),
                }
            }),
        ],
    }
}

pub(super) fn encode<T: Datum>(document: &Rc<Document<T>>) -> Vec<Case> {
    match document.root {
        Root::Response => vec![
            write(document, "serde_xmlrpc", |data| {
                let value = serde_xmlrpc::value_to_string(data).map_err(text)?;
                Ok(value.into_bytes())
            }),
            write(document, "dxr", |data| {
                let value = data.try_to_value().map_err(shortened)?;
                let xml = dxr::MethodResponse { value }.to_xml().map_err(shortened)?;
                Ok(xml.into_bytes())
            }),
            write(document, "xmlrpc", |data| {
                let mut xml = Vec::new();
                data.to_plain().write_as_xml(&mut xml).map_err(text)?;
                Ok(xml)
            }),
        ],
        Root::Call { method } => vec![
            write(document, "serde_xmlrpc", move |data| {
                let value = serde_xmlrpc::to_value(data).map_err(text)?;
                let values = core::iter::once(value);
                let xml = serde_xmlrpc::request_to_string(method, values).map_err(text)?;
                Ok(xml.into_bytes())
            }),
            write(document, "dxr", move |data| {
                let call = dxr::MethodCall {
                    name: method.into(),
                    params: vec![data.try_to_value().map_err(shortened)?],
                };
                Ok(call.to_xml().map_err(shortened)?.into_bytes())
            }),
            write(document, "xmlrpc", move |data| {
                let request = xmlrpc::Request::new(method).arg(data.to_plain());
                let mut xml = Vec::new();
                request.write_as_xml(&mut xml).map_err(text)?;
                Ok(xml)
            }),
        ],
    }
}

/// A transport that has its response already: the crate reads responses only from transports.
struct Canned<'a>(&'a [u8]);

impl<'a> xmlrpc::Transport for Canned<'a> {
    type Stream = &'a [u8];

    fn transmit(
        self,
        _: &xmlrpc::Request<'_>,
    ) -> Result<&'a [u8], Box<dyn std::error::Error + Send + Sync>> {
        Ok(self.0)
    }
}

fn read<T: Datum>(
    document: &Rc<Document<T>>,
    contender: &'static str,
    read: impl Fn(&str) -> Result<T, String> + 'static,
) -> Case {
    let expected = Rc::clone(document);
    let document = Rc::clone(document);
    borrowing(
        contender,
        // Every contender starts from bytes.
        move || read(core::str::from_utf8(&document.xml).map_err(text)?),
        move |data| Verdict(data == expected.data, expected.xml.len()),
    )
}

fn write<T: Datum>(
    document: &Rc<Document<T>>,
    contender: &'static str,
    write: impl Fn(&T) -> Result<Vec<u8>, String> + 'static,
) -> Case {
    let expected = Rc::clone(document);
    let document = Rc::clone(document);
    borrowing(
        contender,
        move || write(&document.data),
        move |xml: Vec<u8>| judge_written(&expected, &xml),
    )
}

/// Errors of `dxr` may contain the whole document.
#[allow(clippy::needless_pass_by_value, reason = "`map_err` passes a value")]
fn shortened(error: dxr::Error) -> String {
    let message = error.to_string();
    match message.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &message[..end]),
        None => message,
    }
}
