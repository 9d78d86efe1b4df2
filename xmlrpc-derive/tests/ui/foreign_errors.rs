//! Methods whose error is of another crate.

use std::io;

use xmlrpc_core::{Dispatcher, xmlrpc_service};

#[xmlrpc_service]
pub trait Files {
    async fn read(&self, path: &str) -> Result<String, io::Error>;
    async fn size(&self, path: &str) -> io::Result<u64>;
}

fn size(path: String) -> io::Result<u64> {
    Ok(std::fs::metadata(path)?.len())
}

fn main() {
    let _ = Dispatcher::new().method("size", size);
}
