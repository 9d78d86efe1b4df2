/// Completes when the process is asked to end: by SIGTERM, which service managers and containers
/// send, or by Ctrl-C (SIGINT). On systems other than Unix, only Ctrl-C counts.
///
/// Pass it to [`Serve::with_graceful_shutdown`](crate::Serve::with_graceful_shutdown), which shows an
/// example. From the first call on, these signals no longer end the process by themselves, not
/// even a second one: the deadline of the shutdown bounds how long it takes.
///
/// The signals count from the call of this function, not from the first poll of its future.
///
/// # Panics
///
/// If it is called outside of a tokio runtime.
pub fn shutdown_signal() -> impl Future<Output = ()> + Send + 'static {
    system::listen()
}

#[cfg(unix)]
mod system {
    use std::{future::poll_fn, task::Poll};

    use tokio::signal::unix::{Signal, SignalKind, signal};

    pub(super) fn listen() -> impl Future<Output = ()> + Send + 'static {
        let mut signals: Vec<Signal> = [SignalKind::terminate(), SignalKind::interrupt()]
            .into_iter()
            .filter_map(|kind| match signal(kind) {
                Ok(signal) => Some(signal),
                Err(error) => {
                    tracing::error!(%error, ?kind, "cannot listen for a signal");
                    None
                }
            })
            .collect();
        poll_fn(move |cx| {
            let received = signals.iter_mut().any(|it| it.poll_recv(cx).is_ready());
            if received {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
    }
}

#[cfg(not(unix))]
mod system {
    pub(super) fn listen() -> impl Future<Output = ()> + Send + 'static {
        async {
            if let Err(error) = tokio::signal::ctrl_c().await {
                tracing::error!(%error, "cannot listen for Ctrl-C");
                std::future::pending::<()>().await;
            }
        }
    }
}
