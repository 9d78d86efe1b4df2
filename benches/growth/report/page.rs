//! `docs/growth.md`.

use std::{
    fmt::{self, Write},
    fs,
    path::Path,
};

use super::{judgement::Judgement, machine, markdown::write_judgements, table};
use crate::figures::Figures;

pub(crate) fn write_docs(figures: &Figures, judgements: &[Judgement]) -> Result<(), String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/growth.md");
    let mut page = String::new();
    write_page(&mut page, figures, judgements).map_err(|error| error.to_string())?;
    fs::write(&path, page).map_err(|error| format!("{}: {error}", path.display()))
}

fn write_page(page: &mut String, figures: &Figures, judgements: &[Judgement]) -> fmt::Result {
    writeln!(
        page,
        "# Growth\n\n\
         This page is written by `cargo bench -p xmlrpc-bench --bench growth -- --write-docs`; \
         `benches/README.md` says how it measures, and `benches/growth/` what the documents are.\n\n\
         Measured with {}, on {}.",
        machine::compiler(),
        machine::processor(),
    )?;
    write_judgements(page, judgements)?;
    table::all(figures)
        .iter()
        .try_for_each(|table| table.write(page))
}
