//! Makes the pictures in `docs/`, and prints the sizes for `docs/explorer.md`:
//! `cargo run -p xmlrpc-browser-tests --bin screenshots`.

use std::fs;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use xmlrpc_browser_tests::{
    browser::test,
    chromedriver::workspace,
    form::{Do, id},
    page::Page,
    server::Server,
};
use xmlrpc_core::{DateTime, Dispatcher, TypedFault, xmlrpc_service};

/// A shop.
#[xmlrpc_service(namespace = "shop")]
trait Shop {
    /// Orders an item, and returns what it costs.
    ///
    /// The shop has only `tea`, for **3.50** each. Gifts are *wrapped* for free.
    #[xmlrpc(aliases = ["shop.buy"])]
    async fn order(&self, order: Order) -> Result<Receipt, OrderError>;

    /// Returns the number of items in stock.
    async fn stock(&self, item: &str, #[xmlrpc(default = "main")] store: &str) -> u32;

    /// Cancels an order.
    #[deprecated(note = "use `shop.order` with the quantity 0")]
    async fn cancel(&self, number: i64) -> bool;
}

/// Sums and powers.
#[xmlrpc_service(namespace = "calc")]
trait Calc {
    /// Adds numbers.
    async fn add(&self, #[xmlrpc(rest)] numbers: Vec<i64>) -> i64;

    /// Raises `base` to the power of `exponent`.
    async fn pow(&self, base: f64, exponent: f64) -> f64;
}

#[derive(Debug, Serialize, Deserialize)]
struct Order {
    item: String,
    quantity: u8,
    deliver_on: Option<DateTime>,
    #[serde(default)]
    is_gift: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct Receipt {
    number: i64,
    item: String,
    price: f64,
    deliver_on: Option<DateTime>,
    is_gift: bool,
}

#[derive(Debug, TypedFault)]
enum OrderError {
    /// The shop does not have the item.
    #[fault(code = 404, message = "the shop has no {item}")]
    UnknownItem {
        /// The item.
        item: String,
    },
}

struct Example;

impl Shop for Example {
    async fn order(&self, order: Order) -> Result<Receipt, OrderError> {
        if order.item != "tea" {
            return Err(OrderError::UnknownItem { item: order.item });
        }
        Ok(Receipt {
            number: 9_007_199_254_740_993,
            item: order.item,
            price: 3.5 * f64::from(order.quantity),
            deliver_on: order.deliver_on,
            is_gift: order.is_gift,
        })
    }

    async fn stock(&self, _: &str, _: &str) -> u32 {
        12
    }

    async fn cancel(&self, _: i64) -> bool {
        false
    }
}

impl Calc for Example {
    async fn add(&self, numbers: Vec<i64>) -> i64 {
        numbers.iter().sum()
    }

    async fn pow(&self, base: f64, exponent: f64) -> f64 {
        base.powf(exponent)
    }
}

/// The names, bytes and compressed bytes of the page and its files.
const SIZES: &str = "return ['navigation', 'resource'].flatMap((it) => performance.getEntriesByType(it)) \
    .map((it) => [it.name, it.decodedBodySize, it.encodedBodySize])";

#[tokio::main]
async fn main() {
    test(async |page| {
        let shop = Dispatcher::new().service(ShopServer::new(Example));
        let server = Server::start(shop.service(CalcServer::new(Example))).await;
        page.open(&server.url()).await;
        for (name, whole, compressed) in page.js::<Vec<(String, u64, u64)>>(SIZES, json!([])).await
        {
            println!("{name}: {whole} bytes, {compressed} compressed");
        }
        for (name, width, height, scheme, top) in [
            ("wide", 1200, 1440, "light", ".signature"),
            ("narrow", 390, 1000, "dark", "form"),
        ] {
            page.resize(width, height).await;
            page.colours(scheme).await;
            let hidden = json!({ "hidden": true });
            page.cdp("Emulation.setScrollbarsHidden", hidden).await;
            page.go("about:blank").await;
            page.open(&server.url()).await;
            show(&page, top).await;
            let picture = page.picture().await;
            let path = workspace().join(format!("docs/explorer-{name}.png"));
            println!("{}: {} bytes", path.display(), picture.len());
            fs::write(path, picture).expect("a picture");
        }
    })
    .await;
}

/// Calls a method, and scrolls so that a part of its description is at the top.
async fn show(page: &Page, top: &str) {
    let form = page.form("shop.order").await;
    form.acts(&[
        ("0.item", Do::Type("tea")),
        ("0.quantity", Do::Type("3")),
        ("0.deliver_on", Do::Type("2026-12-24T18:00:00")),
        ("0.is_gift", Do::Check),
    ])
    .await;
    form.call().await;
    let script = "document.activeElement.blur(); const announce = document.querySelector('#announce'); \
        if (announce) announce.textContent = ''; \
        document.querySelector(arguments[0]).scrollIntoView({ block: 'start', behavior: 'instant' }); \
        scrollBy({ top: -60, behavior: 'instant' }); return null";
    let top = format!("[id=\"{}\"] {top}", id("shop.order"));
    page.js::<Value>(script, json!([top])).await;
}
