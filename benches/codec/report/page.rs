//! `docs/benchmarks.md`.

use std::{
    fmt::{self, Write},
    fs,
    path::Path,
};

use super::{
    chart,
    judgement::Judgement,
    machine,
    markdown::{code, row, write_judgements},
    table,
};
use crate::{
    contender::{self, Direction},
    figures::Figures,
    peer::Peers,
};

pub(crate) fn write_docs(
    figures: &Figures,
    judgements: &[Judgement],
    peers: &Peers,
) -> Result<(), String> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    fs::create_dir_all(&docs).map_err(|error| error.to_string())?;
    chart::draw(figures, &docs.join("benchmarks.svg"))?;
    let mut page = String::new();
    write_page(&mut page, figures, judgements, peers).map_err(|error| error.to_string())?;
    fs::write(docs.join("benchmarks.md"), page).map_err(|error| error.to_string())
}

fn write_page(
    page: &mut String,
    figures: &Figures,
    judgements: &[Judgement],
    peers: &Peers,
) -> fmt::Result {
    writeln!(
        page,
        "# Benchmarks\n\n\
         This page is written by `cargo bench -p xmlrpc-bench --bench codec -- --peers --write-docs`; \
         `benches/README.md` says how it measures.\n\n\
         Measured with {}, on {}.\n\n\
         ![Time to decode and encode, relative to serde_json](benchmarks.svg)\n",
        machine::compiler(),
        machine::processor(),
    )?;
    write_contenders(page, peers)?;
    write_judgements(page, judgements)?;
    for (document, _) in &figures.documents {
        for direction in [Direction::Decode, Direction::Encode] {
            if figures.of(document, direction).next().is_some() {
                write_table(page, figures, document, direction)?;
            }
        }
    }
    Ok(())
}

fn write_contenders(page: &mut String, peers: &Peers) -> fmt::Result {
    writeln!(page, "## Contenders\n\n| | version | |\n|---|---|---|")?;
    for (name, what) in contender::ALL {
        let mut versions = peers.versions();
        let version = match versions.find(|(peer, _)| peer == name) {
            Some((_, version)) => version.to_owned(),
            None => locked_version(name),
        };
        row(page, &[format!("`{name}`"), version, (*what).to_owned()])?;
    }
    Ok(())
}

fn write_table(
    page: &mut String,
    figures: &Figures,
    document: &str,
    direction: Direction,
) -> fmt::Result {
    writeln!(
        page,
        "\n## {}\n",
        table::title(figures, document, direction)
    )?;
    row(page, &table::HEADINGS.map(str::to_owned))?;
    writeln!(page, "|---|---:|---:|---:|---:|---:|---|")?;
    for cells in table::rows(figures, document, direction) {
        row(page, &cells)?;
    }
    for absent in &figures.absent {
        if absent.document == document && absent.direction == direction.name() {
            write!(
                page,
                "\n`{}` cannot: {}\n",
                absent.contender,
                code(&absent.reason)
            )?;
        }
    }
    Ok(())
}

/// The version of the crate that a contender is, by the lock file.
fn locked_version(contender: &str) -> String {
    const LOCK: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"));
    let package = match contender {
        "roxmltree_parse" => "roxmltree",
        "quick_xml_events" => "quick-xml",
        "base64_simd" => "base64-simd",
        "memcpy" => return String::new(),
        ours if ours.starts_with("ours") => "xmlrpc-core",
        other => other,
    };
    // The file is sorted: of several versions the newest is last, and it is the one used here.
    let heading = format!("name = \"{package}\"\nversion = \"");
    let (_, rest) = LOCK.rsplit_once(&*heading).unwrap_or_default();
    rest.split('"').next().unwrap_or_default().to_owned()
}
