//! The two servers.

use std::future::Future;

use tokio::net::TcpListener;
use tower::timeout::TimeoutLayer;
use xmlrpc_axum::Endpoint;
use xmlrpc_core::Dispatcher;

use crate::{
    harness::Outcome,
    settings::{Settings, Setup},
    target,
};

/// Serves until a signal ends it.
pub(crate) async fn serve(settings: &Settings, listener: TcpListener) -> Outcome {
    match settings.setup {
        Setup::Control => control(settings, listener).await,
        Setup::Production => production(settings, listener).await,
    }
}

async fn control(settings: &Settings, listener: TcpListener) -> Outcome {
    let router = Endpoint::new(dispatcher(settings)).into_router();
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
    control(settings, listener).await
}

fn dispatcher(settings: &Settings) -> Dispatcher {
    let dispatcher = target::dispatcher();
    match settings.time("call_timeout") {
        Some(time) => dispatcher.layer(TimeoutLayer::new(time)),
        None => dispatcher,
    }
}
