use std::{
    fmt,
    pin::Pin,
    sync::Arc,
    task::{self, Poll, ready},
    time::Instant,
};

use pin_project_lite::pin_project;
use tracing::{Level, Span, instrument::Instrumented, level_filters::LevelFilter};

use super::error::fault_of;
use crate::{
    Fault,
    box_error::BoxError,
    message::EncodedResponse,
    observe::{CallObserver, CallReport, ErrorType, OTHER, original_method, record_error},
    service::large_response::CalledMethod,
};

pin_project! {
    /// The future of a [`TraceService`](super::TraceService).
    #[derive(Debug)]
    #[must_use = "a future does nothing until it is polled"]
    pub struct TraceFuture<F> {
        #[pin]
        future: Instrumented<F>,
        watch: Option<Watch>,
    }

    impl<F> PinnedDrop for TraceFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if let Some(watch) = this.watch.take() {
                watch.end(this.future.span(), Some(&ErrorType::CANCELLED));
            }
        }
    }
}

impl<F> TraceFuture<F> {
    pub(super) fn new(future: Instrumented<F>, watch: Option<Watch>) -> Self {
        Self { future, watch }
    }
}

impl<F, E> Future for TraceFuture<F>
where
    F: Future<Output = Result<EncodedResponse, E>>,
    E: Into<BoxError>,
{
    type Output = Result<EncodedResponse, Fault>;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut future = this.future;
        let result = ready!(future.as_mut().poll(cx));
        let mut result = result.map_err(|error| fault_of(error.into()));
        let span = future.span();
        if let Err(fault) = &mut result {
            // Here, so that the log shows the span of the call.
            span.in_scope(|| fault.log());
        }
        if let Some(watch) = this.watch.take() {
            let error = result.as_ref().err();
            watch.end(
                span,
                error.map(|fault| ErrorType::fault(fault.code())).as_ref(),
            );
        }
        Poll::Ready(result)
    }
}

/// What is needed to report the end of a call.
pub(super) struct Watch {
    method: Arc<CalledMethod>,
    is_known: bool,
    level: Level,
    start: Instant,
    observer: Option<Arc<dyn CallObserver>>,
}

impl Watch {
    /// `None` if nobody would notice the end of the call.
    pub(super) fn new(
        method: Arc<CalledMethod>,
        is_known: bool,
        level: Level,
        span: &Span,
        observer: Option<&Arc<dyn CallObserver>>,
    ) -> Option<Self> {
        let is_noticed =
            observer.is_some() || !span.is_disabled() || level <= LevelFilter::current();
        is_noticed.then(|| Self {
            method,
            is_known,
            level,
            start: Instant::now(),
            observer: observer.cloned(),
        })
    }

    fn end(self, span: &Span, error: Option<&ErrorType>) {
        let duration = self.start.elapsed();
        if let Some(error) = error {
            record_error(span, error);
        }
        let method = if self.is_known { &self.method } else { OTHER };
        let report = CallReport {
            method,
            duration,
            error,
            server: None,
            attempts: 1,
        };
        span.in_scope(|| self.write(&report));
        if let Some(observer) = &self.observer {
            observer.call_ended(&report);
        }
    }

    /// Writes the event. It does not contain the text of a fault, which may quote a parameter.
    fn write(&self, report: &CallReport<'_>) {
        let outcome = match report.error {
            None => "ok",
            Some(error) if error.status_code().is_some() => "fault",
            Some(error) => error.as_str(),
        };
        // A level is a part of a callsite, so each level has its own.
        macro_rules! event {
            ($($level:ident)*) => {
                match self.level {
                    $(Level::$level => tracing::event!(
                        target: "xmlrpc_core::service",
                        Level::$level,
                        rpc.method = report.method,
                        rpc.method_original = (!self.is_known).then(|| original_method(&self.method)),
                        outcome,
                        rpc.status_code = report.status_code(),
                        duration_ms = (report.duration.as_secs_f64() * 1e6).round() / 1e3,
                        "call ended"
                    ),)*
                }
            };
        }
        event!(ERROR WARN INFO DEBUG TRACE);
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("method", &self.method)
            .finish_non_exhaustive()
    }
}
