//! `Call::with_response`: what a response has besides the result.

use http::StatusCode;
use tower::{ServiceExt, service_fn};
use xmlrpc_core::{
    Call, Client, Context, Dispatcher, Fault, Request, Response, Transport,
    client::{BoxError, CallResponse, TransportError},
    xmlrpc_service,
};

#[xmlrpc_service]
trait Shop {
    async fn price(&self, #[xmlrpc(context)] cx: &Context, article: &str) -> Result<i64, Fault>;
}

struct Tea;

impl Shop for Tea {
    async fn price(&self, cx: &Context, article: &str) -> Result<i64, Fault> {
        cx.response_headers().append("x-article", article)?;
        match article {
            "tea" => Ok(3),
            _ => Err(Fault::new(404, "sold out")),
        }
    }
}

fn dispatcher() -> Dispatcher {
    Dispatcher::new().service(ShopServer::new(Tea))
}

#[derive(Clone, Debug, PartialEq)]
struct Number(u32);

/// The methods of the shop, with this status, and with the number of the request as an extension.
fn client(dispatcher: Dispatcher, status: StatusCode) -> Client<impl Transport> {
    let mut number = 0;
    Client::new(dispatcher.map_response(move |mut response: Response| {
        number += 1;
        response.status = status;
        response.extensions.insert(Number(number));
        response
    }))
}

fn articles<R>(response: &CallResponse<R>) -> Vec<&str> {
    let values = response.headers.get_all("x-article").iter();
    values.map(|value| value.to_str().unwrap()).collect()
}

#[tokio::test]
async fn a_result() {
    for status in [StatusCode::OK, StatusCode::SERVICE_UNAVAILABLE] {
        let shop = ShopClient::new(client(dispatcher(), status));
        let price = shop.price("tea").with_response().await.unwrap();
        assert_eq!((price.value, price.status), (3, status));
        assert_eq!(articles(&price), ["tea"]);
        assert_eq!(price.extensions.get(), Some(&Number(1)));
        let shown = format!("{price:?}");
        assert!(
            shown.contains("value: 3") && !shown.contains("tea"),
            "{shown}"
        );

        // With other options, and converted on both sides.
        let call: Call<_, CallResponse<String>> = shop
            .price("tea")
            .map(|price| price + 1)
            .with_response()
            .map(|price| price.map(|price| price.to_string()));
        let price = call.idempotent().header("x-a", "b").await.unwrap();
        assert_eq!(price.value, "4");
        assert_eq!(articles(&price), ["tea"]);
    }
}

#[tokio::test]
async fn an_error() {
    let shop = ShopClient::new(client(dispatcher(), StatusCode::OK));
    let error = shop.price("cake").with_response().await.unwrap_err();
    assert_eq!(error.fault(), Some(&Fault::new(404, "sold out")));
    assert_eq!(articles(error.response().unwrap()), ["cake"]);
    assert_eq!(articles(error.clone().response().unwrap()), ["cake"]);
    // Only if it was asked for.
    let error = shop.price("cake").await.unwrap_err();
    assert!(error.response().is_none());

    // A result of another type.
    let call = shop.client().call::<bool>("price", ("tea",));
    let error = call.with_response().await.unwrap_err();
    assert!(error.is_decode(), "{error}");
    assert_eq!(articles(error.response().unwrap()), ["tea"]);

    // A response that is not one.
    let busy = service_fn(|_: Request| async {
        let mut response = Response::new("busy");
        response.status = StatusCode::SERVICE_UNAVAILABLE;
        response.headers.insert("retry-after", "7".parse()?);
        Ok::<_, BoxError>(response)
    });
    let call = Client::new(busy).call::<i64>("price", ("tea",));
    let error = call.with_response().await.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(error.response().unwrap().headers["retry-after"], "7");

    // No response.
    let broken = service_fn(|_: Request| async {
        Err::<Response, _>(TransportError::connect("nobody there"))
    });
    let call = Client::new(broken).call::<i64>("price", ("tea",));
    let error = call.with_response().await.unwrap_err();
    assert!(error.is_connect() && error.response().is_none());
}

#[tokio::test]
async fn entries_share_their_response() {
    let shop = ShopClient::new(client(dispatcher(), StatusCode::OK));
    let client = shop.client();
    let calls = (
        shop.price("tea").with_response(),
        shop.price("cake").with_response(),
        shop.price("tea"),
    );
    let (tea, cake, plain) = client.multicall(calls).await.unwrap();
    let tea = tea.unwrap();
    assert_eq!((tea.value, plain.unwrap()), (3, 3));
    assert_eq!(articles(&tea), ["tea", "cake", "tea"]);
    let error = cake.unwrap_err();
    assert_eq!(error.fault().map(Fault::code), Some(404));
    let cake = error.response().unwrap();
    assert_eq!(articles(cake), ["tea", "cake", "tea"]);
    assert_eq!(tea.extensions.get(), Some(&Number(1)));
    assert_eq!(cake.extensions.get(), Some(&Number(1)));
}

#[tokio::test]
async fn entries_that_were_sent_in_several_requests() {
    // One after the other, because the server has no multicall; and in parts.
    let alone = client(dispatcher().multicall(false), StatusCode::OK).system_multicall(false);
    let parts = client(dispatcher(), StatusCode::OK).max_multicall_entries(1);
    let [one, other] = both(&ShopClient::new(alone)).await;
    assert_eq!(
        (articles(&one), articles(&other)),
        (vec!["tea"], vec!["tea"])
    );
    let [one, other] = both(&ShopClient::new(parts)).await;
    assert_eq!(
        (articles(&one), articles(&other)),
        (vec!["tea"], vec!["tea"])
    );
}

async fn both<T: Transport>(shop: &ShopClient<T>) -> [CallResponse<i64>; 2] {
    let price = || shop.price("tea").with_response();
    let prices = shop.client().multicall([price(), price()]).await.unwrap();
    prices.map(Result::unwrap)
}
