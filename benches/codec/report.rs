//! Tables, and the requirements that the figures have to meet.

use crate::{
    contender::{self, RUST_PEERS},
    harness::{
        figures::{Figure, Figures, ratio, size},
        report::{Judgement, Table},
    },
    peer::Peers,
};

pub(crate) fn table(figures: &Figures, name: &str, bytes: usize) -> Table {
    #[rustfmt::skip]
    const HEADINGS: &[&str] =
        &["contender", "ns", "MB/s", "÷ ours", "allocations", "peak ÷ document", "remark"];
    let row = |it: &Figure| {
        vec![
            it.contender.to_owned(),
            format!("{:.0}", it.ns),
            format!("{:.1}", size(it.bytes) * 1e3 / it.ns),
            ratio(figures.over(name, it.contender, "ours")),
            it.allocations.map_or("–".to_owned(), |it| it.to_string()),
            ratio(it.peak_bytes.map(|peak| peak / size(bytes))),
            if it.correct { "" } else { "wrong result" }.to_owned(),
        ]
    };
    let title = format!("{name} ({bytes} bytes)");
    let mut table = Table::new(title, "", HEADINGS, figures.of(name).map(row));
    for absent in figures.absent.iter().filter(|it| it.table == name) {
        // No message contains three backquotes in a row.
        let reason = absent.reason.replace('\n', " ");
        let note = format!("`{}` cannot: ``` {reason} ```", absent.contender);
        table.notes.push(note);
    }
    table
}

/// All contenders with their versions.
pub(crate) fn contenders(peers: &Peers) -> Table {
    let row = |(name, what): &(&str, &str)| {
        let version = peers.version(name).map(str::to_owned);
        let version = version.unwrap_or_else(|| locked_version(name));
        vec![format!("`{name}`"), version, (*what).to_owned()]
    };
    let rows = contender::ALL.iter().map(row);
    Table::new(
        "Contenders",
        "",
        &["contender", "version", "what it does"],
        rows,
    )
}

/// The version of the contender's crate in the lock file.
fn locked_version(contender: &str) -> String {
    const LOCK: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"));
    let package = match contender {
        "roxmltree_parse" => "roxmltree",
        "base64_simd" => "base64-simd",
        "memcpy" => return String::new(),
        ours if ours.starts_with("ours") => "xmlrpc-core",
        other => other,
    };
    // The file is sorted: the newest version comes last, and this benchmark uses that one.
    let heading = format!("name = \"{package}\"\nversion = \"");
    let (_, rest) = LOCK.rsplit_once(&*heading).unwrap_or_default();
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Documents that are compared with JSON and with peers, and the highest ratio to `serde_json` when decoded.
const COMPARED: [(&str, f64); 6] = [
    ("ints_1000", 0.8),
    ("ints_100000", 0.8),
    ("structs_1000", 1.15),
    ("doubles_100000", 1.2),
    ("multicall_1000", 1.2),
    ("tiny_call", 1.1),
];

/// The highest ratio to `serde_json` when the same documents are encoded.
const ENCODED: f64 = 1.3;

/// Other bounds of the time: table, contender, the other contender, and the highest ratio.
#[rustfmt::skip]
const TIMES: [(&str, &str, &str, f64); 11] = [
    ("encode text_1mb_escapes", "ours", "serde_json", 2.0),
    ("decode text_1mb", "ours", "memcpy", 3.0),
    ("encode text_1mb", "ours", "memcpy", 3.0),
    ("decode base64_10mb", "ours", "base64_simd", 2.0),
    ("encode base64_10mb", "ours", "base64_simd", 2.0),
    ("decode structs_1000_apache", "ours", "roxmltree_parse", 1.3),
    ("decode structs_1000_late", "ours", "roxmltree_parse", 1.3),
    ("decode structs_1000", "ours_roxmltree", "roxmltree_parse", 1.3),
    ("decode ints_100000", "ours_roxmltree", "roxmltree_parse", 1.3),
    ("decode doubles_100000", "ours_roxmltree", "roxmltree_parse", 1.3),
    ("decode multicall_1000", "ours_roxmltree", "roxmltree_parse", 1.3),
];

/// Tables of documents that the fast path does not read. The other reader keeps their events, because no type may
/// see anything before the whole document is known to be valid. That takes more memory than
/// `serde_json` does, but less than a tree.
const OFF_THE_FAST_PATH: [&str; 2] = ["decode structs_1000_apache", "decode structs_1000_late"];

pub(crate) fn judge(figures: &Figures) -> Vec<Judgement> {
    let at_most = |table: &str, one: &str, other: &str, bound| {
        let what = format!("{table}, {one}: time ÷ that of {other}");
        Judgement::at_most(what, figures.over(table, one, other), bound)
    };
    let at_least = |table: &str, other: &str, bound| {
        let what = format!("{table}: times as fast as {other}");
        Judgement::at_least(what, figures.over(table, other, "ours"), bound)
    };
    let tables = COMPARED.map(|(document, bound)| {
        let decode = (format!("decode {document}"), bound);
        [decode, (format!("encode {document}"), ENCODED)]
    });
    let mut judgements = Vec::new();
    for (table, bound) in tables.iter().flatten() {
        judgements.push(at_most(table, "ours", "serde_json", *bound));
    }
    for (table, one, other, bound) in TIMES {
        judgements.push(at_most(table, one, other, bound));
    }
    for (table, _) in tables.iter().flatten() {
        judgements.push(at_least(table, fastest_peer(figures, table), 3.0));
    }
    for [(table, _), _] in &tables {
        judgements.push(at_least(table, "python", 30.0));
    }
    judgements.push(at_least(
        "decode structs_1000_indented",
        "serde_xmlrpc",
        2.0,
    ));
    judgements.push(python_layout(figures));
    judgements.extend(memory(figures));
    judgements
}

/// The fastest correct Rust crate.
fn fastest_peer(figures: &Figures, table: &str) -> &'static str {
    let peers = figures
        .of(table)
        .filter(|it| RUST_PEERS.contains(&it.contender));
    peers
        .filter(|it| it.correct)
        .min_by(|one, other| one.ns.total_cmp(&other.ns))
        .map_or("the fastest Rust peer", |it| it.contender)
}

