//! A client of a service that somebody else wrote.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use xmlrpc_core::{Envelope, Fault, xmlrpc_service};

#[derive(Deserialize)]
pub struct Reply<R>(bool, R);

impl<R> Envelope for Reply<R> {
    type Value = R;

    fn open(self) -> Result<R, Fault> {
        self.0
            .then_some(self.1)
            .ok_or_else(|| Fault::new(1, "refused"))
    }
}

#[xmlrpc_service(client, envelope = Reply)]
pub trait Object {
    #[xmlrpc(name = "execute_kw")]
    async fn read<R: DeserializeOwned>(&self, fields: &[&str], args: impl Serialize) -> Vec<R>;
    #[xmlrpc(name = "execute_kw")]
    async fn create<T>(&self, records: Option<BTreeMap<&str, T>>) -> Result<i64, Fault>
    where
        T: Serialize;
    #[xmlrpc(no_envelope, no_leading)]
    async fn version(&self) -> String;
}
