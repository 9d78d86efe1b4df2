//! What a run reports: tables, requirements, JSON, and a page in `docs/`.

use std::{
    fmt::{self, Write},
    fs,
    iter::once,
    path::Path,
    process::Command,
};

use serde::Serialize;

use super::{Outcome, figures::ratio, options::Options};

/// A table with a title, a text before it and notes after it.
pub(crate) struct Table {
    title: String,
    text: &'static str,
    headings: &'static [&'static str],
    rows: Vec<Vec<String>>,
    pub(crate) notes: Vec<String>,
}

impl Table {
    pub(crate) fn new(
        title: impl Into<String>,
        text: &'static str,
        headings: &'static [&'static str],
        rows: impl IntoIterator<Item = Vec<String>>,
    ) -> Self {
        Self {
            title: title.into(),
            text,
            headings,
            rows: rows.into_iter().collect(),
            notes: Vec::new(),
        }
    }

    /// Prints the table, unless it is empty.
    pub(crate) fn print(&self) {
        if self.rows.is_empty() && self.notes.is_empty() {
            return;
        }
        println!("\n{}", self.title);
        let headings: Vec<_> = self.headings.iter().map(|it| (*it).to_owned()).collect();
        let rows = || once(&headings).chain(&self.rows);
        let width = |column: usize| rows().map(|row| row[column].chars().count()).max();
        let widths: Vec<_> = (0..headings.len()).filter_map(width).collect();
        for row in rows() {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, it)| {
                let (cell, width) = it;
                if self.is_numeric(column) {
                    format!("{cell:>width$}")
                } else {
                    format!("{cell:<width$}")
                }
            });
            let cells: Vec<_> = cells.collect();
            println!("  {}", cells.join("  ").trim_end());
        }
        for note in &self.notes {
            println!("  {note}");
        }
    }

    /// Appends the table to a page in Markdown.
    pub(crate) fn write(&self, page: &mut String) -> fmt::Result {
        writeln!(page, "\n## {}\n", self.title)?;
        if !self.text.is_empty() {
            writeln!(page, "{}\n", self.text)?;
        }
        let align = |column| ["---|", "---:|"][usize::from(self.is_numeric(column))];
        let alignments: String = (0..self.headings.len()).map(align).collect();
        writeln!(page, "| {} |\n|{alignments}", self.headings.join(" | "))?;
        for cells in &self.rows {
            writeln!(page, "| {} |", cells.join(" | "))?;
        }
        self.notes
            .iter()
            .try_for_each(|note| writeln!(page, "\n{note}"))
    }

    /// Whether every cell of a column begins like a number or says that there is none.
    fn is_numeric(&self, column: usize) -> bool {
        let is_number = |cell: &str| cell.starts_with(|it: char| it.is_ascii_digit() || it == '–');
        let mut cells = self.rows.iter().map(|row| &*row[column]);
        column > 0 && cells.all(|cell| is_number(cell) || cell.is_empty())
    }
}

/// A requirement: a figure, its bound, and the result.
pub(crate) struct Judgement {
    what: String,
    /// Nothing if one of its figures was not measured.
    measured: Option<f64>,
    required: String,
    holds: bool,
    /// Another figure, which may hold instead.
    other: Option<String>,
}

impl Judgement {
    pub(crate) fn at_most(what: impl Into<String>, measured: Option<f64>, bound: f64) -> Self {
        Self {
            what: what.into(),
            measured,
            required: format!("≤ {}", ratio(bound)),
            holds: measured.is_some_and(|it| it <= bound),
            other: None,
        }
    }

    pub(crate) fn at_least(what: impl Into<String>, measured: Option<f64>, bound: f64) -> Self {
        Self {
            what: what.into(),
            measured,
            required: format!("≥ {}", ratio(bound)),
            holds: measured.is_some_and(|it| it >= bound),
            other: None,
        }
    }

