//! What the page writes as curl, Python, Rust and `xmlrpc` runs, and has the same result.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use axum::Router;
use tokio::{io::AsyncWriteExt, process::Command, time::timeout};
use xmlrpc_axum::Endpoint;
use xmlrpc_browser_tests::{
    browser::test,
    chromedriver::{built, workspace},
    hostile,
    page::Page,
    server::{KEY, LOGIN, Server, guarded},
    services::dispatcher,
};

use crate::authentication::log_in;

/// The dependencies that the comment in each program names, from this workspace.
const PACKAGE: &str = r#"[package]
name = "exported"
edition = "2024"

[dependencies]
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
xmlrpc-browser-tests = { path = "WORKSPACE/tests/browser" }
xmlrpc-client = { path = "WORKSPACE/xmlrpc-client" }
xmlrpc-core = { path = "WORKSPACE/xmlrpc-core" }

[workspace]
"#;

/// A call as the page has made it, and as it has written it.
struct Exported {
    call: String,
    /// What the server has answered.
    response: String,
    curl: String,
    python: String,
    rust: String,
    command: String,
    /// What the programs print.
    expected: [String; 2],
}

async fn export(page: &Page, method: &str, arguments: &str, expected: [&str; 2]) -> Exported {
    let form = page.follow(method, arguments).await;
    let outcome = form.call().await;
    assert!(
        !outcome.starts_with("problem"),
        "{method} {arguments}: {outcome}"
    );
    Exported {
        call: format!("{method} {arguments}"),
        response: form.document("response").await,
        curl: form.copy_as("curl").await,
        python: form.copy_as("python").await,
        rust: form.copy_as("rust").await,
        command: form.copy_as("xmlrpc").await,
        expected: expected.map(str::to_owned),
    }
}

