//! Parameters that a client sends before those of each call.

use std::sync::Arc;

use super::{Client, IntoParams, leading::Leading, params::ParamsWriter};
use crate::{
    Dialect, Error,
    message::{CallWriter, EncodedCall},
};

/// The leading parameters, encoded once for all calls.
pub(super) struct LeadingParams {
    params: Result<EncodedCall, Error>,
    dialect: Dialect,
}

impl<T> Client<T> {
    /// Sends `params` before the parameters of each call, for example a session, a token, or a user and
    /// a password. `()` removes them.
    ///
    /// The parameters are a tuple, an array, a slice or a `Vec`, as for
    /// [`call`](Client::call). They are encoded once, in the [dialect](Client::dialect) that the client
    /// has now. If they cannot be encoded, each call is an error. Generated clients have the same method,
    /// and a client made from this one has its leading parameters.
    ///
    /// In a multicall each entry has them. One multicall can contain calls of clients with different
    /// leading parameters, and of the client without any.
    ///
    /// These methods are called without them: `system.listMethods`, `system.methodSignature`,
    /// `system.methodHelp`, `system.methodExist`, `system.getCapabilities`, `system.describeMethods` and
    /// `system.multicall`. So are methods of a trait with `#[xmlrpc(no_leading)]`. Methods with
    /// `params = struct` have no place for leading parameters. If a stub has such methods, its
    /// `with_leading_params` does not compile; if it is made from a client with leading parameters,
    /// calls of these methods are errors. For members of these structs, use
    /// [`with_leading_members`](Self::with_leading_members): a client has either leading parameters or leading
    /// members, and the last call decides.
    ///
    /// They may be secret. So they do not appear in `Debug` output, logs or errors of this crate: the
    /// documents in the log, at the level TRACE, show `[leading parameters]` instead. A server may
    /// still repeat them in its faults.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher, Fault};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let server = Dispatcher::new().method("add", |token: String, a: i64, b: i64| match &*token {
    ///     "secret" => Ok(a + b),
    ///     _ => Err(Fault::new(1, "Unauthorized")),
    /// });
    /// let client = Client::new(server).with_leading_params(("secret",));
    /// assert_eq!(client.call::<i64>("add", (2, 3)).await?, 5);
    ///
    /// // Introspection has no leading parameters.
    /// let names = client.call::<Vec<String>>("system.listMethods", ()).await?;
    /// assert!(names.iter().any(|name| name == "add"));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_leading_params(mut self, params: impl IntoParams) -> Self {
        let params = LeadingParams::new(self.settings.dialect, &params);
        self.leading = params.map(|params| Arc::new(Leading::Params(params)));
        self
    }
}

impl LeadingParams {
    /// Encodes the parameters. Returns `None` for an empty list.
    fn new(dialect: Dialect, params: &impl IntoParams) -> Option<Self> {
        let mut writer = ParamsWriter::of(CallWriter::without_method(dialect));
        params.write(&mut writer);
        let (failed, params) = (writer.len(), writer.finish());
        if params.as_ref().is_ok_and(|params| params.params() == 0) {
            return None;
        }
        // The reason may contain the value.
        let params = params.map_err(|error| {
            let number = failed + 1;
            let text = format!(
                "leading parameter {number} cannot be written as XML-RPC; \
                 the reason is not shown, because the parameter may be secret"
            );
            Error::with_category(error.category(), text)
        });
        Some(Self { params, dialect })
    }

    /// Writes the parameters into a call in the given dialect.
    pub(super) fn write(&self, dialect: Dialect, call: &mut CallWriter) {
        match &self.params {
            Ok(params) if self.dialect == dialect => call.secret_params(params),
            Ok(_) => call.fail(Error::data(
                "the leading parameters are in another dialect; \
                 call `Client::dialect` before `with_leading_params`",
            )),
            Err(error) => call.fail(error.clone()),
        }
    }
}
