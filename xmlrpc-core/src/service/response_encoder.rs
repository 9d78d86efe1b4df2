use std::sync::{Arc, Mutex, PoisonError};

use serde_core::Serialize;

use super::{Context, large_response::CalledMethod, no_room};
use crate::{Dialect, Fault, ResponseBudget, message::EncodedResponse, ser::Unwritten};

/// The part of a call that stays while its method runs. It encodes the response.
pub struct ResponseEncoder {
    pub(super) method: Arc<CalledMethod>,
    pub(super) context: Context,
    pub(super) dialect: Dialect,
    /// A larger response is large.
    pub(super) large: usize,
    /// Whether the document of the call was large. It says nothing about the responses to small ones.
    pub(super) was_large: bool,
    pub(super) max_bytes: usize,
    /// What bounds the memory of the response. It is moved to where it is used: all calls share it, and
    /// processors that count its owners at the same time wait for each other.
    pub(super) budget: Option<Mutex<Option<Arc<dyn ResponseBudget>>>>,
}

impl ResponseEncoder {
    /// The context of the request.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Encodes the value that the method returned.
    pub fn value<T: Serialize + ?Sized>(&self, value: &T) -> Result<EncodedResponse, Fault> {
        let budget = self.budget.as_ref();
        let budget = budget.and_then(|it| it.lock().unwrap_or_else(PoisonError::into_inner).take());
        let encoded = EncodedResponse::within(value, self.dialect, self.max_bytes, budget);
        let is_large = match &encoded {
            Ok(response) => response.document().len() > self.large,
            Err(error) => !matches!(error, Unwritten::Invalid(_)),
        };
        if !self.was_large && (is_large || self.method.expects_large()) {
            self.method.encoded(is_large);
        }
        encoded.map_err(|error| match error {
            Unwritten::TooLarge => self.too_large(),
            Unwritten::NoRoom => no_room::for_result(),
            Unwritten::Invalid(error) => Fault::internal(format!(
                "cannot encode the response of `{}`: {error}",
                self.method
            )),
        })
    }

    #[cold]
    fn too_large(&self) -> Fault {
        let Self {
            method, max_bytes, ..
        } = self;
        Fault::new(
            Fault::INTERNAL_ERROR,
            format!("the response would have more than {max_bytes} bytes: ask for less at once"),
        )
        .with_source(format!(
            "the response of `{method}` exceeds `Dispatcher::max_response_bytes`"
        ))
    }

    /// Encodes the result of the method, or converts its error into a fault.
    pub fn result<T: Serialize, E: Into<Fault>>(
        &self,
        result: Result<T, E>,
    ) -> Result<EncodedResponse, Fault> {
        self.value(&result.map_err(Into::into)?)
    }
}
