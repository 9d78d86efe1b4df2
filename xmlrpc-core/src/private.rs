//! What the expansion of `#[xmlrpc_service]` names. Nothing here is for any other use, and nothing
//! here is stable.

use std::{
    borrow::Borrow, fmt::Display, future::ready, marker::PhantomData, path::Path, str::FromStr,
};

pub use std::{boxed::Box, vec};

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Error,
    message::{EncodedResponse, missing},
    schema::{Member, MethodDescription, ParamDescription, Schema, ServiceDescription},
    service::ResponseEncoder,
    typed_fault::FaultText,
};
pub use crate::{
    Fault,
    client::{BoxTransport, Call, Client, IntoClient, ParamsWriter, Transport, named::member},
    message::{
        ParamsReader,
        named::{Names, Slots},
    },
    schema::{MethodDescription as Description, ServiceDescription as Descriptions},
    service::{
        Context, Layered, Method, MethodFuture, RpcCall, RpcLayer, Service,
        runs::{blocking, to_its_end},
    },
    typed_fault::TypedFault,
};

/// What is decoded to be lent as `&Self` to a method.
pub trait Lend {
    type Owned: DeserializeOwned + Borrow<Self>;
}

impl<T: DeserializeOwned> Lend for T {
    type Owned = T;
}

impl Lend for str {
    type Owned = String;
}

impl<T: DeserializeOwned> Lend for [T] {
    type Owned = Vec<T>;
}

impl Lend for Path {
    type Owned = std::path::PathBuf;
}

pub fn lend<T: Lend + ?Sized>(owned: &T::Owned) -> &T {
    owned.borrow()
}

pub fn lend_option<T: Lend + ?Sized>(owned: &Option<T::Owned>) -> Option<&T> {
    owned.as_ref().map(Borrow::borrow)
}

/// The two sides of a `Result`, whatever the name under which the method returns it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is named `Result` and is none",
    label = "not a `core::result::Result`",
    note = "`#[xmlrpc_service]` takes a return type named `Result` for one; give another type another name"
)]
pub trait MethodResult {
    type Ok;
    type Err;
}

impl<T, E> MethodResult for Result<T, E> {
    type Ok = T;
    type Err = E;
}

/// Tells a `Result` under another name from any other type: the inherent constant is found before
/// that of the trait.
pub struct Probe<T: ?Sized>(PhantomData<T>);

impl<T, E> Probe<Result<T, E>> {
    pub const IS_RESULT: bool = true;
}

pub trait NoResult {
    const IS_RESULT: bool = false;
}

impl<T: ?Sized> NoResult for Probe<T> {}

/// What is read has a schema; it is found before that of the trait.
impl<T: Lend + ?Sized> Probe<T> {
    pub fn schema() -> Schema {
        Schema::of::<T::Owned>()
    }
}

impl<T: DeserializeOwned, E> Probe<Result<T, E>> {
    pub fn result_schema() -> Schema {
        Schema::of::<T>()
    }
}

/// Of what one side only writes, nothing is known.
pub trait NoSchema {
    fn schema() -> Schema {
        Schema::Any
    }

    fn result_schema() -> Schema {
        Schema::Any
    }
}

impl<T: ?Sized> NoSchema for Probe<T> {}

pub fn describe<const PARAMS: usize>(
    name: &str,
    aliases: &[&str],
    help: &str,
    deprecated: Option<&str>,
    params: [ParamDescription; PARAMS],
    result: Schema,
) -> MethodDescription {
    MethodDescription {
        name: name.to_owned(),
        aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
        help: help.to_owned(),
        deprecated: deprecated.map(str::to_owned),
        params: Some(params.into()),
        result,
    }
}

pub fn describe_service<const METHODS: usize>(
    name: &str,
    help: &str,
    methods: [MethodDescription; METHODS],
) -> ServiceDescription {
    ServiceDescription {
        name: name.to_owned(),
        help: help.to_owned(),
        methods: methods.into(),
    }
}

pub fn param(name: &str, schema: Schema) -> ParamDescription {
    ParamDescription {
        name: name.to_owned(),
        schema,
        optional: false,
        rest: false,
    }
}

/// A parameter that can be nil.
pub fn param_or_nil(name: &str, schema: Schema) -> ParamDescription {
    let schema = match schema {
        Schema::Any | Schema::Optional(_) => schema,
        schema => Schema::Optional(Box::new(schema)),
    };
    param(name, schema)
}

