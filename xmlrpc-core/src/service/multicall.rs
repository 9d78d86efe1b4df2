//! `system.multicall`.

use std::{pin::pin, sync::Arc};

use futures_util::{StreamExt, stream};

use super::{Context, MethodFuture, RpcCall, dispatcher::DispatcherInner, handler::Handler};
use crate::{
    Error, Fault,
    message::{EncodedResponse, IncomingCall, MulticallResponseWriter},
};

/// `system.multicall`: runs many calls from one document in order. Each has its own result or
/// fault.
pub(super) struct MulticallHandler<'a>(pub(super) &'a Arc<DispatcherInner>);

impl Handler for MulticallHandler<'_> {
    fn call(&self, call: RpcCall) -> MethodFuture {
        Box::pin(run(Arc::clone(self.0), call))
    }
}

async fn run(dispatcher: Arc<DispatcherInner>, call: RpcCall) -> Result<EncodedResponse, Fault> {
    let entries = call
        .params
        .multicall_entries(dispatcher.max_multicall_entries)
        .map_err(Error::into_fault)?;
    let RpcCall { context, .. } = call;
    let response = BoundedResponse {
        writer: MulticallResponseWriter::new(dispatcher.dialect, dispatcher.max_multicall_bytes),
        full: false,
    };
    if dispatcher.multicall_concurrency == 1 {
        one_by_one(&dispatcher, entries, &context, response).await
    } else {
        at_once(&dispatcher, entries, &context, response).await
    }
}

/// The calls of a multicall, or why an entry is not a call.
type IncomingEntries = Vec<Result<IncomingCall, Error>>;

async fn one_by_one(
    dispatcher: &Arc<DispatcherInner>,
    entries: IncomingEntries,
    context: &Context,
    mut response: BoundedResponse,
) -> Result<EncodedResponse, Fault> {
    for entry in entries {
        // Many methods that never wait must not starve the other tasks of this thread. Outside of a
        // runtime this does nothing.
        tokio::task::coop::consume_budget().await;
        let result = if response.full {
            Err(response_full(dispatcher))
        } else {
            run_entry(dispatcher, entry, context).await
        };
        response.push(result, dispatcher);
    }
    Ok(response.writer.finish())
}

async fn at_once(
    dispatcher: &Arc<DispatcherInner>,
    entries: IncomingEntries,
    context: &Context,
    mut response: BoundedResponse,
) -> Result<EncodedResponse, Fault> {
    let mut left = entries.len();
    let results = stream::iter(entries).map(|entry| run_entry(dispatcher, entry, context));
    let mut results = pin!(results.buffered(dispatcher.multicall_concurrency));
    while !response.full
        && let Some(result) = results.next().await
    {
        tokio::task::coop::consume_budget().await;
        response.push(result, dispatcher);
        left -= 1;
    }
    for _ in 0..left {
        response.push(Err(response_full(dispatcher)), dispatcher);
    }
    Ok(response.writer.finish())
}

async fn run_entry(
    dispatcher: &Arc<DispatcherInner>,
    entry: Result<IncomingCall, Error>,
    context: &Context,
) -> Result<EncodedResponse, Fault> {
    match entry {
        Ok(entry) => DispatcherInner::run_entry(dispatcher, entry, context.clone()).await,
        Err(error) => Err(error.into_fault()),
    }
}

/// The response to a multicall, up to its maximum size.
struct BoundedResponse {
    writer: MulticallResponseWriter,
    /// Whether an entry exceeded the maximum: the server does not run the entries after it.
    full: bool,
}

impl BoundedResponse {
    fn push(&mut self, mut result: Result<EncodedResponse, Fault>, dispatcher: &DispatcherInner) {
        if let Err(fault) = &mut result {
            fault.log();
        }
        if self.writer.push(result.as_ref()).is_err() {
            self.full = true;
            self.writer.push_beyond(&response_full(dispatcher));
        }
    }
}

pub(super) fn nested_multicall() -> Fault {
    Fault::new(
        Fault::INVALID_REQUEST,
        "a multicall must not contain another multicall",
    )
}

fn response_full(dispatcher: &DispatcherInner) -> Fault {
    Fault::new(
        Fault::INTERNAL_ERROR,
        format!(
            "the results of this multicall exceed {} bytes: send fewer calls at once",
            dispatcher.max_multicall_bytes
        ),
    )
}
