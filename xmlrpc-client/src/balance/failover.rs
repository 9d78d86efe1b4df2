//! Sends a call to an endpoint, and to others if that fails.

use std::{fmt, sync::Arc};

use http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use tower::retry::Policy;
use xmlrpc_core::{
    __private::{is_method_response, retry_after},
    Request, Response,
    client::{Idempotent, OnProgress, RetryPolicy, TransportError},
    observe::Attempts,
};

use super::{
    attempt::Attempt,
    failures::{Failures, reason_of, reason_of_response, reason_of_status},
    health::Failure,
    hedge::Hedging,
    set::{Purpose, Set},
    settings::BalanceSettings,
};
use crate::{BuildError, Endpoints, endpoint_settings::EndpointSettings, transport::Sending};

/// The transport over several endpoints.
pub(crate) struct Balancer {
    pub(super) set: Arc<Set>,
    pub(super) retries: Retries,
    hedging: Option<Hedging>,
}

pub(super) struct Retries {
    pub(super) policy: RetryPolicy,
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
        mut request: Request,
    ) -> Result<Response, TransportError> {
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(TransportError::other(
                "a call must be awaited inside a tokio runtime",
            ));
        }
        let is_idempotent = request.extensions.get::<Idempotent>().is_some();
        let mut policy = is_idempotent.then(|| self.retries.policy.clone());
        while let Err(error) = self.set.ready().await {
            let mut result = Err(error);
            let policy = policy.as_mut().filter(|_| self.retries.is_set);
            match policy.and_then(|policy| policy.retry(&mut request, &mut result)) {
                Some(wait) => wait.await,
                None => return result,
            }
        }
        let call = Call {
            balancer: &self,
            policy,
            attempts: request.extensions.get::<Attempts>().cloned(),
            request,
            tried: Vec::new(),
            failures: Failures::default(),
            sent: 0,
            is_hedged: false,
        };
        call.run().await
    }
}

/// A call, while it is sent to endpoints.
pub(super) struct Call<'a> {
    pub(super) balancer: &'a Balancer,
    request: Request,
    /// For an idempotent call.
    policy: Option<RetryPolicy>,
    attempts: Option<Attempts>,
    /// The endpoints that have failed since the last wait.
    pub(super) tried: Vec<u64>,
    pub(super) failures: Failures,
    /// The attempts that may have run the method.
    pub(super) sent: u32,
    pub(super) is_hedged: bool,
}

pub(super) struct Running {
    pub(super) attempt: Attempt,
    pub(super) sending: Sending,
}

/// How an attempt has ended.
pub(super) enum Outcome {
    /// A result or a fault.
    Answered(Response),
    Failed(Failed),
}

/// An attempt without a result and without a fault.
pub(super) struct Failed {
    pub(super) next: Next,
    /// Its number in what the call records.
    pub(super) number: Option<u32>,
    /// A response is not XML-RPC.
    pub(super) result: Result<Response, TransportError>,
}

/// What may help after a failure. The later ones hold for both if two attempts have failed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Next {
    /// Nothing was sent: any call may go to another endpoint.
    Elsewhere,
    /// An idempotent call may be sent again.
    Again,
    Nothing,
}

