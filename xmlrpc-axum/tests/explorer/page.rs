//! The page without scripts: it is complete documentation.

use xmlrpc_axum::Endpoint;
use xmlrpc_core::{Dispatcher, schema::Schema, service::MethodDoc};

use crate::common::{description, page, router, shop};

#[track_caller]
fn assert_contains(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part:?} is missing in {text}");
    }
}

/// The part of the page about a method.
#[track_caller]
fn article<'a>(page: &'a str, id: &str) -> &'a str {
    let start = page.find(&format!("<article class=\"method\" id=\"{id}\""));
    let rest = &page[start.unwrap_or_else(|| panic!("no {id} in {page}"))..];
    &rest[..rest.find("</article>").unwrap()]
}

#[tokio::test]
async fn services_and_an_index() {
    let page = page(&router()).await;
    assert_contains(
        &page,
        &[
            "<html lang=\"en\">",
            "<title>XML-RPC methods</title>",
            "<h1>XML-RPC methods</h1>",
            "<a class=\"skip\" href=\"#main\">",
            "<nav id=\"index\" aria-label=\"Methods\">",
            "<a href=\"#s.Shop\">Shop</a>",
            "<a href=\"#m.shop.order\">shop.order</a>",
            "<li class=\"deprecated\" data-method=\"shop.cancel\">",
            "<section class=\"service\" id=\"s.Shop\" data-service=\"Shop\"",
            "Orders of a shop, with <a href=\"https://shop.example/terms\">terms</a>.",
            "<section class=\"service\" id=\"s.system\"",
            "id=\"m.system.multicall\"",
            "<link rel=\"stylesheet\" href=\"?explorer.css\">",
            "<script src=\"?explorer.js\" defer></script>",
        ],
    );
    // Each anchor leads somewhere, and once.
    for anchor in page.split("href=\"#").skip(1) {
        let id = anchor.split('"').next().unwrap();
        assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
    // Nothing that the policy forbids.
    assert!(!page.contains(" style=") && !page.contains("<style"));
    assert_eq!(page.matches("<script").count(), 1);
}

#[tokio::test]
async fn a_method() {
    let page = page(&router()).await;
    assert_contains(
        article(&page, "m.shop.order"),
        &[
            "data-method=\"shop.order\"",
            "shop.order(order: struct, priority?: int or nil, note?: string or nil, voucher?: string or nil): struct",
            "Other names: <code>buy</code>",
            "Orders an <strong>item</strong>.",
            "<code class=\"name\">order</code> <span class=\"type\">struct</span>",
            "<code class=\"name\">lines</code> <span class=\"type\">array of struct</span>",
            "<code class=\"name\">quantity</code> <span class=\"type\">int</span>",
            "<code class=\"name\">is_gift</code> <span class=\"type\">boolean</span> <span class=\"mark\">optional</span>",
            "<code class=\"name\">deliver_on</code> <span class=\"type\">dateTime.iso8601 or nil</span>",
            "<span class=\"default\">default <code>3</code></span>",
            "<span class=\"default\">default <code>&quot;&quot;</code></span>",
            "<code class=\"name\">price</code> <span class=\"type\">double</span>",
            "<code class=\"code\">404</code> <span class=\"message\">the shop has no {item}</span>",
            "The shop does not have the item.",
            "<code class=\"code\">409</code> <span class=\"message\">sold out until {0}</span>",
            "<code class=\"code\">500</code> <span class=\"message\">internal error</span>",
            "<code class=\"code\">402</code> <span class=\"message\">the card was refused</span>",
        ],
    );
    assert!(!article(&page, "m.shop.order").contains("no such account"));
    assert_contains(
        article(&page, "m.shop.cancel"),
        &[
            "<span class=\"badge\">deprecated</span>",
            "<div class=\"deprecated\"><p>Deprecated: use <code>shop.close</code></p>",
            "<span class=\"type\">boolean</span>",
        ],
    );
    assert_contains(
        article(&page, "m.shop.label"),
        &[
            "shop.label(number: i8, labels…: string): nil",
            "<span class=\"mark\">any number</span>",
        ],
    );
}

#[tokio::test]
async fn the_limits_of_the_server() {
    let dispatcher = shop().max_multicall_entries(12).max_response_bytes(3 << 20);
    let router = Endpoint::new(dispatcher)
        .max_body_bytes(2 << 10)
        .explorer()
        .into_router();
    assert_contains(
        &page(&router).await,
        &[
            "<dt>Size of a request</dt><dd>2 KiB</dd>",
            "<dt>Size of a response</dt><dd>3 MiB</dd>",
            "<dt>Calls in a multicall</dt><dd>12</dd>",
            "<dt>Elements of a request</dt><dd>1,000,000</dd>",
            "<dt>Time of a multicall</dt><dd>60 s</dd>",
        ],
    );
    let dispatcher = Dispatcher::new()
        .max_response_bytes(usize::MAX)
        .multicall(false);
    let router = Endpoint::new(dispatcher).explorer().into_router();
    let text = page(&router).await;
    assert_contains(&text, &["<dt>Size of a response</dt><dd>unlimited</dd>"]);
    assert!(!text.contains("Calls in a multicall"));
    let description = description(&router).await;
    assert_eq!(
        description["limits"]["response_bytes"],
        serde_json::Value::Null
    );
    assert_eq!(description["multicall"], false);
}

#[tokio::test]
async fn functions_are_grouped_by_namespace() {
    let dispatcher = Dispatcher::new()
        .method("clock.hour", || 12)
        .raw_method("raw", |_, _| 1)
        .method("clock.zone.name", || "UTC")
        .method_doc(
            "raw",
            MethodDoc::new("").param("tuple", Schema::Tuple(vec![Schema::Int, Schema::String])),
        );
    let page = page(&Endpoint::new(dispatcher).explorer().into_router()).await;
    assert_contains(
        &page,
        &[
            "<h2 id=\"hs.\">Methods without a namespace</h2>",
            "<h2 id=\"hs.clock\">clock</h2>",
            "<h2 id=\"hs.clock.zone\">clock.zone</h2>",
            "<span class=\"type\">array [int, string]</span>",
        ],
    );
    // The methods of the server itself come last.
    assert!(page.find("id=\"s.system\"") > page.find("id=\"s.clock.zone\""));
}

#[tokio::test]
async fn the_description_is_all_of_describe() {
    let description = description(&router()).await;
    let methods = serde_json::to_value(shop().describe()).unwrap();
    let methods = methods.as_array().unwrap();
    assert_eq!(
        description["methods"].as_array().unwrap().len(),
        methods.len()
    );
    for (index, method) in methods.iter().enumerate() {
        for (name, value) in method.as_object().unwrap() {
            assert_eq!(
                description["methods"][index][name], *value,
                "{name} of {method}"
            );
        }
    }
    assert_eq!(description["endpoint"], "");
    assert_eq!(description["warning"], serde_json::Value::Null);
    assert_eq!(description["multicall"], true);
    assert_eq!(
        description["services"][0],
        serde_json::json!({
            "name": "Shop",
            "help": "Orders of a shop, with [terms](https://shop.example/terms).",
            "generated": true,
            "methods": ["shop.cancel", "shop.label", "shop.order"],
        })
    );
    assert_eq!(description["services"][1]["generated"], false);
    let order = &description["methods"][2];
    assert_eq!(order["rust_name"], "order");
    assert_eq!(order["params"][1]["default"], "3");
    assert_eq!(order["faults"][0]["message"], "the shop has no {item}");
}

/// Names that look like the ids of other parts, and a namespace with the name of another section.
#[tokio::test]
async fn ids_are_unique() {
    let names = [
        "pow",
        "pow.h",
        "h.pow",
        "a.b",
        "a.b.h",
        "a.b.h.h",
        "h",
        "s.a",
        "2.system",
        "system.foo",
    ];
    let dispatcher = names.into_iter().fold(Dispatcher::new(), |all, name| {
        all.raw_method(name, |_, _| 1)
    });
    let direct = Endpoint::new(dispatcher.clone());
    for endpoint in [direct, Endpoint::over(dispatcher)] {
        let page = page(&endpoint.explorer().into_router()).await;
        let mut ids: Vec<_> = page.split(" id=\"").skip(1).collect();
        ids.iter_mut()
            .for_each(|id| *id = id.split('"').next().unwrap());
        let count = ids.len();
        ids.sort_unstable();
        let all = ids.clone();
        ids.dedup();
        assert_eq!(ids.len(), count, "{all:?}");
        for attribute in ["href=\"#", "aria-labelledby=\""] {
            for id in page.split(attribute).skip(1) {
                let id = id.split('"').next().unwrap();
                assert!(ids.binary_search(&id).is_ok(), "{attribute}{id}");
            }
        }
        for name in names {
            article(&page, &format!("m.{name}"));
        }
    }
}

#[tokio::test]
async fn a_namespace_with_the_name_of_another_section() {
    let dispatcher = Dispatcher::new().raw_method("system.foo", |_, _| 1);
    let page = page(&Endpoint::new(dispatcher).explorer().into_router()).await;
    assert_contains(
        &page,
        &[
            "<a href=\"#s.system\">system</a>",
            "<a href=\"#s2.system\">system</a>",
            "<section class=\"service\" id=\"s2.system\" data-service=\"system\" aria-labelledby=\"hs2.system\">",
            "<h2 id=\"hs2.system\">system</h2>",
        ],
    );
}
