//! A server that the command can call.

use std::time::Duration;

use xmlrpc_core::{
    Call, Client, ClientError, Value, client::ClientErrorKind, schema::is_standard_method,
};

use crate::{
    argument::{self, Argument},
    failure::Failure,
    signature::{Signature, Type},
    wire::{Unseen, Wire},
};

/// The question for a signature takes at most so long.
const SIGNATURE_TIME: Duration = Duration::from_secs(10);

/// A client with its settings.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) client: Client<Wire>,
    /// The URL without credentials.
    pub(crate) url: String,
    /// As the user wrote it: the URL, or `@name`.
    pub(crate) name: String,
    /// The parameters that come before those of each call.
    pub(crate) leading: Vec<Value>,
    /// The time that the user allows; `None` if nothing was said.
    pub(crate) timeout: Option<Duration>,
    /// Whether the user allows that calls are sent again.
    pub(crate) repeats: bool,
}

impl Server {
    /// A call that may be sent again if the user allows it.
    pub(crate) fn call(&self, method: &str, params: &[Value]) -> Call<Wire, Value> {
        let call = self.client.call::<Value>(method, params);
        if self.repeats {
            call.idempotent()
        } else {
            call
        }
    }

    /// The values of the arguments, as `call` reads them: JSON, text or prefixes. The server's signatures
    /// decide where it has them.
    pub(crate) async fn params(
        &self,
        method: &str,
        arguments: &[String],
    ) -> Result<Vec<Value>, Failure> {
        let arguments = arguments.iter().map(|text| Argument::read(text));
        let arguments: Vec<_> = arguments.collect::<Result<_, _>>()?;
        self.values(method, arguments).await
    }

    /// The values of arguments, whose types the server's signatures decide.
    pub(crate) async fn values(
        &self,
        method: &str,
        arguments: Vec<Argument>,
    ) -> Result<Vec<Value>, Failure> {
        let signatures = if arguments.is_empty() {
            Vec::new()
        } else {
            self.signatures(method).await?
        };
        argument::values(method, arguments, &signatures)
    }

    /// The signatures of a method, without the leading parameters. Empty if the server does not know them.
    ///
    /// # Errors
    ///
    /// Only if the call itself would fail as well: the server cannot be reached.
    pub(crate) async fn signatures(&self, method: &str) -> Result<Vec<Signature>, Failure> {
        if let Some(signature) = of_system(method) {
            return Ok(vec![signature]);
        }
        let question = self
            .client
            .call::<Value>("system.methodSignature", (method,));
        let question = question
            .extension(Unseen)
            .timeout(SIGNATURE_TIME)
            .idempotent();
        let answer = match question.await {
            Ok(answer) => answer,
            Err(error) if is_fatal(&error) => {
                // The call itself would fail in the same way, and its method is the one that the user knows.
                let mut failure = Failure::from(error);
                failure.message = failure
                    .message
                    .replacen("system.methodSignature", method, 1);
                return Err(failure);
            }
            Err(_) => return Ok(Vec::new()),
        };
        let leading = if is_standard_method(method) {
            0
        } else {
            self.leading.len()
        };
        let signatures = Signature::read(&answer).into_iter();
        Ok(signatures.map(|it| it.without_leading(leading)).collect())
    }
}

/// The names in a response to `system.listMethods`, sorted, and the number of entries that are not names.
pub(crate) fn listed(list: Vec<Value>) -> (Vec<String>, usize) {
    let entries = list.len();
    let names = list.into_iter().filter_map(|name| match name {
        Value::String(name) => Some(name),
        _ => None,
    });
    let mut names: Vec<_> = names.collect();
    let others = entries - names.len();
    names.sort_unstable();
    names.dedup();
    (names, others)
}

fn is_fatal(error: &ClientError) -> bool {
    matches!(
        error.kind(),
        ClientErrorKind::Connect | ClientErrorKind::Misuse
    ) || error.status().is_some_and(|status| status.as_u16() == 401)
}

/// The signatures of introspection are the same everywhere.
fn of_system(method: &str) -> Option<Signature> {
    let (result, params) = match method {
        "system.listMethods" => (Type::Array, vec![]),
        "system.methodHelp" => (Type::String, vec![Type::String]),
        "system.methodSignature" => (Type::Array, vec![Type::String]),
        "system.multicall" => (Type::Array, vec![Type::Array]),
        _ => return None,
    };
    Some(Signature { result, params })
}
