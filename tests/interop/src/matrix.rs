//! The matrix of peers and cases: printed, written to `docs/interop.md`, and held against what stands
//! there.

use std::{
    collections::BTreeMap,
    fmt::{self, Write},
    fs,
    path::{Path, PathBuf},
};

use crate::outcome::{CASES, Outcome};

/// What came of one peer.
pub(crate) struct Column {
    pub(crate) peer: &'static str,
    /// As it says itself; none where it is not there.
    pub(crate) version: Option<String>,
    pub(crate) is_client: bool,
    pub(crate) outcomes: BTreeMap<String, Outcome>,
}

pub(crate) struct Matrix {
    pub(crate) columns: Vec<Column>,
}

const SAID_NOTHING: &str = "the peer said nothing of it";

impl Matrix {
    /// Each peer, case and outcome.
    fn cells(&self) -> impl Iterator<Item = (&Column, &'static str, Option<&Outcome>)> {
        self.columns.iter().flat_map(|column| {
            CASES
                .iter()
                .map(move |(case, _)| (column, *case, column.outcomes.get(*case)))
        })
    }

    /// The cells that are red, with the reasons.
    pub(crate) fn failures(&self) -> Vec<String> {
        let failures = self.cells().filter_map(|(column, case, outcome)| {
            let reason = match outcome {
                Some(Outcome::Fail(reason)) => reason,
                None => SAID_NOTHING,
                _ => return None,
            };
            Some(format!("{} · {case}: {reason}", column.peer))
        });
        failures.collect()
    }

    /// The cells that are green on a page and not here, of those peers that are here.
    pub(crate) fn lost(&self, page: &str) -> Vec<String> {
        let green = green(page);
        let lost = self.cells().filter(|(column, case, outcome)| {
            green.contains(&(column.peer, *case)) && *outcome != Some(&Outcome::Pass)
        });
        lost.map(|(column, case, _)| format!("{} · {case}", column.peer))
            .collect()
    }

    pub(crate) fn page(&self) -> Result<String, fmt::Error> {
        let mut page = String::from(
            "# Interoperability\n\n\
             This page is written by `tests/interop/run --write-docs`, which calls each of these servers, \
             and has each of these clients call ours. ✓ is as it should be; – is what the peer has not, or \
             does otherwise, with the reason below; ✗ is a failure. `tests/interop/README.md` says how it \
             is done.\n",
        );
        let sides = [
            (true, "Clients that call our server"),
            (false, "Servers that our client calls"),
        ];
        for (is_client, title) in sides {
            self.write_side(&mut page, is_client, title)?;
        }
        writeln!(page, "\n## Versions\n\n| peer | says |\n|---|---|")?;
        for column in &self.columns {
            let version = column.version.as_deref().unwrap_or("not there");
            writeln!(page, "| {} | {version} |", column.peer)?;
        }
        writeln!(page, "\n## Cases\n\n| name | is |\n|---|---|")?;
        for (case, text) in CASES {
            writeln!(page, "| {case} | {text} |")?;
        }
        writeln!(page, "\n## Reasons\n")?;
        let mut reasons: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (column, case, outcome) in self.cells() {
            if let Some(Outcome::Cannot(reason) | Outcome::Fail(reason)) = outcome {
                reasons.entry((case, reason)).or_default().push(column.peer);
            }
        }
        for ((case, reason), peers) in reasons {
            writeln!(page, "* **{case}**, {}: {reason}", peers.join(", "))?;
        }
        Ok(page)
    }

    fn write_side(&self, page: &mut String, is_client: bool, title: &str) -> fmt::Result {
        let columns = self.columns.iter().filter(|it| it.is_client == is_client);
        let columns: Vec<_> = columns.collect();
        if columns.is_empty() {
            return Ok(());
        }
        write!(page, "\n## {title}\n\n| case |")?;
        for column in &columns {
            write!(page, " {} |", column.peer)?;
        }
        writeln!(page, "\n|---|{}", ":---:|".repeat(columns.len()))?;
        for (case, _) in CASES {
            write!(page, "| {case} |")?;
            for column in &columns {
                let sign = column.outcomes.get(*case).map_or("✗", Outcome::sign);
                write!(page, " {sign} |")?;
            }
            writeln!(page)?;
        }
        Ok(())
    }
}

/// The peers and cases that are green on a page.
fn green(page: &str) -> Vec<(&str, &str)> {
    let mut green = Vec::new();
    let mut peers = Vec::new();
    for line in page.lines() {
        let cells = line.trim_matches('|').split('|').map(str::trim);
        let cells: Vec<_> = cells.collect();
        let Some((first, rest)) = cells.split_first() else {
            continue;
        };
        if *first == "case" {
            peers = rest.to_vec();
        } else if CASES.iter().any(|(case, _)| case == first) {
            let signs = peers.iter().zip(rest);
            green.extend(
                signs
                    .filter(|(_, sign)| **sign == "✓")
                    .map(|(peer, _)| (*peer, *first)),
            );
        }
    }
    green
}

pub(crate) fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/interop.md")
}

/// The page as it was written last.
pub(crate) fn written() -> String {
    fs::read_to_string(path()).unwrap_or_default()
}
