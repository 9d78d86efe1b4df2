//! The history of calls, which is in memory unless the user keeps it.

use serde_json::json;
use xmlrpc_browser_tests::{
    browser::test, form::Do, page::Page, server::Server, services::dispatcher,
};

/// Everything that the browser has stored for the page.
async fn stored(page: &Page) -> String {
    let script =
        "return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])";
    page.js(script, json!([])).await
}

const NOTHING: &str = "[{},{},\"\"]";

async fn divide(page: &Page, a: &str, b: &str) -> String {
    let form = page.form("more.divide").await;
    form.acts(&[("0", Do::Type(a)), ("1", Do::Type(b))]).await;
    form.call().await
}

#[tokio::test]
async fn in_memory_only() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        divide(&page, "8", "2").await;
        divide(&page, "8", "0").await;
        page.click("#history > summary").await;
        let summary = page.text("#history > summary").await;
        assert!(summary.contains("(2)"), "{summary}");
        // The newest is first.
        let outcomes = page.texts("#history .calls > li .outcome").await;
        assert_eq!(outcomes, ["fault 33", "result"]);
        assert_eq!(stored(&page).await, NOTHING);

        page.reload().await;
        assert_eq!(page.count("#history .calls > li").await, 0);
        assert_eq!(stored(&page).await, NOTHING);
    })
    .await;
}

#[tokio::test]
async fn kept_across_a_reload() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        page.click("#auth > summary").await;
        page.fill("#auth-user", "moe").await;
        page.fill("#auth-password", "hunter2").await;
        divide(&page, "8", "2").await;
        page.click("#history > summary").await;
        page.click("#keep").await;
        divide(&page, "8", "0").await;

        page.reload().await;
        let calls = page.texts("#history .calls > li code").await;
        assert_eq!(calls, ["more.divide(8, 0)", "more.divide(8, 2)"]);
        let kept = stored(&page).await;
        let basic = "bW9lOmh1bnRlcjI"; // moe:hunter2
        for secret in ["hunter2", "moe", basic] {
            assert!(!kept.contains(secret), "{kept}");
        }
        assert_eq!(
            page.js::<String>(
                "return document.querySelector('#auth-password').value",
                json!([])
            )
            .await,
            ""
        );

        // It fills the form again, and sends nothing.
        let before = server.calls().len();
        page.click("#history > summary").await;
        page.click("#history .calls > li:nth-child(2) .fill").await;
        let form = page.form("more.divide").await;
        let value = "return document.querySelector(arguments[0]).value";
        let css = form.field("1", "input");
        assert_eq!(page.js::<String>(value, json!([css])).await, "2");
        assert_eq!(server.calls().len(), before);
        assert_eq!(form.call().await, "int 4");

        // Turned off, nothing is left.
        page.click("#keep").await;
        assert_eq!(stored(&page).await, NOTHING);
        page.reload().await;
        assert_eq!(page.count("#history .calls > li").await, 0);
        page.assert_clean().await;
    })
    .await;
}

/// Tabs share what is stored. When one of them turns it off, the others store nothing more.
#[tokio::test]
async fn two_tabs() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        page.click("#history > summary").await;
        page.click("#keep").await;
        divide(&page, "8", "2").await;

        let other = "const [url, done] = arguments; const other = window.open(url); window.other = other; \
            const timer = setInterval(() => { if (other.document.body?.dataset.ready) \
                { clearInterval(timer); done(other.document.querySelector('#keep').checked); } }, 20)";
        let keeps: bool = page.js_async(other, json!([server.url()])).await;
        assert!(keeps, "the other tab keeps the history too");
        divide(&page, "9", "3").await;
        let seen = "return other.document.querySelector('#history > summary').textContent.includes('(2)')";
        page.wait("both calls in the other tab", seen, json!([])).await;
        page.js::<serde_json::Value>("other.document.querySelector('#keep').click()", json!([]))
            .await;
        let off = "return !document.querySelector('#keep').checked";
        page.wait("it is off in this tab", off, json!([])).await;
        divide(&page, "6", "3").await;
        assert_eq!(stored(&page).await, NOTHING);
        page.js::<serde_json::Value>("other.close()", json!([])).await;
    })
    .await;
}

#[tokio::test]
async fn cleared_and_bounded() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        let form = page.form("kinds.none").await;
        form.call().await;
        page.click("#history > summary").await;
        page.click("#keep").await;
        page.click("#history button.clear").await;
        assert_eq!(page.count("#history .calls > li").await, 0);
        assert!(!stored(&page).await.contains("kinds.none"));

        // At most 100 calls.
        let call = "const [done] = [...arguments].slice(-1); const form = document.querySelector(arguments[0]); \
            const count = () => document.querySelectorAll('#history .calls > li').length; let sent = 0; \
            const next = () => { if (sent++ === 101) return done(count()); form.requestSubmit(); \
                const start = count(); const timer = setInterval(() => { \
                    if (count() !== start || (count() === 100 && !form.querySelector('.abort:not([hidden])'))) \
                        { clearInterval(timer); next(); } }, 5); }; next();";
        let count: usize = page.js_async(call, json!([form.css("form")])).await;
        assert_eq!(count, 100);
    })
    .await;
}
