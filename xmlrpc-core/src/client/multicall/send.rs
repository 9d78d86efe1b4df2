//! From the entries to an answer for each of them.

use std::{
    borrow::Cow,
    sync::{Arc, atomic::Ordering},
};

use super::{
    METHOD, MulticallOptions,
    entries::{EntryResponse, MulticallEntry, MulticallResults, ReadyCall},
    fallback::{is_missing, one_by_one},
};
use crate::{
    Category, Error,
    client::{
        Client, ClientError, Transport,
        exchange::{Exchange, unreadable},
    },
    exchange::charset,
    message::{MulticallResponse, MulticallWriter},
};

pub(super) async fn send_all<T: Transport>(
    client: Client<T>,
    entries: Vec<MulticallEntry<T>>,
    options: MulticallOptions,
) -> Result<MulticallResults, ClientError> {
    let mut calls = check(&client, entries, options.idempotent)?;
    let methods: Vec<_> = calls.iter().map(|call| call.method.clone()).collect();
    let settings = Arc::clone(&client.settings);
    let mut answers = Vec::with_capacity(calls.len());
    let mut failed = None;
    let mut alone = options.fallback && settings.lacks_multicall.load(Ordering::Relaxed);
    while !alone && failed.is_none() && answers.len() < calls.len() {
        let first = answers.len();
        let last = calls.len().min(first + settings.max_multicall_entries);
        let now = &calls[first..last];
        match send(&client, now, first, &options).await {
            Ok(answer) => {
                let answer = Arc::new(answer);
                answers.extend(
                    (0..now.len())
                        .map(|index| EntryResponse::InMulticall(Arc::clone(&answer), index)),
                );
            }
            Err(error) if options.fallback && is_missing(&error, now) => alone = true,
            Err(error) => failed = Some(error),
        }
    }
    if alone {
        let rest = calls.split_off(answers.len());
        failed = one_by_one(client, rest, &options, &mut answers).await.err();
    }
    if let Some(error) = failed {
        if answers.is_empty() {
            return Err(error);
        }
        answers.resize_with(methods.len(), || EntryResponse::Missing(error.clone()));
    }
    let entries = methods.into_iter().zip(answers).collect();
    Ok(MulticallResults::new(entries, settings.limits))
}

/// Nothing is sent before every entry is known to be in order.
fn check<T: Transport>(
    client: &Client<T>,
    entries: Vec<MulticallEntry<T>>,
    idempotent: bool,
) -> Result<Vec<ReadyCall>, ClientError> {
    let entries = entries.into_iter().enumerate();
    entries
        .map(|(index, entry)| {
            let misuse = |what: &str| {
                let text = format!("entry {index}, `{}`, {what}", entry.method);
                ClientError::misuse(METHOD.into(), text)
            };
            if !client.is_same(&entry.client) {
                return Err(misuse("was made for another client"));
            }
            if !entry.options.is_empty() {
                return Err(misuse("has options of its own: give them to the multicall"));
            }
            match entry.encoded {
                Ok(call) => Ok(ReadyCall {
                    method: entry.method,
                    call,
                    idempotent: idempotent || entry.idempotent,
                }),
                Err(error) => Err(ClientError::encode(entry.method, error)),
            }
        })
        .collect()
}

/// Not an `async fn`: its future must not hold the client's reference, or it would be `Send` only
/// where the transport is `Sync`.
fn send<T: Transport>(
    client: &Client<T>,
    calls: &[ReadyCall],
    first: usize,
    options: &MulticallOptions,
) -> impl Future<Output = Result<MulticallResponse, ClientError>> + Send + use<T> {
    let mut writer = MulticallWriter::new(client.settings.dialect);
    for ReadyCall { method, call, .. } in calls {
        writer.push(method, call);
    }
    let mut exchange = options.exchange.clone();
    if calls.iter().all(|call| call.idempotent) {
        exchange.mark_idempotent();
    }
    let exchange = Exchange::new(client, METHOD.into(), writer.finish(), exchange);
    let limits = client.settings.limits;
    let methods: Vec<_> = calls.iter().map(|call| call.method.clone()).collect();
    async move {
        let (method, response) = exchange.await?;
        let body = response.body.clone();
        let answer = match MulticallResponse::read(body, charset(&response.headers), &limits) {
            Ok(Ok(answer)) => answer,
            Ok(Err(fault)) => return Err(ClientError::from_fault(method, fault)),
            Err(error) => return Err(unreadable(method, response.status, &response.body, error)),
        };
        match length(&methods, answer.len(), first) {
            None => Ok(answer),
            Some(text) => {
                let error = Error::custom(Category::Protocol, text);
                Err(ClientError::decode(method, error))
            }
        }
    }
}

/// What is wrong with the length of an answer. Which answer belongs to which call is not known then.
fn length(methods: &[Cow<'static, str>], answered: usize, first: usize) -> Option<String> {
    let sent = methods.len();
    if answered == sent {
        return None;
    }
    let calls = match sent {
        1 => "1 call was".to_owned(),
        sent => format!("{sent} calls were"),
    };
    let what = match methods.get(answered) {
        Some(method) => format!("nothing for entry {}, `{method}`", first + answered),
        None => format!("nobody asked for entry {}", first + sent),
    };
    Some(format!("{calls} sent, {answered} answered: {what}"))
}
