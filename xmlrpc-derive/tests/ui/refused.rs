//! The client has methods with errors as well: their uses are no further errors.

use xmlrpc_core::{Client, ClientError, Dispatcher, Fault, xmlrpc_service};

#[xmlrpc_service]
pub trait Refused {
    async fn nested(&self, a: &[&str]) -> Vec<String>;
    async fn borrowed(&self, id: i64) -> Result<&str, Fault>;
    async fn generic<T: serde::Serialize>(&self, value: T) -> Option<i64>;
    async fn opaque(&self, a: impl serde::Serialize) -> bool;
    #[xmlrpc(bogus)]
    async fn bogus(&self, #[xmlrpc(context)] cx: &xmlrpc_core::Context, a: Option<u8>) -> f64;
    async fn pattern(&self, (a, b): (i64, i64)) -> i64;
    async fn owned(self);
    async fn mutable(&mut self, a: &mut i64);
    async fn without_self(a: i64) -> i64;
}

pub async fn uses(client: &Client<Dispatcher>) -> Result<(), ClientError> {
    let refused = RefusedClient::new(client);
    let all: Vec<String> = refused.nested(&["a"]).await?;
    let text: String = refused.borrowed(all.len() as i64).await?;
    let number: Option<i64> = refused.generic::<&str>(&text).await?;
    let yes: bool = refused.opaque((1, "a")).idempotent().await?;
    let float: f64 = refused.bogus(None).await?;
    let sum: i64 = refused.pattern((1, 2)).await?;
    let (unit, other) = client.multicall((refused.owned(), refused.mutable(&mut 1))).await?;
    drop((number, yes, float, sum, unit?, other?));
    let _ = RefusedClient::<Dispatcher>::without_self(1).await?;
    Ok(())
}

fn main() {}
