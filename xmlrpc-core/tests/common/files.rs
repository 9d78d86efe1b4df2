//! A service with documented methods, which introspection describes.

use std::{borrow::Cow, collections::HashMap};

use serde::{Deserialize, Serialize};
use xmlrpc_core::{Base64, Context, DateTime, Dispatcher, Fault, Value, xmlrpc_service};

#[derive(Debug, Serialize, Deserialize)]
pub struct Entry {
    name: String,
    size: u64,
    changed: Option<DateTime>,
}

/// Files and folders.
#[xmlrpc_service(namespace = "files", rename_all = "camelCase")]
pub trait Files {
    /// The entries of a folder.
    ///
    /// At most `limit` of them.
    #[xmlrpc(aliases = ["ls", "files.dir"])]
    async fn list(
        &self,
        #[xmlrpc(context)] cx: &Context,
        path: &str,
        limit: Option<u32>,
        after: Option<&str>,
    ) -> Result<Vec<Entry>, Fault>;

    async fn read_file(&self, path: Cow<'_, str>) -> Base64;

    async fn put(
        &self,
        entry: &Entry,
        old: Option<&Entry>,
        parts: &[Base64],
        by_name: HashMap<String, Value>,
    );

    #[deprecated(since = "2.0.0", note = "call `list`")]
    async fn old(&self) -> Value;

    #[deprecated]
    async fn very_old(&self) -> (i64, f64);
}

struct Disk;

impl Files for Disk {
    async fn list(
        &self,
        _: &Context,
        _: &str,
        _: Option<u32>,
        _: Option<&str>,
    ) -> Result<Vec<Entry>, Fault> {
        Ok(Vec::new())
    }
    async fn read_file(&self, _: Cow<'_, str>) -> Base64 {
        Base64(Vec::new())
    }
    async fn put(&self, _: &Entry, _: Option<&Entry>, _: &[Base64], _: HashMap<String, Value>) {}
    async fn old(&self) -> Value {
        Value::Nil
    }
    async fn very_old(&self) -> (i64, f64) {
        (0, 0.0)
    }
}

pub fn dispatcher() -> Dispatcher {
    Dispatcher::new().service(FilesServer::new(Disk))
}
