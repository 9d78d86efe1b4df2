//! Names on the wire with letters outside of ASCII, and return types that are aliases of `Result`.

use xmlrpc_core::{Call, Client, Dispatcher, Fault, schema::ServiceDescription, xmlrpc_service};

type Result<T> = std::result::Result<T, Fault>;

#[xmlrpc_service(namespace = "prüf")]
pub trait Words {
    #[xmlrpc(name = "têšt", aliases = ["試験"])]
    async fn test(&self, word: &str) -> Result<String>;
    async fn größe(&self) -> Result<usize>;
}

struct Echo;

impl Words for Echo {
    async fn test(&self, word: &str) -> Result<String> {
        Ok(word.to_owned())
    }

    async fn größe(&self) -> Result<usize> {
        Ok(1)
    }
}

#[tokio::test]
async fn letters_outside_of_ascii() {
    let dispatcher = Dispatcher::new().service(WordsServer::new(Echo));
    let client = Client::new(dispatcher);
    let words = WordsClient::new(&client);
    assert_eq!(words.test("a").method(), "prüf.têšt");
    assert_eq!(words.test("a").await.unwrap(), "a");
    assert_eq!(words.größe().await.unwrap(), 1);
    assert_eq!(client.call::<String>("試験", ("b",)).await.unwrap(), "b");
    let entries = client.multicall((words.test("c"), words.größe())).await;
    let (test, size) = entries.unwrap();
    assert_eq!((test.unwrap(), size.unwrap()), ("c".to_owned(), 1));
    let names = client.call::<Vec<String>>("system.listMethods", ());
    let names = names.await.unwrap();
    for name in ["prüf.größe", "prüf.têšt", "試験"] {
        assert!(names.iter().any(|listed| listed == name), "{names:?}");
    }
}

#[test]
fn the_stub_has_the_value_of_an_alias() {
    let words = WordsClient::new(Client::new(Dispatcher::new()));
    let _: Call<Dispatcher, String> = words.test("a");
    let description: ServiceDescription = WordsClient::describe();
    assert_eq!(
        description.methods[0].to_string(),
        "prüf.têšt(word: string): string"
    );
}
