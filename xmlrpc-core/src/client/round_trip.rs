//! Sends one request and reads its response, within its time-out.

use std::{
    borrow::Cow,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use pin_project_lite::pin_project;
use serde_core::de::DeserializeOwned;
use tower::util::Oneshot;

use super::{
    Client, ClientError, Transport, call_span::CallSpan, error_note::ErrorNote,
    options::CallOptions,
};
use crate::{
    Category, Error, Request, Response,
    message::{Outgoing, read_response},
    observe::{Attempts, document},
    read_options::ReadOptions,
};

/// The error of a future that is polled once more.
pub(super) const POLLED_AGAIN: &str = "the future of a call was polled after it completed";

/// Reads the result from the response to a call.
pub(super) fn decode<R: DeserializeOwned>(
    method: Cow<'static, str>,
    response: Response,
    reading: &ReadOptions,
) -> Result<R, ClientError> {
    let Response {
        status,
        headers,
        extensions,
        body,
        ..
    } = response;
    let (document, charset, limits) = reading.document(body.clone(), &headers);
    match read_response::<R>(document, charset, &limits) {
        Ok(Ok(result)) => Ok(result),
        Ok(Err(fault)) => Err(ClientError::from_fault(method, fault)),
        Err(error) => {
            let note = extensions.get::<ErrorNote>();
            Err(unreadable(method, status, &body, error).with_note(note))
        }
    }
}

/// If the body is not a `methodResponse` and the status is not 200, the status is the error.
pub(super) fn unreadable(
    method: Cow<'static, str>,
    status: http::StatusCode,
    body: &[u8],
    error: Error,
) -> ClientError {
    let is_not_a_response = !matches!(error.category(), Category::Data | Category::Limit);
    if status != http::StatusCode::OK && is_not_a_response {
        ClientError::http(method, status, body, error)
    } else {
        ClientError::decode(method, error)
    }
}

pin_project! {
    /// One request and its response, within a time-out.
    pub(super) struct Exchange<T: Transport> {
        method: Cow<'static, str>,
        // The timer is created when the call is sent. It is boxed so that calls without a time-out
        // do not carry its 100 bytes.
        timeout: Option<(Duration, Option<Pin<Box<tokio::time::Sleep>>>)>,
        span: CallSpan,
        // For the error of a time-out, if the transport chooses the server.
        attempts: Option<Attempts>,
        #[pin]
        state: State<T>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<T: Transport> {
        Failed { error: Option<ClientError> },
        Sending { #[pin] response: Oneshot<T, Request> },
    }
}

impl<T: Transport> Exchange<T> {
    pub(super) fn new(
        client: &Client<T>,
        method: Cow<'static, str>,
        outgoing: Outgoing,
        options: CallOptions,
    ) -> Self {
        if let Some(error) = options.error {
            return Self::failed(ClientError::misuse(method, error));
        }
        let timeout = options.timeout.or(client.settings.timeout);
        let Outgoing { document, secrets } = outgoing;
        let mut request = Request::new(method.clone(), document);
        request.headers = options.headers;
        request.extensions = options.extensions;
        let observation = &client.settings.observation;
        let mut attempts = None;
        if observation.attempts {
            let list = Attempts::new();
            request.extensions.insert(list.clone());
            attempts = observation.server.is_none().then_some(list);
        }
        let span = CallSpan::open(observation, &mut request, &secrets);
        Self {
            method,
            timeout: timeout.map(|after| (after, None)),
            span,
            attempts,
            state: State::Sending {
                response: Oneshot::new(client.transport.clone(), request),
            },
        }
    }

    pub(super) fn failed(error: ClientError) -> Self {
        Self {
            method: Cow::Borrowed(""),
            timeout: None,
            span: CallSpan::default(),
            attempts: None,
            state: State::Failed { error: Some(error) },
        }
    }
}

impl<T: Transport> Future for Exchange<T> {
    /// The method, the response, and the span to end when the response has been read.
    type Output = Result<(Cow<'static, str>, Response, CallSpan), ClientError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = match this.state.project() {
            StateProj::Sending { response } => response,
            StateProj::Failed { error } => {
                let error = error.take();
                return Poll::Ready(Err(
                    error.unwrap_or_else(|| ClientError::misuse(Cow::Borrowed(""), POLLED_AGAIN))
                ));
            }
        };
        let sleep = match this.timeout {
            Some((_, None)) if tokio::runtime::Handle::try_current().is_err() => {
                let error = "a call with a time-out must be awaited inside a tokio runtime";
                let method = std::mem::take(this.method);
                return Poll::Ready(Err(ClientError::misuse(method, error)));
            }
            Some((after, sleep)) => {
                let sleep = sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep(*after)));
                Some((*after, sleep))
            }
            None => None,
        };
        let entered = this.span.enter();
        let polled = response.poll(cx);
        if let Poll::Ready(Ok(response)) = &polled {
            document::response("received", &response.body);
        }
        drop(entered);
        if let Poll::Ready(result) = polled {
            let method = std::mem::take(this.method);
            let span = std::mem::take(this.span);
            return Poll::Ready(match result {
                Ok(response) => Ok((method, response, span)),
                Err(error) => Err(failed(span, ClientError::transport(method, error.into()))),
            });
        }
        if let Some((after, sleep)) = sleep {
            ready!(sleep.as_mut().poll(cx));
            let attempts = this.attempts.as_ref().map(ToString::to_string);
            let error = ClientError::timeout(std::mem::take(this.method), after, attempts);
            return Poll::Ready(Err(failed(std::mem::take(this.span), error)));
        }
        Poll::Pending
    }
}

fn failed(span: CallSpan, error: ClientError) -> ClientError {
    span.end(Some(&error));
    error
}
