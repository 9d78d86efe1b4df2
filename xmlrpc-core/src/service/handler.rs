use super::{MethodFuture, RpcCall};
use crate::schema::MethodDescription;

/// A method together with the service or function that it runs.
pub(super) trait Handler: Send + Sync {
    fn call(&self, call: RpcCall) -> MethodFuture;

    /// The description of the method, if it has one.
    fn description(&self) -> Option<&MethodDescription> {
        None
    }
}
