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

const METHODS: [usize; 4] = [1, 100, 200, 300];
const ROUNDS: usize = 3;
const BUILDS: [(&str, &[&str]); 2] = [
    ("cargo check", &["check"]),
    ("cargo build --release", &["build", "--release"]),
];

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let package = package()?;
    for (name, arguments) in BUILDS {
        println!("{name}, seconds (median of {ROUNDS}):\n");
        println!("| methods | seconds | ms for each method beyond the first |");
        println!("|---|---|---|");
        // The dependencies.
        time(&package, arguments, 1)?;
        let mut figures = METHODS.map(|methods| (methods, Vec::new()));
        for _ in 0..ROUNDS {
            for (methods, times) in &mut figures {
                times.push(time(&package, arguments, *methods)?);
            }
        }
        let figures = figures.map(|(methods, times)| (methods, median(times)));
        let (_, first) = figures[0];
        for (methods, seconds) in figures {
            let others = (methods - 1).max(1) as f64;
            let each = (seconds - first) * 1e3 / others;
            println!("| {methods} | {seconds:.2} | {each:.2} |");
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

/// The seconds that the package takes with a trait of so many methods.
fn time(package: &Path, arguments: &[&str], methods: usize) -> Result<f64> {
    fs::write(package.join("src/lib.rs"), source::service(methods))?;
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(arguments).arg("--quiet").current_dir(package);
    cargo.env("CARGO_TARGET_DIR", package.join("target"));
    let start = Instant::now();
    let status = cargo.status()?;
    let seconds = start.elapsed().as_secs_f64();
    if status.success() {
        Ok(seconds)
    } else {
        Err(format!("a trait of {methods} methods does not compile").into())
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
