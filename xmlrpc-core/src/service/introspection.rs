//! The methods `system.*` that say what there is.

use std::{
    future::ready,
    sync::{Arc, OnceLock},
};

use super::{
    MethodFuture, ResponseEncoder, RpcCall, call::Handler, dispatcher::Inner, table::Introspection,
};
use crate::{
    Fault, Struct, Value,
    message::EncodedResponse,
    schema::{
        MethodDescription, Schema,
        construct::{describe, param},
    },
};

/// Answers one of them.
pub(super) struct Introspect(pub(super) Introspection, pub(super) Arc<Inner>);

impl Handler for Introspect {
    fn call(&self, call: RpcCall) -> MethodFuture {
        let Self(method, dispatcher) = self;
        Box::pin(ready(answer(*method, dispatcher, call)))
    }
}

fn answer(
    method: Introspection,
    dispatcher: &Inner,
    call: RpcCall,
) -> Result<EncodedResponse, Fault> {
    match method {
        Introspection::ListMethods => {
            let names = dispatcher.method_names();
            nothing(call)?.value(&names.iter().map(|name| &**name).collect::<Vec<_>>())
        }
        Introspection::MethodSignature => {
            let (name, answer) = method_name(call)?;
            let description = dispatcher.description(&name)?;
            match description.and_then(MethodDescription::signatures) {
                Some(signatures) => answer.value(&signatures),
                None => answer.value("undef"),
            }
        }
        Introspection::MethodHelp => {
            let (name, answer) = method_name(call)?;
            let description = dispatcher.description(&name)?;
            answer.value(description.map_or("", |it| &it.help))
        }
        Introspection::MethodExist => {
            let (name, answer) = method_name(call)?;
            answer.value(&dispatcher.has(&name))
        }
        Introspection::GetCapabilities => nothing(call)?.value(&capabilities(dispatcher)),
    }
}

fn nothing(call: RpcCall) -> Result<ResponseEncoder, Fault> {
    let ((), answer) = call.decode(|params| {
        params.end()?;
        Ok(())
    })?;
    Ok(answer)
}

fn method_name(call: RpcCall) -> Result<(String, ResponseEncoder), Fault> {
    call.decode(|params| {
        let name = params.required("methodName")?;
        params.end()?;
        Ok(name)
    })
}

/// What there is, by the names and addresses that PHP's library has made known.
fn capabilities(dispatcher: &Inner) -> Struct {
    let introspection = [
        Introspection::ListMethods,
        Introspection::MethodSignature,
        Introspection::MethodHelp,
    ];
    let has_introspection = introspection
        .iter()
        .all(|method| dispatcher.has(method.name()));
    let table = [
        ("xmlrpc", true, "http://www.xmlrpc.com/spec", 1),
        (
            "system.multicall",
            dispatcher.has("system.multicall"),
            "http://www.xmlrpc.com/discuss/msgReader$1208",
            1,
        ),
        (
            "introspection",
            has_introspection,
            "http://phpxmlrpc.sourceforge.net/doc-2/ch10.html",
            2,
        ),
        (
            "nil",
            true,
            "http://www.ontosys.com/xml-rpc/extensions.php",
            1,
        ),
        (
            "faults_interop",
            true,
            "http://xmlrpc-epi.sourceforge.net/specs/rfc.fault_codes.php",
            20_010_516,
        ),
    ];
    let mut capabilities = Struct::new();
    for (name, is_there, address, version) in table {
        if is_there {
            let mut capability = Struct::new();
            capability.insert("specUrl", Value::from(address));
            capability.insert("specVersion", Value::from(version));
            capabilities.insert(name, Value::from(capability));
        }
    }
    capabilities
}

/// What is known of a method `system.*`.
pub(super) fn description(name: &str) -> Option<&'static MethodDescription> {
    static ALL: OnceLock<[MethodDescription; 6]> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let text = || Schema::Array(Box::new(Schema::String));
        let any = || Schema::Array(Box::new(Schema::Any));
        let members = || Schema::Map(Box::new(Schema::Any));
        let name = || [param("methodName", Schema::String)];
        [
            describe(
                Introspection::ListMethods.name(),
                &[],
                "The names of all methods, sorted.",
                None,
                [],
                text(),
            ),
            describe(
                Introspection::MethodSignature.name(),
                &[],
                "The signatures of a method: an array of them, each an array of the names of types, \
                 that of the result first. The string `undef` where nothing is known of them.",
                None,
                name(),
                Schema::Array(Box::new(text())),
            ),
            describe(
                Introspection::MethodHelp.name(),
                &[],
                "What a method is for; empty where nobody has said it.",
                None,
                name(),
                Schema::String,
            ),
            describe(
                Introspection::MethodExist.name(),
                &[],
                "Whether there is a method of this name.",
                None,
                name(),
                Schema::Boolean,
            ),
            describe(
                Introspection::GetCapabilities.name(),
                &[],
                "The specifications that this server follows: the address and the version of each.",
                None,
                [],
                members(),
            ),
            describe(
                "system.multicall",
                &[],
                "Runs many calls, each a struct of `methodName` and `params`, in order. Answers an \
                 array with, for each of them, an array of its result, or a struct of `faultCode` \
                 and `faultString`.",
                None,
                [param("calls", Schema::Array(Box::new(members())))],
                any(),
            ),
        ]
    });
    all.iter().find(|description| description.name == name)
}