#[tokio::test]
async fn each_language_has_the_same_result() {
    let servers = (
        Server::start(dispatcher()).await,
        Server::start(hostile::dispatcher()).await,
        Server::router(guarded(app())).await,
    );
    let mut exported = Vec::new();
    test(async |page| {
        page.open(&servers.0.url()).await;
        for (method, arguments, expected) in CALLS {
            exported.push(export(&page, method, arguments, *expected).await);
        }
        page.open(&servers.1.url()).await;
        for text in hostile::TEXTS {
            let arguments = serde_json::to_string(&[text]).unwrap();
            let [python, rust] = [python_text(text), format!("{text:?}")];
            let expected = [
                format!("{{{python}: {python}}}"),
                format!("Struct({{{rust}: String({rust})}})"),
            ];
            let [python, rust] = expected.each_ref();
            exported.push(export(&page, hostile::name(text), &arguments, [python, rust]).await);
        }
        page.open(&servers.2.url()).await;
        log_in(&page).await;
        exported.push(export(&page, "kinds.int", "[5]", ["5", "5"]).await);
    })
    .await;
    if exported.is_empty() {
        return; // no browser
    }
    let last = exported.last().expect("calls");
    for program in [&last.curl, &last.python, &last.rust, &last.command] {
        assert!(
            !program.contains("s3$") && !program.contains("a '"),
            "a secret: {program}"
        );
    }
    compile(&exported).await;
    let folder = tempfile::tempdir().expect("a folder");
    let mut wrong = Vec::new();
    for (index, it) in exported.iter().enumerate() {
        let [python, rust] = it.expected.each_ref();
        for (language, found, expected) in [
            (
                "curl",
                run(folder.path(), "bash", &[], &it.curl).await,
                &it.response,
            ),
            (
                "xmlrpc",
                run(folder.path(), "bash", &[], &with_output(&it.command)).await,
                &it.response,
            ),
            (
                "Python",
                run(folder.path(), "python3", &["-"], &it.python).await,
                python,
            ),
            (
                "Rust",
                run(
                    folder.path(),
                    &binary("exported"),
                    &[&index.to_string()],
                    "",
                )
                .await,
                rust,
            ),
        ] {
            if found.trim_end_matches('\n') != expected.trim_end_matches('\n') {
                let call = &it.call;
                wrong.push(format!(
                    "{call:?} {language}:\n{found}\nexpected:\n{expected}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let alone = run(folder.path(), &binary("alone"), &[], "").await;
    assert_eq!(alone.trim_end(), exported[0].expected[1]);
    let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
    assert!(left.is_empty(), "a text has run as a command: {left:?}");
}

/// The command that prints the whole response.
fn with_output(command: &str) -> String {
    let begin = "xmlrpc call --no-signatures ";
    assert!(command.starts_with(begin), "{command}");
    command.replacen(begin, "xmlrpc call --output raw --no-signatures ", 1)
}

fn app() -> Router {
    Endpoint::new(dispatcher()).explorer().into_router()
}

/// A text as Python prints it.
fn python_text(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut all = String::from(quote);
    for it in text.chars() {
        match it {
            '\n' => all += "\\n",
            '\r' => all += "\\r",
            '\t' => all += "\\t",
            '\\' => all += "\\\\",
            it if it == quote => all.extend(['\\', it]),
            '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{202e}' | '\u{2066}' | '\u{feff}' => {
                all += &format!("\\u{:04x}", u32::from(it));
            }
            it => all.push(it),
        }
    }
    all.push(quote);
    all
}

/// Compiles all programs in Rust, with the packages that are built already. Each is a module of one binary,
/// because each binary has 17 MB. The first one is also a binary of its own.
async fn compile(exported: &[Exported]) {
    let folder = built().join("exported");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src/bin")).expect("a folder");
    let workspace = workspace().canonicalize().expect("it exists");
    let package = PACKAGE.replace("WORKSPACE", workspace.to_str().expect("UTF-8"));
    let write = |file: &str, text: &str| fs::write(folder.join(file), text).expect("a file");
    write("Cargo.toml", &package);
    fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock")).expect("a file");
    let mut main = String::from("#![allow(unused_attributes)]\n");
    let mut arms = String::new();
    for (index, it) in exported.iter().enumerate() {
        // A generated client comes from the crate with its trait.
        let import = "use xmlrpc_client::Client;\n";
        assert!(it.rust.contains(import), "{}", it.rust);
        let services = format!("{import}use xmlrpc_browser_tests::services::*;\n");
        let source = it.rust.replace(import, &services);
        if index == 0 {
            write("src/bin/alone.rs", &source);
        }
        let run = "pub fn run() { main().unwrap() }\n";
        write(
            &format!("src/program{index}.rs"),
            &format!("{source}\n{run}"),
        );
        main += &format!("mod program{index};\n");
        arms += &format!("        Some(\"{index}\") => program{index}::run(),\n");
    }
    let start = "fn main() {\n    match std::env::args().nth(1).as_deref() {\n";
    write(
        "src/main.rs",
        &format!("{main}{start}{arms}        _ => unreachable!(),\n    }}\n}}\n"),
    );
    cargo(&["build", "--quiet", "--offline", "--bins"]).await;
    let manifest = workspace.join("Cargo.toml");
    let manifest = manifest.to_str().expect("UTF-8");
    let cli = ["--manifest-path", manifest, "--package", "xmlrpc-cli"];
    cargo(&[&["build", "--quiet", "--offline", "--locked"], &cli[..]].concat()).await;
}

/// Runs cargo for the package of the programs, with the target folder of the workspace.
async fn cargo(arguments: &[&str]) {
    let ran = Command::new(env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()))
        .args(arguments)
        .current_dir(built().join("exported"))
        .env("CARGO_TARGET_DIR", target())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let ran = timeout(Duration::from_secs(600), ran).await;
    let ran = ran.expect("in ten minutes").expect("cargo starts");
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "cargo {arguments:?}: {errors}");
}

fn target() -> PathBuf {
    let target = built().join("..");
    target.canonicalize().expect("it exists")
}

fn binary(name: &str) -> String {
    let path = target().join("debug").join(name);
    path.to_str().expect("UTF-8").to_owned()
}

/// Runs a program in an empty folder, and returns what it prints.
async fn run(folder: &Path, program: &str, arguments: &[&str], input: &str) -> String {
    // Debian also has a command `xmlrpc`.
    let mut paths = vec![target().join("debug")];
    paths.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let paths = env::join_paths(paths).expect("paths");
    let ran = async {
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .env("PATH", paths)
            .env("XMLRPC_USER", LOGIN.0)
            .env("XMLRPC_PASSWORD", LOGIN.1)
            .env("XMLRPC_HEADER_1", KEY.1)
            .env("PYTHONIOENCODING", "utf-8")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("no_proxy", "*")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}"));
        let mut stdin = child.stdin.take().expect("it is piped");
        stdin.write_all(input.as_bytes()).await.expect("it reads");
        drop(stdin);
        child.wait_with_output().await.expect("it ends")
    };
    let output = timeout(Duration::from_secs(60), ran)
        .await
        .expect("in time");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    without_addresses(&[text(&output.stdout), text(&output.stderr)].concat())
}

/// Python prints where an object is: `<DateTime '…' at 0x7f…>`.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split(" at 0x");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        all + part.trim_start_matches(|it: char| it.is_ascii_hexdigit())
    })
}

