//! The services of the tests. The programs that the page writes in Rust use their stubs.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};
use xmlrpc_core::{Base64, DateTime, Dispatcher, Fault, TypedFault, Value, xmlrpc_service};

/// A method for each kind of parameter. Each returns what it is given.
#[xmlrpc_service(namespace = "kinds")]
pub trait Kinds {
    /// Returns an integer of 32 bits.
    async fn int(&self, value: i32) -> i32;
    /// Returns an integer of 64 bits.
    async fn long(&self, value: i64) -> i64;
    /// Returns an integer of 8 bits.
    async fn byte(&self, value: u8) -> u8;
    async fn double(&self, value: f64) -> f64;
    async fn boolean(&self, value: bool) -> bool;
    async fn text(&self, value: &str) -> String;
    async fn letter(&self, value: char) -> char;
    async fn colour(&self, value: Colour) -> Colour;
    async fn date(&self, value: DateTime) -> DateTime;
    async fn bytes(&self, value: Base64) -> Base64;
    async fn list(&self, values: Vec<i64>) -> Vec<i64>;
    async fn pair(&self, pair: (i64, String)) -> (i64, String);
    async fn map(&self, counts: BTreeMap<String, i64>) -> BTreeMap<String, i64>;
    /// Returns an order, with its lines.
    async fn order(&self, order: Order) -> Order;
    async fn option(&self, value: Option<i64>) -> Option<i64>;
    async fn defaults(
        &self,
        first: i64,
        #[xmlrpc(default = 10)] second: i64,
        #[xmlrpc(default = "main")] third: &str,
    ) -> (i64, i64, String);
    async fn rest(&self, first: &str, #[xmlrpc(rest)] others: Vec<i64>) -> (String, Vec<i64>);
    async fn any(&self, value: Value) -> Value;
    async fn none(&self) -> String;
}

/// A text on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Colour {
    Red,
    Green,
}

/// What a customer orders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Order {
    pub customer: Customer,
    pub lines: Vec<Line>,
    pub note: Option<String>,
    #[serde(default)]
    pub is_gift: bool,
}

/// Who orders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    pub name: String,
    pub born: DateTime,
}

/// A part of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub product: String,
    pub quantity: u8,
}

/// Methods that do not only return what they are given.
#[xmlrpc_service(namespace = "more")]
pub trait More {
    /// Divides two numbers.
    ///
    /// The result is **rounded** toward zero, like `a / b` in [Rust](https://www.rust-lang.org/).
    #[xmlrpc(aliases = ["more.quotient", "more.ratio"])]
    async fn divide(&self, a: i64, b: i64) -> Result<i64, DivideError>;
    /// Divides two numbers.
    #[deprecated(note = "use `more.divide`")]
    async fn div(&self, a: i64, b: i64) -> Result<i64, Fault>;
    /// Returns after some seconds.
    async fn slow(&self, seconds: u32) -> bool;
    /// Returns a list of so many numbers.
    async fn many(&self, count: u32) -> Vec<u32>;
    /// Returns lists in lists.
    async fn deep(&self, levels: u32) -> Value;
}

/// Why a division fails.
#[derive(Debug, TypedFault)]
pub enum DivideError {
    /// The divisor is zero.
    #[fault(code = 33, message = "{a} cannot be divided by zero")]
    ByZero {
        /// The dividend.
        a: i64,
    },
}

/// The implementation of all services.
#[derive(Clone, Copy, Debug)]
pub struct Example;

impl Kinds for Example {
    async fn int(&self, value: i32) -> i32 {
        value
    }
    async fn long(&self, value: i64) -> i64 {
        value
    }
    async fn byte(&self, value: u8) -> u8 {
        value
    }
    async fn double(&self, value: f64) -> f64 {
        value
    }
    async fn boolean(&self, value: bool) -> bool {
        value
    }
    async fn text(&self, value: &str) -> String {
        value.to_owned()
    }
    async fn letter(&self, value: char) -> char {
        value
    }
    async fn colour(&self, value: Colour) -> Colour {
        value
    }
    async fn date(&self, value: DateTime) -> DateTime {
        value
    }
    async fn bytes(&self, value: Base64) -> Base64 {
        value
    }
    async fn list(&self, values: Vec<i64>) -> Vec<i64> {
        values
    }
    async fn pair(&self, pair: (i64, String)) -> (i64, String) {
        pair
    }
    async fn map(&self, counts: BTreeMap<String, i64>) -> BTreeMap<String, i64> {
        counts
    }
    async fn order(&self, order: Order) -> Order {
        order
    }
    async fn option(&self, value: Option<i64>) -> Option<i64> {
        value
    }
    async fn defaults(&self, first: i64, second: i64, third: &str) -> (i64, i64, String) {
        (first, second, third.to_owned())
    }
    async fn rest(&self, first: &str, others: Vec<i64>) -> (String, Vec<i64>) {
        (first.to_owned(), others)
    }
    async fn any(&self, value: Value) -> Value {
        value
    }
    async fn none(&self) -> String {
        "nothing".to_owned()
    }
}

impl More for Example {
    async fn divide(&self, a: i64, b: i64) -> Result<i64, DivideError> {
        a.checked_div(b).ok_or(DivideError::ByZero { a })
    }
    async fn div(&self, a: i64, b: i64) -> Result<i64, Fault> {
        a.checked_div(b)
            .ok_or_else(|| Fault::new(1, "division by zero"))
    }
    async fn slow(&self, seconds: u32) -> bool {
        tokio::time::sleep(Duration::from_secs(seconds.into())).await;
        true
    }
    async fn many(&self, count: u32) -> Vec<u32> {
        (0..count).collect()
    }
    async fn deep(&self, levels: u32) -> Value {
        (0..levels).fold(Value::Int(5), |inner, _| {
            Value::Array([inner].into_iter().collect())
        })
    }
}

/// All services.
pub fn dispatcher() -> Dispatcher {
    let dispatcher = Dispatcher::new().service(KindsServer::new(Example));
    dispatcher.service(MoreServer::new(Example))
}

/// A thousand methods in ten groups.
pub fn thousand() -> Dispatcher {
    (0..1000).fold(
        Dispatcher::new().introspection(false),
        |dispatcher, index| {
            let name = format!("group{}.method{index}", index % 10);
            dispatcher.method_with_params(name)
        },
    )
}

trait WithParams {
    fn method_with_params(self, name: String) -> Self;
}

impl WithParams for Dispatcher {
    fn method_with_params(self, name: String) -> Self {
        use xmlrpc_core::{schema::Schema, service::MethodDoc};
        let doc = MethodDoc::new(
            "Adds numbers, and writes the sum **into a list**.\n\nThe list is kept.",
        )
        .param("first", Schema::Int)
        .param("second", Schema::Int)
        .optional_param("note", Schema::String)
        .result(Schema::Int);
        self.method(&name, |a: i64, b: i64, _: Option<String>| a + b)
            .method_doc(&name, doc)
    }
}
