//! Mistakes are shown at the field, and nothing is sent.

use serde_json::json;
use xmlrpc_browser_tests::{
    browser::test,
    form::{Acts, Do},
    server::Server,
    services::dispatcher,
};

#[tokio::test]
async fn each_at_its_field() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        let mut wrong = Vec::new();
        for (method, acts, path, text) in MISTAKES {
            let form = page.form(method).await;
            form.acts(acts).await;
            let mistakes = form.mistakes().await;
            if mistakes.len() != 1 || mistakes[0].0 != *path || !mistakes[0].1.contains(text) {
                wrong.push(format!("{method} {acts:?}: {mistakes:?}, but expected {text}"));
            }
            // The input refers to the text, and has the focus.
            let script = "const error = document.querySelector(arguments[0]); \
                const input = document.querySelector(`[aria-invalid=true][aria-describedby~='${error.id}']`); \
                return Boolean(input) && document.activeElement === input";
            if !page.js::<bool>(script, json!([form.css(".error")])).await {
                wrong.push(format!("{method} {acts:?}: the input is not marked, or not focused"));
            }
            page.click(&form.css("button.reset")).await;
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(server.calls(), [""; 0], "nothing is sent");
        page.assert_clean().await;
    })
    .await;
}

/// Methods, what the user does, the field with the mistake, and a part of the text.
const MISTAKES: &[(&str, Acts, &str, &str)] = &[
    ("kinds.int", &[], "0", "whole number"),
    ("kinds.int", &[("0", Do::Type("x"))], "0", "whole number"),
    ("kinds.int", &[("0", Do::Type("1.5"))], "0", "whole number"),
    (
        "kinds.int",
        &[("0", Do::Type("2147483648"))],
        "0",
        "2147483647",
    ),
    (
        "kinds.int",
        &[("0", Do::Type("-2147483649"))],
        "0",
        "-2147483648",
    ),
    (
        "kinds.long",
        &[("0", Do::Type("9223372036854775808"))],
        "0",
        "9223372036854775807",
    ),
    (
        "kinds.long",
        &[("0", Do::Type("-9223372036854775809"))],
        "0",
        "-9223372036854775808",
    ),
    (
        "kinds.double",
        &[("0", Do::Type("1e400"))],
        "0",
        "too large",
    ),
    ("kinds.double", &[("0", Do::Type("NaN"))], "0", "number"),
    (
        "kinds.date",
        &[("0", Do::Type("2024-01-31T12:00:00+99:99"))],
        "0",
        "date",
    ),
    (
        "kinds.date",
        &[("0", Do::Type("2023-02-29T00:00:00"))],
        "0",
        "date",
    ),
    ("kinds.date", &[("0", Do::Type("yesterday"))], "0", "date"),
    (
        "kinds.bytes",
        &[("0", Do::Coding("base64")), ("0", Do::Type("?"))],
        "0",
        "base64",
    ),
    (
        "kinds.list",
        &[("0", Do::Add), ("0", Do::Add), ("0.0", Do::Type("1"))],
        "0.1",
        "whole number",
    ),
    (
        "kinds.order",
        &[
            ("0.customer.name", Do::Type("Moe")),
            ("0.customer.born", Do::Type("1998-07-17")),
            ("0.lines", Do::Add),
            ("0.lines.0.product", Do::Type("tea")),
            ("0.lines.0.quantity", Do::Type("x")),
        ],
        "0.lines.0.quantity",
        "whole number",
    ),
    (
        "kinds.map",
        &[
            ("0", Do::Add),
            ("0", Do::Add),
            ("0", Do::Name(0, "a")),
            ("0.0", Do::Type("1")),
            ("0", Do::Name(1, "a")),
            ("0.1", Do::Type("2")),
        ],
        "0",
        "name",
    ),
    ("kinds.option", &[("0", Do::Type("x"))], "0", "whole number"),
    ("kinds.any", &[("0", Do::Type("{"))], "0", "JSON"),
    (
        "kinds.any",
        &[("0", Do::Type("{\"$date\": \"x\"}"))],
        "0",
        "date",
    ),
    (
        "kinds.any",
        &[("0", Do::Type("99999999999999999999"))],
        "0",
        "9223372036854775807",
    ),
    (
        "kinds.any",
        &[("0", Do::Type("[01]"))],
        "0",
        "after 1 character",
    ),
    (
        "kinds.any",
        &[("0", Do::Type("[1 2]"))],
        "0",
        "after 2 characters",
    ),
    (
        "kinds.any",
        &[("0", Do::Type("{\"a\":1,\"a\":2}"))],
        "0",
        "name \"a\"",
    ),
    (
        "kinds.any",
        &[("0", Do::Type("\"\\u00015\""))],
        "0",
        "U+0001",
    ),
    (
        "kinds.any",
        &[("0", Do::Type("\"\\u0000\""))],
        "0",
        "XML forbids",
    ),
    (
        "kinds.any",
        &[("0", Do::Type("\"\\ud800\""))],
        "0",
        "XML forbids",
    ),
];

/// Bounds come from the types of the server, not only from those of XML-RPC.
#[tokio::test]
async fn bounds_of_the_type() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        let form = page.form("kinds.byte").await;
        for (text, outcome) in [("0", "int 0"), ("255", "int 255")] {
            form.act("0", Do::Type(text)).await;
            assert_eq!(form.call().await, outcome);
        }
        for text in ["-1", "256"] {
            form.act("0", Do::Type(text)).await;
            // Where the schema has no bounds, the server refuses the value.
            let outcome = match page.text(&form.css(".hint")).await.contains("255") {
                true => form.mistakes().await[0].1.clone(),
                false => form.call().await,
            };
            let refused = outcome.contains("255") || outcome.starts_with("fault -32602");
            assert!(refused, "{text}: {outcome}");
        }
    })
    .await;
}

/// The length of a number is not its size.
#[tokio::test]
async fn zeros_and_spaces() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        let form = page.form("kinds.int").await;
        for (text, outcome) in [
            (format!("{}7", " ".repeat(99)), "int 7"),
            (format!("{}5", "0".repeat(100)), "int 5"),
            (format!("-{}77", "0".repeat(98)), "int -77"),
            ("-000".to_owned(), "int 0"),
        ] {
            page.fill(&form.field("0", "input"), &text).await;
            assert_eq!(form.call().await, outcome, "{text}");
        }
    })
    .await;
}

/// A correction removes the text, and the call can be sent.
#[tokio::test]
async fn corrected() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        let form = page.form("more.divide").await;
        form.act("1", Do::Type("x")).await;
        let paths: Vec<_> = form.mistakes().await.into_iter().map(|it| it.0).collect();
        assert_eq!(paths, ["0", "1"], "all at once");
        form.act("0", Do::Type("9")).await;
        form.act("1", Do::Type("3")).await;
        assert_eq!(
            page.count(&form.css(".error, [aria-invalid=true]")).await,
            0
        );
        assert_eq!(form.call().await, "int 3");
        assert_eq!(server.calls().len(), 1);
    })
    .await;
}
