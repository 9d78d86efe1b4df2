//! How long a service takes to compile, by its methods.
//!
//! A crate with one trait, its implementation, its server and calls of its stub, all of them code
//! that has to be generated; what it depends on is built once, off the clock.

mod source;

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

const METHODS: [u32; 4] = [1, 100, 200, 300];
const ROUNDS: usize = 3;
const BUILDS: [(&str, &[&str]); 2] = [
    ("cargo check", &["check"]),
    ("cargo build --release", &["build", "--release"]),
];

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let package = package()?;
    for (name, arguments) in BUILDS {
        println!("{name}, medians of {ROUNDS}:\n");
        println!(
            "| methods | s on the clock | s of processors | ms of these for each method more |"
        );
        println!("|---|---|---|---|");
        // The dependencies.
        time(&package, arguments, 1)?;
        let mut figures = METHODS.map(|methods| (methods, Vec::new()));
        for _ in 0..ROUNDS {
            for (methods, times) in &mut figures {
                times.push(time(&package, arguments, *methods)?);
            }
        }
        let (_, first) = &figures[0];
        let first = median(first, |taken| taken.processors);
        for (methods, times) in &figures {
            let clock = median(times, |taken| taken.clock);
            let processors = median(times, |taken| taken.processors);
            let others = f64::from((methods - 1).max(1));
            let each = (processors - first) * 1e3 / others;
            println!("| {methods} | {clock:.2} | {processors:.2} | {each:.1} |");
        }
        println!();
    }
    Ok(())
}

/// An empty package beside nothing else, with the versions that the workspace has locked.
fn package() -> Result<PathBuf> {
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

/// What the package takes with a trait of so many methods.
fn time(package: &Path, arguments: &[&str], methods: u32) -> Result<Taken> {
    fs::write(package.join("src/lib.rs"), source::service(methods))?;
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(arguments).arg("--quiet").current_dir(package);
    // Else what the round before has left would count, or not.
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

/// The processor time of all children that have ended. Linux alone has it as a text; zero elsewhere.
fn of_children() -> Result<f64> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let Ok(stat) = fs::read_to_string("/proc/self/stat") else {
        return Ok(0.0);
    };
    // After the name, which may hold anything, the third field is the first; `cutime` and `cstime` are
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

fn median(times: &[Taken], of: impl Fn(&Taken) -> f64) -> f64 {
    let mut times: Vec<_> = times.iter().map(of).collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
