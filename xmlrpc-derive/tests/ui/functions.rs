//! Functions that cannot be methods of a dispatcher.

use serde::Serialize;
use xmlrpc_core::{Context, Dispatcher};

struct Opaque;

#[derive(Serialize)]
struct Answer;

fn main() {
    let _ = Dispatcher::new().method("parameter", |_: Opaque| 1);
    let _ = Dispatcher::new().method("answer", || Opaque);
    let _ = Dispatcher::new().method("later", || async { Opaque });
    let _ = Dispatcher::new().method("error", || Err::<Answer, _>(Opaque));
    let _ = Dispatcher::new().method("context", |_: &Context| 1);
    let _ = Dispatcher::new().method("none", 5);
    let _ = Dispatcher::new().fallback(|_, _, _| Opaque);
}
