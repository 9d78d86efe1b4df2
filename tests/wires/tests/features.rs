//! The client with the features of this package alone. In a build of the whole workspace, the client has
//! more of them, so these tests only run in `.ci/features.sh`.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use xmlrpc_client::Client;

const RESPONSE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 92\r\n\r\n<methodResponse><params><param><value>\
    <int>5</int></value></param></params></methodResponse>";

/// A server that sends the same response to each request, one connection after the other.
async fn serve(listener: TcpListener) {
    while let Ok((mut stream, _)) = listener.accept().await {
        let mut request = Vec::new();
        while !request.ends_with(b"</methodCall>") {
            if stream.read_buf(&mut request).await.unwrap() == 0 {
                break;
            }
        }
        stream.write_all(RESPONSE.as_bytes()).await.unwrap();
    }
}

#[allow(dead_code)] // not with all features
fn error_of(url: &str) -> String {
    Client::new(url)
        .err()
        .map_or_else(String::new, |error| error.to_string())
}

#[cfg(any(feature = "reqwest", feature = "hyper"))]
#[tokio::test]
#[ignore = "needs a build of this package alone"]
async fn calls_over_http() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client = Client::builder(format!("http://{address}"))
        .no_proxy()
        .build()
        .unwrap();
    let call = async { client.call::<i64>("add", (2, 3)).await };
    tokio::select! {
        sum = call => assert_eq!(sum.unwrap(), 5),
        () = serve(listener) => panic!("the server has ended"),
    }
}

#[cfg(all(feature = "reqwest", not(feature = "hyper")))]
#[test]
#[ignore = "needs a build of this package alone"]
fn reqwest_alone() {
    assert_eq!(xmlrpc_client::Wire::default(), xmlrpc_client::Wire::Reqwest);
    assert_eq!(error_of("http://b\u{fc}cher.example"), "");
}

#[cfg(all(feature = "hyper", not(feature = "reqwest")))]
#[test]
#[ignore = "needs a build of this package alone"]
fn hyper_alone() {
    assert_eq!(xmlrpc_client::Wire::default(), xmlrpc_client::Wire::Hyper);
    let error = error_of("http://b\u{fc}cher.example");
    assert!(
        error.starts_with("invalid URL: write the host name in ASCII"),
        "{error}"
    );
    let error = error_of("https://localhost");
    if cfg!(feature = "rustls") {
        assert_eq!(error, "");
    } else {
        assert_eq!(error, "`https` needs the feature `rustls` of xmlrpc-client");
    }
}

#[cfg(not(any(feature = "reqwest", feature = "hyper")))]
#[tokio::test]
#[ignore = "needs a build of this package alone"]
async fn scgi_alone() {
    for (url, scheme) in [
        ("http://localhost", "http"),
        ("https://ada:s3cret@localhost/s3cret", "https"),
        ("unix:///run/x.sock", "http"),
    ] {
        let text =
            format!("`{scheme}` URLs need the feature `reqwest` or `hyper` of xmlrpc-client");
        assert_eq!(error_of(url), text);
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let client = Client::new(format!("scgi://{address}")).unwrap();
    let call = async { client.call::<i64>("add", (2, 3)).await };
    tokio::select! {
        // The server speaks HTTP, so the response is not understood, but it has arrived.
        sum = call => assert!(!sum.unwrap_err().is_connect()),
        () = serve(listener) => panic!("the server has ended"),
    }
}
