//! What a client adds to the parameters of each call.

use super::{leading_members::LeadingMembers, leading_params::LeadingParams};

/// Leading parameters or leading members, encoded once for all calls.
pub(super) enum Leading {
    Params(LeadingParams),
    Members(LeadingMembers),
}
