//! The descriptions in `tests/descriptions`.
//!
//! Those with the names of programs were written by `xmlrpc gen json`. `hostile` has names and texts that
//! nobody should use.

use std::{fs, path::PathBuf};

use xmlrpc_cli::codegen::{Description, Generator};

/// The file in `tests/golden`, the description, and whether both sides are generated.
pub(crate) const FILES: &[(&str, &str, bool)] = &[
    ("aria2", "aria2", false),
    ("blog", "blog", false),
    ("blog_both", "blog", true),
    ("hostile", "hostile", false),
    ("hostile_both", "hostile", true),
    ("overloads", "overloads", false),
    ("overloads_both", "overloads", true),
    ("python", "python", false),
    ("rtorrent", "rtorrent", false),
    ("supervisor", "supervisor", false),
    ("supervisor_both", "supervisor", true),
    ("wordpress", "wordpress", false),
];

pub(crate) fn tests() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests")
}

pub(crate) fn description(name: &str) -> Description {
    let file = tests().join("descriptions").join(format!("{name}.json"));
    Description::from_file(file).unwrap()
}

pub(crate) fn generate(description: &str, both: bool) -> String {
    let input = self::description(description);
    let generated = Generator::new(&input)
        .both(both)
        .origin(format!("xmlrpc gen rust {description}.json"))
        .generate();
    for warning in &generated.warnings {
        assert!(warning.contains("is left out"), "{description}: {warning}");
    }
    generated.code
}

/// The expected text.
pub(crate) fn golden(name: &str) -> PathBuf {
    // Not `.rs`: `cargo fmt` would change it.
    tests().join("golden").join(format!("{name}.rs"))
}

pub(crate) fn read(path: &PathBuf) -> String {
    fs::read_to_string(path).unwrap_or_default()
}
