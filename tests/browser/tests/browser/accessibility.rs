//! axe-core finds nothing, in light and dark, wide and narrow.

use std::{
    env, fs,
    io::{Write, stderr},
};

use serde_json::json;
use xmlrpc_browser_tests::{
    browser::test, chromedriver::built, form::Do, page::Page, server::Server, services::dispatcher,
};

/// The script of axe-core, which `tests/browser/run` installs.
fn axe() -> Option<String> {
    let path = built().join("node_modules/axe-core/axe.min.js");
    match fs::read_to_string(&path) {
        Ok(script) => Some(script),
        Err(error) => {
            let message = format!("{}: {error}; tests/browser/run installs it", path.display());
            let is_required = env::var("XMLRPC_BROWSER").is_ok_and(|it| it == "required");
            assert!(!is_required, "{message}");
            let _ = writeln!(stderr(), "left out: the tests with axe-core: {message}");
            None
        }
    }
}

/// What axe-core finds: the rule, and the elements.
async fn findings(page: &Page, axe: &str) -> Vec<String> {
    page.js::<serde_json::Value>(&format!("{axe}; return null"), json!([]))
        .await;
    let script = "const [done] = arguments; axe.run(document, { preload: false }).then(({ violations }) => \
        done(violations.flatMap(({ id, nodes }) => nodes.map((it) => `${id}: ${it.html.slice(0, 200)}: ${it.failureSummary}`))), \
        (error) => done([String(error)]))";
    page.js_async(script, json!([])).await
}

#[tokio::test]
async fn nothing_is_found() {
    let Some(axe) = axe() else {
        return;
    };
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        for scheme in ["light", "dark"] {
            for width in [1280, 320] {
                page.colours(scheme).await;
                page.resize(width, 900).await;
                page.go("about:blank").await;
                page.open(&server.url()).await;
                let found = findings(&page, &axe).await;
                assert!(found.is_empty(), "{scheme}, {width}: {found:#?}");

                use_everything(&page).await;
                let found = findings(&page, &axe).await;
                assert!(found.is_empty(), "{scheme}, {width}, in use: {found:#?}");
            }
        }
        page.assert_clean().await;
    })
    .await;
}

/// Opens each part of the page, with responses, faults and mistakes.
async fn use_everything(page: &Page) {
    for id in ["auth", "history", "multicall"] {
        page.click(&format!("#{id} > summary")).await;
    }
    page.click("#auth .add-header").await;
    page.fill("#auth .header-name", "X-A").await;
    let form = page.form("kinds.order").await;
    form.acts(&[
        ("0.customer.name", Do::Type("Moe")),
        ("0.customer.born", Do::Type("19980717T14:08:55")),
        ("0.lines", Do::Add),
        ("0.lines.0.product", Do::Type("tea")),
        ("0.lines.0.quantity", Do::Type("3")),
    ])
    .await;
    form.call().await;
    form.document("request").await;
    form.document("response").await;
    form.copy_as("python").await;
    page.click(&form.css("button.add-call")).await;
    page.click(&form.css("details.headers > summary")).await;
    form.act("0.lines", Do::Add).await;
    form.mistakes().await;
    for method in [
        "kinds.any",
        "kinds.bytes",
        "kinds.defaults",
        "kinds.rest",
        "kinds.map",
        "kinds.pair",
    ] {
        page.form(method).await;
    }
    page.form("kinds.map").await.act("0", Do::Add).await;
    let form = page.form("more.divide").await;
    form.acts(&[("0", Do::Type("1")), ("1", Do::Type("0"))])
        .await;
    form.call().await;
    page.click(&form.css("button.add-call")).await;
    page.click("#multicall button.send").await;
    page.wait_for("#multicall .results > .entry:nth-child(2)")
        .await;
    page.form("kinds.text").await.json("[").await;
    page.form("kinds.text").await.mistakes().await;
    page.fill("#search", "kinds").await;
    page.fill("#search", "").await;
}

/// The test can fail.
#[tokio::test]
async fn mistakes_are_found() {
    let Some(axe) = axe() else {
        return;
    };
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        page.js::<serde_json::Value>(
            "document.querySelector('main').prepend(document.createElement('input'))",
            json!([]),
        )
        .await;
        let found = findings(&page, &axe).await;
        assert!(
            found.iter().any(|it| it.starts_with("label:")),
            "{found:#?}"
        );
    })
    .await;
}
