//! Several endpoints for one client: which of them a call goes to, and where it goes if one fails.

mod attempt;
mod choice;
mod connection;
mod dns;
mod endpoint;
mod endpoints;
mod failover;
mod failures;
#[cfg(feature = "rustls")]
mod handshake;
mod health;
mod hedge;
mod load;
mod random;
mod set;
mod settings;

pub use self::{
    dns::{Resolve, Resolving},
    endpoints::{EndpointStatus, Endpoints},
    load::LoadMetric,
};
pub(crate) use self::{failover::Balancer, settings::BalanceSettings};
