//! The code under test.

use xmlrpc_core::{BoxTransport, Client, ClientError, Fault, xmlrpc_service};

#[xmlrpc_service(client)]
pub trait Shop {
    async fn price(&self, article: &str) -> Result<i64, Fault>;
    #[xmlrpc(name = "order.create")]
    async fn order(&self, article: &str, count: u32) -> Result<String, Fault>;
}

/// Buys what is cheap.
pub struct Buyer {
    shop: ShopClient, // over any transport
    budget: i64,
}

impl Buyer {
    pub fn new(client: Client<BoxTransport>, budget: i64) -> Self {
        let shop = ShopClient::new(client);
        Self { shop, budget }
    }

    pub async fn buy(&self, article: &str) -> Result<Option<String>, ClientError> {
        if self.shop.price(article).await? > self.budget {
            return Ok(None);
        }
        let order = self.shop.order(article, 1).await?;
        Ok(Some(order))
    }
}

pub fn buyer(url: &str) -> Result<Buyer, xmlrpc_client::BuildError> {
    let client = xmlrpc_client::Client::new(url)?;
    Ok(Buyer::new(client.boxed(), 100))
}

#[test]
fn it_can_be_built_for_a_server() {
    assert!(buyer("http://shop.example/RPC2").is_ok());
}
