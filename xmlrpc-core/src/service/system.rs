//! `system.multicall`.

use std::sync::Arc;

use super::{MethodFuture, RpcCall, dispatcher::Inner, method::Handler};
use crate::{
    Error, Fault,
    message::{MulticallReplyWriter, Reply},
};

/// `system.multicall`: many calls in one document, in order, each with its own answer or fault.
pub(super) struct Multicall<'a>(pub(super) &'a Arc<Inner>);

impl Handler for Multicall<'_> {
    fn call(&self, call: RpcCall) -> MethodFuture {
        Box::pin(run(Arc::clone(self.0), call))
    }
}

async fn run(dispatcher: Arc<Inner>, call: RpcCall) -> Result<Reply, Fault> {
    let entries = call
        .params
        .multicall_entries(dispatcher.multicall_entries)
        .map_err(Error::into_fault)?;
    let RpcCall { context, .. } = call;
    let mut answers = MulticallReplyWriter::new(dispatcher.dialect, dispatcher.multicall_bytes);
    let mut full = false;
    for entry in entries {
        // A long run of methods that never wait must not keep the other tasks of its thread from
        // theirs. Outside of a runtime this does nothing.
        tokio::task::coop::consume_budget().await;
        let result = if full {
            Err(answer_full(&dispatcher))
        } else {
            match entry {
                Ok(entry) => Inner::run_entry(&dispatcher, entry, context.clone()).await,
                Err(error) => Err(error.into_fault()),
            }
        };
        if answers.push(result.as_ref()).is_err() {
            full = true;
            answers.push_beyond(&answer_full(&dispatcher));
        }
    }
    Ok(answers.finish())
}

pub(super) fn nested_multicall() -> Fault {
    Fault::new(
        Fault::INVALID_REQUEST,
        "a multicall inside of a multicall is not allowed",
    )
}

fn answer_full(dispatcher: &Inner) -> Fault {
    Fault::new(
        Fault::INTERNAL_ERROR,
        format!(
            "the answers of this multicall exceed {} bytes: ask for fewer at once",
            dispatcher.multicall_bytes
        ),
    )
}
