//! Members that a client adds to the struct of each call.

use std::sync::Arc;

use serde_core::Serialize;

use super::{Client, leading::Leading};
use crate::{Dialect, Error, message::CallWriter};

/// The members that a client adds to each call: a struct or a map that can be serialized. Every type that
/// implements `Serialize` implements it.
///
/// ```
/// use xmlrpc_core::{Client, Dispatcher, client::IntoMembers};
///
/// fn log_in(client: Client<Dispatcher>, login: impl IntoMembers) -> Client<Dispatcher> {
///     client.with_leading_members(login)
/// }
/// # let _ = log_in(Client::new(Dispatcher::new()), std::collections::BTreeMap::from([("key", "secret")]));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be leading members, because it does not implement `Serialize`",
    label = "expected a struct or a map that implements `Serialize`",
    note = "add `#[derive(serde::Serialize)]` to your type"
)]
pub trait IntoMembers: Serialize {}

#[diagnostic::do_not_recommend]
impl<M: Serialize> IntoMembers for M {}

/// The leading members, encoded once for all calls.
pub(super) struct LeadingMembers {
    /// The `<member>`s.
    members: Result<Vec<u8>, Error>,
    dialect: Dialect,
}

impl<T> Client<T> {
    /// Adds `members` to the struct that is the parameter of each call, before its own members, for example
    /// the API key of Bugzilla. An empty struct or map removes them.
    ///
    /// The members are a struct or a map. They are for servers whose methods take one struct: methods with
    /// `params = struct`, methods whose only parameter is a struct, and calls by name with one struct. A call
    /// without parameters gets a struct that consists of these members. Any other call is an error, except
    /// those below.
    ///
    /// The members are encoded once, in the [dialect](Client::dialect) that the client has now. If they
    /// cannot be encoded, each call is an error. If a call has a member of the same name, both are sent;
    /// most servers use the last one, which is that of the call. Generated clients have the same method, and
    /// a client made from this one has its leading members. A client has either leading members or
    /// [leading parameters](Self::with_leading_params): the last of these two methods decides.
    ///
    /// In a multicall the struct of each entry has them. One multicall can contain calls with different
    /// leading members, and without any.
    ///
    /// These methods are called without them: `system.listMethods`, `system.methodSignature`,
    /// `system.methodHelp`, `system.methodExist`, `system.getCapabilities`, `system.describeMethods` and
    /// `system.multicall`. So are methods of a trait with `#[xmlrpc(no_leading)]`.
    ///
    /// They may be secret. So they do not appear in `Debug` output, logs or errors of this crate: the
    /// documents in the log, at the level TRACE, show `[leading members]` instead. A server may still
    /// repeat them in its faults.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use xmlrpc_core::{Client, Dispatcher, xmlrpc_service};
    ///
    /// #[xmlrpc_service(client, namespace = "Bug")]
    /// trait Bugs {
    ///     #[xmlrpc(params = struct)]
    ///     async fn summary(&self, id: i64) -> String;
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # #[derive(serde::Deserialize)]
    /// # struct Params { api_key: String, id: i64 }
    /// # let server = Dispatcher::new().method("Bug.summary", |params: Params| {
    /// #     assert_eq!(params.api_key, "secret");
    /// #     format!("bug {}", params.id)
    /// # });
    /// let members = BTreeMap::from([("api_key", "secret")]);
    /// let bugs = BugsClient::new(Client::new(server)).with_leading_members(members);
    /// assert_eq!(bugs.summary(35).await?, "bug 35"); // sends {api_key: "secret", id: 35}
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_leading_members(mut self, members: impl IntoMembers) -> Self {
        let members = LeadingMembers::new(self.settings.dialect, &members);
        self.leading = members.map(|members| Arc::new(Leading::Members(members)));
        self
    }
}

impl LeadingMembers {
    /// Encodes the members. Returns `None` for an empty struct.
    fn new(dialect: Dialect, members: &impl Serialize) -> Option<Self> {
        let mut writer = CallWriter::without_method(dialect);
        writer.param(members);
        let members = match writer.finish() {
            Ok(call) => call
                .members()
                .map(<[u8]>::to_vec)
                .ok_or_else(|| Error::data("the leading members must be a struct or a map")),
            // The reason may contain a value.
            Err(error) => Err(Error::with_category(
                error.category(),
                "the leading members cannot be written as XML-RPC; \
                 the reason is not shown, because they may be secret"
                    .to_owned(),
            )),
        };
        let is_empty = members.as_ref().is_ok_and(Vec::is_empty);
        (!is_empty).then_some(Self { members, dialect })
    }

    /// Adds the members to the parameters in `call`, which are complete.
    pub(super) fn write(&self, dialect: Dialect, call: &mut CallWriter) {
        match &self.members {
            Ok(members) if self.dialect == dialect => call.secret_members(members),
            Ok(_) => call.fail(Error::data(
                "the leading members are in another dialect; \
                 call `Client::dialect` before `with_leading_members`",
            )),
            Err(error) => call.fail(error.clone()),
        }
    }
}
