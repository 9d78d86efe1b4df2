//! The methods that are attacked.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use serde::{Serialize, Serializer, ser::SerializeSeq};
use tokio::{
    task::{coop::consume_budget, spawn_blocking},
    time::sleep,
};
use xmlrpc_core::{Dispatcher, Value, xmlrpc_service};

use crate::{harness::clock, serve::say};

#[xmlrpc_service]
trait Target {
    async fn add(&self, a: i64, b: i64) -> i64;
    async fn echo(&self, value: Value) -> Value;
    async fn size(&self, text: String) -> i64;
    async fn count(&self, items: Vec<Value>) -> i64;
    /// Returns a text of so many bytes.
    async fn fill(&self, bytes: u32) -> String;
    async fn sleep(&self, ms: u32) -> bool;
    async fn forever(&self) -> bool;
    /// Computes for so long without waiting.
    async fn compute(&self, ms: u32) -> bool;
    /// The control of a multicall of `compute`: it yields as often as a multicall would without a rule about time.
    async fn compute_all(&self, calls: u32, ms: u32) -> bool;
    #[xmlrpc(blocking)]
    fn block(&self, ms: u32) -> bool;
    /// The control of `block`: a method that uses the runtime's threads without a bound.
    async fn block_unbounded(&self, ms: u32) -> bool;
    /// How often these two have started.
    async fn blocked(&self) -> i64;
    /// Writes a line to stdout when it ends.
    #[xmlrpc(run_to_completion)]
    async fn finish(&self, ms: u32) -> bool;
    /// A value that is nested so deep.
    async fn deep(&self, levels: u32) -> Value;
    /// Drops a value that is nested so deep.
    async fn drop_deep(&self, levels: u32) -> bool;
}

struct Methods {
    blocked: Arc<AtomicU32>,
}

impl Target for Methods {
    async fn add(&self, a: i64, b: i64) -> i64 {
        a + b
    }

    async fn echo(&self, value: Value) -> Value {
        value
    }

    async fn size(&self, text: String) -> i64 {
        i64::try_from(text.len()).unwrap_or(i64::MAX)
    }

    async fn count(&self, items: Vec<Value>) -> i64 {
        i64::try_from(items.len()).unwrap_or(i64::MAX)
    }

    async fn fill(&self, bytes: u32) -> String {
        "x".repeat(bytes as usize)
    }

    async fn sleep(&self, ms: u32) -> bool {
        sleep(millis(ms)).await;
        true
    }

    async fn forever(&self) -> bool {
        std::future::pending().await
    }

    async fn compute(&self, ms: u32) -> bool {
        compute(millis(ms));
        true
    }

    async fn compute_all(&self, calls: u32, ms: u32) -> bool {
        for _ in 0..calls {
            consume_budget().await;
            compute(millis(ms));
        }
        true
    }

    fn block(&self, ms: u32) -> bool {
        self.blocked.fetch_add(1, Relaxed);
        thread::sleep(millis(ms));
        true
    }

    async fn block_unbounded(&self, ms: u32) -> bool {
        let blocked = Arc::clone(&self.blocked);
        let task = spawn_blocking(move || {
            blocked.fetch_add(1, Relaxed);
            thread::sleep(millis(ms));
        });
        task.await.is_ok()
    }

    async fn blocked(&self) -> i64 {
        self.blocked.load(Relaxed).into()
    }

    async fn finish(&self, ms: u32) -> bool {
        sleep(millis(ms)).await;
        say("finished");
        true
    }

    async fn deep(&self, levels: u32) -> Value {
        nested(levels)
    }

    async fn drop_deep(&self, levels: u32) -> bool {
        drop(nested(levels));
        true
    }
}

pub(crate) fn dispatcher() -> Dispatcher {
    let methods = Methods {
        blocked: Arc::default(),
    };
    Dispatcher::new()
        .service(TargetServer::new(methods))
        .method("endless", || Endless)
}

/// Writes itself inside itself.
struct Endless;

impl Serialize for Endless {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(Some(1))?;
        seq.serialize_element(self)?;
        seq.end()
    }
}

fn nested(levels: u32) -> Value {
    (0..levels).fold(Value::from(1), |inner, _| Value::from(vec![inner]))
}

fn millis(ms: u32) -> Duration {
    Duration::from_millis(ms.into())
}

/// Uses so much processor time.
fn compute(time: Duration) {
    let end = clock::now() + time;
    while clock::now() < end {
        std::hint::spin_loop();
    }
}
