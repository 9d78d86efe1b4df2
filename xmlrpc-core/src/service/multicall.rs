//! `system.multicall`.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
};

use futures_util::{StreamExt, stream};

use super::{
    Context, MethodFuture, RpcCall,
    catch_panic::Guarded,
    dispatcher::DispatcherInner,
    handler::Handler,
    multicall_budget::MulticallBudget,
    multicall_response::BoundedResponse,
    no_room,
    pace::{Over, Pace},
};
use crate::{
    Error, Fault, ResponseBudget,
    message::{EncodedResponse, IncomingCall},
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
    let pace = Pace::new(dispatcher.multicall_timeout);
    pace.run(run_entries(&dispatcher, call, &pace)).await
}

async fn run_entries(
    dispatcher: &Arc<DispatcherInner>,
    call: RpcCall,
    pace: &Pace,
) -> Result<EncodedResponse, Fault> {
    let entries = call
        .params
        .multicall_entries(dispatcher.max_multicall_entries)
        .map_err(Error::into_fault)?;
    let RpcCall {
        context, budget, ..
    } = call;
    let budget = budget.map(MulticallBudget::within);
    let response = BoundedResponse::new(dispatcher, entries.len(), budget.clone());
    let running = Running {
        dispatcher,
        context,
        budget,
        pace,
    };
    let response = if dispatcher.multicall_concurrency == 1 {
        running.one_by_one(entries, response).await
    } else {
        running.at_once(entries, response).await
    };
    Ok(response.finish())
}

/// The calls of a multicall, or why an entry is not a call.
type IncomingEntries = Vec<Result<IncomingCall, Error>>;

/// A multicall that runs.
struct Running<'a> {
    dispatcher: &'a Arc<DispatcherInner>,
    context: Context,
    budget: Option<Arc<dyn ResponseBudget>>,
    pace: &'a Pace,
}

impl Running<'_> {
    async fn one_by_one(
        &self,
        entries: IncomingEntries,
        mut response: BoundedResponse,
    ) -> BoundedResponse {
        for entry in entries {
            if response.is_full() {
                break;
            }
            let result = match self.pace.is_on_time() {
                // Most entries take this way, which needs no future for the entry.
                Ok(true) => self.end(self.start(entry)).await,
                Ok(false) => self.entry(entry).await,
                Err(over) => Err(self.time_is_over(over)),
            };
            response.push(result);
        }
        response.skip_rest(no_room::before_start);
        response
    }

    async fn at_once(
        &self,
        entries: IncomingEntries,
        mut response: BoundedResponse,
    ) -> BoundedResponse {
        let results = stream::iter(entries).map(|entry| self.entry(entry));
        let mut results = pin!(results.buffered(self.dispatcher.multicall_concurrency));
        while !response.is_full()
            && let Some(result) = results.next().await
        {
            response.push(result);
        }
        response.skip_rest(no_room::perhaps_started);
        response
    }

    async fn entry(&self, entry: Result<IncomingCall, Error>) -> Result<EncodedResponse, Fault> {
        match self.pace.turn().await {
            Ok(()) => self.end(self.start(entry)).await,
            Err(over) => Err(self.time_is_over(over)),
        }
    }

    fn start(&self, entry: Result<IncomingCall, Error>) -> Guarded {
        match entry {
            Ok(entry) => {
                let (context, budget) = (self.context.clone(), self.budget.clone());
                DispatcherInner::run_entry(self.dispatcher, entry, context, budget)
            }
            Err(error) => Guarded::failed(error.into_fault()),
        }
    }

    async fn end(&self, mut entry: Guarded) -> Result<EncodedResponse, Fault> {
        // Most entries do not wait.
        let first = poll_fn(|cx| Poll::Ready(Pin::new(&mut entry).poll(cx))).await;
        if let Poll::Ready(result) = first {
            return result;
        }
        match self.pace.finish(&mut entry).await {
            Ok(result) => result,
            Err(over) => Err(self.time_is_over(over)),
        }
    }

    fn time_is_over(&self, over: Over) -> Fault {
        let timeout = self.dispatcher.multicall_timeout;
        let text = match over {
            Over::BeforeItStarted => format!(
                "the multicall took longer than {timeout:?} before this call started: send fewer calls at once"
            ),
            Over::BeforeItEnded => {
                format!("the multicall took longer than {timeout:?} before this call ended")
            }
        };
        Fault::new(Fault::TIMED_OUT, text)
    }
}

pub(super) fn nested_multicall() -> Fault {
    Fault::new(
        Fault::INVALID_REQUEST,
        "a multicall must not contain another multicall",
    )
}
