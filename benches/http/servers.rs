//! The servers, each on one thread.

use std::{net::TcpListener, sync::LazyLock};

use axum::routing::post;
use bytes::Bytes;
use http::{HeaderValue, Response, header::CONTENT_TYPE};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::runtime;
use xmlrpc_axum::Endpoint;

use crate::{
    calc,
    harness::Outcome,
    requests::{OURS_UNDER_AXUM, PATH, constant_json, constant_response},
};

const TEXT_XML: HeaderValue = HeaderValue::from_static("text/xml; charset=utf-8");

/// Serves until the process ends.
pub(crate) fn serve(name: &str, listener: TcpListener) -> Outcome {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    listener.set_nonblocking(true)?;
    runtime.block_on(async {
        match name {
            "ours" => serve_endpoint(listener).await,
            OURS_UNDER_AXUM => serve_router(listener, xmlrpc_axum::router(calc::ours())).await,
            "axum" => serve_router(listener, constant_router()).await,
            "hyper" => serve_hyper(listener, constant_document).await,
            "hyper_json" => serve_hyper(listener, constant_json).await,
            "jsonrpsee" => serve_jsonrpsee(listener).await,
            "dxr" => serve_router(listener, dxr_router()).await,
            _ => Err(format!("unknown server {name:?}").into()),
        }
    })
}

/// With the default settings.
async fn serve_endpoint(listener: TcpListener) -> Outcome {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    Ok(xmlrpc_axum::serve(listener, Endpoint::new(calc::ours())).await?)
}

async fn serve_router(listener: TcpListener, router: axum::Router) -> Outcome {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    Ok(axum::serve(listener, router).await?)
}

/// Reads the body, and sends a response that was made in advance.
fn constant_router() -> axum::Router {
    let response = Bytes::from(constant_response());
    let handler = async move |_: Bytes| ([(CONTENT_TYPE, TEXT_XML)], response.clone());
    axum::Router::new().route(PATH, post(handler))
}

fn dxr_router() -> axum::Router {
    let routes = dxr_server::RouteBuilder::new().set_path(PATH);
    let add = |routes: dxr_server::RouteBuilder, (name, handler)| routes.add_method(name, handler);
    calc::dxr().into_iter().fold(routes, add).build()
}

async fn serve_jsonrpsee(listener: TcpListener) -> Outcome {
    let server = jsonrpsee::server::Server::builder().build_from_tcp(listener)?;
    server.start(calc::jsonrpsee()?).stopped().await;
    Ok(())
}

fn constant_document(_: &[u8]) -> Bytes {
    static RESPONSE: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(constant_response()));
    RESPONSE.clone()
}

async fn serve_hyper(listener: TcpListener, body_for: fn(&[u8]) -> Bytes) -> Outcome {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        let respond = move |request: http::Request<Incoming>| async move {
            let body = request.into_body().collect().await?.to_bytes();
            let mut response = Response::new(Full::new(body_for(&body)));
            response.headers_mut().insert(CONTENT_TYPE, TEXT_XML);
            Ok::<_, hyper::Error>(response)
        };
        tokio::spawn(async move {
            let connection = http1::Builder::new();
            // The server does not care about clients that go away.
            let _ = connection
                .serve_connection(TokioIo::new(stream), service_fn(respond))
                .await;
        });
    }
}