/// Documents are timed one after the other. `serde_json` does the same work for both of these, so its time
/// shows how fast the machine was.
fn python_layout(figures: &Figures) -> Judgement {
    let per_byte = |table| {
        let bytes = size(figures.get(table, "ours")?.bytes);
        Some(figures.over(table, "ours", "serde_json")? / bytes)
    };
    let python = per_byte("decode structs_1000_python");
    let ratio = python.zip(per_byte("decode structs_1000"));
    let ratio = ratio.map(|(python, compact)| python / compact);
    let what = "decode structs_1000_python: time per byte ÷ that of structs_1000";
    Judgement::at_most(what, ratio, 1.3)
}

/// Bounds of allocations and of the peak, for every document.
fn memory(figures: &Figures) -> Vec<Judgement> {
    let mut judgements = Vec::new();
    for ours in figures.all.iter().filter(|it| it.contender == "ours") {
        let table = &ours.table;
        if OFF_THE_FAST_PATH.contains(&&**table) {
            let tree = figures.get(table, "roxmltree_parse");
            let tree = tree.and_then(|it| it.peak_bytes);
            let ratio = ours.peak_bytes.zip(tree).map(|(peak, tree)| peak / tree);
            let what = format!("{table}: peak ÷ that of roxmltree_parse");
            judgements.push(Judgement::at_most(what, ratio, 0.5));
            continue;
        }
        let bytes = size(ours.bytes);
        let bounds = if table.starts_with("decode") {
            let json = figures.get(table, "serde_json");
            json.and_then(|it| Some((it.allocations?, it.peak_bytes? + bytes / 10.0)))
        } else {
            // A buffer that doubles as it grows, so that it is at most twice as large as its content.
            Some((bytes.log2().ceil(), (2.0 * bytes).max(1024.0)))
        };
        if let Some((allocations, peak)) = bounds {
            let what = [": allocations", ": peak, in bytes"].map(|what| format!("{table}{what}"));
            let [counted, taken] = what;
            judgements.extend([
                Judgement::at_most(counted, ours.allocations, allocations),
                Judgement::at_most(taken, ours.peak_bytes, peak),
            ]);
        }
    }
    judgements
}
