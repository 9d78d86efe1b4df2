//! What the library depends on without the command.

use std::process::Command;

#[test]
fn without_the_command_there_is_neither_clap_nor_http() {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "-p",
            "xmlrpc-cli",
            "--no-default-features",
            "-e",
            "normal",
            "--prefix",
            "none",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tree = String::from_utf8_lossy(&output.stdout);
    let names: Vec<_> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(
        names.contains(&"prettyplease") && names.contains(&"xmlrpc-core"),
        "{tree}"
    );
    for name in [
        "clap",
        "reqwest",
        "rustls",
        "hyper",
        "tokio",
        "axum",
        "xmlrpc-client",
        "xmlrpc-axum",
    ] {
        assert!(!names.contains(&name), "{name}\n{tree}");
    }
}
