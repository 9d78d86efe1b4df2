//! What a client adds to the parameters of each call.

use super::{leading_members::LeadingMembers, leading_params::LeadingParams};

/// Leading parameters or leading members, encoded once for all calls.
pub(super) enum Leading {
    Params(LeadingParams),
    Members(LeadingMembers),
}

/// Whether this is a method of introspection or multicall. They are called without what a client sends
/// before the parameters of each call, and their names may be in metrics.
pub(super) fn is_without(method: &str) -> bool {
    matches!(
        method,
        "system.listMethods"
            | "system.methodSignature"
            | "system.methodHelp"
            | "system.methodExist"
            | "system.getCapabilities"
            | "system.describeMethods"
            | "system.multicall"
    )
}
