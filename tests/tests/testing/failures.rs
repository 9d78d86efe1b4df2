//! Failures of the network, without a network.

use tower::service_fn;
use xmlrpc_core::{Client, Request, Response, client::TransportError, http::StatusCode};

use crate::shop::Buyer;

#[tokio::test]
async fn reports_that_the_server_is_down() {
    let down = service_fn(|_: Request| async {
        Err::<Response, _>(TransportError::connect("connection refused"))
    });

    let buyer = Buyer::new(Client::new(down).boxed(), 100);
    let error = buyer.buy("tea").await.unwrap_err();
    assert!(error.is_connect());
}

#[tokio::test]
async fn reports_a_response_that_is_not_xml_rpc() {
    let broken = service_fn(|_: Request| async {
        let mut response = Response::new("<html>Bad Gateway</html>");
        response.status = StatusCode::BAD_GATEWAY;
        Ok::<_, TransportError>(response)
    });

    let buyer = Buyer::new(Client::new(broken).boxed(), 100);
    let error = buyer.buy("tea").await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::BAD_GATEWAY));
}
