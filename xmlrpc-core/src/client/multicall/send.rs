//! Sends the entries and collects the response to each.

use std::{
    borrow::Cow,
    sync::{Arc, atomic::Ordering},
};

use super::{
    METHOD, MulticallOptions,
    entries::{EntryResponse, MulticallEntry, MulticallResults, ReadyCall},
    fallback::{Verdict, one_by_one, verdict},
};
use crate::{
    Category, Error, Response,
    client::{
        CallResponse, Client, ClientError, Transport,
        decoder::MulticallAnswer,
        error_note::ErrorNote,
        round_trip::{Exchange, unreadable},
    },
    error::OneLine,
    message::{MulticallResponse, MulticallWriter},
    read_options::ReadOptions,
};

pub(super) async fn send_all<T: Transport>(
    client: Client<T>,
    entries: Vec<MulticallEntry<T>>,
    options: MulticallOptions,
) -> Result<MulticallResults, ClientError> {
    let mut calls = check(&client, entries, options.idempotent)?;
    let methods: Vec<_> = calls.iter().map(|call| call.method.clone()).collect();
    let settings = Arc::clone(&client.settings);
    let mut responses = Vec::with_capacity(calls.len());
    let mut failed = None;
    let mut alone = !settings.system_multicall
        || (options.fallback && settings.lacks_multicall.load(Ordering::Relaxed));
    while !alone && failed.is_none() && responses.len() < calls.len() {
        let first = responses.len();
        let last = calls.len().min(first + settings.max_multicall_entries);
        let now = &calls[first..last];
        match send(&client, now, first, &options).await {
            Ok(response) => {
                let response = Arc::new(response);
                responses.extend(
                    (0..now.len())
                        .map(|index| EntryResponse::InMulticall(Arc::clone(&response), index)),
                );
            }
            Err(error) if options.fallback => {
                alone = match verdict(&error, now) {
                    Verdict::Missing => true,
                    Verdict::Other => false,
                    // A multicall without calls asks about `system.multicall` alone.
                    Verdict::Unclear => match send(&client, &[], first, &options).await {
                        Ok(_) => false,
                        Err(error) => verdict(&error, &[]) != Verdict::Other,
                    },
                };
                failed = (!alone).then_some(error);
            }
            Err(error) => failed = Some(error),
        }
    }
    if alone {
        let rest = calls.split_off(responses.len());
        failed = one_by_one(client, rest, &options, &mut responses)
            .await
            .err();
    }
    if let Some(error) = failed {
        if responses.is_empty() {
            return Err(error);
        }
        responses.resize_with(methods.len(), || EntryResponse::Missing(error.clone()));
    }
    let entries = methods.into_iter().zip(responses).collect();
    Ok(MulticallResults::new(entries, settings.reading))
}

/// Checks every entry before anything is sent.
fn check<T: Transport>(
    client: &Client<T>,
    entries: Vec<MulticallEntry<T>>,
    idempotent: bool,
) -> Result<Vec<ReadyCall>, ClientError> {
    let entries = entries.into_iter().enumerate();
    entries
        .map(|(index, entry)| {
            let misuse = |what: &str| {
                let method = OneLine::new(&entry.method);
                let text = format!("entry {index}, `{method}`, {what}");
                ClientError::misuse(METHOD.into(), text)
            };
            if !client.is_same(&entry.client) {
                return Err(misuse("belongs to another client"));
            }
            if !entry.options.is_empty() {
                return Err(misuse(
                    "has its own options: set them on the multicall instead",
                ));
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

/// This is not an `async fn`: its future must not hold the reference to the client, or it would be
/// `Send` only if the transport is `Sync`.
fn send<T: Transport>(
    client: &Client<T>,
    calls: &[ReadyCall],
    first: usize,
    options: &MulticallOptions,
) -> impl Future<Output = Result<MulticallAnswer, ClientError>> + Send + use<T> {
    let mut writer = MulticallWriter::new(client.settings.dialect);
    for ReadyCall { method, call, .. } in calls {
        writer.push(method, call);
    }
    let mut exchange = options.exchange.clone();
    if calls.iter().all(|call| call.idempotent) {
        exchange.mark_idempotent();
    }
    let exchange = Exchange::new(client, METHOD.into(), writer.finish_outgoing(), exchange);
    let reading = client.settings.reading;
    let strict = client.settings.strict_multicall;
    let methods: Vec<_> = calls.iter().map(|call| call.method.clone()).collect();
    async move {
        let (method, response, span) = exchange.await?;
        let results = read(method.clone(), &response, &reading).and_then(|results| {
            match length(&methods, results.len(), first) {
                None => Ok(results.strict(strict)),
                Some(text) => {
                    let error = Error::with_category(Category::Protocol, text);
                    Err(ClientError::decode(method, error))
                }
            }
        });
        span.end(results.as_ref().err());
        Ok(MulticallAnswer {
            results: results?,
            response: CallResponse::of(response),
        })
    }
}

fn read(
    method: Cow<'static, str>,
    response: &Response,
    reading: &ReadOptions,
) -> Result<MulticallResponse, ClientError> {
    let (document, charset, limits) = reading.document(response.body.clone(), &response.headers);
    match MulticallResponse::read(document, charset, &limits) {
        Ok(Ok(results)) => Ok(results),
        Ok(Err(fault)) => Err(ClientError::from_fault(method, fault)),
        Err(error) => {
            let note = response.extensions.get::<ErrorNote>();
            Err(unreadable(method, response.status, &response.body, error).with_note(note))
        }
    }
}

/// Describes a response with the wrong number of entries. It is unknown then which result belongs
/// to which call.
fn length(methods: &[Cow<'static, str>], received: usize, first: usize) -> Option<String> {
    let sent = methods.len();
    if received == sent {
        return None;
    }
    let what = match methods.get(received) {
        Some(method) => {
            let method = OneLine::new(method);
            format!("no result for entry {}, `{method}`", first + received)
        }
        None => format!("entry {} was not requested", first + sent),
    };
    let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let (calls, results) = (count(sent, "call"), count(received, "result"));
    Some(format!("sent {calls}, received {results}: {what}"))
}
