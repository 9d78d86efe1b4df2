//! TLS under `serve`.

use std::{fs, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinSet};
use tokio_rustls::{
    TlsConnector, client,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, ServerName},
    },
};
use xmlrpc_axum::{Endpoint, Tls};

use crate::common::*;

/// Writes a new certificate for `rpc.example`, and returns it.
fn renew(folder: &Path) -> CertificateDer<'static> {
    let new = rcgen::generate_simple_self_signed(["rpc.example".to_owned()]).unwrap();
    fs::write(folder.join("chain.pem"), new.cert.pem()).unwrap();
    fs::write(folder.join("key.pem"), new.signing_key.serialize_pem()).unwrap();
    new.cert.der().clone()
}

fn load(folder: &Path) -> std::io::Result<Tls> {
    Tls::from_pem_files(folder.join("chain.pem"), folder.join("key.pem"))
}

fn trusting(certificate: &CertificateDer<'static>) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

/// Connects, and accepts only this certificate.
async fn connect(
    address: SocketAddr,
    certificate: &CertificateDer<'static>,
) -> std::io::Result<Wire<client::TlsStream<TcpStream>>> {
    connect_over(TcpStream::connect(address).await?, certificate).await
}

async fn connect_over(
    stream: TcpStream,
    certificate: &CertificateDer<'static>,
) -> std::io::Result<Wire<client::TlsStream<TcpStream>>> {
    let config = trusting(certificate);
    let name = ServerName::try_from("rpc.example").unwrap();
    let connector = TlsConnector::from(config);
    Ok(Wire(connector.connect(name, stream).await?))
}

struct Secure {
    folder: tempfile::TempDir,
    certificate: CertificateDer<'static>,
    tls: Tls,
    server: Running,
}

async fn secure() -> Secure {
    secure_for(millis(1000)).await
}

/// With these time-outs.
async fn secure_for(time: Duration) -> Secure {
    let folder = tempfile::tempdir().unwrap();
    let certificate = renew(folder.path());
    let tls = load(folder.path()).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = xmlrpc_axum::serve(tls.listen(listener), Endpoint::new(dispatcher()))
        .header_timeout(time)
        .idle_timeout(time)
        .min_rate(100_000, time)
        .with_graceful_shutdown(async {
            if stopped.await.is_err() {
                std::future::pending::<()>().await;
            }
        });
    let server = Running::new(address, stop, tokio::spawn(server.into_future()));
    Secure {
        folder,
        certificate,
        tls,
        server,
    }
}

#[tokio::test]
async fn certificates_are_reloaded_while_the_server_runs() {
    let it = secure().await;
    let address = it.server.address;
    let mut old = connect(address, &it.certificate).await.unwrap();
    old.call("add", &[2, 3]).await.assert_int(5);

    let new = renew(it.folder.path());
    it.tls.reload().unwrap();
    connect(address, &it.certificate).await.err().unwrap();
    let mut wire = connect(address, &new).await.unwrap();
    wire.call("add", &[2, 3]).await.assert_int(5);
    // A connection that exists is not affected.
    old.call("add", &[3, 3]).await.assert_int(6);

    // What cannot be used changes nothing.
    let files = it.folder.path();
    let key = fs::read(files.join("key.pem")).unwrap();
    for (file, text, expected) in [
        ("key.pem", "nothing", "key.pem"),
        ("chain.pem", "nothing", "chain.pem"),
        (
            "chain.pem",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "chain.pem",
        ),
    ] {
        fs::write(files.join("key.pem"), &key).unwrap();
        fs::write(files.join(file), text).unwrap();
        let error = it.tls.reload().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        connect(address, &new).await.unwrap();
    }
    fs::remove_file(files.join("chain.pem")).unwrap();
    it.tls.reload().unwrap_err();
    connect(address, &new).await.unwrap();
    load(files).unwrap_err();
}

#[tokio::test]
async fn silent_handshakes_do_not_hold_up_others_and_are_closed() {
    let it = secure().await;
    let mut silent = it.server.connect().await;
    let mut half = it.server.connect().await;
    half.write([0x16, 3, 1]).await;
    let mut wire = connect(it.server.address, &it.certificate).await.unwrap();
    wire.call("add", &[2, 3]).await.assert_int(5);
    assert_about(silent.closed().await, 1000);
    half.closed().await;
    // Not TLS at all.
    let mut plain = it.server.connect().await;
    plain.write(request("add", &[2, 3])).await;
    assert!(plain.closed().await < millis(3000));
}

#[tokio::test]
async fn the_time_outs_apply() {
    let it = secure().await;
    let mut idle = connect(it.server.address, &it.certificate).await.unwrap();
    idle.call("add", &[2, 3]).await.assert_int(5);
    assert_about(idle.closed().await, 1000);
    let mut body = connect(it.server.address, &it.certificate).await.unwrap();
    body.write(head(100)).await;
    body.0.flush().await.unwrap();
    assert_about(body.closed().await, 1000);
    let mut reader = connect(it.server.address, &it.certificate).await.unwrap();
    reader.write(request("long", &[32 << 20])).await;
    reader.0.flush().await.unwrap();
    tokio::time::sleep(millis(3000)).await;
    let mut received = 0;
    let mut buffer = vec![0; 1 << 16];
    while let Ok(n @ 1..) = tokio::io::AsyncReadExt::read(&mut reader.0, &mut buffer).await {
        received += n;
    }
    assert!(received < 32 << 20);
}

/// After a client has made the server wait, the time in which the next method runs does not count.
#[tokio::test]
async fn slow_methods_finish_after_a_slow_reader() {
    let it = secure().await;
    let mut clients = JoinSet::new();
    // The end of some responses waits in TLS.
    for n in 0..24 {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let stream = socket.connect(it.server.address).await.unwrap();
        let mut wire = connect_over(stream, &it.certificate).await.unwrap();
        clients.spawn(async move {
            wire.write(request("long", &[200_000 + 7_919 * n])).await;
            wire.0.flush().await.unwrap();
            tokio::time::sleep(millis(500)).await;
            wire.answer().await.assert_status(200);
            wire.write(request("sleep", &[2_500])).await;
            wire.0.flush().await.unwrap();
            wire.answer().await.assert_int(2_500);
        });
    }
    clients.join_all().await;
}

#[tokio::test]
async fn a_handshake_has_a_maximum_size() {
    const MAXIMUM: usize = 48 << 10;
    let it = secure_for(millis(60_000)).await;
    for (bytes, closes) in [(MAXIMUM, false), (MAXIMUM + 1, true)] {
        let mut wire = it.server.connect().await;
        // A `ClientHello` of 60,000 bytes, in records of 16 KiB.
        let mut hello = Vec::new();
        while hello.len() < bytes {
            let start = hello.is_empty();
            hello.extend([HANDSHAKE, 3, 1, 0x40, 0]);
            let header: &[u8] = if start { &[1, 0, 0xEA, 0x60] } else { &[] };
            hello.extend(header);
            hello.resize(hello.len() + (16 << 10) - header.len(), 0);
        }
        hello.truncate(bytes);
        wire.write(&hello).await;
        assert_eq!(wire.closes_within(millis(500)).await, closes, "{bytes}");
    }
    let mut wire = connect(it.server.address, &it.certificate).await.unwrap();
    wire.call("add", &[2, 3]).await.assert_int(5);
}

/// The beginning of a TLS record of 16 KiB.
fn record(kind: u8, length: usize) -> Vec<u8> {
    let mut record = vec![kind, 3, 3, 0x40, 0];
    if kind == HANDSHAKE {
        // A `ClientHello` of 60,000 bytes.
        record.extend([1, 0, 0xEA, 0x60]);
    }
    record.resize(length, 0);
    record
}

const HANDSHAKE: u8 = 22;
const DATA: u8 = 23;

/// What TLS cannot decrypt yet counts like heads.
#[tokio::test]
async fn all_handshakes_and_records_together_have_a_maximum_size() {
    const EACH: usize = 10_000;
    let folder = tempfile::tempdir().unwrap();
    let certificate = renew(folder.path());
    for (kind, maximum, closes) in [
        (HANDSHAKE, 3 * EACH, false),
        (HANDSHAKE, 3 * EACH - 1, true),
        (DATA, 3 * EACH, false),
        (DATA, 3 * EACH - 1, true),
    ] {
        let tls = load(folder.path()).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = xmlrpc_axum::serve(tls.listen(listener), Endpoint::new(dispatcher()))
            .max_buffered_head_bytes(maximum);
        let server = tokio::spawn(std::future::IntoFuture::into_future(server));
        let mut waiting = Vec::new();
        for _ in 0..3 {
            let mut tcp = if kind == DATA {
                let secure = connect(address, &certificate).await.unwrap();
                secure.0.into_inner().0
            } else {
                TcpStream::connect(address).await.unwrap()
            };
            tcp.write_all(&record(kind, EACH)).await.unwrap();
            waiting.push(Wire(tcp));
            tokio::time::sleep(millis(400)).await;
        }
        let [first, second, third] = &mut waiting[..] else {
            unreachable!()
        };
        let what = format!("{kind} {maximum}");
        assert_eq!(first.closes_within(millis(300)).await, closes, "{what}");
        assert!(!second.closes_within(millis(10)).await, "{what}");
        assert!(!third.closes_within(millis(10)).await, "{what}");
        let mut wire = connect(address, &certificate).await.unwrap();
        wire.call("add", &[2, 3]).await.assert_int(5);
        server.abort();
    }
}

#[tokio::test]
async fn shutdown_answers_what_has_arrived() {
    let mut it = secure().await;
    let mut busy = connect(it.server.address, &it.certificate).await.unwrap();
    busy.write(request("sleep", &[700])).await;
    let mut idle = connect(it.server.address, &it.certificate).await.unwrap();
    idle.call("add", &[2, 3]).await.assert_int(5);
    tokio::time::sleep(millis(200)).await;
    it.server.stop();
    let answer = busy.answer().await;
    answer.assert_int(700);
    assert!(answer.closes());
    let answer = idle.call("add", &[2, 4]).await;
    answer.assert_int(6);
    it.server.ended().await;
}
