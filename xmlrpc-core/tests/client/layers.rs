//! Layers of tower around a transport, between the client and its peer.

use std::time::Duration;

use tower::{Service, ServiceBuilder};
use xmlrpc_core::{Client, Request, Response, Transport, client::BoxError};

use crate::common::calc::{CalcClient, Counting, counting, dispatcher};

/// Retries once, whatever the error is.
#[derive(Clone)]
struct Once(bool);

impl tower::retry::Policy<Request, Response, BoxError> for Once {
    type Future = std::future::Ready<()>;

    fn retry(
        &mut self,
        _: &mut Request,
        result: &mut Result<Response, BoxError>,
    ) -> Option<Self::Future> {
        (result.is_err() && std::mem::take(&mut self.0)).then(|| std::future::ready(()))
    }

    fn clone_request(&mut self, request: &Request) -> Option<Request> {
        Some(request.clone())
    }
}

#[tokio::test]
async fn layers_of_tower_stack_over_any_transport() {
    async fn works<T: Transport>(transport: T) {
        let calc = CalcClient::new(Client::new(transport));
        assert_eq!(calc.add(2, 3).await.unwrap(), 5);
    }
    let layers = || ServiceBuilder::new();
    works(
        layers()
            .timeout(Duration::from_secs(10))
            .service(dispatcher()),
    )
    .await;
    works(layers().concurrency_limit(2).service(dispatcher())).await;
    works(
        layers()
            .load_shed()
            .concurrency_limit(2)
            .service(dispatcher()),
    )
    .await;
    works(layers().buffer(8).service(dispatcher())).await;
    let flaky = counting(0).0.transport().clone();
    works(layers().retry(Once(true)).service(Recovering(flaky))).await;
    let all = layers()
        .buffer(8)
        .load_shed()
        .concurrency_limit(2)
        .timeout(Duration::from_secs(10))
        .service(dispatcher());
    works(all).await;
}

/// Fails only on its first request.
#[derive(Clone)]
struct Recovering(Counting);

impl Service<Request> for Recovering {
    type Response = Response;
    type Error = BoxError;
    type Future = <Counting as Service<Request>>::Future;

    fn poll_ready(
        &mut self,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let future = self.0.call(request);
        self.0.fail_from = usize::MAX;
        future
    }
}

#[tokio::test]
async fn the_time_out_of_a_layer_is_reported_as_a_time_out() {
    let transport = ServiceBuilder::new()
        .timeout(Duration::from_millis(10))
        .service(dispatcher());
    let error = CalcClient::new(Client::new(transport))
        .slow(10_000)
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn a_concurrency_limit_holds_calls_back() {
    let transport = ServiceBuilder::new()
        .concurrency_limit(1)
        .service(dispatcher());
    let calc = CalcClient::new(Client::new(transport));
    let first = calc.slow(100).into_future();
    let second = calc
        .slow(0)
        .timeout(Duration::from_millis(10))
        .into_future();
    let (first, second) = futures_util::future::join(first, second).await;
    assert!(first.unwrap());
    assert!(second.unwrap_err().is_timeout());
}
