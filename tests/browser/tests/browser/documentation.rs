//! Without scripts, the page is complete documentation.

use serde_json::json;
use xmlrpc_browser_tests::{
    browser::test, form::id, page::Page, server::Server, services::dispatcher,
};

async fn open_without_scripts(page: &Page, url: &str) {
    page.cdp(
        "Emulation.setScriptExecutionDisabled",
        json!({ "value": true }),
    )
    .await;
    page.go(url).await;
    assert_eq!(page.count("body[data-ready]").await, 0);
}

/// What a reader sees of a method.
async fn visible(page: &Page, method: &str) -> String {
    let script = "return document.getElementById(arguments[0]).innerText";
    page.js(script, json!([id(method)])).await
}

#[tokio::test]
async fn without_scripts() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        open_without_scripts(&page, &server.url()).await;
        for (method, parts) in [
            (
                "more.divide",
                &[
                    "more.divide(a: i8, b: i8): i8",
                    "more.quotient",
                    "more.ratio",
                    "The result is rounded toward zero, like a / b in Rust.",
                    "33",
                    "cannot be divided by zero",
                    "The divisor is zero.",
                ][..],
            ),
            ("more.div", &["Deprecated", "use more.divide"]),
            ("kinds.order", &["customer", "born", "dateTime.iso8601", "lines", "quantity", "optional", "Returns an order, with its lines."]),
            ("kinds.defaults", &["second", "default 10", "default \"main\""]),
            ("kinds.none", &["None.", "string"]),
            ("system.multicall", &["system.multicall"]),
        ] {
            let text = visible(&page, method).await;
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            for part in parts {
                assert!(text.contains(part), "{method}: {part}: {text}");
            }
        }
        // Nothing that needs scripts is shown.
        assert_eq!(page.count("form, button, input, details").await, 0);
        // Links of the index lead to the methods.
        page.click("#index li[data-method=\"kinds.pair\"] a").await;
        let script = "const { top } = document.getElementById(arguments[0]).getBoundingClientRect(); \
            return top >= -5 && top < innerHeight";
        page.wait("scrolled to the method", script, json!([id("kinds.pair")])).await;
        let limits = page.text("#server .limits").await;
        assert!(limits.contains("MiB"), "{limits}");
        page.assert_clean().await;
    })
    .await;
}

/// On a phone, nothing is wider than the window: with scripts and without, and with a form and a response.
#[tokio::test]
async fn narrow() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.resize(320, 640).await;
        page.open(&server.url()).await;
        let wide = "return [...['html', 'body'].map((it) => document.querySelector(it)) \
            .filter((it) => it.scrollWidth > innerWidth).map((it) => it.localName), ...[...document.querySelectorAll('main *')] \
            .filter((it) => it.getBoundingClientRect().right > innerWidth + 1 && it.checkVisibility() \
                && !it.closest('pre, table')).map((it) => it.outerHTML.slice(0, 100))]";
        let form = page.follow("kinds.order", ORDER).await;
        form.call().await;
        let found: Vec<String> = page.js(wide, json!([])).await;
        assert_eq!(found, [""; 0]);
        open_without_scripts(&page, "about:blank").await;
        page.go(&server.url()).await;
        let found: Vec<String> = page.js(wide, json!([])).await;
        assert_eq!(found, [""; 0]);
    })
    .await;
}

const ORDER: &str = r#"[{"customer": {"name": "Moe", "born": {"$date": "19980717T14:08:55"}},
    "lines": [{"product": "tea", "quantity": 3}], "note": "a-long-note-without-any-space-at-all-in-it-that-is-wider-than-a-phone"}]"#;

/// On paper, there are no forms.
#[tokio::test]
async fn on_paper() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        page.form("kinds.order").await;
        page.cdp("Emulation.setEmulatedMedia", json!({ "media": "print" }))
            .await;
        for css in ["form", ".call", "#search", "#auth"] {
            assert!(!page.shows(css).await, "{css}");
        }
        assert!(page.shows("article.method .signature").await);
    })
    .await;
}
