use std::{any::Any, fmt, mem, sync::Arc, time::Duration};

use http::{HeaderMap, StatusCode, header::RETRY_AFTER};
use jiff::{Timestamp, fmt::rfc2822::DateTimeParser};
use tower::{
    retry::{
        Policy, Retry,
        backoff::{Backoff, ExponentialBackoff, ExponentialBackoffMaker, MakeBackoff},
        budget::{Budget, TpsBudget},
    },
    util::rng::HasherRng,
};

use super::{
    BoxError, Idempotent, TransportError,
    transport::{TransportErrorKind, kind_of},
};
use crate::{Request, Response, error::OneLine, response::is_method_response};

/// The maximum random addition to a wait, as a share of the wait.
const JITTER: f64 = 0.99;

/// Decides when a request is sent again. It is a policy for the [`Retry`] service of tower, over
/// any transport.
///
/// A request without the mark [`Idempotent`] is never sent again. A request with the mark is sent
/// again after:
///
/// * an error of the transport: no connection, a broken connection, or a time-out of the transport.
///   A response that is too large is not a reason.
/// * HTTP status 502, 503 or 504 without an XML-RPC response. A proxy sends this if it cannot reach
///   the server.
///
/// A fault is a response, so it is never a reason to send a request again. The same is true of a
/// response that cannot be read.
///
/// | setting | default | method |
/// |---|---|---|
/// | attempts, including the first | 3 | [`new`](Self::new) |
/// | wait before the second attempt | 100 ms to 200 ms, chosen at random | [`backoff`](Self::backoff) |
/// | wait before each later attempt | twice the previous wait, at most 10 s before the random addition | [`backoff`](Self::backoff) |
/// | budget | 10 retries per second, plus one for every five successful calls, both over 10 s | [`budget`](Self::budget), [`without_budget`](Self::without_budget) |
///
/// The policy respects a `Retry-After`, in seconds or as a date. If it is longer than the longest wait, the
/// request is not sent again. All clones of the policy, and so all calls of a client, share the
/// budget. A server that is down therefore does not receive three times as many requests as one
/// that is up. If the budget is spent, calls fail as they would without retries.
///
/// The time-out of a call ([`Client::timeout`](crate::Client::timeout),
/// [`Call::timeout`](crate::Call::timeout)) covers all attempts and the waits between them. Waits
/// use the timer of tokio: outside of a tokio runtime nothing is sent again.
///
/// For the client over HTTP, pass a policy to `ClientBuilder::retries` of `xmlrpc_client`. For
/// another transport, use it as a layer:
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering};
/// use std::sync::Arc;
/// use tower::{ServiceBuilder, service_fn};
/// use xmlrpc_core::{Client, Dispatcher, Request, client::{RetryPolicy, TransportError}};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// let attempts = Arc::new(AtomicU32::new(0));
/// # let counter = Arc::clone(&attempts);
/// let flaky = service_fn(move |request: Request| {
///     let first = counter.fetch_add(1, Ordering::Relaxed) == 0;
///     async move {
///         match first {
///             true => Err(TransportError::other("connection lost")),
///             false => Ok(Dispatcher::new().dispatch(request).await.unwrap()),
///         }
///     }
/// });
/// let transport = ServiceBuilder::new().retry(RetryPolicy::new(3)).service(flaky);
/// let client = Client::new(transport);
/// let names = client.call::<Vec<String>>("system.listMethods", ()).idempotent().await?;
/// assert!(!names.is_empty());
/// assert_eq!(attempts.load(Ordering::Relaxed), 2);
/// # Ok(())
/// # }
/// ```
///
/// # Panics
///
/// Waiting panics in a tokio runtime that was built without `enable_time` or `enable_all`.
#[derive(Clone)]
pub struct RetryPolicy {
    /// The number of attempts left. Each request has its own clone of the policy.
    left: u32,
    backoff: ExponentialBackoff,
    longest: Duration,
    budget: Option<Arc<dyn Budget + Send + Sync>>,
    /// Whether the method may have run in an earlier attempt of this request.
    was_sent: bool,
}

