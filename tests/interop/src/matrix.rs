//! The matrix of peers and cases. It is printed, written to `docs/interop.md`, and compared with the
//! page there.

use std::{
    collections::BTreeMap,
    fmt::{self, Write},
    fs,
    path::{Path, PathBuf},
};

use crate::outcome::{CASES, Outcome};

/// The outcomes of one peer.
pub(crate) struct Column {
    pub(crate) peer: &'static str,
    /// As the peer prints it; `None` if the peer is not installed.
    pub(crate) version: Option<String>,
    pub(crate) is_client: bool,
    pub(crate) outcomes: BTreeMap<String, Outcome>,
}

pub(crate) struct Matrix {
    pub(crate) columns: Vec<Column>,
}

const SAID_NOTHING: &str = "the peer printed no outcome";

impl Matrix {
    /// Each peer, case and outcome.
    fn cells(&self) -> impl Iterator<Item = (&Column, &'static str, Option<&Outcome>)> {
        self.columns.iter().flat_map(|column| {
            CASES
                .iter()
                .map(move |(case, _)| (column, *case, column.outcomes.get(*case)))
        })
    }

    /// The cells that fail, with the reasons.
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

    /// The cells that pass on a page but not here, for the peers that ran.
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
             `tests/interop/run --write-docs` writes this page. It calls each of these servers with our \
             client, and lets each of these clients call our server. ✓: the case passes. –: the peer lacks \
             the feature or behaves differently, for a reason given below. ✗: the case fails. \
             `tests/interop/README.md` describes the suite.\n",
        );
        let sides = [
            (true, "Clients that call our server"),
            (false, "Servers that our client calls"),
        ];
        for (is_client, title) in sides {
            self.write_side(&mut page, is_client, title)?;
        }
        writeln!(page, "\n## Versions\n\n| peer | version |\n|---|---|")?;
        for column in &self.columns {
            let version = column.version.as_deref().unwrap_or("not installed");
            writeln!(page, "| {} | {version} |", column.peer)?;
        }
        writeln!(page, "\n## Cases\n\n| name | tests |\n|---|---|")?;
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

/// The peers and cases that pass on a page.
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

/// The page as it was last written.
pub(crate) fn written() -> String {
    fs::read_to_string(path()).unwrap_or_default()
}
