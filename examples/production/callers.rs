//! Who calls, and how often: authentication of requests, and a limit on the calls of each caller.

use std::{
    collections::HashSet,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
};
use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};
use subtle::ConstantTimeEq as _;
use xmlrpc_core::{
    Fault,
    message::EncodedResponse,
    service::{Next, RpcCall},
};

/// The code of the fault for a caller that calls too often.
const TOO_MANY_CALLS: i32 = 429;

/// A token must be too long to guess.
const MIN_TOKEN: usize = 16;

/// The name of an authenticated caller, in the extensions of its requests. Methods find it in their `Context`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Caller(Arc<str>);

impl Caller {
    pub(crate) fn name(&self) -> &str {
        &self.0
    }
}

/// All callers.
pub(crate) enum Callers {
    /// Anybody may call. Only for a server that other machines cannot reach.
    Anybody,
    /// Those who know a token.
    Known(Vec<(Caller, Credentials)>),
}

/// What a caller sends as `Authorization: Basic …`: its name and token, in Base64. XML-RPC clients send it for a
/// URL such as `https://name:token@example.org/`.
pub(crate) struct Credentials(String);

impl Callers {
    /// Reads a file with a line `name:token` for each caller. Lines that begin with `#` are comments.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (mut callers, mut names) = (Vec::new(), HashSet::new());
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            // The errors do not show the line, which contains a secret.
            let Some((name, token)) = line.split_once(':') else {
                return Err(format!("line {number} is not `name:token`"));
            };
            if token.len() < MIN_TOKEN {
                return Err(format!(
                    "line {number}: the token has fewer than {MIN_TOKEN} characters"
                ));
            }
            if name.is_empty() || !names.insert(name) {
                return Err(format!("line {number}: the name is empty, or occurs twice"));
            }
            let credentials = base64_simd::STANDARD.encode_to_string(line);
            callers.push((Caller(name.into()), Credentials(credentials)));
        }
        if callers.is_empty() {
            return Err("the file names no caller".to_owned());
        }
        Ok(Self::Known(callers))
    }
}

/// A layer of requests. It refuses those without valid credentials before their bodies are read.
pub(crate) async fn authenticate(
    State(callers): State<Arc<Callers>>,
    mut request: Request,
    next: middleware::Next,
) -> Response {
    let Callers::Known(known) = &*callers else {
        return next.run(request).await;
    };
    let authorization = request.headers().get(header::AUTHORIZATION);
    let Some(caller) = identify(known, authorization) else {
        tracing::info!("refused a request without valid credentials");
        let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"stock\"")];
        let text = "send your name and token as HTTP Basic authentication\n";
        return (StatusCode::UNAUTHORIZED, challenge, text).into_response();
    };
    tracing::Span::current().record("caller", caller.name());
    request.extensions_mut().insert(caller);
    next.run(request).await
}

/// The caller with these credentials. The time does not tell how much of a token is right: every token is
/// compared, and to its end.
fn identify(
    known: &[(Caller, Credentials)],
    authorization: Option<&HeaderValue>,
) -> Option<Caller> {
    let (scheme, given) = authorization?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let mut found = None;
    for (caller, Credentials(expected)) in known {
        if expected.as_bytes().ct_eq(given.trim().as_bytes()).into() {
            found = Some(caller);
        }
    }
    found.cloned()
}

/// A layer of calls. It refuses those of a caller who makes too many. Each entry of a multicall counts. If everybody
/// may call, callers are unknown and nothing is limited.
#[derive(Clone)]
pub(crate) struct Limit {
    per_second: NonZeroU32,
    // The callers are known, so there are few keys.
    calls: Arc<DefaultKeyedRateLimiter<Caller>>,
    refused: Arc<Refused>,
}

/// The refused calls that are not in the log yet. It has one line per second about them.
struct Refused {
    calls: AtomicU64,
    lines: DefaultDirectRateLimiter,
}

impl Limit {
    /// A caller may make this many calls per second, and twice as many at once after a pause.
    pub(crate) fn new(per_second: NonZeroU32) -> Self {
        let quota = Quota::per_second(per_second).allow_burst(per_second.saturating_mul(TWO));
        Self {
            per_second,
            calls: Arc::new(RateLimiter::keyed(quota)),
            refused: Arc::new(Refused {
                calls: AtomicU64::new(0),
                lines: RateLimiter::direct(Quota::per_second(NonZeroU32::MIN)),
            }),
        }
    }

    pub(crate) async fn check(self, call: RpcCall, next: Next) -> Result<EncodedResponse, Fault> {
        if let Some(caller) = call.context().get::<Caller>()
            && let Err(until) = self.calls.check_key(caller)
        {
            self.refused.log(caller);
            let wait = until.wait_time_from(DefaultClock::default().now());
            let text = format!(
                "more than {} calls per second; wait {} ms",
                self.per_second,
                wait.as_millis() + 1
            );
            return Err(Fault::new(TOO_MANY_CALLS, text));
        }
        next.run(call).await
    }
}

impl Refused {
    fn log(&self, caller: &Caller) {
        self.calls.fetch_add(1, Relaxed);
        if self.lines.check().is_ok() {
            let calls = self.calls.swap(0, Relaxed);
            tracing::warn!(calls, last = caller.name(), "refused calls above the limit");
        }
    }
}

const TWO: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);
