//! What a peer reads when it exceeds a limit.

use crate::{
    child::Server,
    documents::{self, post, post_with},
    figures::Report,
    harness::Outcome,
    plan::Plan,
    settings::Setup,
    wire::Connection,
};

pub(crate) fn run(plan: &Plan) -> Outcome<Report> {
    let server = Server::start(plan, Setup::Production, &[])?;
    let foreign = "Origin: http://rpc.example\r\n";
    let small = documents::document("add", "");
    let long = vec![b'x'; documents::BODY + 1];
    let requests = [
        ("depth", documents::nested(129)),
        (
            "elements",
            post(documents::array("count", "<value/>", 1_048_000).as_bytes()),
        ),
        ("bytes", post(&long)),
        (
            "entries of a multicall",
            documents::multicall("add", &[2, 3], 1001),
        ),
        ("bytes of a response", documents::call("fill", &[65 << 20])),
        ("depth of a response", documents::call("deep", &[200])),
        ("parameters", documents::call("add", &[1; 3])),
        ("origin", post_with(foreign, small.as_bytes())),
        (
            "encoding",
            post_with("Content-Encoding: br\r\n", small.as_bytes()),
        ),
        (
            "members",
            post_with("Content-Encoding: gzip\r\n", &members(17)),
        ),
    ];
    let (mut named, mut unexpected) = (Vec::new(), Vec::new());
    let count = requests.len();
    for (limit, request) in requests {
        let response = Connection::open(server.address)?.call_large(&request)?;
        let text = response.text();
        if response.is_success() {
            unexpected.push(limit);
        }
        // `Limits::depth`, `Endpoint::allow_host`, `max_body_bytes`.
        if text.contains("::") || text.contains("max_") || text.contains("allow_") {
            named.push(limit);
            eprintln!("{limit}: {text}");
        }
    }
    let mut report = Report::default();
    let list = |limits: &[&str]| match limits {
        [] => "none".to_owned(),
        _ => limits.join(", "),
    };
    report.row(
        format!("faults and refusals of {count} limits"),
        "described in words",
        "",
        format!(
            "Rust names: {}; no fault: {}",
            list(&named),
            list(&unexpected)
        ),
    );
    report.none("texts of faults: Rust names", named.len());
    report.none("texts of faults: limits without effect", unexpected.len());
    Ok(report)
}

/// So many empty members of gzip.
fn members(count: usize) -> Vec<u8> {
    const EMPTY: [u8; 20] = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
    EMPTY.repeat(count)
}
