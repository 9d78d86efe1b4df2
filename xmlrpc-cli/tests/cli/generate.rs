//! `xmlrpc gen` with servers that tell little.

use std::{fs, sync::Arc, thread, time::Duration};

use xmlrpc_core::{Dispatcher, Fault, Value, value};

use crate::{
    configuration::home,
    peer::{Canned, Peer, fault, send},
    run::{command, finish, isolate, xmlrpc},
};

/// A server as Odoo: it has no introspection, and its own fault for methods that it does not have.
fn without_introspection() -> Peer {
    let missing = |name: &str| {
        let text = format!("Traceback …\nNameError: {name}");
        move |_: Value| Err::<Value, _>(Fault::new(1, text.clone()))
    };
    Peer::of(
        Dispatcher::new()
            .introspection(false)
            .multicall(false)
            .raw_method("system.listMethods", |_, _| {
                Err::<Value, _>(Fault::new(1, "NameError: system.listMethods"))
            })
            .method("system.methodSignature", missing("system.methodSignature"))
            .method(
                "version",
                || value!({ "server_version": "17.0", "info": nil }),
            )
            .raw_method("execute_kw", |_, _| value!([{ "id": 7 }]))
            .method("broken", || Err::<i64, _>(Fault::new(-5, "broken"))),
    )
}

