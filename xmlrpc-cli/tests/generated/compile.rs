//! Compiles all generated code as the modules of one package, with the lints and the documentation.

use std::{
    env,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use crate::{
    inputs::{FILES, golden, tests},
    random,
};

/// How many random descriptions are compiled.
const RANDOM: usize = 40;

const MANIFEST: &str = r#"
[package]
name = "generated"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
serde = { version = "1", features = ["derive"] }
tokio = { version = "1", features = ["macros", "rt"] }
xmlrpc-client = { path = "ROOT/xmlrpc-client" }
xmlrpc-core = { path = "ROOT/xmlrpc-core" }

[build-dependencies]
xmlrpc-cli = { path = "ROOT/xmlrpc-cli", default-features = false }

[workspace]
"#;

const BUILD: &str = r#"
use std::{env, fs, path::Path};

use xmlrpc_cli::codegen::{Description, Generator};

fn main() {
    let file = BLOG;
    println!("cargo::rerun-if-changed={file}");
    let server = Description::from_file(file).unwrap();
    let generated = Generator::new(&server).both(true).generate();
    let folder = env::var_os("OUT_DIR").unwrap();
    fs::write(Path::new(&folder).join("blog.rs"), generated.code).unwrap();
}
"#;

/// A package in the folder for temporary files of the workspace.
fn package() -> PathBuf {
    static PACKAGE: OnceLock<PathBuf> = OnceLock::new();
    let written = PACKAGE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated");
        let source = folder.join("src");
        fs::create_dir_all(&source).unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let root_text = root.to_str().unwrap();
        write(&folder.join("Cargo.toml"), &MANIFEST.replace("ROOT", root_text));
        // The versions that are already here.
        let lock = fs::read_to_string(root.join("Cargo.lock")).unwrap();
        write(&folder.join("Cargo.lock"), &lock);
        let mut library = String::from(
            "//! Generated code.\n#![deny(warnings, missing_docs, clippy::all, clippy::pedantic)]\n",
        );
        let mut module = |name: &str, path: &Path| {
            let path = path.to_str().unwrap();
            writeln!(library, "/// A file.\n#[path = {path:?}]\npub mod {name};").unwrap();
        };
        for (name, ..) in FILES {
            module(name, &golden(name));
        }
        for (number, code) in random::samples(RANDOM).into_iter().enumerate() {
            let path = source.join(format!("random_{number}.rs"));
            write(&path, &code);
            module(&format!("random_{number}"), &path);
        }
        // What the build script writes. Private, so that the compiler knows what is unused.
        library.push_str("mod included { include!(concat!(env!(\"OUT_DIR\"), \"/blog.rs\")); }\n");
        write(&source.join("lib.rs"), &library);
        let blog = tests().join("descriptions/blog.json");
        write(&folder.join("build.rs"), &BUILD.replace("BLOG", &format!("{:?}", blog.to_str().unwrap())));
        let program = fs::read_to_string(tests().join("generated/program.rs")).unwrap();
        write(&source.join("main.rs"), &program);
        folder
    });
    written.clone()
}

/// Writes a file unless it has this content, so that cargo need not compile it again.
fn write(path: &Path, content: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == content) {
        return;
    }
    fs::write(path, content).unwrap();
}

/// Runs cargo, and returns what it printed.
fn cargo(arguments: &[&str]) -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .current_dir(package())
        .env("CARGO_NET_OFFLINE", "true")
        .env("CARGO_TARGET_DIR", target)
        .env("RUSTDOCFLAGS", "-D warnings")
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {error}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The program that makes calls with the generated code.
pub(crate) fn program() -> PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let built = PROGRAM.get_or_init(|| {
        cargo(&["build", "--quiet"]);
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        target.join("debug/generated")
    });
    built.clone()
}

#[test]
fn all_code_compiles_without_warnings() {
    program();
}

#[test]
fn the_documentation_has_no_warnings() {
    cargo(&["doc", "--quiet", "--no-deps", "--lib"]);
}

#[test]
fn help_texts_contain_no_tests() {
    let listed = cargo(&["test", "--quiet", "--doc", "--", "--list"]);
    assert!(!listed.contains(": test"), "{listed}");
}
