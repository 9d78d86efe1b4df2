//! Traits that are generic, or have bounds, supertraits and default bodies.

use std::{
    collections::BTreeMap,
    fmt::{Debug, Display},
    hash::Hash,
    sync::{Arc, Mutex},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use xmlrpc_core::{Client, Dispatcher, Fault, xmlrpc_service};

pub trait Key: Serialize + DeserializeOwned + Debug + Ord + Send + Sync + 'static {}
impl Key for String {}
impl Key for i64 {}

pub trait Named {
    fn name(&self) -> String;
}

impl<T: Named> Named for Arc<T> {
    fn name(&self) -> String {
        T::name(self)
    }
}

#[xmlrpc_service(namespace = "store")]
pub trait Store<K: Key, V = i64, const MAX: usize = 2>: Named + Debug
where
    V: Serialize + DeserializeOwned + Clone + Default + Display + Send + Sync + 'static,
    Vec<V>: Debug,
{
    async fn put(&self, key: K, #[xmlrpc(default)] value: V) -> Result<usize, Fault>;
    async fn get(&self, key: &K) -> Option<V>;
    async fn sum(&self, #[xmlrpc(rest)] keys: &[K]) -> Vec<V> {
        let mut found = Vec::new();
        for key in keys {
            found.extend(self.get(key).await);
        }
        found
    }
    #[xmlrpc(params = struct)]
    async fn tell(&self, key: &K, #[xmlrpc(default = "is")] verb: &str) -> Result<String, Fault> {
        let value = self.get(key).await.unwrap_or_default();
        Ok(format!("{key:?} {verb} {value}"))
    }
    fn who(&self) -> String {
        self.name()
    }
}

#[derive(Debug, Default)]
struct Map<K, V>(Mutex<BTreeMap<K, V>>);

impl<K, V> Named for Map<K, V> {
    fn name(&self) -> String {
        "map".to_owned()
    }
}

impl<K, V> Store<K, V> for Map<K, V>
where
    K: Key + Hash,
    V: Serialize + DeserializeOwned + Clone + Debug + Default + Display + Send + Sync + 'static,
{
    async fn put(&self, key: K, value: V) -> Result<usize, Fault> {
        let mut map = self.0.lock().unwrap();
        map.insert(key, value);
        Ok(map.len())
    }
    async fn get(&self, key: &K) -> Option<V> {
        self.0.lock().unwrap().get(key).cloned()
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq)]
pub struct Price(f64);

impl Display for Price {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} EUR", self.0)
    }
}

#[tokio::test]
async fn a_trait_is_generic_and_bounded() {
    let server = StoreServer::new(Map::<String, Price>::default());
    let client = Client::new(Dispatcher::new().service(server));
    let store = StoreClient::<_, String, Price>::new(client.clone());
    let key = || "a".to_owned();
    assert_eq!(store.put(key(), Price(1.5)).await.unwrap(), 1);
    assert_eq!(store.get(&key()).await.unwrap(), Some(Price(1.5)));
    assert_eq!(store.sum(&[key(), key()]).await.unwrap().len(), 2);
    assert_eq!(
        store.tell(&key(), "costs").await.unwrap(),
        "\"a\" costs 1.50 EUR"
    );
    assert_eq!(store.who().await.unwrap(), "map");
    assert_eq!(client.call::<usize>("store.put", ("b",)).await.unwrap(), 2);
    assert_eq!(store.get(&"b".to_owned()).await.unwrap(), Some(Price(0.0)));
}

#[tokio::test]
async fn supertraits_hold_for_an_arc() {
    let map = Arc::new(Map::<i64, i64>::default());
    let client = Client::new(Dispatcher::new().service(StoreServer::new(map.clone())));
    let store = StoreClient::<_, i64>::new(client);
    assert_eq!(store.put(1, 2).await.unwrap(), 1);
    assert_eq!(Store::<i64>::get(&*map, &1).await, Some(2));
    assert_eq!(store.tell(&1, "is").await.unwrap(), "1 is 2");
}
