//! The result of a call together with what else its response has.

use std::fmt;

use http::{Extensions, HeaderMap, StatusCode};

use super::{Call, Transport, decoder::Decoder};
use crate::Response;

/// The result of a call, with the status, headers and extensions of the response; from
/// [`Call::with_response`].
#[derive(Clone)]
#[non_exhaustive]
pub struct CallResponse<R> {
    /// The result.
    pub value: R,
    /// The status of the transport, or 200 if it has none. It may be another one: a result is read under
    /// any status.
    pub status: StatusCode,
    /// The headers of the response.
    pub headers: HeaderMap,
    /// Other values by type, which the transport and its layers added.
    pub extensions: Extensions,
}

impl<R> CallResponse<R> {
    /// Converts the result.
    ///
    /// ```
    /// # use xmlrpc_core::{Client, Dispatcher};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # let client = Client::new(Dispatcher::new());
    /// let names = client.call::<Vec<String>>("system.listMethods", ()).with_response().await?;
    /// let count = names.map(|names| names.len());
    /// assert!(count.value > 2 && count.status == 200);
    /// # Ok(())
    /// # }
    /// ```
    pub fn map<U>(self, function: impl FnOnce(R) -> U) -> CallResponse<U> {
        CallResponse {
            value: function(self.value),
            status: self.status,
            headers: self.headers,
            extensions: self.extensions,
        }
    }
}

impl CallResponse<()> {
    /// A copy of everything but the body.
    pub(super) fn copied(response: &Response) -> Self {
        Self {
            value: (),
            status: response.status,
            headers: response.headers.clone(),
            extensions: response.extensions.clone(),
        }
    }

    /// Everything but the body.
    pub(super) fn of(response: Response) -> Self {
        Self {
            value: (),
            status: response.status,
            headers: response.headers,
            extensions: response.extensions,
        }
    }
}

impl<R: fmt::Debug> fmt::Debug for CallResponse<R> {
    /// Shows the names of the headers. Their values may be secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallResponse")
            .field("value", &self.value)
            .field("status", &self.status)
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl<T: Transport, R: 'static> Call<T, R> {
    /// Returns the result together with the status, headers and extensions of the response.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Context, Dispatcher, Fault, xmlrpc_service};
    ///
    /// #[xmlrpc_service]
    /// trait Shop {
    ///     async fn price(&self, #[xmlrpc(context)] cx: &Context, article: &str) -> Result<i64, Fault>;
    /// }
    /// # struct Tea;
    /// # impl Shop for Tea {
    /// #     async fn price(&self, cx: &Context, article: &str) -> Result<i64, Fault> {
    /// #         cx.response_headers().insert("x-remaining", "99")?;
    /// #         if article == "tea" { Ok(3) } else { Err(Fault::new(404, "sold out")) }
    /// #     }
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// # let shop = ShopClient::new(Client::new(Dispatcher::new().service(ShopServer::new(Tea))));
    /// let price = shop.price("tea").with_response().await?;
    /// assert_eq!((price.value, price.status.as_u16()), (3, 200));
    /// assert_eq!(price.headers["x-remaining"], "99");
    ///
    /// // The error of such a call has them as well.
    /// let error = shop.price("coffee").with_response().await.unwrap_err();
    /// let response = error.response().unwrap();
    /// assert_eq!(response.headers["x-remaining"], "99");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The headers are those that the transport returns. `xmlrpc_client` removes `Content-Encoding` and
    /// `Content-Length` if it has decompressed the body.
    ///
    /// The call can still be an entry of a multicall. All entries of one request share its response, so
    /// each has a copy of the same status, headers and extensions.
    pub fn with_response(self) -> Call<T, CallResponse<R>> {
        self.with_decoder(Decoder::with_response)
    }
}
