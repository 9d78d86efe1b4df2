//! A dispatcher of closures instead of the server.

use std::sync::{Arc, Mutex};

use xmlrpc_core::{Client, Context, Dispatcher, Fault, Value, value};

use crate::shop::Buyer;

fn buyer(server: Dispatcher) -> Buyer {
    Buyer::new(Client::new(server).boxed(), 100)
}

#[tokio::test]
async fn buys_what_is_cheap() {
    let server = Dispatcher::new()
        .method("price", |article: String| {
            assert_eq!(article, "tea");
            100
        })
        .method("order.create", |_article: String, count: u32| {
            format!("order of {count}")
        });

    let bought = buyer(server).buy("tea").await.unwrap();
    assert_eq!(bought.as_deref(), Some("order of 1"));
}

#[tokio::test]
async fn does_not_order_what_is_expensive() {
    // The dispatcher does not have `order.create`, so an order would be an error.
    let server = Dispatcher::new().method("price", |_article: String| 101);

    assert_eq!(buyer(server).buy("gold").await.unwrap(), None);
}

#[tokio::test]
async fn reports_the_fault_of_the_server() {
    let server = Dispatcher::new().method("price", |_article: String| {
        Err::<i64, _>(Fault::new(404, "no such article"))
    });

    let error = buyer(server).buy("unicorn").await.unwrap_err();
    assert_eq!(error.fault().map(Fault::code), Some(404));
}

#[tokio::test]
async fn sends_these_calls() {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&calls);
    let server = Dispatcher::new().fallback(move |name, params, _context: Context| {
        let result = if name == "price" {
            value!(5)
        } else {
            value!("order 7")
        };
        seen.lock()
            .unwrap()
            .push((name, params.to_values().unwrap()));
        result
    });

    buyer(server).buy("tea").await.unwrap();
    let expected: [(String, Vec<Value>); 2] = [
        ("price".into(), vec![value!("tea")]),
        ("order.create".into(), vec![value!("tea"), value!(1)]),
    ];
    assert_eq!(*calls.lock().unwrap(), expected);
}
