//! The methods `system.*` that describe the server.

use std::{
    future::ready,
    sync::{Arc, OnceLock},
};

use super::{
    MethodFuture, RpcCall, describe_methods, dispatcher::DispatcherInner, handler::Handler,
    method_table::Introspection, response_encoder::ResponseEncoder,
};
use crate::{
    Fault, Struct, Value, from_value,
    message::{EncodedResponse, SYSTEM_MULTICALL},
    schema::{
        MethodDescription, ParamDescription, Schema,
        construct::{describe, param},
    },
};

/// Runs one of these methods.
pub(super) struct Introspect(pub(super) Introspection, pub(super) Arc<DispatcherInner>);

impl Handler for Introspect {
    fn call(&self, call: RpcCall) -> MethodFuture {
        let Self(method, dispatcher) = self;
        Box::pin(ready(run(*method, dispatcher, call)))
    }
}

fn run(
    method: Introspection,
    dispatcher: &DispatcherInner,
    call: RpcCall,
) -> Result<EncodedResponse, Fault> {
    match method {
        Introspection::ListMethods => {
            let names = dispatcher.method_names();
            nothing(call)?.value(&names.iter().map(|name| &**name).collect::<Vec<_>>())
        }
        Introspection::MethodSignature => {
            let (name, encoder) = method_name(call)?;
            let description = dispatcher.description(&name)?;
            match description.and_then(MethodDescription::signatures) {
                Some(signatures) => encoder.value(&signatures),
                None => encoder.value("undef"),
            }
        }
        Introspection::MethodHelp => {
            let (name, encoder) = method_name(call)?;
            let description = dispatcher.description(&name)?;
            encoder.value(description.map_or("", |it| &it.help))
        }
        Introspection::MethodExist => {
            let (name, encoder) = method_name(call)?;
            encoder.value(&dispatcher.has(&name))
        }
        Introspection::GetCapabilities => nothing(call)?.value(&capabilities(dispatcher)),
        Introspection::DescribeMethods => {
            let (names, encoder) = method_names(call)?;
            encoder.value(&describe_methods::described(dispatcher, names.as_deref()))
        }
    }
}

fn nothing(call: RpcCall) -> Result<ResponseEncoder, Fault> {
    let ((), encoder) = call.decode(|params| {
        params.end()?;
        Ok(())
    })?;
    Ok(encoder)
}

fn method_name(call: RpcCall) -> Result<(String, ResponseEncoder), Fault> {
    call.decode(|params| {
        let name = params.required("methodName")?;
        params.end()?;
        Ok(name)
    })
}

/// The names in a call of `system.describeMethods`: an array, or one name. `None` stands for all.
fn method_names(call: RpcCall) -> Result<(Option<Vec<String>>, ResponseEncoder), Fault> {
    let (names, encoder) = call.decode(|params| {
        let names: Option<Value> = params.optional("methodNames")?;
        params.end()?;
        Ok(names)
    })?;
    let names = match names {
        None | Some(Value::Nil) => None,
        Some(Value::String(name)) => Some(vec![name]),
        Some(names) => Some(from_value(names).map_err(|error| {
            Fault::invalid_params(format!(
                "the method names must be an array of strings: {error}"
            ))
        })?),
    };
    Ok((names, encoder))
}

/// The capabilities of the server, under the names and addresses that the PHP library established.
fn capabilities(dispatcher: &DispatcherInner) -> Struct {
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
            SYSTEM_MULTICALL,
            dispatcher.has(SYSTEM_MULTICALL),
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

/// The description of a method `system.*`.
pub(super) fn description(name: &str) -> Option<&'static MethodDescription> {
    static ALL: OnceLock<[MethodDescription; 7]> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let text = || Schema::Array(Box::new(Schema::String));
        let any = || Schema::Array(Box::new(Schema::Any));
        let members = || Schema::Map(Box::new(Schema::Any));
        let name = || [param("methodName", Schema::String)];
        [
            describe(
                Introspection::ListMethods.name(),
                &[],
                "Returns the names of all methods, sorted.",
                None,
                [],
                text(),
            ),
            describe(
                Introspection::MethodSignature.name(),
                &[],
                "Returns the signatures of a method as an array. Each signature is an array of type \
                 names, with the type of the result first. If the signature is unknown, returns the \
                 string `undef`.",
                None,
                name(),
                Schema::Array(Box::new(text())),
            ),
            describe(
                Introspection::MethodHelp.name(),
                &[],
                "Returns the documentation of a method, or an empty string.",
                None,
                name(),
                Schema::String,
            ),
            describe(
                Introspection::MethodExist.name(),
                &[],
                "Returns whether the server has a method of this name.",
                None,
                name(),
                Schema::Boolean,
            ),
            describe(
                Introspection::GetCapabilities.name(),
                &[],
                "Returns the specifications that this server supports, each with its address and \
                 version.",
                None,
                [],
                members(),
            ),
            describe(
                SYSTEM_MULTICALL,
                &[],
                "Runs several calls, each a struct with `methodName` and `params`, in order. Returns \
                 an array with one entry for each call: an array with its result, or a struct with \
                 `faultCode` and `faultString`.",
                None,
                [param("calls", Schema::Array(Box::new(members())))],
                any(),
            ),
            describe(
                Introspection::DescribeMethods.name(),
                &[],
                "Describes methods and the structs that they use. Without method names, it describes all \
                 methods.",
                None,
                [ParamDescription {
                    optional: true,
                    ..param("methodNames", text())
                }],
                members(),
            ),
        ]
    });
    all.iter().find(|description| description.name == name)
}