impl Call<'_> {
    async fn run(mut self) -> Result<Response, TransportError> {
        let can_go_elsewhere = self.policy.is_some();
        let hedging = self.balancer.hedging.as_ref();
        let hedging = hedging.filter(|_| can_go_elsewhere);
        if let Some(hedging) = hedging {
            hedging.count();
        }
        let mut purpose = Purpose::First { can_go_elsewhere };
        loop {
            let Some(attempt) = self.balancer.set.begin(&self.tried, purpose) else {
                // They were removed meanwhile.
                return self.give_up();
            };
            purpose = Purpose::Failover;
            let mut running = self.start(attempt);
            let outcome = if let Some(hedging) = hedging {
                self.hedged(running, hedging).await
            } else {
                let result = (&mut running.sending).await;
                self.ended(running.attempt, result)
            };
            let mut failed = match outcome {
                Outcome::Failed(failed) => failed,
                Outcome::Answered(response) => {
                    let mut result = Ok(response);
                    if let Some(policy) = &mut self.policy {
                        // This pays into the budget.
                        let _ = policy.retry(&mut self.request, &mut result);
                    }
                    return result;
                }
            };
            let could_go_on = match failed.next {
                Next::Elsewhere => true,
                Next::Again => self.policy.is_some(),
                Next::Nothing => false,
            };
            let set = &self.balancer.set;
            let has_others = set.has_others(&self.tried)
                // The addresses of a name may all have changed while there were no calls.
                || (could_go_on && set.has_new(&self.tried).await);
            if failed.next == Next::Elsewhere && has_others {
                tracing::debug!("nothing was sent: the call goes to another endpoint");
                self.failures.keep(failed);
                continue;
            }
            let wait = match failed.next {
                Next::Nothing => None,
                _ => self.may_send_again(&mut failed.result, has_others, 0),
            };
            self.failures.keep(failed);
            let Some(wait) = wait else {
                if could_go_on {
                    for endpoint in self.balancer.set.hopeless(&self.tried) {
                        self.failures.left_out(&endpoint.name, &endpoint.reason());
                    }
                }
                return self.give_up();
            };
            if !has_others {
                wait.await;
                self.tried.clear();
            }
        }
    }

    /// What the call returns if no attempt has a result.
    fn give_up(self) -> Result<Response, TransportError> {
        if let Some((attempts, number)) = self.attempts.zip(self.failures.answered()) {
            attempts.answered(number);
        }
        self.failures.into_result()
    }

    /// Whether an idempotent call may be sent again, and after which wait if it goes to the same
    /// endpoints again.
    pub(super) fn may_send_again(
        &mut self,
        result: &mut Result<Response, TransportError>,
        has_others: bool,
        in_flight: u32,
    ) -> Option<tokio::time::Sleep> {
        let policy = self.policy.as_mut()?;
        // Without a policy of the user, nothing is sent to the same endpoint twice.
        if self.sent + in_flight >= self.balancer.retries.policy.attempts()
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

    pub(super) fn start(&self, mut attempt: Attempt) -> Running {
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

    /// Tells the endpoint how an attempt has ended, and remembers what failed.
    pub(super) fn ended(
        &mut self,
        attempt: Attempt,
        result: Result<Response, TransportError>,
    ) -> Outcome {
        let endpoint = Arc::clone(&attempt.endpoint);
        let number = attempt.number_in_call();
        let (next, said, result) = match result {
            Ok(response) => {
                let reason = reason_of_status(response.status);
                let next = match judge(&response) {
                    Verdict::Good => {
                        attempt.succeeded();
                        return Outcome::Answered(response);
                    }
                    Verdict::Bad(failure) => {
                        attempt.answered_badly(failure, &reason);
                        Next::Nothing
                    }
                    Verdict::Refused(failure) => {
                        attempt.failed(failure, &reason);
                        Next::Again
                    }
                };
                (next, reason_of_response(&response), Ok(response))
            }
            Err(error) => {
                let reason = reason_of(&error);
                let next = if error.is_limit() {
                    attempt.succeeded();
                    Next::Nothing
                } else if error.is_connect() {
                    attempt.failed(Failure::Unreachable, &reason);
                    Next::Elsewhere
                } else {
                    attempt.failed(Failure::Suspicious, &reason);
                    Next::Again
                };
                (next, reason, Err(error))
            }
        };
        let was_sent = next != Next::Elsewhere;
        self.failures.push(&endpoint.name, said, was_sent);
        self.sent += u32::from(was_sent);
        self.tried.push(endpoint.id);
        Outcome::Failed(Failed {
            next,
            number,
            result,
        })
    }
}

pub(super) enum Verdict {
    Good,
    /// The response is passed on, but the endpoint may be unable to serve calls.
    Bad(Failure),
    /// Another endpoint may have a better response.
    Refused(Failure),
}

pub(super) fn judge(response: &Response) -> Verdict {
    // In UTF-16, the text of a response has zeros.
    let is_response = is_method_response(&response.body)
        || (response.status == StatusCode::OK && response.body.contains(&0));
    if is_response {
        return Verdict::Good;
    }
    let asked = || Failure::Overloaded(retry_after(&response.headers).unwrap_or_default());
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
