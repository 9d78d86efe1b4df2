#[xmlrpc_core::xmlrpc_service(server)]
pub trait Clock {
    async fn hour(&self) -> u8;
    async fn wind(&self, hours: Option<&str>) -> Result<String, xmlrpc_core::Fault>;
}

fn main() {}
