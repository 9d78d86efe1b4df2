//! Asks a server about each of its methods.

use std::time::Instant;

use futures_util::{StreamExt, stream};

use super::{Call, Client, ClientError, ClientErrorKind, Transport, described_methods, signatures};
use crate::{Value, schema::MethodDescription};

/// The longest help text of one method.
const MAX_HELP: usize = 64 << 10;
/// The calls that run at the same time without `system.multicall`. Python's server answers one connection at a
/// time and lets 5 wait. The kernel drops more, and the client tries again only after a second.
const CONCURRENCY: usize = 4;
/// The warning when the time is over.
const TOO_LATE: &str = "the server took too long to describe all methods";
/// The answer of Python's server to each question for signatures.
const NO_SIGNATURES: &str = "signatures not supported";

/// The call with the rest of the time.
async fn within<T: Transport, R: serde_core::de::DeserializeOwned>(
    call: Call<T, R>,
    deadline: Option<Instant>,
) -> Result<R, ClientError> {
    let call = match deadline {
        Some(deadline) => call.timeout(deadline.saturating_duration_since(Instant::now())),
        None => call,
    };
    call.await
}

/// Whether the server responded, and only the response is an error. Another question may then work.
fn is_answer(error: &ClientError) -> bool {
    error.fault().is_some() || error.status().is_some() || error.kind() == ClientErrorKind::Decode
}

/// The questions about each method.
pub(super) struct Asking<T> {
    pub(super) client: Client<T>,
    pub(super) deadline: Option<Instant>,
    pub(super) asks_signature: bool,
    pub(super) asks_help: bool,
    pub(super) multicall: bool,
    /// How many bytes of help texts may follow.
    pub(super) help_left: usize,
    /// How many types of signatures may follow.
    pub(super) types_left: usize,
    pub(super) warning: Option<String>,
}

/// An answer; `None` if the server has none.
type Answer = Option<Value>;

impl<T: Transport> Asking<T> {
    /// The methods that `system.describeMethods` describes. Empty if the call fails.
    pub(super) async fn described(&mut self, names: &[&String]) -> Vec<MethodDescription> {
        let call = self
            .client
            .call::<Value>("system.describeMethods", (names,));
        let Ok(answer) = within(call, self.deadline).await else {
            return Vec::new();
        };
        let mut found = described_methods::read(&answer);
        let methods = names.iter().filter_map(|name| found.remove(*name));
        let mut methods: Vec<_> = methods.collect();
        for method in &mut methods {
            method.help = self.bounded(std::mem::take(&mut method.help));
        }
        methods
    }

    pub(super) async fn batch(&mut self, names: &[String]) -> Vec<MethodDescription> {
        let questions = usize::from(self.asks_signature) + usize::from(self.asks_help);
        let mut answers = self.answers(names).await.into_iter();
        let mut methods = Vec::with_capacity(names.len());
        let (asks_signature, asks_help) = (self.asks_signature, self.asks_help);
        for name in names {
            let mut answers = answers.by_ref().take(questions);
            let signature = asks_signature.then(|| answers.next()).flatten();
            let help = asks_help.then(|| answers.next()).flatten();
            if let Some(Some(Value::String(text))) = &signature
                && text == NO_SIGNATURES
            {
                self.asks_signature = false;
            }
            methods.push(self.method(name, signature.flatten().as_ref(), help.flatten()));
        }
        methods
    }

    fn method(&mut self, name: &str, signature: Option<&Value>, help: Answer) -> MethodDescription {
        let mut method = MethodDescription::new(name);
        let read = signature.and_then(signatures::read);
        if let Some(read) = read.filter(|read| self.may_keep(read.types())) {
            method.params = Some(read.params);
            method.result = read.result;
            method.overloads = read.overloads;
        }
        if let Some(Value::String(help)) = help {
            method.help = self.bounded(help);
        }
        method
    }

    /// Whether so many more types may be kept.
    fn may_keep(&mut self, types: usize) -> bool {
        let left = self.types_left.checked_sub(types);
        match left {
            Some(left) => self.types_left = left,
            None => self.warn("some signatures are too long, and are left out"),
        }
        left.is_some()
    }

    /// The text, or what may be kept of it.
    fn bounded(&mut self, mut help: String) -> String {
        let most = self.help_left.min(MAX_HELP);
        if help.len() > most {
            let mut end = most;
            while !help.is_char_boundary(end) {
                end -= 1;
            }
            help.truncate(end);
            self.warn("some help texts are too long, and are shortened");
        }
        self.help_left -= help.len();
        help
    }

    /// The questions about these methods.
    fn calls(&self, names: &[String]) -> Vec<Call<T, Value>> {
        let signature = self.asks_signature.then_some("system.methodSignature");
        let help = self.asks_help.then_some("system.methodHelp");
        let calls = names.iter().flat_map(|name| {
            let methods = [signature, help].into_iter().flatten();
            methods.map(move |method| self.client.call(method, (name,)))
        });
        calls.collect()
    }

    /// Asks, in one request if possible.
    async fn answers(&mut self, names: &[String]) -> Vec<Answer> {
        let calls = self.calls(names);
        let count = calls.len();
        if count == 0 || self.is_late() {
            return vec![None; count];
        }
        if !self.multicall {
            return self.each(calls).await;
        }
        let multicall = self.client.multicall(calls);
        let multicall = match self.deadline {
            Some(deadline) => multicall.timeout(deadline.saturating_duration_since(Instant::now())),
            None => multicall,
        };
        // An entry is a value, a fault, or wrong.
        let answers = multicall.await.and_then(|results| {
            let answers = results.into_iter().map(|result| match result {
                Ok(value) => Ok(Some(value)),
                Err(error) if error.fault().is_some() => Ok(None),
                Err(error) => Err(error),
            });
            answers.collect()
        });
        match answers {
            Ok(answers) => answers,
            // The server has no `system.multicall`, refuses so many calls, or answers them wrongly.
            Err(error) if is_answer(&error) => {
                self.multicall = false;
                let calls = self.calls(names);
                self.each(calls).await
            }
            Err(error) => {
                self.warn_of(&error);
                vec![None; count]
            }
        }
    }

    /// Asks in many requests.
    async fn each(&mut self, calls: Vec<Call<T, Value>>) -> Vec<Answer> {
        let deadline = self.deadline;
        let calls = calls.into_iter().map(move |call| within(call, deadline));
        let results: Vec<_> = stream::iter(calls).buffered(CONCURRENCY).collect().await;
        let mut failed = results.iter().filter_map(|result| result.as_ref().err());
        // A fault only says that the server does not describe this method.
        if let Some(error) = failed.find(|error| error.fault().is_none()) {
            self.warn_of(error);
        }
        results.into_iter().map(Result::ok).collect()
    }

    fn is_late(&mut self) -> bool {
        let is_late = self
            .deadline
            .is_some_and(|deadline| Instant::now() >= deadline);
        if is_late {
            self.warn(TOO_LATE);
        }
        is_late
    }

    /// The time that was left is not part of the warning, so that the same server gives the same text.
    fn warn_of(&mut self, error: &ClientError) {
        if error.is_timeout() {
            self.warn(TOO_LATE);
        } else {
            self.warn(&format!("the server did not describe all methods: {error}"));
        }
    }

    /// The first problem is the one to know.
    fn warn(&mut self, text: &str) {
        self.warning.get_or_insert_with(|| text.to_owned());
    }
}
