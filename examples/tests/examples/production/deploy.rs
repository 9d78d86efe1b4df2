//! The files of `examples/deploy` that run the server: the systemd units and the Dockerfile. The server is started with
//! the settings that they contain.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use super::{
    process::{ADA, Folder},
    systemd::activated,
};
use crate::common::process::{example, workspace};

fn deploy(name: &str) -> String {
    fs::read_to_string(workspace().join("examples/deploy").join(name)).unwrap()
}

/// The values of `key=value` lines in a unit.
fn values<'a>(unit: &'a str, key: &str) -> Vec<&'a str> {
    let value = |line: &'a str| line.strip_prefix(key)?.strip_prefix('=');
    unit.lines().filter_map(value).collect()
}

#[test]
fn the_server_runs_with_the_settings_of_the_unit() {
    let folder = Folder::new();
    let unit = deploy("stock.service");
    assert_eq!(values(&unit, "Type"), ["notify"]);
    assert_eq!(values(&deploy("stock.socket"), "ListenStream"), ["8000"]);
    fs::create_dir(folder.path("stock")).unwrap();
    let of_test = folder.0.path().to_str().unwrap();

    let mut command = activated(&folder, "tcp", "");
    let settings = values(&unit, "Environment");
    assert!(settings.len() >= 5, "{settings:?}");
    for setting in settings {
        // The folder for state, and the folder for credentials.
        let setting = setting.replace("%S", of_test).replace("%d", of_test);
        let (name, value) = setting.split_once('=').unwrap();
        command.env(name, value);
    }
    // The port may be in use.
    command
        .env("STOCK_METRICS", "127.0.0.1:0")
        .env("STOCK_DRAIN_DELAY", "0");
    let mut server = folder.start(&mut command);
    assert!(
        server
            .stock_of(ADA.0, ADA.1)
            .find("", None)
            .wait()
            .unwrap()
            .is_empty()
    );
    assert!(server.stock().find("", None).wait().is_err());
    assert!(folder.path("stock/stock.sqlite").exists());
    server.signal(rustix::process::Signal::TERM);
    assert!(server.ended().success());
}

/// systemd ends a process that takes longer than `TimeoutStopSec`.
#[test]
fn the_unit_leaves_enough_time_to_drain() {
    let unit = deploy("stock.service");
    let seconds = |key: &str, prefix: &str| -> u64 {
        let value = values(&unit, key)
            .into_iter()
            .find_map(|value| value.strip_prefix(prefix));
        value.unwrap().parse().unwrap()
    };
    let drain =
        seconds("Environment", "STOCK_DRAIN_DELAY=") + seconds("Environment", "STOCK_DRAIN=");
    assert!(seconds("TimeoutStopSec", "") > drain);
}

/// `systemd-analyze verify` knows every key and its values.
#[test]
fn systemd_accepts_the_units() {
    let version = Command::new("systemd-analyze")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if version.is_err() {
        eprintln!("not tested: this machine has no systemd-analyze");
        return;
    }
    let folder = Folder::new();
    let installed = example("production")
        .get_program()
        .to_str()
        .unwrap()
        .to_owned();
    let service = deploy("stock.service");
    assert!(service.contains("/usr/local/bin/stock"));
    let service = service.replace("/usr/local/bin/stock", &installed);
    fs::write(folder.path("stock.service"), service).unwrap();
    fs::write(folder.path("stock.socket"), deploy("stock.socket")).unwrap();
    let verified = Command::new("systemd-analyze")
        .args(["verify", "--man=no", "--recursive-errors=no"])
        .args([folder.path("stock.service"), folder.path("stock.socket")])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&verified.stderr);
    // It also complains about other units of this machine.
    let ours: Vec<_> = said.lines().filter(|line| line.contains("stock")).collect();
    assert!(ours.is_empty(), "{said}");
}

/// Docker is not needed: the paths and names in the Dockerfile exist, and the server runs with its settings.
#[test]
fn the_dockerfile_builds_and_runs_the_example() {
    let text = deploy("Dockerfile");
    let lines = |instruction: &str| -> Vec<String> {
        let rest = text
            .lines()
            .filter_map(|line| line.strip_prefix(instruction));
        rest.map(|rest| rest.trim().to_owned()).collect()
    };
    let cargo = fs::read_to_string(workspace().join("examples/Cargo.toml")).unwrap();
    assert!(
        text.contains("--locked -p xmlrpc-examples --example production"),
        "{text}"
    );
    assert!(
        cargo.contains("name = \"xmlrpc-examples\"") && cargo.contains("name = \"production\"")
    );
    assert!(workspace().join("Cargo.lock").exists());

    let copied = lines("COPY --from=build");
    let (built, installed) = copied[0].split_once(' ').unwrap();
    assert_eq!(
        Path::new(built),
        Path::new(&lines("WORKDIR")[0]).join("target/release/examples/production")
    );
    assert_eq!(lines("ENTRYPOINT"), [format!("[\"{installed}\"]")]);
    assert_eq!(lines("STOPSIGNAL"), ["SIGTERM"]);

    let folder = Folder::new();
    let mut command = folder.open();
    for setting in lines("ENV ") {
        let (name, value) = setting.split_once('=').unwrap();
        let (host, path) = (folder.0.path(), value.rsplit('/').next().unwrap());
        match value.rsplit_once(':') {
            // Another port may be in use.
            Some((address, _)) => command.env(name, format!("{address}:0")),
            None if value.starts_with('/') => command.env(name, host.join(path)),
            None => command.env(name, value),
        };
    }
    command.env("STOCK_DRAIN_DELAY", "0");
    let mut server = folder.start(&mut command);
    assert!(server.url.starts_with("http://0.0.0.0:"), "{}", server.url);
    assert!(server.stock().find("", None).wait().is_err());
    assert!(server.stock_of(ADA.0, ADA.1).find("", None).wait().is_ok());
    server.signal(rustix::process::Signal::TERM);
    assert!(server.ended().success());
}
