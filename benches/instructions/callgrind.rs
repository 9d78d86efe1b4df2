//! Counts the instructions of a path. This program runs itself under callgrind.

use std::{env, hint::black_box, path::Path, process::Command};

/// Callgrind counts while this function runs. It finds the function by its name.
#[inline(never)]
pub(crate) fn counted<R>(work: impl FnOnce() -> R) -> R {
    black_box(work())
}

const COUNTED: &str = "*callgrind*counted*";

/// Counts the instructions of a path.
pub(crate) fn count(name: &str) -> Result<u64, String> {
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let profile = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("callgrind.{name}"));
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--collect-atstart=no"])
        .arg(format!("--toggle-collect={COUNTED}"))
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(program)
        .args(["--path", name])
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let report = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{name}: {report}"));
    }
    report
        .lines()
        .find_map(|line| line.split_once("Collected : "))
        .and_then(|(_, count)| count.trim().parse().ok())
        .filter(|count| *count > 0)
        .ok_or_else(|| format!("{name}: callgrind counted nothing\n{report}"))
}

/// The versions of compiler and valgrind, which the counts depend on beside the code.
pub(crate) fn versions() -> Result<String, String> {
    let version = |program: &str| {
        let output = Command::new(program)
            .arg("--version")
            .output()
            .map_err(|error| format!("{program}: {error}"))?;
        Ok::<_, String>(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    Ok(format!("{}, {}", version("rustc")?, version("valgrind")?))
}
