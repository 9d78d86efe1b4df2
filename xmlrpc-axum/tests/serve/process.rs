//! A server in its own process: it receives SIGTERM while calls run, or has few file descriptors.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinSet};
use xmlrpc_axum::Endpoint;

use crate::common::*;

/// Names the file into which the server writes its address.
const SERVER: &str = "XMLRPC_AXUM_TEST_SERVER";
/// If it is set, the server has no maximum number of connections.
const UNLIMITED: &str = "XMLRPC_AXUM_TEST_UNLIMITED";
const ARGUMENTS: [&str; 3] = ["process::server_process", "--exact", "--nocapture"];

/// This is the server if the variable is set, and otherwise no test.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn server_process() {
    let Ok(file) = std::env::var(SERVER) else {
        return;
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let mut server = xmlrpc_axum::serve(listener, Endpoint::new(dispatcher()));
    if std::env::var_os(UNLIMITED).is_some() {
        server = server.without_max_connections();
    }
    let server = server.with_graceful_shutdown(xmlrpc_axum::shutdown_signal());
    let server = tokio::spawn(server.into_future());
    // The signals are caught before the parent knows the address.
    std::fs::write(Path::new(&file).with_extension("new"), address).unwrap();
    std::fs::rename(Path::new(&file).with_extension("new"), file).unwrap();
    server.await.unwrap().unwrap();
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    fn signal(&self, name: &str) {
        let id = self.0.id().to_string();
        let status = Command::new("kill").args(["-s", name, &id]).status();
        assert!(status.unwrap().success());
    }

    async fn succeeds(mut self) {
        for _ in 0..200 {
            if let Some(status) = self.0.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the server does not end");
    }
}

fn server_command() -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(ARGUMENTS);
    command
}

async fn start_process(folder: &Path, mut command: Command) -> (Process, String) {
    let file = folder.join("address");
    // Its output is that of a test.
    command.env(SERVER, &file).stdout(Stdio::null());
    let process = Process(command.spawn().unwrap());
    for _ in 0..200 {
        if let Ok(address) = std::fs::read_to_string(&file) {
            return (process, address);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the server does not start");
}

/// Calls one after the other, until the server accepts no more connections. Returns the number of
/// answers, and counts itself after the first.
async fn calls(address: String, served: Arc<AtomicUsize>) -> i64 {
    let mut answered = 0;
    while let Ok(stream) = TcpStream::connect(&address).await {
        let mut wire = Wire(stream);
        loop {
            let request = request("add", &[answered, 1]);
            if wire.0.write_all(request.as_bytes()).await.is_err() {
                break; // it was not sent completely
            }
            let answer = wire.try_answer().await;
            let answer = answer.expect("a call is lost");
            answered += 1;
            answer.assert_int(answered);
            if answered == 1 {
                served.fetch_add(1, Relaxed);
            }
            if answer.closes() {
                break;
            }
        }
    }
    answered
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_is_lost() {
    for name in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let (process, address) = start_process(folder.path(), server_command()).await;
        let mut slow = Vec::new();
        for _ in 0..300 {
            let mut wire = Wire(TcpStream::connect(&address).await.unwrap());
            wire.write(request("sleep", &[2000])).await;
            slow.push(wire);
        }
        let mut active = JoinSet::new();
        let served = Arc::new(AtomicUsize::new(0));
        for _ in 0..20 {
            active.spawn(calls(address.clone(), Arc::clone(&served)));
        }
        // A busy machine may take longer than this to accept them all.
        tokio::time::sleep(Duration::from_millis(500)).await;
        for _ in 0..200 {
            if served.load(Relaxed) == 20 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        process.signal(name);
        for wire in &mut slow {
            wire.answer().await.assert_int(2000);
        }
        while let Some(answered) = active.join_next().await {
            assert!(answered.unwrap() > 0);
        }
        process.succeeds().await;
    }
}

/// A server with 64 file descriptors.
fn few_descriptors(unlimited: bool) -> Command {
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -n 64 && exec \"$0\" \"$@\""]);
    limited
        .arg(std::env::current_exe().unwrap())
        .args(ARGUMENTS);
    if unlimited {
        limited.env(UNLIMITED, "1");
    }
    limited
}

/// With and without a maximum number of connections, new clients get a response.
#[tokio::test]
async fn silent_sockets_do_not_use_up_the_file_descriptors() {
    for unlimited in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let (process, address) = start_process(folder.path(), few_descriptors(unlimited)).await;
        let mut silent = Vec::new();
        for n in 0..200 {
            silent.push(TcpStream::connect(&address).await.unwrap());
            if n % 20 == 19 {
                let mut wire = Wire(TcpStream::connect(&address).await.unwrap());
                wire.call("add", &[n, 1]).await.assert_int(n + 1);
            }
        }
        drop(silent);
        process.signal("TERM");
        process.succeeds().await;
    }
}

/// Clients whose connections the system has accepted, and the server has not.
#[tokio::test]
async fn calls_that_wait_for_a_file_descriptor_are_answered_at_the_end() {
    for unlimited in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let (process, address) = start_process(folder.path(), few_descriptors(unlimited)).await;
        let mut wires = Vec::new();
        for n in 0..150 {
            let mut wire = Wire(TcpStream::connect(&address).await.unwrap());
            wire.write(request("sleep", &[1000 + n])).await;
            wires.push(wire);
        }
        process.signal("TERM");
        for (n, wire) in wires.iter_mut().enumerate() {
            wire.answer().await.assert_int(1000 + n as i64);
        }
        process.succeeds().await;
    }
}
