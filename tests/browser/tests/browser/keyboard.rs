//! Everything works with the keyboard alone.

use serde_json::json;
use thirtyfour::Key;
use xmlrpc_browser_tests::{
    browser::test,
    form::{Do, id},
    page::Page,
    server::Server,
    services::dispatcher,
};

/// Presses Tab until an element with these properties has the focus. Each element on the way must show that
/// it has the focus.
async fn tab_to(page: &Page, css: &str) {
    let state = "const it = document.activeElement; const style = getComputedStyle(it); \
        const marked = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'; \
        return [it.matches(arguments[0]), marked || it === document.body]";
    for _ in 0..200 {
        page.keys(Key::Tab).await;
        let (there, marked): (bool, bool) = page.js(state, json!([css])).await;
        assert!(marked, "the focus is not visible: {}", page.focused().await);
        if there {
            return;
        }
    }
    panic!("Tab does not reach {css}");
}

async fn focus_is(page: &Page, css: &str) -> bool {
    page.js(
        "return document.activeElement.matches(arguments[0])",
        json!([css]),
    )
    .await
}

/// What removes something, itself too, leaves the focus near it.
#[tokio::test]
async fn the_focus_stays() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        let form = page.form("kinds.none").await;
        page.click(&form.css("button.add-call")).await;
        page.click("#multicall > summary").await;
        page.wait_for("#multicall button.remove").await;
        page.click("#multicall button.remove").await;
        assert!(focus_is(&page, "#multicall > summary").await);

        page.click("#auth > summary").await;
        page.click("#auth .add-header").await;
        page.click("#auth button.remove").await;
        assert!(focus_is(&page, "#auth .add-header").await);

        let slow = page.form("more.slow").await;
        slow.act("0", Do::Type("60")).await;
        page.click(&slow.css("button.send")).await;
        page.wait_for(&slow.css("button.abort")).await;
        page.click(&slow.css("button.abort")).await;
        let send = slow.css("button.send");
        let focused = "return document.activeElement.matches(arguments[0])";
        page.wait("the focus on Call", focused, json!([send])).await;

        // It aborts a call that runs.
        page.click(&send).await;
        page.wait_for(&slow.css("button.abort")).await;
        page.click(&slow.css("button.reset")).await;
        assert!(focus_is(&page, &slow.css("button.reset")).await);
        page.click("#history > summary").await;
        let outcomes = "return [...document.querySelectorAll('#history .outcome')].length === 2";
        page.wait("both calls in the history", outcomes, json!([]))
            .await;

        page.click("#keep").await;
        page.keys("/").await;
        assert_eq!(page.focused().await, "input#search");
    })
    .await;
}

#[tokio::test]
async fn from_the_search_to_the_response() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        page.keys("/").await;
        assert_eq!(page.focused().await, "input#search");
        page.keys("divide").await;
        page.keys(Key::Down).await;
        assert!(
            focus_is(&page, "#index a").await,
            "{}",
            page.focused().await
        );
        page.keys(Key::Down).await;
        page.keys(Key::Up).await;
        page.keys(Key::Up).await;
        assert_eq!(page.focused().await, "input#search");
        page.keys(Key::Escape).await;
        assert_eq!(
            page.count("article.method[hidden]").await,
            0,
            "Escape clears the search"
        );

        page.keys("quotient").await;
        page.keys(Key::Enter).await;
        let article = format!("[id=\"{}\"]", id("more.divide"));
        let form = page.form("more.divide").await;
        page.wait_for(&form.css("form")).await;
        tab_to(&page, &form.field("0", "input")).await;
        page.keys("7").await;
        tab_to(&page, &form.field("1", "input")).await;
        page.keys("2").await;
        form.remember().await;
        page.keys(Key::Enter).await;
        assert_eq!(form.outcome().await, "int 3");

        // The button, and a mistake, to which the focus goes.
        page.control("a").await;
        page.keys("x").await;
        tab_to(&page, &form.css("button.send")).await;
        page.keys(" ").await;
        page.wait_for(&form.css(".error")).await;
        assert!(focus_is(&page, &form.field("1", "input")).await);
        // A slash in a field is a slash.
        page.keys("/").await;
        assert!(focus_is(&page, &form.field("1", "input")).await);

        tab_to(&page, &format!("{article} details.xml > summary")).await;
        page.keys(" ").await;
        page.wait_for(&format!("{article} details.xml pre")).await;
        page.assert_clean().await;
    })
    .await;
}

#[tokio::test]
async fn text_and_lists() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        // The first stop of the page leads to the methods.
        page.keys(Key::Tab).await;
        assert_eq!(page.focused().await, "a.skip");
        page.keys(Key::Enter).await;
        assert_eq!(page.focused().await, "main#main");

        let form = page.form("kinds.text").await;
        tab_to(&page, &form.field("0", "textarea")).await;
        page.keys("a").await;
        page.keys(Key::Enter).await;
        page.keys("b").await;
        form.remember().await;
        page.control(Key::Enter).await;
        assert_eq!(form.outcome().await, "string a\nb");

        let form = page.form("kinds.list").await;
        tab_to(&page, &form.field("0", ".add")).await;
        page.keys(Key::Enter).await;
        assert!(
            focus_is(&page, &form.field("0.0", "input")).await,
            "{}",
            page.focused().await
        );
        page.keys("12").await;
        form.remember().await;
        page.keys(Key::Enter).await;
        assert_eq!(form.outcome().await, "[int 12]");
        tab_to(&page, &form.field("0", ".remove")).await;
        page.keys(Key::Enter).await;
        assert!(
            focus_is(&page, &form.field("0", ".add")).await,
            "{}",
            page.focused().await
        );

        // Optional parameters are left out and sent with the keyboard, too.
        let form = page.form("kinds.option").await;
        tab_to(&page, &form.field("0", "select")).await;
        page.keys(Key::Down).await;
        tab_to(&page, &form.field("0", "input")).await;
        page.keys("3").await;
        form.remember().await;
        page.keys(Key::Enter).await;
        assert_eq!(form.outcome().await, "int 3");
        page.assert_clean().await;
    })
    .await;
}
