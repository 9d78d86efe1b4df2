//! Only the client.

use xmlrpc_core::{Fault, xmlrpc_service};

#[xmlrpc_service(client)]
pub trait Feed {
    async fn entries(&self, since: Option<i64>) -> Result<Vec<String>, Fault>;
}
