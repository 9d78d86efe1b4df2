//! Texts of services and peers never become markup or scripts.

use serde_json::{Value, json};
use xmlrpc_browser_tests::{
    browser::test,
    form::id,
    hostile::{TEXTS, dispatcher, name},
    page::Page,
    server::Server,
};

/// Checks that no script of a text has run, and that there are no elements that the page does not make.
async fn assert_harmless(page: &Page, text: &str) {
    let script = "return [typeof window.pwned, document.querySelectorAll( \
        'img, svg, iframe, object, embed, style, main script, [onerror], [onload], [onfocus], [style], \
        a[href^=\"javascript\" i]').length]";
    let found: Value = page.js(script, json!([])).await;
    assert_eq!(found, json!(["undefined", 0]), "{text:?}");
}

#[tokio::test]
async fn everywhere_on_the_page() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        assert_harmless(&page, "as documentation").await;
        // The search finds all methods again, whatever their names are.
        page.fill("#search", "no such method").await;
        page.fill("#search", " ").await;
        assert_eq!(page.count("article[hidden], #index li[hidden]").await, 0);
        page.click("#history > summary").await;
        page.click("#multicall > summary").await;
        for text in TEXTS {
            let name = name(text);
            let script = "return document.getElementById(arguments[0]).dataset.method";
            assert_eq!(
                page.js::<String>(script, json!([id(name)])).await,
                name.replace("\r\n", "\n")
            );
            let argument = serde_json::to_string(&[text]).unwrap();
            // As an argument, as the name of a member, and as its value.
            let form = page.follow(name, &argument).await;
            let outcome = form.call().await;
            let received = text.replace("\r\n", "\n");
            let member = format!("{{{text}: string {text}}}");
            let same = outcome == member || outcome == format!("{{{received}: string {received}}}");
            assert!(same, "{text:?}: {outcome:?}");
            // As a fault.
            let both = serde_json::to_string(&[text, text]).unwrap();
            let form = page.follow(name, &both).await;
            let outcome = form.call().await;
            assert_eq!(outcome, format!("fault 1: {text}"));
            page.click(&form.css("button.add-call")).await;
            assert_eq!(
                form.document("response").await.matches("<fault>").count(),
                1
            );
            form.copy_as("python").await;
            assert_harmless(&page, text).await;
            page.fill(
                "#search",
                &text.replace(['\n', '\r', '\t', '\u{1f600}'], " "),
            )
            .await;
            page.fill("#search", " ").await;
        }
        // All of them once more, in one multicall.
        page.click("#multicall button.send").await;
        page.wait_for(&format!(
            "#multicall .results > .entry:nth-child({})",
            TEXTS.len()
        ))
        .await;
        for (index, text) in TEXTS.iter().enumerate() {
            let entry = format!("#multicall .results > .entry:nth-child({})", index + 1);
            assert_eq!(page.outcome(&entry).await, format!("fault 1: {text}"));
        }
        assert_harmless(&page, "after all").await;
        page.click("#keep").await;
        page.reload().await;
        assert_harmless(&page, "from the storage").await;
        page.assert_clean().await;
    })
    .await;
}

/// Whatever another page on this server has left in the storage.
#[tokio::test]
async fn in_the_storage() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        for kept in [
            "",
            "x",
            "5",
            "null",
            "[null, 5, {}]",
            "{\"a\": 1}",
            r#"[{"time":"<img src=x onerror=pwned=1>","method":"<img src=x onerror=pwned=1>","args":"[","outcome":"<b>"}]"#,
            r#"[{"time":"2024-01-31T12:00:00Z","method":"__proto__","args":"[1]","outcome":{"a":1}}]"#,
        ] {
            page.go(&server.url()).await;
            page.js::<Value>("localStorage.setItem(`xmlrpc-explorer:${location.pathname}`, arguments[0])", json!([kept])).await;
            page.open(&server.url()).await;
            page.click("#history > summary").await;
            for _ in 0..page.count("#history .fill").await {
                page.click("#history .fill").await;
            }
            assert_harmless(&page, kept).await;
            page.assert_clean().await;
        }
        assert!(server.calls().is_empty());
    })
    .await;
}
