//! TLS, and certificates that are replaced while the server runs.

use std::fs;

use rustix::process::Signal;
use xmlrpc_core::ClientError;

use super::process::{Folder, Production, until};

/// Writes a new certificate and its key, and returns the certificate.
fn renew(folder: &Folder) -> reqwest::Certificate {
    let new = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let certificate = new.cert.pem();
    fs::write(folder.path("chain.pem"), &certificate).unwrap();
    fs::write(folder.path("key.pem"), new.signing_key.serialize_pem()).unwrap();
    reqwest::Certificate::from_pem(certificate.as_bytes()).unwrap()
}

/// A call by a new client that trusts only this certificate.
fn call(
    server: &Production,
    certificate: &reqwest::Certificate,
) -> Result<Vec<String>, ClientError> {
    let trusted = [certificate.clone()];
    let http = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only(trusted)
        .build()
        .unwrap();
    let client = xmlrpc_client::Client::builder(&server.url).http_client(http);
    client
        .build_blocking()
        .unwrap()
        .call("system.listMethods", ())
        .wait()
}

#[test]
fn a_renewed_certificate_is_loaded_on_a_signal() {
    let folder = Folder::new();
    let first = renew(&folder);
    let secure = || {
        let mut command = folder.open();
        command.env("STOCK_TLS_CERTIFICATE", folder.path("chain.pem"));
        command.env("STOCK_TLS_KEY", folder.path("key.pem"));
        command
    };
    let mut server = folder.start(&mut secure());
    assert!(
        server.url.starts_with("https://127.0.0.1:"),
        "{}",
        server.url
    );
    assert!(!call(&server, &first).unwrap().is_empty());

    let second = renew(&folder);
    assert!(call(&server, &second).is_err());
    server.signal(Signal::HUP);
    until("the new certificate is used", || {
        call(&server, &second).is_ok()
    });
    assert!(call(&server, &first).is_err());

    // The server continues with the certificate that it has.
    fs::write(folder.path("chain.pem"), "no certificate").unwrap();
    server.signal(Signal::HUP);
    server.event(|event| event["message"] == "kept the old certificate");
    assert!(call(&server, &second).is_ok());

    server.signal(Signal::TERM);
    assert!(server.ended().success());
    let refused = folder.refused(&mut secure());
    assert!(refused.contains("chain.pem"), "{refused}");
}

#[test]
fn without_tls_the_signal_does_no_harm() {
    let folder = Folder::new();
    let server = folder.start(&mut folder.open());
    server.signal(Signal::HUP);
    server.event(|event| event["message"] == "without TLS, no certificate is loaded");
    assert_eq!(server.get("/readyz").0, 200);
}
