//! Several calls in one request.

use xmlrpc_browser_tests::{
    browser::test,
    form::Do,
    page::Page,
    server::Server,
    services::{dispatcher, thousand},
};

async fn add(page: &Page, method: &str, acts: &[(&str, Do<'_>)]) {
    let form = page.form(method).await;
    form.acts(acts).await;
    page.click(&form.css("button.add-call")).await;
}

#[tokio::test]
async fn each_call_has_its_own_outcome() {
    test(async |page| {
        let server = Server::start(dispatcher()).await;
        page.open(&server.url()).await;
        add(&page, "more.divide", &[("0", Do::Type("7")), ("1", Do::Type("2"))]).await;
        add(&page, "kinds.int", &[("0", Do::Type("99"))]).await;
        add(&page, "more.divide", &[("1", Do::Type("0"))]).await;
        add(&page, "kinds.order", ORDER).await;
        add(&page, "kinds.option", &[]).await;
        assert_eq!(server.calls(), [""; 0], "nothing is sent before");

        assert!(page.text("#multicall > summary").await.contains("(5)"));
        page.click("#multicall > summary").await;
        let calls = page.texts("#multicall .calls > li code").await;
        assert_eq!(calls[..2], ["more.divide(7, 2)", "kinds.int(99)"], "{calls:?}");
        page.click("#multicall .calls > li:nth-child(2) .remove").await;
        assert!(page.text("#multicall > summary").await.contains("(4)"));

        page.click("#multicall button.send").await;
        page.wait_for("#multicall .results > .entry:nth-child(4)").await;
        let mut outcomes = Vec::new();
        for index in 1..=4 {
            let entry = format!("#multicall .results > .entry:nth-child({index})");
            outcomes.push(page.outcome(&entry).await);
        }
        let order = "{customer: {name: string Moe, born: dateTime.iso8601 19980717T00:00:00}, lines: [], \
            is_gift: boolean false}";
        let expected = ["int 3", "fault 33: 7 cannot be divided by zero", order, "nil"];
        assert_eq!(outcomes, expected);

        let sent = server.calls();
        assert_eq!(sent.len(), 1, "{sent:?}");
        assert!(sent[0].contains("<methodName>system.multicall</methodName>"));
        // Each call is in the history, with its own outcome.
        let outcomes = page.texts("#history .calls .outcome").await;
        assert_eq!(outcomes, ["result", "result", "fault 33", "result"]);
        page.click("#multicall button.clear").await;
        assert_eq!(page.count("#multicall .calls > li").await, 0);
        page.assert_clean().await;
    })
    .await;
}

const ORDER: &[(&str, Do<'_>)] = &[
    ("0.customer.name", Do::Type("Moe")),
    ("0.customer.born", Do::Type("1998-07-17")),
    ("0.is_gift", Do::Check),
    ("0.is_gift", Do::Check),
];

#[tokio::test]
async fn absent_if_the_server_cannot() {
    test(async |page| {
        let server = Server::start(thousand().multicall(false)).await;
        page.open(&server.url()).await;
        page.form("group0.method0").await;
        assert!(!page.shows("#multicall").await);
        assert!(!page.shows("button.add-call").await);
    })
    .await;
}
