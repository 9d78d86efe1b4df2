//! The gateway between real sockets: what it forwards byte for byte, what it logs, and what it refuses.

mod behaviour;
mod documents;
mod peers;
