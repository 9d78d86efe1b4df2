//! Many methods, and many calls in one document.

use bytes::Bytes;
use xmlrpc_core::{
    Client, Dialect, Dispatcher, Limits,
    message::{CallWriter, MulticallWriter, read_response},
};

use crate::{
    calc::{self, CalcClient},
    ready::ready,
    single::{add_document, dispatched, dxr_document, is_three_in},
    task::{Case, Verdict, borrowing},
};

/// The entries of the multicall: as many as a dispatcher takes by default.
pub(crate) const ENTRIES: u32 = 1_000;

/// One call, of dispatchers with so many methods beside those of `system.`.
pub(crate) fn methods() -> Result<Vec<Case>, String> {
    let sizes = [
        ("3 methods", 3),
        ("100 methods", 100),
        ("10,000 methods", 10_000),
    ];
    let call = add_document()?;
    let case = |(name, count)| dispatched(name, of_methods(count), call.clone(), is_three_in);
    Ok(sizes.map(case).into())
}

fn of_methods(count: u32) -> Dispatcher {
    let add = |a: i64, b: i64| a + b;
    let others = (1..count).map(|number| format!("store.item_{number}.add"));
    let dispatcher = Dispatcher::new().method("add", add);
    others.fold(dispatcher, |all, name| all.method(&name, add))
}

/// A `system.multicall` of `add`.
pub(crate) fn multicall() -> Result<Vec<Case>, String> {
    let client = Client::new(calc::ours());
    let calc = CalcClient::new(&client);
    let typed = move || {
        let calls: Vec<_> = (0..ENTRIES).map(|n| calc.add(n.into(), 1)).collect();
        ready(client.multicall(calls))?.map_err(|error| error.to_string())
    };
    let is_right = |sums: Vec<Result<i64, _>>| Verdict {
        correct: sums
            .into_iter()
            .map(Result::ok)
            .eq((1..=i64::from(ENTRIES)).map(Some)),
        bytes: 0,
    };
    let document = multicall_document()?;
    Ok(vec![
        borrowing("ours, typed", typed, is_right),
        dispatched("ours", calc::ours(), document.clone(), are_sums),
        dxr_document(document, are_sums)?,
    ])
}

fn multicall_document() -> Result<Vec<u8>, String> {
    let mut multicall = MulticallWriter::new(Dialect::EXTENDED);
    for n in 0..ENTRIES {
        let mut call = CallWriter::new("add", Dialect::EXTENDED);
        call.param(&n);
        call.param(&1);
        let call = call.finish().map_err(|error| error.to_string())?;
        multicall.push("add", &call);
    }
    Ok(multicall.finish())
}

fn are_sums(answer: &[u8]) -> bool {
    let answer = Bytes::copy_from_slice(answer);
    match read_response::<Vec<[u32; 1]>>(answer, None, &Limits::RESPONSE) {
        Ok(Ok(sums)) => sums.into_iter().eq((1..=ENTRIES).map(|sum| [sum])),
        _ => false,
    }
}
