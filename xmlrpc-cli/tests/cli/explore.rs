//! `xmlrpc explore`

use crate::{
    configuration::home,
    peer::{Canned, Peer},
    run::{command, isolate},
    serve::{Server, exchange},
};

/// The path of the page.
fn path(server: &Server) -> String {
    let (_, path) = server.url.split_once(server.address()).unwrap();
    path.to_owned()
}

fn get(server: &Server, path: &str, headers: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
    exchange(server.address(), &request)
}

fn post(server: &Server, path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\n{headers}Content-Type: text/xml\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    exchange(server.address(), &request)
}

const CALL: &str = "<methodCall><methodName>header</methodName><params><param><value>authorization</value></param></params></methodCall>";

#[test]
fn the_page_is_served_below_a_secret_path() {
    let peer = Peer::demo();
    let url = peer.url.replace("http://", "http://ada:pa55@");
    let server = Server::start(&["explore", &url, "--no-browser"]);
    let host = format!("Host: {}\r\n", server.address());
    let html = format!("{host}Accept: text/html\r\n");
    let page = get(&server, &path(&server), &html);
    assert!(
        page.starts_with("HTTP/1.1 200") && page.contains("id=\"m.pow\""),
        "{page}"
    );
    let description = get(
        &server,
        &format!("{}?description.json", path(&server)),
        &host,
    );
    assert!(description.contains("\"pow\""), "{description}");
    for document in [&page, &description] {
        for secret in ["pa55", "YWRhOnBhNTU=", "ada"] {
            assert!(!document.contains(secret), "{secret}");
        }
    }
    let token = path(&server);
    assert!(token.len() == 34, "{token}");
    for other in [
        "/",
        "/RPC2",
        "/00000000000000000000000000000000/",
        token.trim_end_matches('/'),
        "/open/x",
    ] {
        assert!(
            get(&server, other, &html).starts_with("HTTP/1.1 404"),
            "{other}"
        );
        assert!(
            post(&server, other, &host, CALL).starts_with("HTTP/1.1 404"),
            "{other}"
        );
    }
}

#[test]
fn calls_have_the_credentials_of_the_server() {
    let peer = Peer::demo();
    let url = peer.url.replace("http://", "http://ada:pa55@");
    let server = Server::start(&["explore", &url, "--no-browser"]);
    let host = format!("Host: {}\r\n", server.address());
    let origin = format!(
        "{host}Origin: http://{}\r\nAuthorization: Basic b3RoZXI6eA==\r\nCookie: a=b\r\n",
        server.address()
    );
    let response = post(&server, &path(&server), &origin, CALL);
    assert!(response.contains("Basic YWRhOnBhNTU="), "{response}");
    // Other sites, and other names for this machine, are refused.
    let cases = [
        format!("{host}Origin: http://evil.example\r\n"),
        format!("{host}Sec-Fetch-Site: cross-site\r\n"),
        "Host: evil.example\r\nOrigin: http://evil.example\r\n".to_owned(),
    ];
    for headers in cases {
        let refused = post(&server, &path(&server), &headers, CALL);
        assert!(refused.starts_with("HTTP/1.1 403"), "{headers}: {refused}");
    }
    let rebound = get(
        &server,
        &path(&server),
        "Host: evil.example\r\nAccept: text/html\r\n",
    );
    assert!(rebound.starts_with("HTTP/1.1 403"), "{rebound}");
}

