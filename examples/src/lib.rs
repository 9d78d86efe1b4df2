//! The examples are under `examples/`; run one with `cargo run --example NAME`.
