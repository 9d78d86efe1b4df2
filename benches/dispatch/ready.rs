//! Futures that wait for nothing.

use futures_util::FutureExt;

/// What a future yields when it is polled once, as an executor polls it; none of the contenders
/// is in need of more.
pub(crate) fn ready<F: IntoFuture>(future: F) -> Result<F::Output, String> {
    let polled = future.into_future().now_or_never();
    polled.ok_or_else(|| "the call waits for something".to_owned())
}
