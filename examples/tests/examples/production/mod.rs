//! The example `production`: its settings, callers, limits, logs, metrics, health, sockets and shutdown, and the files
//! of `examples/deploy` that run it. `tests/interop/balancers` tests it behind HAProxy and nginx.

mod callers;
mod deploy;
mod leavers;
mod operators;
mod process;
mod settings;
mod shop;
mod stock;
mod systemd;
mod tls;
