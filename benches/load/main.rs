//! Attacks on a server, beside a control without its bounds: `cargo bench -p xmlrpc-bench --bench load -- --help`.
//!
//! It runs on Linux only, because it reads `/proc` and sends signals.

#[cfg(target_os = "linux")]
#[path = "../harness/mod.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod harness;

#[cfg(target_os = "linux")]
mod attacks;
#[cfg(target_os = "linux")]
mod child;
#[cfg(target_os = "linux")]
mod documents;
#[cfg(target_os = "linux")]
mod figures;
#[cfg(target_os = "linux")]
mod plan;
#[cfg(target_os = "linux")]
mod probe;
#[cfg(target_os = "linux")]
mod run;
#[cfg(target_os = "linux")]
mod serve;
#[cfg(target_os = "linux")]
mod servers;
#[cfg(target_os = "linux")]
mod settings;
#[cfg(target_os = "linux")]
mod soak;
#[cfg(target_os = "linux")]
mod target;
#[cfg(target_os = "linux")]
mod wire;

// The allocator of the example servers, for which the bound on resident memory holds.
#[cfg(all(target_os = "linux", not(feature = "system-allocator")))]
#[global_allocator]
static ALLOCATOR: harness::alloc::Counting<tikv_jemallocator::Jemalloc> =
    harness::alloc::Counting(tikv_jemallocator::Jemalloc);

#[cfg(all(target_os = "linux", feature = "system-allocator"))]
#[global_allocator]
static ALLOCATOR: harness::alloc::Counting = harness::alloc::Counting::new();

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    let mut arguments = std::env::args().skip(1);
    harness::exit(if arguments.next().as_deref() == Some(serve::SERVE) {
        serve::run(arguments)
    } else {
        run::run()
    })
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("this benchmark needs Linux");
}
