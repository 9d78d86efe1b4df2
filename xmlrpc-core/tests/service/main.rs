//! Tests of services and of the dispatcher, in memory.

// The lints of the workspace, less those for what a library shows to its users.
#![allow(unreachable_pub, clippy::pedantic)]

mod blocking_queue;
mod common;
mod concurrency_limit;
mod describe_methods;
mod dispatcher;
mod dynamic;
mod fault_log;
mod introspection;
mod large_responses;
mod layers;
mod layers_observed;
mod layers_traced;
mod limits;
mod method_docs;
mod method_runs;
mod multicall;
mod multicall_time;
mod nest;
mod property;
mod raw_methods;
mod replaced;
mod response_budget;
mod response_headers;
mod transport_faults;
mod typed_faults;
