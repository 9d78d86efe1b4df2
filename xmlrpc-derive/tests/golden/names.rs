//! Names, documentation and other attributes.

use xmlrpc_core::xmlrpc_service;

/// Bugs.
#[xmlrpc_service(namespace = "Bug", separator = "/", rename_all = "camelCase")]
pub(crate) trait Bugs {
    /// Counts the bugs that are open.
    #[xmlrpc(idempotent, aliases = ["count_open", "bugs.count"])]
    async fn count_open(&self) -> u32;
    #[deprecated(note = "call `count_open`")]
    async fn count(&self) -> u32;
    #[cfg(unix)]
    async fn of_this_system(&self) -> u32;
}
