use std::sync::Arc;

use serde_core::Serialize;

use super::Context;
use crate::{Dialect, Fault, message::EncodedResponse};

/// The part of a call that stays while its method runs. It encodes the response.
pub struct ResponseEncoder {
    pub(super) method: Arc<str>,
    pub(super) context: Context,
    pub(super) dialect: Dialect,
}

impl ResponseEncoder {
    /// The context of the request.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Encodes the value that the method returned.
    pub fn value<T: Serialize + ?Sized>(&self, value: &T) -> Result<EncodedResponse, Fault> {
        EncodedResponse::new(value, self.dialect).map_err(|error| {
            Fault::internal(format!(
                "cannot encode the response of `{}`: {error}",
                self.method
            ))
        })
    }

    /// Encodes the result of the method, or converts its error into a fault.
    pub fn result<T: Serialize, E: Into<Fault>>(
        &self,
        result: Result<T, E>,
    ) -> Result<EncodedResponse, Fault> {
        self.value(&result.map_err(Into::into)?)
    }
}
