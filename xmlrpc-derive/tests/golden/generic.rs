//! A generic trait with bounds, supertraits and a default body.

use std::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};
use xmlrpc_core::{Fault, xmlrpc_service};

#[xmlrpc_service]
pub trait Store<K, V = String, const MAX: usize = 8>: Debug
where
    K: Serialize + DeserializeOwned + Send + Sync + 'static,
    V: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    async fn put(&self, key: K, value: V) -> Result<(), Fault>;
    async fn get(&self, key: &K) -> Option<V>;
    async fn contains(&self, key: &K) -> bool {
        self.get(key).await.is_some()
    }
}
