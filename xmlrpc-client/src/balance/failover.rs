//! Sends a call to an endpoint, and to others if that fails.

use std::{fmt, future::poll_fn, sync::Arc, task::Poll, time::Duration};

use http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use tokio::time::timeout;
use tower::retry::Policy;
use xmlrpc_core::{
    __private::is_method_response,
    Request, Response,
    client::{Idempotent, OnProgress, RetryPolicy, TransportError},
    observe::Attempts,
};

use super::{
    attempt::Attempt,
    failures::{Failures, reason_of, reason_of_status},
    health::Failure,
    hedge::Hedging,
    set::{Purpose, Set},
    settings::BalanceSettings,
};
use crate::{BuildError, Endpoints, endpoint_settings::EndpointSettings, transport::Sending};

/// The transport over several endpoints.
pub(crate) struct Balancer {
    set: Arc<Set>,
    retries: Retries,
    hedging: Option<Hedging>,
}

struct Retries {
    policy: RetryPolicy,
    /// Whether the user has set the policy. If not, a call goes to each endpoint only once.
    is_set: bool,
}

impl Balancer {
    pub(crate) fn new(
        urls: impl IntoIterator<Item = impl AsRef<str>>,
        settings: EndpointSettings,
        balance: &BalanceSettings,
        retries: Option<RetryPolicy>,
    ) -> Result<Self, BuildError> {
        let set = Arc::new(Set::new(settings, balance));
        for url in urls {
            set.add(url.as_ref())?;
        }
        Ok(Self {
            set,
            hedging: balance.hedge.map(Hedging::new),
            retries: Retries {
                is_set: retries.is_some(),
                policy: retries.unwrap_or_default(),
            },
        })
    }

    pub(crate) fn endpoints(&self) -> Endpoints {
        Endpoints::new(Arc::clone(&self.set))
    }

    // This future is boxed directly, as in `Http`.
    pub(crate) async fn send(
        self: Arc<Self>,
        request: Request,
    ) -> Result<Response, TransportError> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(TransportError::other(
                "a call must be awaited inside a tokio runtime",
            ));
        }
        self.set.ready().await?;
        let is_idempotent = request.extensions.get::<Idempotent>().is_some();
        let call = Call {
            balancer: &self,
            policy: is_idempotent.then(|| self.retries.policy.clone()),
            attempts: request.extensions.get::<Attempts>().cloned(),
            request,
            tried: Vec::new(),
            failures: Failures::default(),
            sent: 0,
        };
        call.run().await
    }
}

/// A call, while it is sent to endpoints.
struct Call<'a> {
    balancer: &'a Balancer,
    request: Request,
    /// For an idempotent call.
    policy: Option<RetryPolicy>,
    attempts: Option<Attempts>,
    /// The endpoints that have failed since the last wait.
    tried: Vec<u64>,
    failures: Failures,
    /// The attempts that may have run the method.
    sent: u32,
}

struct Running {
    attempt: Attempt,
    sending: Sending,
}

/// How an attempt has ended.
enum Outcome {
    /// A result, a fault, or another response that is passed on.
    Answered(Response),
    /// 502, 503 or 504 without an XML-RPC response.
    Refused(Response),
    /// An error after which no other attempt helps.
    Final(TransportError),
    NotSent(TransportError),
    Failed(TransportError),
}