/// Methods, arguments, and what the programs in Python and Rust print.
const CALLS: &[(&str, &str, [&str; 2])] = &[
    ("kinds.none", "[]", ["nothing", "\"nothing\""]),
    ("kinds.int", "[-5]", ["-5", "-5"]),
    (
        "kinds.long",
        "[9007199254740993]",
        ["9007199254740993", "9007199254740993"],
    ),
    (
        "kinds.long",
        "[-9223372036854775808]",
        ["-9223372036854775808", "-9223372036854775808"],
    ),
    ("kinds.double", "[0.1]", ["0.1", "0.1"]),
    ("kinds.boolean", "[true]", ["True", "true"]),
    ("kinds.letter", r#"["é"]"#, ["é", "'é'"]),
    ("kinds.colour", r#"["green"]"#, ["green", "Green"]),
    (
        "kinds.text",
        r#"[" a & <b> "]"#,
        [" a & <b> ", "\" a & <b> \""],
    ),
    (
        "kinds.text",
        r#"["$(touch pwned) 'a' \"b\" \\ \n\t {x} ü😀 `c` %s ${d}"]"#,
        [
            "$(touch pwned) 'a' \"b\" \\ \n\t {x} ü😀 `c` %s ${d}",
            r#""$(touch pwned) 'a' \"b\" \\ \n\t {x} ü😀 `c` %s ${d}""#,
        ],
    ),
    (
        "kinds.date",
        r#"[{"$date": "2024-01-31T12:30:59"}]"#,
        [
            "20240131T12:30:59",
            "DateTime { civil: 2024-01-31T12:30:59, offset: None }",
        ],
    ),
    (
        "kinds.bytes",
        r#"[{"$base64": "AP8="}]"#,
        ["\0\u{ff}", "Base64([0, 255])"],
    ),
    (
        "kinds.list",
        "[[1, 3000000000]]",
        ["[1, 3000000000]", "[1, 3000000000]"],
    ),
    ("kinds.pair", r#"[[1, "x"]]"#, ["[1, 'x']", "(1, \"x\")"]),
    (
        "kinds.map",
        r#"[{"a b": 1}]"#,
        ["{'a b': 1}", "{\"a b\": 1}"],
    ),
    (
        "kinds.order",
        r#"[{"customer": {"name": "Moe", "born": {"$date": "19980717T14:08:55"}}, "lines": [{"product": "tea", "quantity": 3}], "is_gift": true}]"#,
        [
            "{'customer': {'name': 'Moe', 'born': <DateTime '19980717T14:08:55'>}, 'lines': [{'product': 'tea', 'quantity': 3}], 'is_gift': True}",
            "Order { customer: Customer { name: \"Moe\", born: DateTime { civil: 1998-07-17T14:08:55, offset: None } }, lines: [Line { product: \"tea\", quantity: 3 }], note: None, is_gift: true }",
        ],
    ),
    ("kinds.option", "[]", ["None", "None"]),
    ("kinds.option", "[null]", ["None", "None"]),
    ("kinds.option", "[4]", ["4", "Some(4)"]),
    (
        "kinds.defaults",
        "[1]",
        ["[1, 10, 'main']", "(1, 10, \"main\")"],
    ),
    (
        "kinds.defaults",
        "[1, null, \"x\"]",
        ["[1, 10, 'x']", "(1, 10, \"x\")"],
    ),
    (
        "kinds.rest",
        "[\"a\", 1, 2]",
        ["['a', [1, 2]]", "(\"a\", [1, 2])"],
    ),
    (
        "kinds.any",
        r#"[[1, 1.0, "a", true, null, {"b": 3000000000}]]"#,
        [
            "[1, 1.0, 'a', True, None, {'b': 3000000000}]",
            "Array([Int(1), Double(1.0), String(\"a\"), Bool(true), Nil, Struct({\"b\": I8(3000000000)})])",
        ],
    ),
];