/// A parameter that can be nil, or left out.
pub fn param_or_none(name: &str, schema: Schema) -> ParamDescription {
    ParamDescription {
        optional: true,
        ..param_or_nil(name, schema)
    }
}

/// Any number of parameters.
pub fn params(name: &str, schema: Schema) -> ParamDescription {
    ParamDescription {
        optional: true,
        rest: true,
        ..param(name, schema)
    }
}

/// The one parameter of which these are the members.
pub fn members<const MEMBERS: usize>(members: [ParamDescription; MEMBERS]) -> ParamDescription {
    let optional = members.iter().all(|member| member.optional);
    let members = members.into_iter().map(|member| Member {
        name: member.name,
        schema: member.schema,
        optional: member.optional,
    });
    ParamDescription {
        optional,
        ..param("params", Schema::Struct(members.collect()))
    }
}

pub fn required<T: DeserializeOwned>(
    params: &mut ParamsReader<'_>,
    name: &'static str,
) -> Result<T, Error> {
    params.required(name)
}

pub fn optional<T: DeserializeOwned>(
    params: &mut ParamsReader<'_>,
    name: &'static str,
) -> Result<Option<T>, Error> {
    params.optional(name)
}

/// All parameters that are left.
pub fn rest<T: DeserializeOwned>(
    params: &mut ParamsReader<'_>,
    name: &'static str,
) -> Result<Vec<T>, Error> {
    params.rest(name)
}

/// The members of the struct that holds all parameters.
pub fn named<N: Names, L: Slots>(params: &mut ParamsReader<'_>) -> Result<L, Error> {
    params.named::<N, L>()
}

/// A member that has to be there.
pub fn present<T: DeserializeOwned>(value: Option<T>, name: &'static str) -> Result<T, Error> {
    value.ok_or_else(|| missing::<T>(format_args!("`{name}`")))
}

/// A member that need not be there, or may be nil.
pub fn absent<T: DeserializeOwned>(value: Option<Option<T>>) -> Option<T> {
    value.flatten()
}

pub fn refuse(fault: Fault) -> MethodFuture {
    Box::pin(ready(Err(fault)))
}

/// Encodes what a method returned, where it is no `Result`.
pub fn answer<T: Serialize>(answer: &ResponseEncoder, value: &T) -> Result<EncodedResponse, Fault> {
    answer.value(value)
}

/// Encodes what a method returned, where it is a `Result`.
pub fn answer_result<T: Serialize, E: Into<Fault>>(
    answer: &ResponseEncoder,
    result: Result<T, E>,
) -> Result<EncodedResponse, Fault> {
    answer.result(result)
}

/// Begins the call of a stub.
pub fn begin<T>(client: &Client<T>, method: &str) -> ParamsWriter {
    client.begin(method)
}

/// Makes the call of a stub whose parameters `writer` has got.
pub fn call<T: Transport, R: DeserializeOwned>(
    client: &Client<T>,
    method: &'static str,
    writer: ParamsWriter,
) -> Call<T, R> {
    Call::new(client.clone(), method.into(), writer)
}

/// The fault of a variant that says what it is.
pub fn open(code: i32, text: impl Display) -> Fault {
    Fault::new(code, text.to_string())
}

/// The fault of a variant that says it to the log.
pub fn internal(code: Option<i32>, log: impl Display) -> Fault {
    let code = code.unwrap_or(Fault::INTERNAL_ERROR);
    Fault::new(code, "internal error").with_source(format!("{log:#}"))
}

/// The fault that a variant holds.
pub fn other<T: TypedFault>(held: T) -> Fault {
    held.into()
}

pub fn fault_text<T: FaultText>(error: &T) -> String {
    error.text()
}

/// The texts in the places of a message.
pub fn places<'t, const N: usize>(
    text: &'t str,
    before: [&str; N],
    end: &str,
) -> Option<[&'t str; N]> {
    crate::typed_fault::places(text, before, end)
}

/// A field out of its text.
pub fn field<T: FromStr>(text: &str) -> Option<T> {
    crate::typed_fault::field(text)
}

/// Whether a code is one that the protocol keeps for itself.
pub const fn is_reserved(code: i32) -> bool {
    -32768 <= code && code <= -32000
}

/// Whether no code before it is the same as that at `index`.
pub const fn is_first(codes: &[i32], index: usize) -> bool {
    let mut earlier = 0;
    while earlier < index {
        if codes[earlier] == codes[index] {
            return false;
        }
        earlier += 1;
    }
    true
}
