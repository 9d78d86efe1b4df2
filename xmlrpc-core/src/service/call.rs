use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex},
};

use http::Extensions;

use super::{
    Context, handler::Handler, large_response::CalledMethod, offload,
    response_encoder::ResponseEncoder, size_bounds::SizeBounds,
};
use crate::{
    Dialect, Error, Fault, ResponseBudget,
    message::{EncodedResponse, Params, ParamsReader},
    observe::OTHER,
};

/// The future of one method call. It resolves to the encoded response or to a fault.
pub type MethodFuture = Pin<Box<dyn Future<Output = Result<EncodedResponse, Fault>> + Send>>;

/// One call that a [`Dispatcher`](super::Dispatcher) makes: the method, its parameters (not yet
/// decoded) and the [`Context`] of its request.
///
/// It is owned and `'static`. Each entry of a multicall is a separate call.
#[derive(Clone)]
pub struct RpcCall {
    pub(super) method: Arc<CalledMethod>,
    pub(super) service: Option<&'static str>,
    /// Whether a method is registered under this name.
    pub(super) is_known: bool,
    pub(super) params: Params,
    pub(super) context: Context,
    pub(super) dialect: Dialect,
    pub(super) bounds: SizeBounds,
    /// What bounds the memory of the response.
    pub(super) budget: Option<Arc<dyn ResponseBudget>>,
    /// The method that [`RpcService`](super::RpcService) runs at the end of a stack of layers.
    pub(super) handler: Option<Arc<dyn Handler>>,
}

impl RpcCall {
    /// The name of the method on the wire. For an entry of a multicall, it is the name in the
    /// entry.
    ///
    /// If the method is unknown, or a fallback handles it, the caller controls this name: see
    /// [`known_method`](Self::known_method).
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The name of the trait that declares the method, or `system` for the dispatcher's own
    /// methods. `None` for functions, fallbacks and unknown methods.
    pub fn service(&self) -> Option<&'static str> {
        self.service
    }

    /// The method name if it is registered, otherwise `_OTHER`.
    ///
    /// It is safe as a metric or span label: it has at most one value per registered method.
    pub fn known_method(&self) -> &str {
        if self.is_known { &self.method } else { OTHER }
    }

    /// The parameters, not yet decoded.
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// The headers and extensions of the request.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The extensions of this call. A layer can store values here for the inner layers and for the
    /// method, which finds them in its [`Context`]. Other entries of the same multicall do not see
    /// them.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        self.context.extensions_mut()
    }

    /// The dialect of the response, for a layer that [creates a response](EncodedResponse::new)
    /// itself.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Decodes the parameters and releases the document.
    ///
    /// # Errors
    ///
    /// [`Fault::INVALID_PARAMS`] with a text that names the method and the parameter. If a limit of
    /// [`Limits`](crate::Limits) is exceeded, the fault has the code of that error.
    #[doc(hidden)]
    pub fn decode<R>(
        self,
        read: impl FnMut(&mut ParamsReader<'_>) -> Result<R, Error>,
    ) -> Result<(R, ResponseEncoder), Fault> {
        match self.params.decode(read) {
            Ok(decoded) => {
                let was_large = self.is_large();
                if was_large {
                    offload::decoded()?;
                }
                Ok((decoded, self.decoded(was_large)))
            }
            Err(error) => Err(self.refusal(error)),
        }
    }

    /// Whether decoding the parameters would keep a thread of the executor busy for too long.
    pub(super) fn is_large(&self) -> bool {
        self.params.bytes() > self.bounds.offload_above
    }

    fn decoded(self, was_large: bool) -> ResponseEncoder {
        ResponseEncoder {
            was_large,
            method: self.method,
            context: self.context,
            dialect: self.dialect,
            large: self.bounds.offload_above,
            max_bytes: self.bounds.max_response,
            budget: self.budget.map(|budget| Mutex::new(Some(budget))),
        }
    }

    #[cold]
    fn refusal(self, error: Error) -> Fault {
        let text = format!("{}: {}", self.method, error.for_peer());
        error.fault_with_text(text)
    }
}

impl fmt::Debug for RpcCall {
    /// Omits the parameters, which may be secret or large.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RpcCall")
            .field("method", &self.method)
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}
