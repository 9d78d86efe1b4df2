//! Requests to an endpoint with the explorer, and a service for it.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use serde::{Deserialize, Serialize};
use tower::ServiceExt;
use xmlrpc_axum::Endpoint;
use xmlrpc_core::{DateTime, Dispatcher, Fault, TypedFault, xmlrpc_service};

#[path = "../common/http_raw.rs"]
#[allow(dead_code)] // shared with other executables
pub(crate) mod http_raw;

#[allow(dead_code)] // shared with other executables
#[path = "../../../tests/common/http_server.rs"]
pub(crate) mod http_server;

/// Orders of a shop, with [terms](https://shop.example/terms).
#[xmlrpc_service(namespace = "shop")]
pub trait Shop {
    /// Orders an **item**.
    #[xmlrpc(aliases = ["buy"])]
    async fn order(
        &self,
        order: Order,
        #[xmlrpc(default = 3)] priority: i32,
        #[xmlrpc(default)] note: String,
        voucher: Option<String>,
    ) -> Result<Receipt, OrderError>;

    /// Cancels an order.
    #[deprecated(note = "use `shop.close`")]
    async fn cancel(&self, number: i64) -> bool;

    /// Adds labels to an order.
    async fn label(&self, number: i64, #[xmlrpc(rest)] labels: Vec<String>) -> Result<(), Fault>;
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Order {
    pub item: String,
    pub lines: Vec<Line>,
    pub deliver_on: Option<DateTime>,
    #[serde(default)]
    pub is_gift: bool,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Line {
    pub product: String,
    pub quantity: u8,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Receipt {
    pub number: i64,
    pub price: f64,
}

#[derive(Debug, TypedFault)]
pub enum OrderError {
    /// The shop does not have the item.
    #[fault(code = 404, message = "the shop has no {item}")]
    UnknownItem { item: String },
    #[fault(code = 409, message = "sold out until {0}")]
    SoldOut(String),
    #[fault(code = 500, internal)]
    Secret(String),
    #[fault(internal)]
    Unnamed(String),
    #[fault(other)]
    Payment(PaymentError),
}

#[derive(Debug, TypedFault)]
pub enum PaymentError {
    #[fault(code = 402, message = "the card was refused")]
    Refused,
    /// It has the code of another fault, which comes first.
    #[fault(code = 404, message = "no such account")]
    NoAccount,
}

pub struct Example;

impl Shop for Example {
    async fn order(
        &self,
        order: Order,
        priority: i32,
        note: String,
        _: Option<String>,
    ) -> Result<Receipt, OrderError> {
        let quantity: f64 = order
            .lines
            .iter()
            .map(|line| f64::from(line.quantity))
            .sum();
        match (order.item.as_str(), note.as_str()) {
            ("tea", _) => Ok(Receipt {
                number: priority.into(),
                price: 3.5 * quantity,
            }),
            ("coffee", _) => Err(OrderError::SoldOut("Monday".to_owned())),
            ("", "secret") => Err(OrderError::Secret(note)),
            ("", "unnamed") => Err(OrderError::Unnamed(note)),
            ("", "refused") => Err(OrderError::Payment(PaymentError::Refused)),
            ("", _) => Err(OrderError::Payment(PaymentError::NoAccount)),
            _ => Err(OrderError::UnknownItem { item: order.item }),
        }
    }

    async fn cancel(&self, number: i64) -> bool {
        number > 0
    }

    async fn label(&self, _: i64, _: Vec<String>) -> Result<(), Fault> {
        Ok(())
    }
}

pub fn shop() -> Dispatcher {
    Dispatcher::new().service(ShopServer::new(Example))
}

/// The endpoint of a shop with its page, on `/` and `/RPC2`.
pub fn router() -> Router {
    Endpoint::new(shop()).explorer().into_router()
}

/// A response that is read to its end.
#[derive(Debug)]
pub struct Got {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Got {
    #[track_caller]
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("no {name}: {:?}", self.headers))
            .to_str()
            .unwrap()
    }
}

/// Sends a request with these headers. The host is `localhost` unless they say otherwise.
pub async fn request(router: &Router, method: &str, uri: &str, headers: &[(&str, &str)]) -> Got {
    let mut request = Request::builder().method(method).uri(uri);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", "localhost");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    Got {
        status: parts.status,
        headers: parts.headers,
        body: to_bytes(body, usize::MAX).await.unwrap().to_vec(),
    }
}

/// Gets a page.
pub async fn page(router: &Router) -> String {
    let got = request(router, "GET", "/", &[("accept", "text/html")]).await;
    assert_eq!(got.status, 200, "{got:?}");
    got.text().to_owned()
}

/// Gets `description.json`.
pub async fn description(router: &Router) -> serde_json::Value {
    let got = request(router, "GET", "/?description.json", &[]).await;
    assert_eq!(got.status, 200, "{got:?}");
    assert_eq!(got.header("content-type"), "application/json");
    serde_json::from_slice(&got.body).unwrap()
}