/// A transport that retries requests, built from another transport and a [`RetryPolicy`].
///
/// ```
/// use xmlrpc_core::{Client, Dispatcher, client::{RetryPolicy, Retrying}};
///
/// struct App {
///     backend: Client<Retrying<Dispatcher>>,
/// }
///
/// let transport = Retrying::new(RetryPolicy::default(), Dispatcher::new());
/// let app = App { backend: Client::new(transport) };
/// # let _ = app.backend;
/// ```
pub type Retrying<T> = Retry<RetryPolicy, T>;

impl RetryPolicy {
    /// Creates a policy with this number of attempts, including the first. 0 counts as 1: then
    /// nothing is sent again.
    pub fn new(attempts: u32) -> Self {
        let policy = Self {
            left: attempts.saturating_sub(1),
            backoff: ExponentialBackoffMaker::default().make_backoff(),
            longest: Duration::ZERO,
            budget: Some(Arc::new(TpsBudget::default())),
            was_sent: false,
        };
        policy.backoff(Duration::from_millis(100), Duration::from_secs(10))
    }

    /// The number of attempts, including the first.
    ///
    /// ```
    /// use xmlrpc_core::client::RetryPolicy;
    ///
    /// assert_eq!(RetryPolicy::new(4).attempts(), 4);
    /// ```
    pub fn attempts(&self) -> u32 {
        self.left.saturating_add(1)
    }

    /// The wait before the second attempt, and the longest wait. Each wait is twice as long as the
    /// one before it. A random addition of up to the same length prevents clients that failed
    /// together from returning together. Zero counts as a millisecond. If the longest wait is
    /// shorter than the first, the first is used.
    ///
    /// ```
    /// use std::time::Duration;
    /// use xmlrpc_core::client::RetryPolicy;
    ///
    /// let patient = RetryPolicy::new(8).backoff(Duration::from_secs(1), Duration::from_secs(60));
    /// # let _ = patient;
    /// ```
    #[must_use]
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        let first = first.max(Duration::from_millis(1));
        self.longest = longest.max(first);
        let maker = ExponentialBackoffMaker::new(first, self.longest, JITTER, HasherRng::default());
        // This fails only for values that were ruled out above.
        if let Ok(mut maker) = maker {
            self.backoff = maker.make_backoff();
        }
        self
    }

    /// The budget of retries in proportion to successful calls. The default is [`TpsBudget`] of
    /// tower with its default settings.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower::retry::budget::TpsBudget;
    /// use xmlrpc_core::client::RetryPolicy;
    ///
    /// // At most one retry per second, plus one for every ten calls.
    /// let budget = TpsBudget::new(Duration::from_secs(10), 1, 0.1);
    /// let policy = RetryPolicy::new(3).budget(budget);
    /// # let _ = policy;
    /// ```
    #[must_use]
    pub fn budget(mut self, budget: impl Budget + Send + Sync + 'static) -> Self {
        self.budget = Some(Arc::new(budget));
        self
    }

    /// Gives every call all its attempts. Use it in a program that makes few calls.
    ///
    /// ```
    /// use xmlrpc_core::client::RetryPolicy;
    ///
    /// let script = RetryPolicy::new(5).without_budget();
    /// # let _ = script;
    /// ```
    #[must_use]
    pub fn without_budget(mut self) -> Self {
        self.budget = None;
        self
    }
}

impl Default for RetryPolicy {
    /// A policy with three attempts.
    fn default() -> Self {
        Self::new(3)
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("retries", &self.left)
            .field("longest", &self.longest)
            .field("budget", &self.budget.is_some())
            .finish_non_exhaustive()
    }
}

