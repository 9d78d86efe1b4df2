use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll},
};

use tokio::runtime::{Builder, Handle, Runtime};
use tower_service::Service;
use xmlrpc_core::{
    Request, Response,
    client::{BlockingTransport, BoxError, TransportError},
};

use crate::BuildError;

/// The blocking transport: [`crate::Http`] with its own runtime.
///
/// Use it to name the type of a generated client in a field: `CalcClient<blocking::Http>`. Clones
/// share the runtime. The runtime has no thread of its own: it runs on the threads that wait, and
/// one of them drives it for all.
///
/// ```
/// use xmlrpc_client::blocking::{Client, Http};
/// use xmlrpc_core::xmlrpc_service;
/// # #[xmlrpc_service(client)]
/// # trait Calc {
/// #     async fn add(&self, a: i64, b: i64) -> i64;
/// # }
///
/// struct Tool {
///     calc: CalcClient<Http>,
/// }
///
/// let client = Client::new("http://localhost:8000/RPC2")?;
/// let tool = Tool { calc: CalcClient::new(client) };
/// # let _ = tool.calc;
/// # Ok::<(), xmlrpc_client::BuildError>(())
/// ```
#[derive(Clone)]
pub struct Http {
    http: crate::Http,
    runtime: Arc<Own>,
}

/// A runtime that can be dropped anywhere, also inside another runtime.
struct Own(Option<Runtime>);

impl Drop for Own {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Http {
    pub(crate) fn new(http: crate::Http) -> Result<Self, BuildError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| {
            BuildError::new(format!("cannot create a runtime for waiting: {error}"))
        })?;
        Ok(Self {
            http,
            runtime: Arc::new(Own(Some(runtime))),
        })
    }
}

#[cfg(feature = "balance")]
impl Http {
    /// The endpoints of a client that [balances](crate::ClientBuilder::endpoints) its calls, to list, add
    /// and remove them. `None` if it has one fixed URL.
    #[cfg_attr(docsrs, doc(cfg(feature = "balance")))]
    pub fn endpoints(&self) -> Option<crate::Endpoints> {
        self.http.endpoints()
    }
}

impl BlockingTransport for Http {
    fn block_on<F: Future>(&self, future: F) -> Result<F::Output, BoxError> {
        if Handle::try_current().is_ok() {
            return Err(
                "waiting for a call inside an async runtime would block the other tasks: \
                        await the call, or wait in a separate thread"
                    .into(),
            );
        }
        let Some(runtime) = &self.runtime.0 else {
            return Err("the runtime for waiting is gone".into());
        };
        Ok(runtime.block_on(async {
            // Nothing has polled the kept connections since the last call. Let their tasks run
            // first, so that a connection that the server has closed is not used for the request.
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
            future.await
        }))
    }
}

impl Service<Request> for Http {
    type Response = Response;
    type Error = TransportError;
    type Future = <crate::Http as Service<Request>>::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        self.http.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        self.http.call(request)
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.http.fmt(f)
    }
}