#[test]
fn every_request_must_name_the_address_of_the_page() {
    let peer = Peer::demo();
    let server = Server::start(&["explore", &peer.url, "--no-browser"]);
    let own = server.address().to_owned();
    let accepted = [
        format!("Host: {own}\r\n"),
        format!("Host: {own}\r\nOrigin: http://{own}\r\n"),
    ];
    for headers in accepted {
        let page = get(
            &server,
            &path(&server),
            &format!("{headers}Accept: text/html\r\n"),
        );
        assert!(page.starts_with("HTTP/1.1 200"), "{headers}: {page}");
        let response = post(&server, &path(&server), &headers, CALL);
        assert!(
            response.starts_with("HTTP/1.1 200"),
            "{headers}: {response}"
        );
    }
    let refused = [
        "Host: evil.example\r\n".to_owned(),
        "Host: 127.0.0.1\r\n".to_owned(),
        "Host: 127.0.0.1:1\r\n".to_owned(),
        "Host: 10.9.8.7\r\nOrigin: http://10.9.8.7\r\n".to_owned(),
        "Host: 127.0.0.1:1\r\nOrigin: http://127.0.0.1:1\r\n".to_owned(),
        format!("Host: {own}.evil.example\r\n"),
        format!("Host: {own}\r\nOrigin: null\r\n"),
        format!("Host: {own}\r\nOrigin: https://{own}\r\n"),
        format!("Host: {own}\r\nOrigin: http://127.0.0.1:1\r\n"),
        format!("Host: {own}\r\nOrigin: http://{own}\r\nOrigin: http://evil.example\r\n"),
    ];
    for headers in refused {
        for target in [path(&server), format!("{}?description.json", path(&server))] {
            let page = get(&server, &target, &headers);
            assert!(page.starts_with("HTTP/1.1 403"), "{headers}: {page}");
            let response = post(&server, &target, &headers, CALL);
            assert!(
                response.starts_with("HTTP/1.1 403"),
                "{headers}: {response}"
            );
        }
    }
    let elsewhere = format!("http://evil.example{}", path(&server));
    let host = format!("Host: {own}\r\n");
    let response = post(&server, &elsewhere, &host, CALL);
    assert!(!response.starts_with("HTTP/1.1 200"), "{response}");
}

#[test]
fn headers_stay_on_their_side() {
    let peer = Canned::new(std::sync::Arc::new(|_, stream| {
        use std::io::Write;
        stream.write_all(b"HTTP/1.1 401 Unauthorized\r\nSet-Cookie: session=s3cret\r\nWWW-Authenticate: Basic\r\nContent-Length: 2\r\n\r\nno")
    }));
    let server = Server::start(&["explore", &peer.url, "--no-browser"]);
    let headers = format!(
        "Host: {}\r\nCookie: mine=1\r\nUser-Agent: browser\r\n",
        server.address()
    );
    let response = post(&server, &path(&server), &headers, CALL).to_ascii_lowercase();
    assert!(
        !response.contains("s3cret") && !response.contains("www-authenticate"),
        "{response}"
    );
    assert!(response.starts_with("http/1.1 502"), "{response}");
    let requests = peer.requests().concat().to_ascii_lowercase();
    assert!(
        !requests.contains("mine=1") && !requests.contains("user-agent: browser"),
        "{requests}"
    );
}

#[test]
fn leading_parameters_are_added() {
    let peer = Peer::demo();
    let home = home(&format!(
        "[servers.x]\nurl = \"{}\"\nparams = [2]\n",
        peer.url
    ));
    let mut start = command(&["explore", "@x", "--no-browser"]);
    isolate(&mut start, home.path());
    let server = Server::spawn(start);
    let host = format!("Host: {}\r\n", server.address());
    let call = "<methodCall><methodName>pow</methodName><params><param><value><int>9</int></value></param></params></methodCall>";
    assert!(post(&server, &path(&server), &host, call).contains("<int>512</int>"));
}

#[test]
fn a_browser_is_started_with_an_address_that_works_once() {
    use std::os::unix::fs::PermissionsExt;

    let peer = Peer::demo();
    let home = home("");
    // A browser that writes down its address.
    let opener = home.path().join("xdg-open");
    std::fs::write(&opener, "#!/bin/sh\necho \"$1\" > \"$HOME/address.part\" && mv \"$HOME/address.part\" \"$HOME/address\"\n").unwrap();
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut start = command(&["explore", &peer.url]);
    isolate(&mut start, home.path());
    let path = format!(
        "{}:{}",
        home.path().display(),
        std::env::var("PATH").unwrap()
    );
    start.env("PATH", path);
    let server = Server::spawn(start);
    let file = home.path().join("address");
    for _ in 0..200 {
        if file.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let address = std::fs::read_to_string(&file).unwrap();
    let (_, once) = address.trim_end().split_once(server.address()).unwrap();
    assert!(!server.url.contains(once.trim_start_matches("/open/")));
    let host = format!("Host: {}\r\n", server.address());
    assert!(get(&server, once, "Host: evil.example:1\r\n").starts_with("HTTP/1.1 403"));
    let first = get(&server, once, &host);
    assert!(
        first.starts_with("HTTP/1.1 303") && first.contains(&self::path(&server)),
        "{first}"
    );
    assert!(get(&server, once, &host).starts_with("HTTP/1.1 410"));
}
