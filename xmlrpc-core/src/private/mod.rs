//! The items that generated code names, re-exported as `xmlrpc_core::__private`.
//!
//! They are public only for `#[xmlrpc_service]` and `#[derive(TypedFault)]`, and are not part of the
//! stable API.

#[cfg(feature = "client")]
mod client;
mod decode;
mod describe;
mod fault;
mod lend;
mod require;
mod result;
#[cfg(feature = "server")]
mod server;

pub use crate::Value;
pub use std::{boxed::Box, vec::Vec};

// Both sides: return types and descriptions.
pub use self::{
    describe::{
        Description, FaultDescription, ServiceDescription, any, array, describe, describe_fault,
        describe_faults, describe_service, in_trait, map, members, no_faults, nullable, param,
        param_or_nil, param_or_none, params, tuple, with_default,
    },
    require::{require_client, require_server},
    result::{MethodResult, NoFaults, NoResult, NoSchema, ResultOf, TypeProbe, result_of},
};

// The server: decodes the parameters, calls the method and encodes its result.
#[cfg(feature = "server")]
pub use self::server::{
    Context, IntoFault, Layered, Method, MethodFuture, Methods, ResultValue, RpcCall, RpcLayer,
    Service, blocking, encode, encode_result, queue, refuse, run_to_completion,
};
pub use self::{
    decode::{
        Decodable, Names, ParamsReader, Slots, absent, named, optional, present, required, rest,
    },
    lend::{Lend, lend, lend_option},
};

// The client: encodes the parameters and creates the call.
#[cfg(feature = "client")]
pub use self::client::{
    BoxTransport, Call, CallResult, Client, Envelope, IntoClient, IntoMembers, IntoParams,
    ParamsWriter, StubOf, TakesLeadingParams, Transport, begin, begin_by_name,
    begin_without_leading, call, call_open, call_with_envelope, member,
};

// `#[derive(TypedFault)]`.
pub use self::fault::{
    Fault, FaultText, FieldProbe, NoFromStr, TypedFault, captures, fault_text, field, internal,
    is_first, is_reserved, open, other,
};
