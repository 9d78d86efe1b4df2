//! The subcommands.

pub(crate) mod call;
pub(crate) mod completion;
pub(crate) mod describe;
pub(crate) mod explore;
pub(crate) mod list;
pub(crate) mod man;
pub(crate) mod multicall;
pub(crate) mod ping;
pub(crate) mod save;
pub(crate) mod serve;
