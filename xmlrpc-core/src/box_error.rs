use std::error;

/// Any error: what transports and layers return, as tower's do.
#[cfg_attr(
    not(any(feature = "server", feature = "client")),
    allow(unreachable_pub, reason = "re-exported by these two")
)]
pub type BoxError = Box<dyn error::Error + Send + Sync>;
