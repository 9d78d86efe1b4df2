/// The mark of a call that may run more than once: what it does twice is the same as what it does
/// once.
///
/// `#[xmlrpc(idempotent)]` on a method, [`Call::idempotent`](super::Call::idempotent) and
/// [`Multicall::idempotent`](super::Multicall::idempotent) put it into the
/// [extensions](crate::Request::extensions) of the request. A layer that sends a request again, as
/// tower's retry does with a [`RetryPolicy`](super::RetryPolicy), looks for it there, and leaves
/// all other requests alone. It is not on the wire.
///
/// A request of a multicall has it when each of its calls has it.
///
/// ```
/// use tower::service_fn;
/// use xmlrpc_core::{Client, Dialect, Request, Response, client::{BoxError, Idempotent}, message::EncodedResponse};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// let client = Client::new(service_fn(|request: Request| async move {
///     let marked = request.extensions.get::<Idempotent>().is_some();
///     let reply = EncodedResponse::new(&marked, Dialect::EXTENDED)?;
///     Ok::<_, BoxError>(Response::new(reply.into_document()))
/// }));
/// assert!(client.call::<bool>("lookup", ("Ada",)).idempotent().await?);
/// assert!(!client.call::<bool>("pay", ("Ada", 100)).await?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Idempotent;
