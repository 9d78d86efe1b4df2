use std::{any::Any, fmt, sync::Arc, time::Duration};

use http::{StatusCode, header::RETRY_AFTER};
use memchr::memmem;
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
use crate::exchange::{Request, Response};

/// How much longer than its least a wait may be, as a share of it.
const JITTER: f64 = 0.99;

/// When a request is sent again: a policy for tower's [`Retry`], over any transport.
///
/// Requests without the mark [`Idempotent`] are sent once, whatever happens to them. Of those with
/// it, these are sent again:
///
/// * an error of the transport: no connection, one that broke, a time-out of its own; but not an
///   answer that was too large for it;
/// * an answer of HTTP status 502, 503 or 504 that is no XML-RPC answer, which is what a proxy says of
///   a peer that it cannot reach.
///
/// A fault is an answer: it is never a reason to ask again, and neither is an answer that cannot be
/// read.
///
/// | default | is | changed by |
/// |---|---|---|
/// | attempts | 3, the first included | [`new`](Self::new) |
/// | wait before the second | 100 ms, and up to as much again by chance | [`backoff`](Self::backoff) |
/// | … before each that follows | twice as long, to 10 s at the most | [`backoff`](Self::backoff) |
/// | budget | 10 retries a second, and one for every five calls that went well; both over 10 s | [`budget`](Self::budget), [`without_budget`](Self::without_budget) |
///
/// A `Retry-After` in seconds is waited for as well; where it asks for more than the longest wait,
/// the answer is not waited for. The budget is shared by all clones of the policy, and so by all
/// calls of a client: a peer that is down is not called three times as often as one that is up. Where
/// it is spent, the calls fail as they would without retries.
///
/// The time of a call ([`Client::timeout`](crate::Client::timeout),
/// [`Call::timeout`](crate::Call::timeout)) is for all its attempts and the waits between them. Waits are counted by tokio's timer:
/// outside of a tokio runtime nothing is sent again.
///
/// `xmlrpc_client` takes a policy for the client over HTTP: `ClientBuilder::retries`. Over another
/// transport it is a layer:
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
///             true => Err(TransportError::other("the line is cut")),
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
/// Waiting panics in a tokio runtime that was built without `enable_time`, or `enable_all`.
#[derive(Clone)]
pub struct RetryPolicy {
    /// Attempts that are left; each request has a clone of the policy.
    left: u32,
    backoff: ExponentialBackoff,
    longest: Duration,
    budget: Option<Arc<dyn Budget + Send + Sync>>,
}

/// A transport that sends requests again, as tower's retry layer makes it of another.
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
    /// A policy of so many attempts, the first included; 0 counts as 1, with which nothing is sent
    /// again.
    pub fn new(attempts: u32) -> Self {
        let policy = Self {
            left: attempts.saturating_sub(1),
            backoff: ExponentialBackoffMaker::default().make_backoff(),
            longest: Duration::ZERO,
            budget: Some(Arc::new(TpsBudget::default())),
        };
        policy.backoff(Duration::from_millis(100), Duration::from_secs(10))
    }

    /// The wait before the second attempt, and the longest there is. Each is twice as long as the
    /// one before it; up to as much again is added by chance, so that callers that failed together
    /// do not return together. Zero counts as a millisecond, and a longest wait that is shorter than
    /// the first as that.
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
        // It refuses what has just been ruled out.
        if let Ok(mut maker) = maker {
            self.backoff = maker.make_backoff();
        }
        self
    }

    /// How many retries there may be, in proportion to the calls that went well; by default
    /// tower's [`TpsBudget`] with its defaults.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tower::retry::budget::TpsBudget;
    /// use xmlrpc_core::client::RetryPolicy;
    ///
    /// // No more than one retry a second, and one for every ten calls.
    /// let budget = TpsBudget::new(Duration::from_secs(10), 1, 0.1);
    /// let policy = RetryPolicy::new(3).budget(budget);
    /// # let _ = policy;
    /// ```
    #[must_use]
    pub fn budget(mut self, budget: impl Budget + Send + Sync + 'static) -> Self {
        self.budget = Some(Arc::new(budget));
        self
    }

    /// Lets every call have all its attempts, for a program that makes few calls.
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
    /// Three attempts.
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
            Ok(response) => answer_failed(response),
            Err(error) => transport_failed(error),
        };
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
            tracing::debug!(method = %request.label, what, "not sent again: the budget is spent");
            return None;
        }
        self.left -= 1;
        let wait = self.backoff.next_backoff();
        let asked = tokio::time::Instant::now().checked_add(asked);
        tracing::debug!(method = %request.label, what, left = self.left, "will be sent again");
        Some(match asked {
            Some(asked) if asked > wait.deadline() => tokio::time::sleep_until(asked),
            _ => wait,
        })
    }

    fn clone_request(&mut self, request: &Request) -> Option<Request> {
        let marked = request.extensions.get::<Idempotent>().is_some();
        (marked && self.left > 0).then(|| request.clone())
    }
}

struct Failure {
    /// The least time to wait, by the peer's word.
    asked: Duration,
    what: &'static str,
}

fn answer_failed(response: &Response) -> Option<Failure> {
    let what = match response.status {
        StatusCode::BAD_GATEWAY => "status 502",
        StatusCode::SERVICE_UNAVAILABLE => "status 503",
        StatusCode::GATEWAY_TIMEOUT => "status 504",
        _ => return None,
    };
    // Under whatever status, an answer is an answer.
    if memmem::find(&response.body, b"methodResponse").is_some() {
        return None;
    }
    let after = response.headers.get(RETRY_AFTER);
    let seconds = after.and_then(|after| after.to_str().ok()?.trim().parse().ok());
    Some(Failure {
        asked: Duration::from_secs(seconds.unwrap_or(0)),
        what,
    })
}

fn transport_failed<E: 'static>(error: &E) -> Option<Failure> {
    // An error of another type says nothing of its kind: layers of tower have boxed ones.
    let error = error as &dyn Any;
    let kind = if let Some(error) = error.downcast_ref::<BoxError>() {
        kind_of(&**error)
    } else if let Some(error) = error.downcast_ref::<TransportError>() {
        error.kind()
    } else {
        TransportErrorKind::Other
    };
    let what = match kind {
        TransportErrorKind::Connect => "no connection",
        TransportErrorKind::Timeout => "a time-out",
        TransportErrorKind::Other => "the exchange failed",
        TransportErrorKind::Limit => return None,
    };
    Some(Failure {
        asked: Duration::ZERO,
        what,
    })
}
