//! The package that is compiled.

use std::{fmt::Write, path::Path};

/// Methods of five kinds: signature, body of the implementation, and arguments of a call.
const KINDS: [(&str, &str, &str); 5] = [
    (
        "async fn {}(&self, a: i64, b: String) -> Result<i64, Fault>",
        "Ok(a + b.len() as i64)",
        "(1, String::new())",
    ),
    (
        "async fn {}(&self, a: &str, b: Option<&[i64]>) -> Vec<String>",
        "vec![format!(\"{a} {b:?}\")]",
        "(\"a\", None)",
    ),
    (
        "async fn {}(&self, #[xmlrpc(default = 1)] a: u8, #[xmlrpc(rest)] b: &[i64]) -> bool",
        "b.len() > usize::from(a)",
        "(1, &[2])",
    ),
    (
        "async fn {}(&self, #[xmlrpc(context)] cx: &xmlrpc_core::Context, a: Record)",
        "drop((cx.extensions().len(), a))",
        "(Record::default())",
    ),
    (
        "#[xmlrpc(params = struct)] async fn {}(&self, a: i64, b: Option<i64>) -> Record",
        "Record { a, b: b.into_iter().collect() }",
        "(1, None)",
    ),
];

const HEAD: &str = "\
use serde::{Deserialize, Serialize};
use xmlrpc_core::{BoxTransport, Dispatcher, Fault, xmlrpc_service};

#[derive(Default, Serialize, Deserialize)]
pub struct Record {
    a: i64,
    b: Vec<i64>,
}

pub struct Server;

pub fn dispatcher() -> Dispatcher {
    Dispatcher::new().service(WideServer::new(Server))
}
";

pub(crate) fn manifest(workspace: &Path) -> String {
    let core = workspace.join("xmlrpc-core").display().to_string();
    format!(
        "[package]\nname = \"wide\"\nedition = \"2024\"\n\n\
         [dependencies]\nserde = {{ version = \"1\", features = [\"derive\"] }}\n\
         xmlrpc-core = {{ path = {core:?} }}\n\n\
         [workspace]\n"
    )
}

/// The source of a service with so many methods.
pub(crate) fn service(methods: u32) -> String {
    let [mut signatures, mut bodies, mut calls] = [const { String::new() }; 3];
    for index in 0..methods {
        let (signature, body, arguments) = KINDS[index as usize % KINDS.len()];
        let name = format!("method_{index}");
        let signature = signature.replace("{}", &name);
        _ = writeln!(signatures, "    {signature};");
        _ = writeln!(
            bodies,
            "    {} {{ {body} }}",
            without_attributes(&signature)
        );
        _ = writeln!(calls, "    drop(client.{name}{arguments});");
    }
    format!(
        "{HEAD}\n#[xmlrpc_service]\npub trait Wide {{\n{signatures}}}\n\n\
         impl Wide for Server {{\n{bodies}}}\n\n\
         pub fn calls(client: &WideClient<BoxTransport>) {{\n{calls}}}\n"
    )
}

/// Implementations do not repeat attributes.
fn without_attributes(signature: &str) -> String {
    let mut plain = String::new();
    let mut rest = signature;
    while let Some((before, attribute)) = rest.split_once("#[") {
        plain += before;
        rest = attribute.split_once("] ").map_or("", |(_, after)| after);
    }
    plain + rest
}
