use super::{Call, Transport, decoder::Decoder};
use crate::Fault;

/// A type in which a server wraps each result, together with whether the call succeeded.
///
/// Some servers never send a fault, but a struct or a list that contains either the result or an error. Xen
/// sends a struct of `Status` and either `Value` or `ErrorDescription`, and ROS the list
/// `[code, message, value]`. Implement this trait for such a type, and name it on a trait with `#[xmlrpc_service(client, envelope = Reply)]` or on a
/// method with `#[xmlrpc(envelope = Reply)]`: see
/// [`xmlrpc_service`](macro@crate::xmlrpc_service#envelopes). The generated client then decodes a `Reply<R>`
/// and returns its `R`. For a call by name, use [`Call::open`].
///
/// If [`open`](Self::open) returns a fault, the call fails with it as if the server had sent it:
/// [`ClientError::fault`](crate::ClientError::fault) and
/// [`ClientError::fault_as`](crate::ClientError::fault_as) return it.
///
/// ```
/// use serde::Deserialize;
/// use xmlrpc_core::{Client, Dispatcher, Envelope, Fault, value, xmlrpc_service};
///
/// /// What Xen sends.
/// #[derive(Deserialize)]
/// #[serde(rename_all = "PascalCase")]
/// struct Xen<R> {
///     value: Option<R>,
///     #[serde(default)]
///     error_description: Vec<String>,
/// }
///
/// impl<R> Envelope for Xen<R> {
///     type Value = R;
///
///     fn open(self) -> Result<R, Fault> {
///         let error = || Fault::new(1, self.error_description.join(", "));
///         self.value.ok_or_else(error)
///     }
/// }
///
/// #[xmlrpc_service(client, namespace = "VM", envelope = Xen)]
/// trait Vm {
///     #[xmlrpc(name = "get_name_label")]
///     async fn name(&self, vm: &str) -> String;
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// # let server = Dispatcher::new().method("VM.get_name_label", |vm: String| match &*vm {
/// #     "OpaqueRef:1" => value!({ "Status": "Success", "Value": "web" }),
/// #     _ => value!({ "Status": "Failure", "ErrorDescription": ["HANDLE_INVALID", "VM"] }),
/// # });
/// let vm = VmClient::new(Client::new(server));
/// assert_eq!(vm.name("OpaqueRef:1").await?, "web");
/// let error = vm.name("OpaqueRef:2").await.unwrap_err();
/// assert_eq!(error.fault(), Some(&Fault::new(1, "HANDLE_INVALID, VM")));
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an envelope",
    label = "the result of a call cannot be taken out of this type",
    note = "implement `xmlrpc_core::Envelope` for `{Self}`, and `serde::Deserialize`"
)]
pub trait Envelope {
    /// The type of the result in the envelope.
    type Value;

    /// Returns the result, or the fault with which the server refused the call.
    fn open(self) -> Result<Self::Value, Fault>;
}

impl<T: Transport, R: Envelope + 'static> Call<T, R> {
    /// Opens the [envelope](Envelope) in which the result comes. If the server refused the call, the
    /// fault in the envelope is the error of the call.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher, Envelope, Fault, Value, value};
    /// #[derive(serde::Deserialize)]
    /// struct Reply<R>(bool, R);
    ///
    /// impl<R> Envelope for Reply<R> {
    ///     type Value = R;
    ///
    ///     fn open(self) -> Result<R, Fault> {
    ///         self.0.then_some(self.1).ok_or_else(|| Fault::new(1, "refused"))
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # let server = Dispatcher::new().method("count", |ok: bool| -> Value { value!([ok, 3]) });
    /// let client = Client::new(server);
    /// let count = client.call::<Reply<i64>>("count", (true,)).open();
    /// assert_eq!(count.await?, 3);
    /// let count = client.call::<Reply<i64>>("count", (false,)).open();
    /// assert_eq!(count.await.unwrap_err().fault(), Some(&Fault::new(1, "refused")));
    /// # Ok(())
    /// # }
    /// ```
    pub fn open(self) -> Call<T, R::Value> {
        self.with_decoder(Decoder::opened)
    }
}
