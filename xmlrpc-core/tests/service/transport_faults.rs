//! The faults of servers that pass calls on.

use std::{error::Error, io, time::Duration};

use tower::{BoxError, Service, ServiceExt, service_fn, timeout::Timeout};
use xmlrpc_core::{Fault, Request, client::TransportError};

async fn elapsed() -> BoxError {
    let forever = service_fn(|_: Request| std::future::pending::<Result<(), BoxError>>());
    let mut timeout = Timeout::new(forever, Duration::from_millis(1));
    let ready = timeout.ready().await.unwrap();
    ready.call(Request::new("", "")).await.unwrap_err()
}

#[tokio::test]
async fn codes_and_texts() {
    let own = Fault::new(7, "as asked");
    let table: [(BoxError, i32, &str); 9] = [
        (
            TransportError::connect("x").into(),
            -32300,
            "cannot be reached",
        ),
        (TransportError::timeout("x").into(), -32001, "took too long"),
        (TransportError::limit("x").into(), -32300, "is too large"),
        (TransportError::other("x").into(), -32300, "may have run"),
        (elapsed().await, -32001, "took too long"),
        (
            tower::load_shed::error::Overloaded::new().into(),
            -32002,
            "try again later",
        ),
        (
            io::Error::from(io::ErrorKind::ConnectionRefused).into(),
            -32300,
            "cannot be reached",
        ),
        (own.clone().into(), 7, "as asked"),
        ("secret".into(), -32300, "may have run"),
    ];
    for (error, code, text) in table {
        let shown = error.to_string();
        let fault = Fault::transport(error);
        assert_eq!(fault.code(), code, "{shown}");
        assert!(fault.message().contains(text), "{shown}: {fault}");
        assert_eq!(fault.source().is_some(), fault != own, "{shown}");
    }
    // Inside another error.
    let inner = Fault::transport(TransportError::other(own.clone()));
    assert_eq!(inner, own);
}
