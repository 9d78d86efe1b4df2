//! What answers the calls that no method has.

use std::{future::ready, marker::PhantomData, sync::Arc};

use serde::de::IgnoredAny;

use super::{Context, Dispatcher, MethodFuture, MethodOutput, RpcCall, method::Handler};
use crate::message::Params;

/// The fallbacks of a dispatcher and of those nested in it: few, and looked at where a name is
/// nowhere else.
#[derive(Clone, Default)]
pub(super) struct Fallbacks(Vec<Fallback>);

#[derive(Clone)]
struct Fallback {
    /// What stands before the names that it answers, up to the dot: nothing, unless it was nested.
    prefix: String,
    handler: Arc<dyn Handler>,
}

impl Fallbacks {
    /// Adds one, or replaces that of the same prefix; says whether it was there.
    pub(super) fn insert(&mut self, prefix: &str, handler: Arc<dyn Handler>) -> bool {
        let place = self.0.iter().position(|other| other.prefix == prefix);
        if let Some(place) = place {
            self.0[place].handler = handler;
            return true;
        }
        let fallback = Fallback {
            prefix: prefix.to_owned(),
            handler,
        };
        self.0.push(fallback);
        // The longest prefix is the nearest.
        self.0
            .sort_by_key(|other| std::cmp::Reverse(other.prefix.len()));
        false
    }

    /// The fallback for a name, and the name without its prefix.
    pub(super) fn find<'a>(&self, name: &'a str) -> Option<(&Arc<dyn Handler>, &'a str)> {
        let mut fallbacks = self.0.iter();
        let (fallback, rest) = fallbacks.find_map(|fallback| {
            let rest = name.strip_prefix(fallback.prefix.as_str())?;
            Some((fallback, rest))
        })?;
        (!rest.starts_with("system.")).then_some((&fallback.handler, rest))
    }

    /// Each, with its prefix.
    pub(super) fn into_parts(self) -> impl Iterator<Item = (String, Arc<dyn Handler>)> {
        let fallbacks = self.0.into_iter();
        fallbacks.map(|fallback| (fallback.prefix, fallback.handler))
    }
}

struct Function<F, Marker> {
    function: F,
    marker: PhantomData<fn() -> Marker>,
}

impl<F, R, Marker> Handler for Function<F, Marker>
where
    F: Fn(String, Params, Context) -> R + Send + Sync + 'static,
    R: MethodOutput<Marker>,
{
    fn call(&self, call: RpcCall) -> MethodFuture {
        let (name, params) = (String::from(&*call.method), call.params.clone());
        let context = call.context.clone();
        // Nothing runs before its whole document has been read, whatever becomes of the parameters.
        let read = call.decode(|params| params.rest::<IgnoredAny>("parameters").map(drop));
        match read {
            Ok(((), answer)) => Box::pin((self.function)(name, params, context).reply(answer)),
            Err(fault) => Box::pin(ready(Err(fault))),
        }
    }
}

impl Dispatcher {
    /// Answers the calls that no method has, as `_dispatch` does in Python: with their name, their
    /// parameters as they came, and the context of the request.
    ///
    /// What it returns is that of a [method](Self::method). For a name that it does not know either
    /// it returns [`Fault::method_not_found`](crate::Fault::method_not_found). Entries of a multicall
    /// come here too. `system.listMethods` does not know what the fallback knows.
    ///
    /// Names that begin with `system.` never come here: those are the dispatcher's own, and one that
    /// is switched off is not found. A second fallback takes the place of the first.
    ///
    /// ```
    /// use xmlrpc_core::{Client, Dispatcher, Fault, Value};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), xmlrpc_core::ClientError> {
    /// let dispatcher = Dispatcher::new().fallback(|name, params, _| async move {
    ///     if name != "sum" {
    ///         return Err(Fault::method_not_found(name));
    ///     }
    ///     let values = params.to_values().map_err(Fault::disclose)?;
    ///     Ok(values.iter().filter_map(Value::as_i64).sum::<i64>())
    /// });
    ///
    /// let client = Client::new(dispatcher);
    /// assert_eq!(client.call::<i64>("sum", (1, 2, 3)).await?, 6);
    /// let error = client.call::<i64>("product", (1, 2, 3)).await.unwrap_err();
    /// assert_eq!(error.fault().map(Fault::code), Some(Fault::METHOD_NOT_FOUND));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn fallback<F, R, Marker>(mut self, function: F) -> Self
    where
        F: Fn(String, Params, Context) -> R + Send + Sync + 'static,
        R: MethodOutput<Marker>,
        Marker: 'static,
    {
        let handler = Function {
            function,
            marker: PhantomData,
        };
        self.inner_mut().fallbacks.insert("", Arc::new(handler));
        self
    }
}
