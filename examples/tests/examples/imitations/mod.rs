//! The examples for programs of others, each with an imitation of its program. `tests/interop` runs WordPress and
//! rosmaster themselves.

mod bugzilla;
mod odoo;
mod opennebula;
mod ros_master;
mod wordpress;
mod xenapi;

use std::{fmt::Debug, process::Command};

use xmlrpc_client::Client;
use xmlrpc_core::{ClientError, TypedFault};

use crate::common::process::{ServerProcess, example, output, workspace};

/// An imitation that runs until it is dropped.
struct Imitation {
    server: ServerProcess,
    path: &'static str,
}

impl Imitation {
    #[track_caller]
    fn start(name: &str, path: &'static str) -> Self {
        Self::start_with(name, path, &[])
    }

    #[track_caller]
    fn start_with(name: &str, path: &'static str, environment: &[(&str, &str)]) -> Self {
        let script = workspace().join(format!("examples/imitations/{name}.py"));
        let mut command = Command::new("python3");
        command.args(["-B", "-u"]).arg(script);
        command.envs(environment.iter().copied());
        let server = ServerProcess::start(&mut command);
        Self { server, path }
    }

    fn url(&self) -> String {
        format!("{}{}", self.server.url, self.path)
    }

    fn client(&self) -> Client {
        Client::new(self.url()).unwrap()
    }
}

/// An example with these variables in its environment. Variables of the tests themselves do not count.
fn program(name: &str, environment: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = example(name);
    command.args(arguments).env_clear();
    command.envs(environment.iter().copied());
    command
}

/// The lines that a program prints. It must succeed.
#[track_caller]
fn lines(name: &str, environment: &[(&str, &str)], arguments: &[&str]) -> Vec<String> {
    let printed = output(&mut program(name, environment, arguments));
    printed.lines().map(str::to_owned).collect()
}

/// The error that a program ends with.
#[track_caller]
fn error(name: &str, environment: &[(&str, &str)], arguments: &[&str]) -> String {
    let output = program(name, environment, arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// The fault of a call that must fail.
#[track_caller]
fn fault<E: TypedFault>(result: Result<impl Debug, ClientError>) -> E {
    let error = result.unwrap_err();
    let fault = error.fault_as();
    fault.unwrap_or_else(|| panic!("{error}"))
}
