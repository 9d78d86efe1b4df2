//! Certificates of servers and of clients.

use std::fmt::Write;

use rcgen::{CertifiedKey, KeyPair};
use xmlrpc_client::{ClientBuilder, ClientError};

use crate::common::tls::{Authority, TlsServer, self_signed_authority};

async fn add(builder: ClientBuilder) -> Result<i64, ClientError> {
    let client = builder.no_proxy().build().unwrap();
    client.call::<i64>("add", (2, 3)).await
}

/// The certificate and the key in one text.
fn pem(identity: &CertifiedKey<KeyPair>) -> String {
    identity.cert.pem() + &identity.signing_key.serialize_pem()
}

#[tokio::test]
async fn a_private_authority() {
    let (ours, other) = (Authority::new("ours"), Authority::new("other"));
    let server = TlsServer::new(&ours.sign(&["localhost", "127.0.0.1"]), None).await;
    let bundle = other.pem() + "\nsome text between\n" + &ours.pem();
    for host in ["localhost", "127.0.0.1"] {
        let builder = || crate::common::builder(server.url(host));
        for trusting in [
            builder().root_certificate(ours.pem()),
            builder().root_certificate(ours.pem().into_bytes()),
            builder().root_certificate(&bundle),
            builder()
                .root_certificate(other.pem())
                .root_certificate(ours.pem()),
            // The client that keeps no connections has the same settings.
            builder().root_certificate(ours.pem()).keep_alive(false),
            builder().danger_accept_invalid_certs(true),
        ] {
            assert_eq!(add(trusting).await.unwrap(), 5);
        }
        for careful in [
            builder(),
            builder().root_certificate(other.pem()),
            builder()
                .danger_accept_invalid_certs(true)
                .danger_accept_invalid_certs(false),
        ] {
            let error = add(careful).await.unwrap_err();
            assert!(error.is_connect(), "{error}");
            let text = "is signed by an unknown authority: if you trust it, pass its certificate to \
                        `ClientBuilder::root_certificate`";
            assert!(error.to_string().contains(text), "{error}");
        }
    }
}

#[tokio::test]
async fn an_authority_does_not_make_every_certificate_valid() {
    let ours = Authority::new("ours");
    let expired = ours.sign_expired(&["localhost"]);
    let elsewhere = ours.sign(&["rpc.example"]);
    for (own, text) in [(expired, "xpired"), (elsewhere, "not valid for name")] {
        let server = TlsServer::new(&own, None).await;
        let trusting =
            || crate::common::builder(server.url("localhost")).root_certificate(ours.pem());
        let error = add(trusting()).await.unwrap_err();
        assert!(error.is_connect(), "{error}");
        assert!(error.to_string().contains(text), "{error}");
        let any = trusting().danger_accept_invalid_certs(true);
        assert_eq!(add(any).await.unwrap(), 5);
    }
}

#[tokio::test]
async fn a_self_signed_certificate() {
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let server = TlsServer::new(&own, None).await;
    let trusting = crate::common::builder(server.url("localhost")).root_certificate(own.cert.pem());
    assert_eq!(add(trusting).await.unwrap(), 5);

    // One that is also an authority, as `openssl req -x509` makes it.
    let own = self_signed_authority(&["localhost"]);
    let server = TlsServer::new(&own, None).await;
    let trusting = crate::common::builder(server.url("localhost")).root_certificate(own.cert.pem());
    let error = add(trusting).await.unwrap_err();
    assert!(error.is_connect(), "{error}");
    let text = "is one of an authority, which servers must not use: create one with `CA:FALSE`";
    assert!(error.to_string().contains(text), "{error}");
}

#[tokio::test]
async fn a_server_that_requires_a_certificate() {
    let (ours, other) = (Authority::new("ours"), Authority::new("other"));
    let server = TlsServer::new(&ours.sign(&["localhost"]), Some(&ours)).await;
    let builder = || crate::common::builder(server.url("localhost")).root_certificate(ours.pem());
    let ada = ours.sign(&["ada.example"]);
    let key_first = ada.signing_key.serialize_pem() + &ada.cert.pem();
    for known in [
        builder().identity(pem(&ada)),
        builder().identity(key_first),
        // The certificate of the authority may follow.
        builder().identity(pem(&ada) + &ours.pem()),
        builder()
            .identity(pem(&other.sign(&["eve.example"])))
            .identity(pem(&ada)),
    ] {
        assert_eq!(add(known).await.unwrap(), 5);
    }
    for unknown in [
        builder(),
        builder().identity(pem(&other.sign(&["ada.example"]))),
        builder().identity(pem(&ours.sign_expired(&["ada.example"]))),
    ] {
        add(unknown).await.unwrap_err();
    }
}

#[test]
fn a_blocking_client() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ours = Authority::new("ours");
    let own = ours.sign(&["localhost"]);
    let server = runtime.block_on(TlsServer::new(&own, Some(&ours)));
    let client = crate::common::builder(server.url("localhost"))
        .no_proxy()
        .root_certificate(ours.pem())
        .identity(pem(&ours.sign(&["ada.example"])))
        .build_blocking()
        .unwrap();
    assert_eq!(client.call::<i64>("add", (2, 3)).wait().unwrap(), 5);
}

/// The text of a section with this name and these bytes.
fn section(name: &str, base64: &str) -> String {
    format!("-----BEGIN {name}-----\n{base64}\n-----END {name}-----\n")
}

