//! The pieces of a page.

use std::fmt::{self, Write};

use super::judgement::Judgement;

pub(crate) fn write_judgements(page: &mut String, judgements: &[Judgement]) -> fmt::Result {
    writeln!(
        page,
        "\n## Against what is asked\n\n| | measured | asked | |\n|---|---:|---|---|"
    )?;
    judgements
        .iter()
        .try_for_each(|judgement| row(page, &judgement.columns()))
}

pub(crate) fn row(page: &mut String, cells: &[String]) -> fmt::Result {
    writeln!(page, "| {} |", cells.join(" | "))
}

/// As a code span; no message holds a run of three backquotes.
pub(crate) fn code(text: &str) -> String {
    format!("``` {} ```", text.replace('\n', " "))
}
