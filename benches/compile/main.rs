//! How long a service takes to compile, by the number of its methods.
//!
//! Compiles a crate with one trait, its implementation, its server and a call of each method of the client, so that code
//! is generated for everything. Dependencies are built before, off the clock.

#[path = "../harness/mod.rs"]
#[allow(dead_code, reason = "each benchmark uses a part of it")]
mod harness;

mod source;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Instant,
};

use harness::{Outcome, report::Table, timing::median};

const METHODS: [u32; 4] = [1, 100, 200, 300];
const ROUNDS: usize = 3;
const BUILDS: [(&str, &[&str]); 2] = [
    ("cargo check", &["check"]),
    ("cargo build --release", &["build", "--release"]),
];

fn main() -> ExitCode {
    harness::exit(run())
}

fn run() -> Outcome {
    const HEADINGS: &[&str] = &[
        "methods",
        "s on the clock",
        "s of processors",
        "ms of these for each further method",
    ];
    let package = package()?;
    for (name, arguments) in BUILDS {
        // Builds the dependencies.
        time(&package, arguments, 1)?;
        let mut figures = METHODS.map(|methods| (methods, Vec::new()));
        for _ in 0..ROUNDS {
            for (methods, times) in &mut figures {
                times.push(time(&package, arguments, *methods)?);
            }
        }
        let median =
            |times: &[Taken], of: fn(&Taken) -> f64| median(times.iter().map(of).collect());
        let first = median(&figures[0].1, |taken| taken.processors);
        let rows = figures.iter().map(|(methods, times)| {
            let processors = median(times, |taken| taken.processors);
            let others = f64::from((methods - 1).max(1));
            vec![
                methods.to_string(),
                format!("{:.2}", median(times, |taken| taken.clock)),
                format!("{processors:.2}"),
                format!("{:.1}", (processors - first) * 1e3 / others),
            ]
        });
        Table::new(format!("{name}, medians of {ROUNDS}"), "", HEADINGS, rows).print();
    }
    Ok(())
}

/// An empty package outside the workspace, with the locked versions of the workspace.
fn package() -> Outcome<PathBuf> {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile");
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()?;
    fs::create_dir_all(package.join("src"))?;
    fs::write(package.join("Cargo.toml"), source::manifest(&workspace))?;
    fs::copy(workspace.join("Cargo.lock"), package.join("Cargo.lock"))?;
    Ok(package)
}

/// Seconds.
struct Taken {
    clock: f64,
    processors: f64,
}

/// Compiles the package with a trait of so many methods.
fn time(package: &Path, arguments: &[&str], methods: u32) -> Outcome<Taken> {
    fs::write(package.join("src/lib.rs"), source::service(methods))?;
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(arguments).arg("--quiet").current_dir(package);
    // Otherwise the figures would depend on the round before.
    cargo.env("CARGO_INCREMENTAL", "0");
    cargo.env("CARGO_TARGET_DIR", package.join("target"));
    let start = Instant::now();
    let before = of_children()?;
    let status = cargo.status()?;
    if !status.success() {
        return Err(format!("a trait of {methods} methods does not compile").into());
    }
    Ok(Taken {
        clock: start.elapsed().as_secs_f64(),
        processors: of_children()? - before,
    })
}

/// The processor time of all child processes that have ended. Zero on systems other than Linux.
fn of_children() -> Outcome<f64> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let Ok(stat) = fs::read_to_string("/proc/self/stat") else {
        return Ok(0.0);
    };
    // The name may contain anything. The text after it starts with the third field; `cutime` and `cstime` are
    // the 16th and the 17th.
    let (_, fields) = stat
        .rsplit_once(')')
        .ok_or("`/proc/self/stat` has no name")?;
    let mut ticks = 0.0;
    for field in fields.split_whitespace().skip(13).take(2) {
        ticks += field.parse::<f64>()?;
    }
    Ok(ticks / TICKS_PER_SECOND)
}
