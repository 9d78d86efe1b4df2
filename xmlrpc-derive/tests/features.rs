//! The macros with the features `server` and `client` of `xmlrpc-core` on and off. A side whose feature is
//! off is a single error.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

const NO_SERVER: &str = "error: `#[xmlrpc_service]` generates a server, which needs the feature `server` of `xmlrpc-core`; \
                         enable the feature, or write `#[xmlrpc_service(client)]`";
const NO_CLIENT: &str = "error: `#[xmlrpc_service]` generates a client, which needs the feature `client` of `xmlrpc-core`; \
                         enable the feature, or write `#[xmlrpc_service(server)]`";

#[test]
fn a_missing_feature_is_one_error() {
    let project = project();
    let table: [(&str, &str, &[&str]); 9] = [
        ("", "both", &[NO_SERVER, NO_CLIENT]),
        ("", "client", &[NO_CLIENT]),
        ("", "server", &[NO_SERVER]),
        ("client", "both", &[NO_SERVER]),
        ("client", "client", &[]),
        ("client", "server", &[NO_SERVER]),
        ("server", "both", &[NO_CLIENT]),
        ("server", "client", &[NO_CLIENT]),
        ("server", "server", &[]),
    ];
    for (features, bin, expected) in table {
        assert_eq!(
            errors(&project, features, bin),
            expected,
            "{bin} with the features `{features}`"
        );
    }
}

/// A copy of `tests/features` outside of the workspace, with the workspace's lock file.
fn project() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join("features");
    for folder in ["", "src", "src/bin"] {
        let (from, to) = (
            package.join("tests/features").join(folder),
            project.join(folder),
        );
        fs::create_dir_all(&to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
            }
        }
    }
    let manifest = project.join("Cargo.toml");
    let core = package.with_file_name("xmlrpc-core");
    let text = fs::read_to_string(&manifest).unwrap();
    let text = text.replace("../../../xmlrpc-core", core.to_str().unwrap());
    fs::write(manifest, text).unwrap();
    fs::copy(
        package.with_file_name("Cargo.lock"),
        project.join("Cargo.lock"),
    )
    .unwrap();
    project
}

/// The errors of one of the project's programs.
fn errors(project: &Path, features: &str, bin: &str) -> Vec<String> {
    let output = Command::new(env::var_os("CARGO").unwrap())
        .args(["check", "--offline", "--quiet", "--color", "never"])
        .args(["--lib", "--bin", bin, "--features", features])
        .arg("--target-dir")
        .arg(project.join("target"))
        .current_dir(project)
        .output()
        .unwrap();
    let messages = String::from_utf8(output.stderr).unwrap();
    let mut errors: Vec<_> = messages
        .lines()
        .filter(|line| line.starts_with("error") && !line.starts_with("error: could not compile"))
        .map(str::to_owned)
        .collect();
    if !output.status.success() && errors.is_empty() {
        errors.push(messages);
    }
    errors
}
