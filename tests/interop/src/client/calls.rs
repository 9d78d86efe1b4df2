//! Calls, faults, multicalls and introspection.

use xmlrpc_client::Http;
use xmlrpc_core::{Fault, Value, client::ClientErrorKind};
use xmlrpc_examples::interop::PeerClient;

use super::{Result, Server, same};

pub(super) const CASES: &[&str] = &[
    "no_params",
    "many_params",
    "fault",
    "unknown_method",
    "wrong_types",
    "multicall",
    "introspection",
];

pub(super) async fn case(server: &Server<'_>, case: &str) -> Result {
    match case {
        "no_params" => {
            let answer = server.stub()?.nothing().await?;
            same(&answer, &"nothing".to_owned())
        }
        "many_params" => {
            let sum = server.stub()?.sum((1..=20).collect()).await?;
            same(&sum, &210)
        }
        "fault" => faults(server).await,
        "unknown_method" => {
            let answer = server.client()?.call::<Value>("peer.unknown", ()).await;
            is_fault(answer)
        }
        "wrong_types" => is_fault(
            server
                .client()?
                .call::<Value>("peer.add", ("one", [2]))
                .await,
        ),
        "multicall" => multicall(server).await,
        _ => introspection(server).await,
    }
}

async fn faults(server: &Server<'_>) -> Result {
    let peer = server.stub()?;
    for (code, text) in [(17, "as it was told"), (-5, "<&>\"' n\u{e9}e"), (1, "")] {
        match peer.fail(code, text.to_owned()).await {
            Ok(answer) => return Err(format!("expected a fault, got {answer:?}").into()),
            Err(error) => match error.fault() {
                Some(fault) => same(fault, &Fault::new(code, text))?,
                None => return Err(error.into()),
            },
        }
    }
    Ok(())
}

fn is_fault(answer: std::result::Result<Value, xmlrpc_core::ClientError>) -> Result {
    match answer {
        Ok(answer) => Err(format!("expected a fault, got {answer:?}").into()),
        Err(error) if error.kind() == ClientErrorKind::Fault => Ok(()),
        Err(error) => Err(error.into()),
    }
}

async fn multicall(server: &Server<'_>) -> Result {
    together(server, &server.stub()?).await
}

/// A multicall to a peer without `system.multicall`: the client sends the calls one by one.
pub(super) async fn one_by_one(server: &Server<'_>) -> Result {
    let client = server.builder(server.url).multicall_fallback(true);
    together(server, &PeerClient::new(client.build()?)).await
}

async fn together(server: &Server<'_>, peer: &PeerClient<Http>) -> Result {
    let calls = (
        peer.add(1, 2),
        peer.fail(17, "no".to_owned()),
        peer.nothing(),
        peer.client().call::<Value>("peer.unknown", ()),
        peer.add(3, 4),
    );
    let (sum, fault, nothing, unknown, other) = peer.client().multicall(calls).await?;
    same(&(sum?, other?), &(3, 7))?;
    same(&nothing?, &"nothing".to_owned())?;
    same(
        &fault.err().and_then(|error| error.fault().cloned()),
        &Some(Fault::new(17, "no")),
    )?;
    if server.reason("unknown_method").is_none() {
        is_fault(unknown)?;
    }
    let many = peer
        .client()
        .multicall_iter((0..500).map(|n| peer.add(n, n)))
        .await?;
    let sums = many
        .into_iter()
        .collect::<std::result::Result<Vec<_>, _>>()?;
    same(&sums, &(0..500).map(|n| 2 * n).collect())
}

async fn introspection(server: &Server<'_>) -> Result {
    let client = server.client()?;
    let methods = client.call::<Vec<String>>("system.listMethods", ()).await?;
    for method in ["peer.add", "peer.echo", "system.listMethods"] {
        if !methods.iter().any(|other| other == method) {
            return Err(format!("{method} is not listed").into());
        }
    }
    // Many peers know no signatures: they return a text.
    let signature = client
        .call::<Value>("system.methodSignature", ("peer.add",))
        .await?;
    let has_signature = matches!(signature, Value::Array(_) | Value::String(_));
    let help = client
        .call::<Value>("system.methodHelp", ("peer.add",))
        .await?;
    same(&(has_signature, help.as_str().is_some()), &(true, true))
}
