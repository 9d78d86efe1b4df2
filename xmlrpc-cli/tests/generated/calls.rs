//! Makes calls with the generated code.

use std::process::Command;

use crate::compile::program;

fn run(arguments: &[&str]) {
    let output = Command::new(program()).args(arguments).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
}

#[test]
fn a_generated_client_calls_a_generated_server() {
    run(&["own"]);
}
