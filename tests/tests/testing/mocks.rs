//! A mock of the server.

use mockall::predicate::eq;
use xmlrpc_core::{Client, ClientError, Dispatcher, Fault, xmlrpc_service};

#[xmlrpc_service] // first
#[cfg_attr(test, mockall::automock)] // second
pub trait Stock {
    async fn level(&self, article: &str) -> i64;
    #[xmlrpc(name = "stock.take")]
    async fn take(&self, article: &str, count: i64) -> Result<(), Fault>;
}

/// The code under test.
async fn take_all(stock: &StockClient, article: &str) -> Result<i64, ClientError> {
    let level = stock.level(article).await?;
    stock.take(article, level).await?;
    Ok(level)
}

fn client(mock: MockStock) -> StockClient {
    let server = Dispatcher::new().service(StockServer::new(mock));
    StockClient::new(Client::new(server).boxed())
}

#[tokio::test]
async fn takes_all_there_is() {
    let mut stock = MockStock::new();
    stock
        .expect_level()
        .with(eq("tea"))
        .once()
        .returning(|_| Box::pin(async { 7 }));
    stock
        .expect_take()
        .with(eq("tea"), eq(7))
        .once()
        .returning(|_, _| Box::pin(async { Ok(()) }));

    assert_eq!(take_all(&client(stock), "tea").await.unwrap(), 7);
}

#[tokio::test]
async fn reports_a_fault() {
    let mut stock = MockStock::new();
    stock.expect_level().returning(|_| Box::pin(async { 7 }));
    stock
        .expect_take()
        .returning(|_, _| Box::pin(async { Err(Fault::new(409, "reserved")) }));

    let error = take_all(&client(stock), "tea").await.unwrap_err();
    assert_eq!(error.fault().map(Fault::code), Some(409));
}

#[cfg_attr(not(test), xmlrpc_service(client))]
#[cfg_attr(test, xmlrpc_service)] // also generates a server
#[cfg_attr(test, mockall::automock)]
pub trait Bank {
    #[xmlrpc(name = "bank.balance")]
    async fn balance(&self, account: u32) -> i64;
}

#[tokio::test]
async fn reads_the_balance() {
    let mut bank = MockBank::new();
    bank.expect_balance().returning(|_| Box::pin(async { 7 }));

    let server = Dispatcher::new().service(BankServer::new(bank));
    let bank = BankClient::new(Client::new(server));
    assert_eq!(bank.balance(1).await.unwrap(), 7);
}
