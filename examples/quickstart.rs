//! Everything in one process: a service, its server on a free port, and its typed client.
//!
//! `cargo run --example quickstart`. With `-- --stay`, it continues to serve other clients. Open its address
//! in a browser to see its methods and to call them.

use std::{error::Error, sync::Arc};

use jiff::Zoned;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use xmlrpc_axum::Endpoint;
use xmlrpc_client::Client;
use xmlrpc_core::{DateTime, Dispatcher, Fault, TypedFault, xmlrpc_service};

/// The demo service of Python's `xmlrpc.server`.
#[xmlrpc_service]
pub trait Demo {
    /// Returns the answer.
    #[xmlrpc(name = "getData")]
    async fn get_data(&self) -> String;

    /// Raises `base` to the power of `exponent`.
    async fn pow(&self, base: i64, exponent: u32) -> Result<i64, Fault>;

    /// Adds two numbers.
    async fn add(&self, a: i64, b: i64) -> i64;
}

/// The clock of the same service, in its own namespace.
#[xmlrpc_service(namespace = "currentTime", rename_all = "camelCase")]
pub trait CurrentTime {
    /// Returns the local time.
    async fn get_current_time(&self) -> DateTime; // currentTime.getCurrentTime
}

/// A shop, whose methods take and return structs.
#[xmlrpc_service(namespace = "shop")]
pub trait Shop {
    /// Orders an item, and returns what it costs.
    ///
    /// The shop has only `tea`, for **3.50** each. Gifts are *wrapped* for free.
    async fn order(&self, order: Order) -> Result<Receipt, OrderError>; // shop.order
}

/// What a customer orders.
#[derive(Debug, Serialize, Deserialize)]
pub struct Order {
    item: String,
    quantity: u8,
    deliver_on: Option<DateTime>,
    #[serde(default)]
    is_gift: bool,
}

/// What the order costs.
#[derive(Debug, Serialize, Deserialize)]
pub struct Receipt {
    item: String,
    price: f64,
    is_gift: bool,
}

/// Why an order fails. Clients get this type back.
#[derive(Debug, TypedFault)]
pub enum OrderError {
    /// The shop does not have the item.
    #[fault(code = 404, message = "the shop has no {item}")]
    UnknownItem {
        /// The item.
        item: String,
    },
}

struct Example;

impl Demo for Example {
    async fn get_data(&self) -> String {
        "42".to_owned()
    }

    async fn pow(&self, base: i64, exponent: u32) -> Result<i64, Fault> {
        base.checked_pow(exponent)
            .ok_or_else(|| Fault::new(1, "the result exceeds 64 bits"))
    }

    async fn add(&self, a: i64, b: i64) -> i64 {
        a.saturating_add(b)
    }
}

impl CurrentTime for Example {
    async fn get_current_time(&self) -> DateTime {
        Zoned::now().datetime().into()
    }
}

impl Shop for Example {
    async fn order(&self, order: Order) -> Result<Receipt, OrderError> {
        if order.item != "tea" {
            return Err(OrderError::UnknownItem { item: order.item });
        }
        Ok(Receipt {
            item: order.item,
            price: 3.5 * f64::from(order.quantity),
            is_gift: order.is_gift,
        })
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // The server: an ordinary axum app, with a page for browsers, until SIGTERM or Ctrl-C.
    let example = Arc::new(Example);
    let rpc = Dispatcher::new()
        .service(DemoServer::new(example.clone()))
        .service(CurrentTimeServer::new(example.clone()))
        .service(ShopServer::new(example));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/RPC2", listener.local_addr()?);
    println!("serving XML-RPC on {url}");
    let app: axum::Router = Endpoint::new(rpc).explorer().into_router();
    let server = tokio::spawn(async {
        xmlrpc_axum::serve(listener, app)
            .with_graceful_shutdown(xmlrpc_axum::shutdown_signal())
            .await
    });

    // The client: a typed stub of each trait.
    let client = Client::new(&url)?;
    let demo = DemoClient::new(client.clone());
    let clock = CurrentTimeClient::new(client.clone());

    println!("getData()    = {:?}", demo.get_data().await?);
    println!("pow(2, 9)    = {}", demo.pow(2, 9).await?);
    println!("add(1, 2)    = {}", demo.add(1, 2).await?);
    println!(
        "currentTime.getCurrentTime() = {}",
        clock.get_current_time().await?
    );

    // Three calls in one request, each result with its own type and its own fault.
    let calls = (demo.get_data(), demo.pow(10, 99), demo.add(1, 2));
    let (data, power, sum) = client.multicall(calls).await?;
    println!(
        "multicall    = {:?}, {}, {}",
        data?,
        power.unwrap_err(),
        sum?
    );

    // A fault of the method itself, and one of the server.
    let error = demo.pow(10, 99).await.unwrap_err();
    println!(
        "pow(10, 99)  : {}",
        error.fault().ok_or("expected a fault")?
    );
    let error = client.call::<i64>("sub", (3, 1)).await.unwrap_err();
    println!(
        "sub(3, 1)    : {}",
        error.fault().ok_or("expected a fault")?
    );

    if std::env::args().any(|argument| argument == "--stay") {
        println!("still serving; open {url} in a browser, or stop with Ctrl-C");
        server.await??;
    }
    Ok(())
}
