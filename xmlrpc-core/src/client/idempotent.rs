/// The mark of a call that may run more than once: running it twice has the same effect as running
/// it once.
///
/// `#[xmlrpc(idempotent)]` on a method, [`Call::idempotent`](super::Call::idempotent) and
/// [`Multicall::idempotent`](super::Multicall::idempotent) add it to the
/// [extensions](crate::Request::extensions) of the request. A layer that retries, for example
/// tower's retry with a [`RetryPolicy`](super::RetryPolicy), sends only requests with this mark
/// again. The mark is not sent to the server.
///
/// The request of a multicall has the mark if each of its calls has it.
///
/// ```
/// use tower::service_fn;
/// use xmlrpc_core::{Client, Dialect, Request, Response, client::{BoxError, Idempotent}, message::EncodedResponse};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
/// let client = Client::new(service_fn(|request: Request| async move {
///     let marked = request.extensions.get::<Idempotent>().is_some();
///     let response = EncodedResponse::new(&marked, Dialect::EXTENDED)?;
///     Ok::<_, BoxError>(Response::new(response.into_document()))
/// }));
/// assert!(client.call::<bool>("lookup", ("Ada",)).idempotent().await?);
/// assert!(!client.call::<bool>("pay", ("Ada", 100)).await?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Idempotent;
