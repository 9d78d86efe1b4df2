use std::{fmt, pin::Pin, sync::Arc};

use http::Extensions;
use serde::Serialize;

use super::Context;
use crate::{
    Dialect, Error, Fault,
    message::{EncodedResponse, Params, ParamsReader},
    schema::MethodDescription,
};

/// The future of one method, from its decoded parameters to its encoded answer.
pub type MethodFuture = Pin<Box<dyn Future<Output = Result<EncodedResponse, Fault>> + Send>>;

/// One call that a [`Dispatcher`](super::Dispatcher) makes: the method that is really run, its
/// parameters, not yet decoded, and the [`Context`] of its request.
///
/// It is owned and `'static`. Each entry of a multicall is a call of its own.
#[derive(Clone)]
pub struct RpcCall {
    pub(super) method: Arc<str>,
    pub(super) service: Option<&'static str>,
    /// Whether the name is one of a method that is there.
    pub(super) is_known: bool,
    pub(super) params: Params,
    pub(super) context: Context,
    pub(super) dialect: Dialect,
    /// What the innermost service runs, where there are layers.
    pub(super) handler: Option<Arc<dyn Handler>>,
}

impl RpcCall {
    /// The name under which the method is called: on the wire, and really, in a multicall too.
    ///
    /// Where no method has it, or a fallback answers, it is whatever a peer has sent: see
    /// [`known_method`](Self::known_method).
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The name of the trait that the method is of; `system` for the dispatcher's own, and none for a
    /// function, a fallback and a method that is not there.
    pub fn service(&self) -> Option<&'static str> {
        self.service
    }

    /// The name of the method where it is known, which `_OTHER` stands for where it may be anything: a
    /// label for metrics and spans, of which there are no more than methods.
    pub fn known_method(&self) -> &str {
        if self.is_known {
            &self.method
        } else {
            "_OTHER"
        }
    }

    /// The parameters as they came.
    pub fn params(&self) -> &Params {
        &self.params
    }

    /// What came with the request.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// What a layer leaves for the layers within it and for the method, which finds it in its
    /// [`Context`]. Other entries of the same multicall do not see it.
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        self.context.extensions_mut()
    }

    /// How the answer is written, for a layer that [gives one](EncodedResponse::new) itself.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Decodes the parameters and lets go of the document.
    ///
    /// # Errors
    ///
    /// [`Fault::INVALID_PARAMS`], with a text that names the method and the parameter; a bound of
    /// [`Limits`](crate::Limits) that was reached has the code that goes with it.
    #[doc(hidden)]
    pub fn decode<R>(
        self,
        read: impl FnMut(&mut ParamsReader<'_>) -> Result<R, Error>,
    ) -> Result<(R, ResponseEncoder), Fault> {
        match self.params.decode(read) {
            Ok(decoded) => Ok((decoded, self.decoded())),
            Err(error) => Err(self.refusal(&error)),
        }
    }

    fn decoded(self) -> ResponseEncoder {
        ResponseEncoder {
            method: self.method,
            context: self.context,
            dialect: self.dialect,
        }
    }

    #[cold]
    fn refusal(self, error: &Error) -> Fault {
        Fault::new(error.fault_code(), format!("{}: {error}", self.method))
    }
}

impl fmt::Debug for RpcCall {
    /// Leaves the parameters out: they may be secrets, or large.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RpcCall")
            .field("method", &self.method)
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}

/// A method with what it runs on, as a dispatcher keeps it.
pub(super) trait Handler: Send + Sync {
    fn call(&self, call: RpcCall) -> MethodFuture;

    /// What is known of it, if anything.
    fn description(&self) -> Option<&MethodDescription> {
        None
    }
}

/// What is left of a call while its method runs: enough to encode the answer.
#[doc(hidden)]
pub struct ResponseEncoder {
    method: Arc<str>,
    context: Context,
    dialect: Dialect,
}

impl ResponseEncoder {
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Encodes the value that the method returned.
    pub fn value<T: Serialize + ?Sized>(&self, value: &T) -> Result<EncodedResponse, Fault> {
        EncodedResponse::new(value, self.dialect)
            .map_err(|error| Fault::internal(format!("the answer of `{}`: {error}", self.method)))
    }

    /// Encodes what the method returned, or makes a fault of its error.
    pub fn result<T: Serialize, E: Into<Fault>>(
        &self,
        result: Result<T, E>,
    ) -> Result<EncodedResponse, Fault> {
        self.value(&result.map_err(Into::into)?)
    }
}
