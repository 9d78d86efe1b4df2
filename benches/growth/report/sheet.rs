//! A table, for the terminal and for a page.

use std::fmt::{self, Write};

use super::markdown::row;

pub(crate) struct Table {
    pub(crate) title: &'static str,
    /// What the page says of it.
    pub(crate) text: &'static str,
    pub(crate) headings: &'static [&'static str],
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn print(&self) {
        if self.rows.is_empty() {
            return;
        }
        println!("\n{}", self.title);
        let headings = self.headings.iter().map(|it| (*it).to_owned()).collect();
        for row in core::iter::once(&headings).chain(&self.rows) {
            let (name, rest) = row
                .split_first()
                .map_or(("", row.as_slice()), |(it, rest)| (&**it, rest));
            let rest: Vec<_> = rest.iter().map(|it| format!("  {it:>13}")).collect();
            println!("  {name:<34}{}", rest.concat());
        }
    }

    pub(crate) fn write(&self, page: &mut String) -> fmt::Result {
        writeln!(page, "\n## {}\n\n{}\n", self.title, self.text)?;
        let headings: Vec<_> = self.headings.iter().map(|it| (*it).to_owned()).collect();
        row(page, &headings)?;
        writeln!(page, "|---|{}", "---:|".repeat(self.headings.len() - 1))?;
        self.rows.iter().try_for_each(|cells| row(page, cells))
    }
}
