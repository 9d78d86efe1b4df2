//! What can be served, and on what.

use std::net::SocketAddr;

use axum::{Router, extract::ConnectInfo, routing::get, serve::ListenerExt};
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{Context, Dispatcher};

use crate::{common::*, start_app};

fn who() -> Dispatcher {
    dispatcher().method("who", |cx: Context| {
        let peer = cx.get::<ConnectInfo<SocketAddr>>();
        peer.map(|peer| peer.0.to_string()).unwrap_or_default()
    })
}

async fn get_page<I>(wire: &mut Wire<I>, path: &str) -> Answer
where
    I: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    wire.write(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n"))
        .await;
    wire.answer().await
}

#[tokio::test]
async fn methods_and_handlers_know_their_caller() {
    let page = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() };
    let app: Router = xmlrpc_axum::router(who()).route("/page", get(page));
    let server = start_app!(app);
    let mut wire = server.connect().await;
    let own = wire.0.local_addr().unwrap().to_string();
    let answer = wire.call("who", &[]).await;
    assert!(answer.body.contains(&own), "{answer:?}");
    assert_eq!(get_page(&mut wire, "/page").await.body, own);
}

/// An endpoint serves every path.
#[tokio::test]
async fn an_endpoint_needs_no_router() {
    let server = start_with(Endpoint::new(who()), |it| it).await;
    let mut wire = server.connect().await;
    let own = wire.0.local_addr().unwrap().to_string();
    let answer = wire.call("who", &[]).await;
    assert!(answer.body.contains(&own), "{answer:?}");
    get_page(&mut wire, "/any").await.assert_status(405);
}

#[tokio::test]
async fn a_method_router_and_a_layered_service_can_be_served() {
    let server = start_app!(get(|| async { "a page" }));
    let mut wire = server.connect().await;
    assert_eq!(get_page(&mut wire, "/any").await.body, "a page");

    let service = tower::ServiceBuilder::new()
        .map_response(|response: axum::response::Response| {
            response.map(|body| http_body_util::Limited::new(body, usize::MAX))
        })
        .service(Endpoint::new(dispatcher()));
    let server = start_app!(service);
    let mut wire = server.connect().await;
    wire.call("add", &[2, 3]).await.assert_int(5);
}

/// Small responses are written at once with their head, others as two buffers: every size around the
/// bound of 1,024 bytes arrives whole.
#[tokio::test]
async fn responses_of_all_sizes_arrive_whole() {
    let server = start(|it| it).await;
    let mut wire = server.connect().await;
    for length in 600..1100 {
        let answer = wire.call("long", &[length]).await;
        let text = "x".repeat(length as usize);
        assert!(answer.body.contains(&format!(">{text}<")), "{length}");
    }
}

/// A service may respond without reading the body. If the rest has not arrived, the connection closes, and the
/// client is told.
#[tokio::test]
async fn bodies_that_are_not_read() {
    let app = Router::new().fallback(|| async { http::StatusCode::UNAUTHORIZED });
    let server = start_app!(app);
    let cases = [
        (100, 100, false),
        (100, 1000, true),
        (0, 1000, true),
        (0, 50, true),
        (49, 50, true),
    ];
    for (sent, length, closes) in cases {
        let mut wire = server.connect().await;
        for _ in 0..2 {
            wire.write(head(length) + &"x".repeat(sent)).await;
            let answer = wire.answer().await;
            answer.assert_status(401);
            assert_eq!(answer.closes(), closes, "{sent} of {length}");
            if closes {
                wire.closed().await;
                break;
            }
        }
    }
}

/// A client that sends all of its request first, and reads the response afterwards, can do so.
#[tokio::test]
async fn what_arrives_after_a_refusal_is_discarded() {
    use tokio::io::AsyncWriteExt;

    let app = Router::new().fallback(|| async { http::StatusCode::UNAUTHORIZED });
    let server = start_app!(app);
    let long_head = format!("POST / HTTP/1.1\r\nX: {}", "x".repeat(20_000));
    let invalid = "POST / HTTP/1.1\r\n\0: x\r\n".to_owned();
    let table = [(head(2_000_000), 401), (long_head, 431), (invalid, 400)];
    for (begin, status) in table {
        let mut wire = server.connect().await;
        wire.write(begin).await;
        for _ in 0..20 {
            tokio::time::sleep(millis(5)).await;
            let piece = wire.0.write_all(&[b'x'; 100_000]).await;
            assert!(piece.is_ok(), "{status}: {piece:?}");
        }
        let answer = wire.answer().await;
        answer.assert_status(status);
        assert!(answer.closes(), "{status}");
        wire.closed().await;
    }
}