    /// Or another figure holds, of which these are the texts.
    pub(crate) fn or(mut self, measured: String, required: &str, holds: bool) -> Self {
        self.required = format!("{}, or {required}", self.required);
        self.holds |= holds;
        self.other = Some(measured);
        self
    }

    /// Whether the figure was measured and is beyond its bound.
    fn fails(&self) -> bool {
        self.measured.is_some() && !self.holds
    }

    fn row(&self) -> Vec<String> {
        let result = match self.measured {
            None => "not measured",
            Some(_) if self.fails() => "FAIL",
            Some(_) => "pass",
        };
        let measured = match &self.other {
            None => ratio(self.measured),
            Some(other) => format!("{}, {other}", ratio(self.measured)),
        };
        vec![
            self.what.clone(),
            measured,
            self.required.clone(),
            result.to_owned(),
        ]
    }
}

/// `--write-docs` keeps what a page has before this line.
const GENERATED: &str = "<!-- --write-docs writes what follows -->";

/// A page in `docs/`.
pub(crate) struct Page {
    /// The name of the file, without its ending.
    pub(crate) file: &'static str,
    pub(crate) title: &'static str,
    /// The arguments of `cargo bench` that write the page.
    pub(crate) arguments: &'static str,
}

impl Page {
    /// Prints the tables, except in tests.
    pub(crate) fn print(options: &Options, tables: &[Table]) {
        for table in tables.iter().filter(|_| !options.is_test) {
            table.print();
        }
    }

    /// Prints the requirements, and writes the figures and the page if the options ask for them. After a complete run,
    /// a requirement that does not hold is an error. `cargo test` measures nothing, so it judges nothing.
    pub(crate) fn finish(
        &self,
        options: &Options,
        figures: &impl Serialize,
        judgements: &[Judgement],
        tables: &[Table],
    ) -> Outcome {
        const HEADINGS: &[&str] = &["requirement", "measured", "required", "result"];
        if options.is_test {
            return Ok(());
        }
        let is_shown = |it: &&Judgement| it.measured.is_some() || !options.is_partial();
        let rows = judgements.iter().filter(is_shown).map(Judgement::row);
        let requirements = Table::new("Requirements", "", HEADINGS, rows);
        requirements.print();
        if let Some(path) = &options.json {
            let json = serde_json::to_string_pretty(figures)?;
            fs::write(path, json).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        if options.write_docs {
            let mut page = String::new();
            self.write(&mut page, &requirements, tables)?;
            let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
            let path = docs.join(self.file).with_extension("md");
            let old = fs::read_to_string(&path).unwrap_or_default();
            if let Some((by_hand, _)) = old.split_once(GENERATED) {
                // The headings are one level below those of the part that is written by hand.
                let generated =
                    page.replace("\n#", "\n##")
                        .replacen("writes this page", "writes this part", 1);
                page = format!("{by_hand}{GENERATED}\n\n#{generated}");
            }
            fs::write(&path, page).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        let failed = judgements.iter().filter(|it| it.fails()).count();
        if failed > 0 && !options.is_partial() {
            return Err(
                format!("{failed} of {} requirements do not hold", judgements.len()).into(),
            );
        }
        Ok(())
    }

    fn write(&self, page: &mut String, requirements: &Table, tables: &[Table]) -> fmt::Result {
        let (title, arguments) = (self.title, self.arguments);
        let (compiler, processor) = (compiler(), processor());
        writeln!(
            page,
            "# {title}\n\n\
             `cargo bench -p xmlrpc-bench --bench {arguments} --write-docs` writes this page. \
             `benches/README.md` describes how the figures are measured.\n\n\
             Measured with {compiler}, on {processor}."
        )?;
        requirements.write(page)?;
        tables.iter().try_for_each(|table| table.write(page))
    }
}

fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output();
    output.map_or_else(
        |_| "an unknown compiler".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    )
}

fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let mut lines = info.lines().filter_map(|line| line.split_once(": "));
    let name = lines.find(|(key, _)| key.starts_with("model name"));
    name.map_or("an unknown processor", |(_, name)| name)
        .to_owned()
}
