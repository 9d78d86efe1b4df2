//! Values that cannot be layers.

use tower::limit::RateLimitLayer;
use xmlrpc_core::{
    Dispatcher, Fault,
    service::{Next, RpcCall, from_fn},
    xmlrpc_service,
};

#[xmlrpc_service(server)]
trait Clock {
    fn hour(&self) -> u8;
}

struct Noon;

impl Clock for Noon {
    fn hour(&self) -> u8 {
        12
    }
}

fn main() {
    let rate = RateLimitLayer::new(1, std::time::Duration::from_secs(1));
    let _ = Dispatcher::new().layer(rate);
    let _ = ClockServer::new(Noon).layer(5);
    let _ = from_fn(|_: RpcCall, _: Next| async { Ok::<_, Fault>(5) });
}
