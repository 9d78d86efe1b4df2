//! Helpers of `xmlrpc_core::with` on types that they do not read and write.

use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub struct Read {
    #[serde(with = "xmlrpc_core::with::number_text")]
    number: String,
}

#[derive(Serialize)]
pub struct Written {
    #[serde(with = "xmlrpc_core::with::date_text")]
    dates: Vec<u64>,
}

fn main() {}
