//! Sockets from systemd, and what the server tells systemd. Python takes the part of systemd.

use std::{os::unix::net::UnixDatagram, process::Command};

use rustix::process::Signal;

use super::{
    process::{Folder, TIME, http, http_over, list_methods},
    shop::article,
};
use crate::common::process::python;

/// Listens, becomes the program with the socket as descriptor 3, as systemd does, and keeps nothing else open.
pub const ACTIVATE: &str = "
import os, socket, sys

kind, address, *program = sys.argv[1:]
if kind == 'fd':
    inherited = int(address)
else:
    if kind == 'tcp':
        listener = socket.create_server(('127.0.0.1', 0))
    else:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(address)
        listener.listen()
    inherited = listener.fileno()
os.dup2(inherited, 3)
os.set_inheritable(3, True)
os.environ['LISTEN_FDS'] = '1'
os.environ['LISTEN_PID'] = str(os.getpid())
os.execv(program[0], program)
";

/// The program, with a socket of systemd.
pub fn activated(folder: &Folder, kind: &str, address: &str) -> Command {
    let program = folder.open();
    let mut command = folder.with(python(ACTIVATE));
    command.arg(kind).arg(address).arg(program.get_program());
    command
}

#[test]
fn takes_the_socket_and_reports_when_it_is_ready_and_when_it_stops() {
    let folder = Folder::new();
    let notify = folder.path("notify");
    let systemd = UnixDatagram::bind(&notify).unwrap();
    systemd.set_read_timeout(Some(TIME)).unwrap();
    let state = || {
        let mut state = [0; 256];
        let length = systemd.recv(&mut state).unwrap();
        String::from_utf8_lossy(&state[..length]).trim().to_owned()
    };
    let mut command = activated(&folder, "tcp", "");
    // The socket from systemd has priority.
    command
        .env("STOCK_LISTEN", "192.0.2.1:1")
        .env("NOTIFY_SOCKET", &notify);
    let mut server = folder.start(&mut command);
    assert_eq!(state(), "READY=1");
    server.stock().put(&[article("nail", 1)]).wait().unwrap();

    server.signal(Signal::TERM);
    assert_eq!(state(), "STOPPING=1");
    assert!(server.ended().success());
}

#[test]
fn takes_a_unix_socket() {
    let folder = Folder::new();
    let path = folder.path("stock.sock");
    let server = folder.start(&mut activated(&folder, "unix", path.to_str().unwrap()));
    assert_eq!(server.url, format!("unix://{}", path.display()));
    assert!(server.stock().find("", None).wait().unwrap().is_empty());
}

/// systemd keeps the socket open. A connection that arrives while no process listens waits for the next one.
#[test]
fn a_restart_refuses_no_connection() {
    let folder = Folder::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let inherited = rustix::io::dup(&listener).unwrap();
    rustix::io::fcntl_setfd(&inherited, rustix::io::FdFlags::empty()).unwrap();
    let descriptor = std::os::fd::AsRawFd::as_raw_fd(&inherited).to_string();
    let start = || folder.start(&mut activated(&folder, "fd", &descriptor));

    let mut first = start();
    let request = list_methods("Connection: close\r\n");
    assert_eq!(http(&address, &request).0, 200);
    first.signal(Signal::TERM);
    assert!(first.ended().success());

    let waiting = std::net::TcpStream::connect(&address).unwrap();
    let _second = start();
    assert_eq!(http_over(waiting, &request).0, 200);
}

/// A unix socket that a killed process has left behind is replaced. One that is in use is not.
#[test]
fn a_stale_unix_socket_is_replaced() {
    let folder = Folder::new();
    let listen = format!("unix:{}", folder.path("stock.sock").display());
    let mut first = folder.start(folder.open().env("STOCK_LISTEN", &listen));
    let refused = folder.refused(folder.open().env("STOCK_LISTEN", &listen));
    assert!(refused.contains("Address already in use"), "{refused}");
    first.signal(Signal::KILL);
    first.ended();
    folder.start(folder.open().env("STOCK_LISTEN", &listen));
}
