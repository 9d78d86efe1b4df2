//! Certificates of servers and of clients.

use std::{fs, path::Path, process::Command};

use crate::{
    configuration::home,
    peer::{Peer, closed_port},
    run::{Run, command, finish, isolate, xmlrpc},
    tls::{Authority, TlsServer},
};

/// Calls `add` with these options.
fn add(url: &str, options: &[&str]) -> Run {
    xmlrpc(&[&["call", url, "add", "2", "3"][..], options].concat())
}

#[test]
fn private_authorities() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (ours, other) = (Authority::new("ours"), Authority::new("other"));
    let server = runtime.block_on(TlsServer::new(&ours.sign(&["localhost"]), None));
    let url = server.url("localhost");
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (ours_file, other_file) = (file("ours", &ours.pem()), file("other", &other.pem()));
    assert_eq!(add(&url, &["--cacert", &ours_file]).ok(), "5\n");
    assert_eq!(add(&url, &["--insecure"]).ok(), "5\n");
    assert_eq!(add(&url, &["-k", "-v"]).code, 0);
    for options in [&[][..], &["--cacert", &other_file]] {
        let error = add(&url, options).failed(3);
        assert!(error.contains("unknown authority"), "{error}");
        assert!(
            error.contains("--cacert") && !error.contains("ClientBuilder"),
            "{error}"
        );
    }
    let error = add(&url, &["--cacert", &file("empty", "")]).failed(2);
    assert!(error.contains("no certificate"), "{error}");
    // The same from the configuration.
    let home = home(&format!(
        "[servers.safe]\nurl = \"{url}\"\ncacert = \"{ours_file}\"\n[servers.open]\nurl = \"{url}\"\ninsecure = true\n"
    ));
    for server in ["@safe", "@open"] {
        let mut command = command(&["call", server, "add", "2", "3"]);
        isolate(&mut command, home.path());
        assert_eq!(finish(&mut command).ok(), "5\n");
    }
}

#[test]
fn servers_that_require_a_certificate() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ours = Authority::new("ours");
    let server = ours.sign(&["localhost"]);
    let server = runtime.block_on(TlsServer::new(&server, Some(&ours)));
    let url = server.url("localhost");
    let folder = tempfile::tempdir().unwrap();
    let ada = ours.sign(&["ada.example"]);
    let (cert, key) = (ada.cert.pem(), ada.signing_key.serialize_pem());
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let authority = file("authority", &ours.pem());
    let (both, cert, key) = (
        file("both", &(key.clone() + &cert)),
        file("cert", &cert),
        file("key", &key),
    );
    let call = |options: &[&str]| add(&url, &[&["--cacert", &*authority][..], options].concat());
    assert_eq!(call(&["--cert", &both]).ok(), "5\n");
    assert_eq!(call(&["--cert", &cert, "--key", &key]).ok(), "5\n");
    assert_eq!(call(&[]).code, 3);
    let error = call(&["--cert", &cert]).failed(2);
    assert!(error.contains("no private key"), "{error}");
}

/// A file that nobody writes to blocks those who read it. So this shows that plain HTTP does not read the
/// certificates of the system, which takes most of the time of a call.
#[test]
fn plain_http_needs_no_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("certificates");
    let made = Command::new("mkfifo").arg(&pipe).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    let peer = Peer::demo();
    let run = |arguments: &[&str], pipe: &Path| {
        let mut command = Command::new("timeout");
        command.arg("10").arg(crate::run::XMLRPC).args(arguments);
        isolate(&mut command, Path::new("/dev/null"));
        finish(command.env("SSL_CERT_FILE", pipe))
    };
    assert_eq!(
        run(&["call", &peer.url, "pow", "2", "9"], &pipe).ok(),
        "512\n"
    );
    // The connection to this proxy uses TLS.
    let proxy = format!("https://127.0.0.1:{}", closed_port());
    let proxied = run(
        &["call", &peer.url, "pow", "2", "9", "--proxy", &proxy],
        &pipe,
    );
    assert_eq!(proxied.code, 124, "{}", proxied.stderr);
}
