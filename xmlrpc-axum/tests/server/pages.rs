//! Which web pages may call the server, and under which host names.

use axum::Router;
use tower::ServiceExt;
use xmlrpc_axum::Endpoint;

use crate::common::http_raw::{ADD, Answer, post, send};
use crate::common::http_server::{Server, dispatcher, serve};

#[tokio::test]
async fn pages_of_other_origins_are_403() {
    let endpoint = Endpoint::new(dispatcher())
        .allow_host("rpc.example")
        .allow_origin("https://app.example/")
        .allow_origin("http://other.example:8080");
    let server = serve(endpoint.into_router()).await;
    let table = [
        ("Origin: http://rpc.example\r\n", 200),
        ("Origin: https://RPC.example:443\r\n", 200),
        (
            "Origin: http://rpc.example\r\nSec-Fetch-Site: same-origin\r\n",
            200,
        ),
        ("Sec-Fetch-Site: none\r\n", 200),
        (
            "Origin: https://app.example\r\nSec-Fetch-Site: cross-site\r\n",
            200,
        ),
        ("Origin: https://app.example:443\r\n", 200),
        ("Origin: http://OTHER.example:8080\r\n", 200),
        ("Origin: http://app.example\r\n", 403),
        ("Origin: http://other.example\r\n", 403),
        ("Origin: http://rpc.example:81\r\n", 403),
        ("Origin: http://rpc.example.evil\r\n", 403),
        ("Origin: http://evil.example\r\n", 403),
        ("Origin: rpc.example\r\n", 403),
        ("Origin: null\r\n", 403),
        ("Origin: \r\n", 403),
        ("Origin: http://\u{fc}\r\n", 403),
        (
            "Origin: https://app.example\r\nOrigin: http://evil.example\r\n",
            403,
        ),
        ("Sec-Fetch-Site: cross-site\r\n", 403),
        ("Sec-Fetch-Site: same-site\r\n", 403),
        (
            "Origin: http://rpc.example\r\nSec-Fetch-Site: cross-site\r\n",
            403,
        ),
    ];
    for (headers, status) in table {
        let answer = send(server.address, &post(headers, ADD.as_bytes())).await;
        answer.assert_status(status, headers);
    }

    let any = serve(Endpoint::new(dispatcher()).allow_any_origin().into_router()).await;
    for headers in ["Origin: null\r\n", "Sec-Fetch-Site: cross-site\r\n"] {
        send(any.address, &post(headers, ADD.as_bytes()))
            .await
            .assert_int(5);
    }
}

/// `evil.example` may make its name resolve to the server's address. For the browser, page and
/// server then have the same origin.
#[tokio::test]
async fn pages_may_call_only_under_known_names() {
    async fn status(server: &Server, host: &str, headers: &str) -> Answer {
        let length = ADD.len();
        let request = format!(
            "POST / HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\nContent-Length: {length}\r\n\r\n{ADD}"
        );
        send(server.address, request.as_bytes()).await
    }
    let endpoint = || {
        Endpoint::new(dispatcher())
            .allow_host("RPC.example")
            .allow_host("with-port.example:8000")
            .allow_host("https://as-url.example/RPC2")
            .allow_origin("https://app.example")
    };
    let server = serve(endpoint().into_router()).await;
    let table = [
        ("127.0.0.1:8000", 200),
        ("127.0.0.1", 200),
        ("[::1]:8000", 200),
        ("192.0.2.7", 200),
        ("localhost:8000", 200),
        ("LOCALHOST", 200),
        ("localhost.", 200),
        ("demo.localhost:8000", 200),
        ("rpc.example", 200),
        ("rpc.EXAMPLE.:8000", 200),
        ("with-port.example", 200),
        ("as-url.example", 200),
        ("app.example:8443", 200),
        ("evil.example:8000", 403),
        ("rpc.example.evil.example", 403),
        ("evil.rpc.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost.evil.example", 403),
        ("notlocalhost", 403),
        ("1.2.3", 403),
        ("::1", 403),
        ("[::1", 403),
        ("", 403),
    ];
    for (host, expected) in table {
        let own = [
            format!("Origin: http://{host}\r\n"),
            format!("Origin: http://{host}\r\nSec-Fetch-Site: same-origin\r\n"),
            "Sec-Fetch-Site: same-origin\r\n".to_owned(),
            "Sec-Fetch-Site: none\r\n".to_owned(),
        ];
        for headers in own {
            let answer = status(&server, host, &headers).await;
            answer.assert_status(expected, &format!("{host} {headers}"));
            assert_eq!(
                answer.body.contains("the server has to allow the name"),
                expected == 403,
                "{host} {headers} {answer:?}"
            );
        }
        // Clients that are not browsers may use any host name.
        if !host.contains("::") && !host.contains('[') {
            status(&server, host, "").await.assert_int(5);
        }
    }
    // A page whose origin is allowed may use any host name.
    let headers = "Origin: https://app.example\r\nSec-Fetch-Site: cross-site\r\n";
    let answer = status(&server, "other.example", headers).await;
    answer.assert_int(5);

    let any = serve(endpoint().allow_any_origin().into_router()).await;
    let headers = "Origin: http://evil.example\r\n";
    status(&any, "evil.example", headers).await.assert_int(5);
}

#[tokio::test]
async fn the_authority_of_a_request_wins_over_its_host() {
    let request = |uri: &str| {
        http::Request::post(uri)
            .header("host", "localhost")
            .header("sec-fetch-site", "same-origin")
            .body(axum::body::Body::from(ADD))
            .unwrap()
    };
    for (uri, status) in [
        ("http://localhost/", 200),
        ("http://evil.example/", 403),
        ("/", 200),
    ] {
        let router: Router = xmlrpc_axum::router(dispatcher());
        let answer = router.oneshot(request(uri)).await.unwrap();
        assert_eq!(answer.status(), status, "{uri}");
    }
}

#[tokio::test]
async fn an_origin_without_a_host_is_foreign() {
    let server = serve(xmlrpc_axum::router(dispatcher())).await;
    let length = ADD.len();
    let request =
        format!("POST / HTTP/1.0\r\nOrigin: http://a\r\nContent-Length: {length}\r\n\r\n{ADD}");
    send(server.address, request.as_bytes())
        .await
        .assert_status(403, "no host");
}