impl Call<'_> {
    async fn run(mut self) -> Result<Response, TransportError> {
        let mut purpose = Purpose::First {
            can_go_elsewhere: self.policy.is_some(),
        };
        let mut last = None;
        loop {
            let Some(attempt) = self.balancer.set.begin(&self.tried, purpose) else {
                // They were removed meanwhile.
                return self.end(last.unwrap_or_else(|| Err(no_endpoints())));
            };
            let running = self.start(attempt);
            let outcome = match &self.balancer.hedging {
                Some(hedging) if self.policy.is_some() => self.hedged(running, hedging).await,
                _ => {
                    let Running {
                        attempt,
                        mut sending,
                    } = running;
                    let result = (&mut sending).await;
                    self.ended(attempt, result)
                }
            };
            purpose = Purpose::Failover;
            let mut result = match outcome {
                Outcome::Answered(response) => {
                    let mut result = Ok(response);
                    if let Some(policy) = &mut self.policy {
                        // This pays into the budget.
                        let _ = policy.retry(&mut self.request, &mut result);
                    }
                    return result;
                }
                Outcome::Final(error) => return Err(error),
                Outcome::NotSent(error) => {
                    if self.balancer.set.has_others(&self.tried) {
                        tracing::debug!("nothing was sent: the call goes to another endpoint");
                        last = Some(Err(error));
                        continue;
                    }
                    Err(error)
                }
                Outcome::Failed(error) => Err(error),
                Outcome::Refused(response) => Ok(response),
            };
            let has_others = self.balancer.set.has_others(&self.tried);
            let Some(wait) = self.may_send_again(&mut result, has_others) else {
                return self.end(result);
            };
            if !has_others {
                wait.await;
                self.tried.clear();
            }
            last = Some(result);
        }
    }

    /// Whether an idempotent call may be sent again, and after which wait if it goes to the same
    /// endpoints again.
    fn may_send_again(
        &mut self,
        result: &mut Result<Response, TransportError>,
        has_others: bool,
    ) -> Option<tokio::time::Sleep> {
        let policy = self.policy.as_mut()?;
        // Without a policy of the user, nothing is sent to the same endpoint twice.
        if self.sent >= self.balancer.retries.policy.attempts()
            || !(has_others || self.balancer.retries.is_set)
        {
            return None;
        }
        // Another endpoint need not wait for what this one has asked for.
        let asked: Option<HeaderValue> = match result {
            Ok(response) if has_others => response.headers.remove(RETRY_AFTER),
            _ => None,
        };
        let wait = policy.retry(&mut self.request, result);
        if let (Ok(response), Some(asked)) = (result, asked) {
            response.headers.insert(RETRY_AFTER, asked);
        }
        wait
    }

    fn end(self, result: Result<Response, TransportError>) -> Result<Response, TransportError> {
        result.map_err(|error| self.failures.into_error(error))
    }

    fn start(&self, mut attempt: Attempt) -> Running {
        attempt.record(self.attempts.as_ref());
        // The wire needs no more of the request than this.
        let mut request = Request::new("", self.request.body.clone());
        request.headers.clone_from(&self.request.headers);
        if let Some(progress) = self.request.extensions.get::<OnProgress>() {
            request.extensions.insert(progress.clone());
        }
        let sending = attempt.endpoint.single.send(request);
        Running { attempt, sending }
    }

    /// Waits for an attempt, and begins a second one at another endpoint if it takes long.
    async fn hedged(&mut self, mut first: Running, hedging: &Hedging) -> Outcome {
        if self.failures.is_empty() {
            hedging.count();
        }
        if let Ok(result) = timeout(hedging.after, &mut first.sending).await {
            return self.ended(first.attempt, result);
        }
        let Some(second) = self.hedge(&first, hedging) else {
            let result = (&mut first.sending).await;
            return self.ended(first.attempt, result);
        };
        let mut both = [Some(first), Some(second)];
        loop {
            let (ended, result) = poll_fn(|cx| {
                for slot in &mut both {
                    let Some(running) = slot else { continue };
                    if let Poll::Ready(result) = running.sending.as_mut().poll(cx)
                        && let Some(running) = slot.take()
                    {
                        return Poll::Ready((running.attempt, result));
                    }
                }
                Poll::Pending
            })
            .await;
            let outcome = self.ended(ended, result);
            let is_over = matches!(outcome, Outcome::Answered(_) | Outcome::Final(_));
            // The other attempt is given up, unless this one has failed.
            if is_over || both.iter().all(Option::is_none) {
                return outcome;
            }
        }
    }

    /// Begins a second attempt, if the budget allows it and another endpoint is ready.
    fn hedge(&self, first: &Running, hedging: &Hedging) -> Option<Running> {
        let attempts = self.balancer.retries.policy.attempts();
        if self.sent + 1 >= attempts.max(2) || !hedging.allow() {
            return None;
        }
        let mut others = self.tried.clone();
        others.push(first.attempt.endpoint.id);
        let Some(second) = self.balancer.set.begin(&others, Purpose::Hedge) else {
            hedging.put_back();
            return None;
        };
        tracing::debug!(endpoint = &*second.endpoint.name, "the call is hedged");
        Some(self.start(second))
    }

    /// Tells the endpoint how an attempt has ended, and remembers what failed.
    fn ended(&mut self, attempt: Attempt, result: Result<Response, TransportError>) -> Outcome {
        let endpoint = Arc::clone(&attempt.endpoint);
        let failed = match result {
            Ok(response) => match judge(&response) {
                Verdict::Good => {
                    attempt.succeeded();
                    return Outcome::Answered(response);
                }
                Verdict::Bad(failure) => {
                    attempt.answered_badly(failure, &reason_of_status(response.status));
                    return Outcome::Answered(response);
                }
                Verdict::Refused(failure) => {
                    let reason = reason_of_status(response.status);
                    attempt.failed(failure, &reason);
                    self.failures.push(&endpoint.name, reason, true);
                    Outcome::Refused(response)
                }
            },
            Err(error) if error.is_limit() => {
                attempt.succeeded();
                return Outcome::Final(error);
            }
            Err(error) => {
                let reason = reason_of(&error);
                let failure = if error.is_connect() {
                    Failure::Unreachable
                } else {
                    Failure::Suspicious
                };
                attempt.failed(failure, &reason);
                let was_sent = !error.is_connect();
                self.failures.push(&endpoint.name, reason, was_sent);
                if was_sent {
                    Outcome::Failed(error)
                } else {
                    Outcome::NotSent(error)
                }
            }
        };
        self.sent += u32::from(!matches!(failed, Outcome::NotSent(_)));
        self.tried.push(endpoint.id);
        failed
    }
}

enum Verdict {
    Good,
    /// The response is passed on, but the endpoint may be unable to serve calls.
    Bad(Failure),
    /// Another endpoint may have a better response.
    Refused(Failure),
}

fn judge(response: &Response) -> Verdict {
    // In UTF-16, the text of a response has zeros.
    let is_response = is_method_response(&response.body)
        || (response.status == StatusCode::OK && response.body.contains(&0));
    if is_response {
        return Verdict::Good;
    }
    let asked = || {
        let after = response.headers.get(RETRY_AFTER);
        let seconds = after.and_then(|after| after.to_str().ok()?.trim().parse().ok());
        Failure::Overloaded(Duration::from_secs(seconds.unwrap_or(0)))
    };
    match response.status {
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            Verdict::Refused(asked())
        }
        StatusCode::TOO_MANY_REQUESTS => Verdict::Bad(asked()),
        _ => Verdict::Bad(Failure::Suspicious),
    }
}

pub(super) fn no_endpoints() -> TransportError {
    TransportError::connect("the client has no endpoints; add one with `Endpoints::add`")
}

impl fmt::Debug for Balancer {
    /// Shows the endpoints without what may be secret in their URLs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Balancer")
            .field("endpoints", &self.endpoints().list())
            .field("retries", &self.retries.policy)
            .field("hedge", &self.hedging.as_ref().map(|hedging| hedging.after))
            .finish_non_exhaustive()
    }
}