#[test]
fn files_that_cannot_be_used() {
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (cert, key) = (own.cert.pem(), own.signing_key.serialize_pem());
    let foreign = KeyPair::generate().unwrap().serialize_pem();
    let builder = || crate::common::builder("https://localhost");
    let roots = [
        (
            String::new(),
            "contains no certificate: it must have a section",
        ),
        (key.clone(), "`root_certificate` contains no certificate"),
        (
            section("CERTIFICATE", "AAAA"),
            "contains an invalid certificate",
        ),
        (section("CERTIFICATE", "%%%%"), "is damaged"),
        (cert[..cert.len() / 2].to_owned(), "is damaged"),
        (cert.clone() + &section("CERTIFICATE", "AAAA"), "invalid"),
    ];
    for (pem, text) in roots {
        let error = builder().root_certificate(&pem).build().unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains("`root_certificate`"), "{shown}");
        assert!(shown.contains(text), "{pem}: {shown}");
    }
    let error = builder().root_certificate(own.cert.der()).build();
    let text = "it looks like DER: convert it with `openssl x509 -inform der`";
    let pkcs12 = builder().identity(own.cert.der()).build().unwrap_err();
    assert!(
        pkcs12.to_string().contains("it looks like PKCS #12"),
        "{pkcs12}"
    );
    assert!(error.unwrap_err().to_string().contains(text));

    let identities = [
        (
            String::new(),
            "contains no certificate: it must have the sections",
        ),
        (key.clone(), "contains no certificate"),
        (cert.clone(), "contains no private key"),
        (cert.clone() + &section("PRIVATE KEY", "AAAA"), "is invalid"),
        (
            cert.clone() + &foreign,
            "does not belong to the first certificate",
        ),
        (
            cert.clone() + &section("ENCRYPTED PRIVATE KEY", "AAAA"),
            "is encrypted: decrypt it first, for example with `openssl pkey`",
        ),
        (cert.clone() + &key[..key.len() / 2], "cannot be read"),
    ];
    for (pem, text) in identities {
        let error = builder().identity(&pem).build().unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains("`identity`"), "{shown}");
        assert!(shown.contains(text), "{shown}");
        let secret = key.lines().nth(1).unwrap();
        assert!(!format!("{error:?} {shown}").contains(secret), "{shown}");
    }
    let builder = builder()
        .identity(cert + &key)
        .root_certificate(own.cert.pem());
    let mut shown = String::new();
    write!(shown, "{builder:?}").unwrap();
    let text = "root_certificates: 1, has_identity: true, accepts_invalid_certs: false";
    assert!(shown.contains(text), "{shown}");
}

#[test]
fn a_custom_http_client_has_its_own() {
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let builder = || {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        crate::common::builder("https://localhost")
            .wire(xmlrpc_client::Wire::Reqwest)
            .http_client(http)
    };
    let table = [
        (
            builder().root_certificate(own.cert.pem()),
            "root_certificate",
        ),
        (builder().identity(pem(&own)), "identity"),
        (
            builder().danger_accept_invalid_certs(true),
            "danger_accept_invalid_certs",
        ),
        (builder().proxy("http://localhost:9"), "proxy"),
        (builder().no_proxy(), "no_proxy"),
        (
            builder().pool_max_idle_per_host(1),
            "pool_max_idle_per_host",
        ),
        (
            builder().pool_idle_timeout(std::time::Duration::from_secs(1)),
            "pool_idle_timeout",
        ),
    ];
    for (builder, setting) in table {
        let expected = format!(
            "a custom HTTP client cannot be combined with `{setting}`: make this setting on the \
             `reqwest::ClientBuilder`"
        );
        assert_eq!(builder.build().unwrap_err().to_string(), expected);
    }
}

/// A client for an `http` URL does not read the certificates of the system. Here they are in a file that
/// nobody ever finishes writing.
#[cfg(target_os = "linux")]
#[test]
fn certificates_are_read_for_https_only() {
    const INSIDE: &str = "XMLRPC_TESTS_UNREADABLE";
    if std::env::var_os(INSIDE).is_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("roots.pem");
        let made = std::process::Command::new("mkfifo").arg(&file).status();
        assert!(made.unwrap().success());
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["tls::certificates_are_read_for_https_only", "--exact"])
            .env(INSIDE, "1")
            .env("SSL_CERT_FILE", &file)
            .spawn()
            .unwrap();
        for _ in 0..600 {
            if let Some(status) = child.try_wait().unwrap() {
                assert!(status.success());
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        child.kill().unwrap();
        panic!("the client waits for the certificates");
    }
    for url in [
        "http://localhost",
        "unix:///run/x.sock",
        "scgi://localhost:1",
    ] {
        crate::common::client(url).unwrap();
    }
    let proxied = crate::common::builder("http://localhost").proxy("http://localhost:9");
    proxied.build().unwrap();
}

/// A small container may have no certificates. Environment variables belong to the whole process, so
/// the test runs itself again in a new one.
#[cfg(target_os = "linux")]
#[test]
fn a_system_without_certificates() {
    const INSIDE: &str = "XMLRPC_TESTS_NO_CERTIFICATES";
    if std::env::var_os(INSIDE).is_none() {
        let test = "tls::a_system_without_certificates";
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture"])
            .env(INSIDE, "1")
            .env("SSL_CERT_FILE", "/nonexistent")
            .env("SSL_CERT_DIR", "/nonexistent")
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("1 passed"), "{text}");
        return;
    }
    crate::common::client("http://localhost").unwrap();
    crate::common::client("https://localhost").unwrap_err();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let ours = Authority::new("ours");
        let server = TlsServer::new(&ours.sign(&["localhost"]), None).await;
        let builder = || crate::common::builder(server.url("localhost"));
        let trusting = builder().root_certificate(ours.pem());
        assert_eq!(add(trusting).await.unwrap(), 5);
        let any = builder().danger_accept_invalid_certs(true);
        assert_eq!(add(any).await.unwrap(), 5);
        let other = builder().root_certificate(Authority::new("other").pem());
        add(other).await.unwrap_err();
    });
}
