//! The servers.

use std::{future::Future, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest, Request},
    http::{StatusCode, header::CONTENT_LENGTH},
    response::{IntoResponse, Response},
    routing::post,
};
use tokio::net::TcpListener;
use tower::{ServiceExt, timeout::TimeoutLayer};
use xmlrpc_axum::Endpoint;
use xmlrpc_core::Dispatcher;

use crate::{
    harness::Outcome,
    settings::{Settings, Setup},
    target,
};

/// Nothing decodes a document of more bytes if the server is [`Setup::Undecoded`].
const LARGE: usize = 64 << 10;

/// Serves until a signal ends it.
pub(crate) async fn serve(settings: &Settings, listener: TcpListener) -> Outcome {
    match settings.setup {
        Setup::Control => control(settings, listener).await,
        Setup::Production => production(settings, listener).await,
        Setup::Undecoded => undecoded(settings, listener).await,
    }
}

async fn control(settings: &Settings, listener: TcpListener) -> Outcome {
    let router = Endpoint::new(dispatcher(settings).offload_above(usize::MAX))
        .max_bytes_in_flight(usize::MAX)
        .max_requests_in_flight(usize::MAX)
        .into_router();
    let signal = control_signal(settings.is_on("terminates"))?;
    axum::serve(listener, router)
        .with_graceful_shutdown(signal)
        .await?;
    Ok(())
}

/// Ctrl-C, as the documentation showed it, or SIGTERM.
fn control_signal(terminates: bool) -> Outcome<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut term = terminates
        .then(|| signal(SignalKind::terminate()))
        .transpose()?;
    Ok(async move {
        match &mut term {
            Some(term) => {
                term.recv().await;
            }
            None => {
                let _ = tokio::signal::ctrl_c().await;
            }
        }
    })
}

async fn production(settings: &Settings, listener: TcpListener) -> Outcome {
    let endpoint = Endpoint::new(dispatcher(settings));
    let mut server = xmlrpc_axum::serve(listener, endpoint)
        .with_graceful_shutdown(xmlrpc_axum::shutdown_signal());
    if let Some(time) = settings.time("header") {
        server = server.header_timeout(time);
    }
    if let Some(time) = settings.time("idle") {
        server = server.idle_timeout(time);
    }
    if let Some(over) = settings.time("rate_over") {
        server = server.min_rate(1024, over);
    }
    if let Some(connections) = settings.size("max_connections") {
        server = server.max_connections(connections);
    }
    if let Some(connections) = settings.size("max_connections_per_address") {
        server = server.max_connections_per_address(connections);
    }
    if let Some(time) = settings.time("drain") {
        server = server.drain(time);
    }
    server.await?;
    Ok(())
}

async fn undecoded(settings: &Settings, listener: TcpListener) -> Outcome {
    let endpoint = Endpoint::new(dispatcher(settings));
    let router = Router::new()
        .route("/RPC2", post(move |request| answer(endpoint, request)))
        .layer(DefaultBodyLimit::disable());
    xmlrpc_axum::serve(listener, router)
        .with_graceful_shutdown(xmlrpc_axum::shutdown_signal())
        .await?;
    Ok(())
}

/// A large call of `echo` gets its own bytes, and other large calls get nothing.
async fn answer(endpoint: Endpoint, request: Request) -> Response {
    let length = request.headers().get(CONTENT_LENGTH);
    let length = length.and_then(|it| it.to_str().ok()?.parse::<usize>().ok());
    if length.is_none_or(|it| it <= LARGE) {
        return endpoint.oneshot(request).await.into_response();
    }
    match Bytes::from_request(request, &()).await {
        Ok(body) if body.starts_with(b"<methodCall><methodName>echo<") => body.into_response(),
        Ok(_) => StatusCode::OK.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

fn dispatcher(settings: &Settings) -> Dispatcher {
    let mut dispatcher = target::dispatcher();
    if let Some(time) = settings.time("multicall_timeout") {
        let is_removed = time.is_zero();
        dispatcher = dispatcher.multicall_timeout(if is_removed { Duration::MAX } else { time });
    }
    if let Some(0) = settings.number("offload") {
        dispatcher = dispatcher.offload_above(usize::MAX);
    }
    match settings.time("call_timeout") {
        Some(time) => dispatcher.layer(TimeoutLayer::new(time)),
        None => dispatcher,
    }
}
