# Part 1: the sources, and the tests of the workspace. At most 15 minutes on two cores, with the tools installed.
# shellcheck shell=bash

prepare cargo-deny

step cargo fmt --all --check
step cargo fmt --manifest-path fuzz/Cargo.toml --check

# Dependencies: licences, duplicates, sources, and the Rust version that they need.
step cargo deny --all-features --locked check --hide-inclusion-graph -A license-exception-not-encountered \
  licenses bans sources
step cargo deny --manifest-path fuzz/Cargo.toml --locked check --hide-inclusion-graph -A license-not-encountered \
  licenses bans sources
leave_out "cargo deny check advisories" "the gate does not fetch the advisory database, which changes from day to day"
step python3 .ci/msrv.py
msrv=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
if has_toolchain "$msrv"; then
  step cargo "+$msrv" check --locked --all-features -p xmlrpc-core -p xmlrpc-axum -p xmlrpc-client -p xmlrpc-cli
else
  leave_out "cargo +$msrv check" "the toolchain $msrv is not installed; \
clippy checks the use of std against it, and .ci/msrv.py what dependencies declare"
fi

step cargo clippy --workspace --all-targets --all-features --locked -- -D warnings
RUSTDOCFLAGS="-D warnings" step cargo doc --workspace --all-features --no-deps --locked
command -v systemd-analyze >/dev/null ||
  leave_out "systemd-analyze verify" "this machine has no systemd-analyze; the test of the units in examples/ needs it"
# Part 3 runs the tests that need a browser. Many tests wait for a time-out, so at least eight run at once.
threads=$(nproc)
XMLRPC_BROWSER=off RUST_TEST_THREADS=$((threads < 8 ? 8 : threads)) step cargo test --workspace --locked
step .ci/codec.sh