#[test]
fn samples_describe_a_server_without_introspection() {
    let peer = without_introspection();
    let run = xmlrpc(&[
        "gen",
        "rust",
        &peer.url,
        "--sample",
        "version",
        "--sample",
        "execute_kw db 2 [[1]] '{\"limit\": 5}'",
        "--sample",
        "execute_kw db 2 [] '{}' extra",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("warning: the server does not list its methods"),
        "{}",
        run.stderr
    );
    let code = run.stdout.replace("\n        ", " ");
    for expected in [
        "// 2 methods.",
        "async fn version(&self) -> Result<VersionResult, Fault>;",
        "param1: &str,",
        "param2: i64,",
        "param3: &[Value],",
        "param4: &BTreeMap<String, Value>,",
        "param5: Option<&str>,",
        "Result<Vec<ExecuteKwItem>, Fault>;",
        "pub info: Value,",
    ] {
        assert!(code.contains(expected), "{expected}: {code}");
    }
}

#[test]
fn errors_say_what_works_without_a_list() {
    let peer = without_introspection();
    let list =
        "the server does not list its methods: fault 1: NameError: system.listMethods\nhint: ";
    for (arguments, hint) in [
        (&["gen", "rust", &peer.url][..], "`gen rust URL --sample"),
        (&["gen", "json", &peer.url], "`gen rust URL --sample"),
        (&["list", &peer.url], "`xmlrpc call URL METHOD ARG…`"),
        (&["describe", &peer.url], "`xmlrpc call URL METHOD ARG…`"),
    ] {
        let error = xmlrpc(arguments).failed(1);
        assert!(error.starts_with(&format!("{list}{hint}")), "{error}");
    }
    // The sample that failed.
    let sample = [
        "gen", "rust", &peer.url, "--sample", "version", "--sample", "broken",
    ];
    assert_eq!(
        xmlrpc(&sample).failed(1),
        "--sample broken: fault -5: broken\n"
    );
    // A server that cannot be asked is another problem.
    let secured = Canned::status("401 Unauthorized", "");
    let error = xmlrpc(&["gen", "rust", &secured.url, "--sample", "version"]).failed(3);
    assert!(error.contains("see --user"), "{error}");
}

/// The parameters of the configuration are those of the samples too.
#[test]
fn leading_parameters_of_samples() {
    let peer = without_introspection();
    let home = home(&format!(
        "[servers.a]\nurl = \"{}\"\nparams = [\"token\"]\n",
        peer.url
    ));
    for (options, expected) in [
        (&[][..], "(&self, param1: &str, param2: i64,)"),
        (&["--leading", "1"], "(&self, param2: i64)"),
    ] {
        let arguments = ["gen", "rust", "@a", "--sample", "execute_kw 5"];
        let mut command = command(&[&arguments[..], options].concat());
        isolate(&mut command, home.path());
        let run = finish(&mut command);
        let words: Vec<_> = run.stdout.split_whitespace().collect();
        let code = words.join(" ").replace("( &", "(&").replace(", )", ",)");
        assert!(code.contains(expected), "{}{code}", run.stderr);
    }
}

/// `--timeout` bounds everything together, and what is printed does not depend on how long it took.
#[test]
fn the_time_for_everything() {
    let silent = Canned::new(Arc::new(|_, _| {
        thread::sleep(Duration::from_secs(20));
        Ok(())
    }));
    for arguments in [
        &["gen", "rust"][..],
        &["gen", "json"],
        &["describe"],
        &["list"],
    ] {
        let arguments = [arguments, &[&silent.url, "--timeout", "0.5"]].concat();
        assert_eq!(
            xmlrpc(&arguments).failed(3),
            "error: calling `system.listMethods`: no response within 500ms\nhint: --timeout SECONDS waits longer\n"
        );
    }
    let half = Canned::new(Arc::new(|request, stream| {
        if request.contains("listMethods") {
            let names = "<array><data><value>a</value><value>b</value></data></array>";
            return send(stream, "200 OK", &crate::peer::response(names));
        }
        if request.contains("multicall") {
            return send(stream, "200 OK", &fault(1, "unknown"));
        }
        thread::sleep(Duration::from_secs(20));
        Ok(())
    }));
    let run = xmlrpc(&["gen", "rust", &half.url, "-t", "0.5"]);
    let warning = "the server took too long to describe all methods";
    assert_eq!((run.code, run.stderr), (0, format!("warning: {warning}\n")));
    assert!(run.stdout.contains(&format!("// Warning: {warning}.")));
}

/// The generated file and the server agree, also if the signatures have different results.
#[test]
fn a_check_after_samples() {
    let peer = Peer::of(
        Dispatcher::new()
            .introspection(false)
            .method("system.listMethods", || ["getBuild"])
            .method("system.methodSignature", |_: String| {
                value!([["struct", "string"], ["struct", "int"], ["array"]])
            })
            .raw_method("getBuild", |_, _| value!({ "id": 5, "task_id": nil })),
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("f.rs");
    let file = file.to_str().unwrap();
    let sample = [
        "gen",
        "rust",
        &peer.url,
        "--sample",
        "getBuild 5",
        "--save",
        file,
    ];
    xmlrpc(&sample).ok();
    assert_eq!(xmlrpc(&["gen", "check", &peer.url, file]).ok(), "");
    let code = fs::read_to_string(file).unwrap();
    assert!(code.contains("pub task_id: Value,") && code.contains("Result<Vec<Value>, Fault>"));
}

/// The description that the documentation shows.
#[test]
fn the_description_of_the_documentation() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/codegen.md");
    let page = fs::read_to_string(page).unwrap();
    let (_, rest) = page.split_once("```json\n").unwrap();
    let (json, _) = rest.split_once("```\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("server.json");
    fs::write(&file, json).unwrap();
    let code = xmlrpc(&["gen", "rust", file.to_str().unwrap()]).ok();
    for expected in [
        "env: Option<&BTreeMap<String, Value>>,",
        "Result<Vec<PartnersItem>, Fault>;",
        "pub email: Option<String>,",
        "pub tags: Option<Vec<String>>,",
    ] {
        assert!(code.contains(expected), "{expected}: {code}");
    }
}

/// Mistakes in a description that somebody wrote by hand.
#[test]
fn descriptions_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("server.json");
    let path = file.to_str().unwrap();
    for (param, expected) in [
        (
            r#"{ "name": "a", "type": "int" }"#,
            "write \"schema\": {\"type\": \"int\"}",
        ),
        (
            r#"{ "name": "a", "schema": { "type": "integer" } }"#,
            "unknown type `integer`: expected int, i8",
        ),
        (
            r#"{ "name": "a", "schema": { "type": "struct", "members": [{ "name": "b", "type": "int" }] } }"#,
            "write \"schema\": {\"type\": \"int\"}",
        ),
    ] {
        let text = format!(r#"{{ "methods": [{{ "name": "m", "params": [{param}] }}] }}"#);
        fs::write(&file, text).unwrap();
        let error = xmlrpc(&["gen", "rust", path]).failed(2);
        assert!(error.contains(expected), "{param}: {error}");
    }
}
