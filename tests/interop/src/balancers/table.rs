//! The table that is printed at the end.

use std::fmt::Display;

#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<[String; 4]>,
    notes: Vec<String>,
}

impl Table {
    /// `twice` is empty for idempotent calls that nobody has counted.
    pub(crate) fn row(&mut self, scenario: &str, calls: u64, failed: impl Display, twice: &str) {
        let twice = if twice.is_empty() {
            "not counted"
        } else {
            twice
        };
        let row = [
            scenario.to_owned(),
            calls.to_string(),
            failed.to_string(),
            twice.to_owned(),
        ];
        self.rows.push(row);
    }

    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    pub(crate) fn print(&self) {
        println!("| scenario | calls | failed | run twice |");
        println!("|---|---|---|---|");
        for row in &self.rows {
            println!("| {} |", row.join(" | "));
        }
        for note in &self.notes {
            println!("{note}");
        }
    }
}