impl<E: 'static> Policy<Request, Response, E> for RetryPolicy {
    type Future = tokio::time::Sleep;

    fn retry(
        &mut self,
        request: &mut Request,
        result: &mut Result<Response, E>,
    ) -> Option<Self::Future> {
        let reason = match result {
            Ok(response) => response_failed(response),
            Err(error) => transport_failed(error),
        };
        match result {
            Err(error) if kind(error) == TransportErrorKind::Connect => {
                if self.was_sent {
                    not_only_connect(error);
                }
            }
            _ => self.was_sent = true,
        }
        let Some(Failure { asked, what }) = reason else {
            if let Some(budget) = &self.budget {
                budget.deposit();
            }
            return None;
        };
        let in_runtime = tokio::runtime::Handle::try_current().is_ok();
        if self.left == 0 || asked > self.longest || !in_runtime {
            return None;
        }
        if self
            .budget
            .as_ref()
            .is_some_and(|budget| !budget.withdraw())
        {
            tracing::debug!(method = %OneLine::new(&request.label), what, "not sent again: the retry budget is spent");
            return None;
        }
        self.left -= 1;
        let wait = self.backoff.next_backoff();
        let asked = tokio::time::Instant::now().checked_add(asked);
        tracing::debug!(method = %OneLine::new(&request.label), what, left = self.left, "will be sent again");
        Some(match asked {
            Some(asked) if asked > wait.deadline() => tokio::time::sleep_until(asked),
            _ => wait,
        })
    }

    fn clone_request(&mut self, request: &Request) -> Option<Request> {
        let marked = request.extensions.get::<Idempotent>().is_some();
        // `retry` also sees the last error if an earlier attempt was sent.
        (marked && (self.left > 0 || self.was_sent)).then(|| request.clone())
    }
}

struct Failure {
    /// The minimum wait that the server asked for.
    asked: Duration,
    what: &'static str,
}

fn response_failed(response: &Response) -> Option<Failure> {
    let what = retry_reason(response.status, &response.body)?;
    let asked = retry_after(&response.headers).unwrap_or_default();
    Some(Failure { asked, what })
}

/// How long the server asks to wait (RFC 9110, section 10.2.3): a number of seconds, or a date.
#[doc(hidden)]
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let after = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    // A date of HTTP is one of mail whose zone is GMT.
    let until = DateTimeParser::new().parse_timestamp(after).ok()?;
    let wait = until.duration_since(Timestamp::now());
    Some(wait.try_into().unwrap_or(Duration::ZERO)) // a date in the past
}

/// Why sending the request again may help after this response. `None` if it would not.
pub(super) fn retry_reason(status: StatusCode, body: &[u8]) -> Option<&'static str> {
    let what = match status {
        StatusCode::BAD_GATEWAY => "status 502",
        StatusCode::SERVICE_UNAVAILABLE => "status 503",
        StatusCode::GATEWAY_TIMEOUT => "status 504",
        _ => return None,
    };
    (!is_method_response(body)).then_some(what)
}

fn kind<E: 'static>(error: &E) -> TransportErrorKind {
    // Other error types reveal nothing about their kind. Layers of tower box their errors.
    let error = error as &dyn Any;
    if let Some(error) = error.downcast_ref::<BoxError>() {
        kind_of(&**error)
    } else if let Some(error) = error.downcast_ref::<TransportError>() {
        error.kind()
    } else {
        TransportErrorKind::Other
    }
}

/// The last attempt could not connect, but an earlier one was sent: so the whole call may have run.
fn not_only_connect<E: 'static>(error: &mut E) {
    const REPLACED: &str = "";
    let error = error as &mut dyn Any;
    if let Some(error) = error.downcast_mut::<TransportError>() {
        let last = mem::replace(error, TransportError::other(REPLACED));
        *error = TransportError::other(last);
    } else if let Some(error) = error.downcast_mut::<BoxError>() {
        let last = mem::replace(error, REPLACED.into());
        *error = TransportError::other(last).into();
    }
}

fn transport_failed<E: 'static>(error: &E) -> Option<Failure> {
    let what = kind(error).retry_reason()?;
    Some(Failure {
        asked: Duration::ZERO,
        what,
    })
}