/// The rest of a chunked body may arrive at any time. A client that is not told that the connection ends would
/// send its next request on it, and lose it.
#[tokio::test]
async fn chunked_bodies_that_are_not_read() {
    let app = Router::new().fallback(|| async { http::StatusCode::UNAUTHORIZED });
    let server = start_app!(app);
    for (head, body) in [
        ("", ""),
        ("", "5\r\nabcde\r\n"),
        ("", "5\r\nabcde\r\n0\r\n"),
        ("Expect: 100-continue\r\n", ""),
    ] {
        let mut wire = server.connect().await;
        let head = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\n{head}Transfer-Encoding: chunked\r\n\r\n"
        );
        wire.write(head + body).await;
        let answer = wire.answer().await;
        answer.assert_status(401);
        assert!(answer.closes(), "{body:?}: {answer:?}");
        wire.closed().await;
    }
}

#[tokio::test]
async fn listeners_of_users_are_accepted() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let listener = listener.tap_io(|stream| stream.set_nodelay(true).unwrap());
    let server = xmlrpc_axum::serve(listener, Endpoint::new(who()));
    assert_eq!(server.local_addr().unwrap(), address);
    let task = tokio::spawn(std::future::IntoFuture::into_future(server));
    let mut wire = Wire(tokio::net::TcpStream::connect(address).await.unwrap());
    let own = wire.0.local_addr().unwrap().to_string();
    let answer = wire.call("who", &[]).await;
    assert!(answer.body.contains(&own), "{answer:?}");
    // Dropping the server closes its connections.
    task.abort();
    assert!(wire.closed().await < millis(2000));
}

#[cfg(unix)]
#[tokio::test]
async fn unix_sockets_are_served() {
    use tokio::net::{UnixListener, UnixStream, unix};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rpc.sock");
    let app = dispatcher().method("who", |cx: Context| {
        cx.get::<ConnectInfo<unix::SocketAddr>>().is_some()
    });
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = xmlrpc_axum::serve(UnixListener::bind(&path).unwrap(), Endpoint::new(app))
        .idle_timeout(millis(400))
        .with_graceful_shutdown(async { drop(stopped.await) });
    let task = tokio::spawn(std::future::IntoFuture::into_future(server));
    let mut wire = Wire(UnixStream::connect(&path).await.unwrap());
    let answer = wire.call("who", &[]).await;
    assert!(answer.body.contains("<boolean>1"), "{answer:?}");
    assert_about(wire.closed().await, 400);
    let mut busy = Wire(UnixStream::connect(&path).await.unwrap());
    busy.write(request("sleep", &[500])).await;
    tokio::time::sleep(millis(100)).await;
    stop.send(()).unwrap();
    busy.answer().await.assert_int(500);
    task.await.unwrap().unwrap();
}

#[tokio::test]
async fn upgrades_reach_the_handler() {
    let upgrade = |request: axum::extract::Request| async move {
        let upgrade = hyper::upgrade::on(request);
        tokio::spawn(async move {
            use tokio::io::AsyncWriteExt;
            let upgraded = upgrade.await.unwrap();
            let mut io = hyper_util::rt::TokioIo::new(upgraded);
            tokio::time::sleep(millis(1000)).await;
            io.write_all(b"hello").await.unwrap();
        });
        let headers = [("connection", "upgrade"), ("upgrade", "test")];
        (http::StatusCode::SWITCHING_PROTOCOLS, headers)
    };
    let app: Router = Router::new().route("/", get(upgrade));
    let server = start_app!(app, .idle_timeout(millis(200)).header_timeout(millis(200)));
    let mut wire = server.connect().await;
    wire.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: test\r\n\r\n")
        .await;
    wire.answer().await.assert_status(101);
    let mut text = [0; 5];
    tokio::io::AsyncReadExt::read_exact(&mut wire.0, &mut text)
        .await
        .unwrap();
    assert_eq!(&text, b"hello");
}
