//! The same two methods for each framework.

use dxr::{Fault, TryFromParams, TryToValue, Value};
use http::HeaderMap;
use jsonrpsee::{RpcModule, core::RegisterMethodError, types::ErrorObjectOwned};
use xmlrpc_core::{Dispatcher, xmlrpc_service};

#[xmlrpc_service]
pub(crate) trait Calc {
    async fn add(&self, a: i64, b: i64) -> i64;
    async fn sum(&self, numbers: Vec<i64>) -> i64;
}

struct Exact;

impl Calc for Exact {
    async fn add(&self, a: i64, b: i64) -> i64 {
        a + b
    }

    async fn sum(&self, numbers: Vec<i64>) -> i64 {
        numbers.iter().sum()
    }
}

pub(crate) fn ours() -> Dispatcher {
    Dispatcher::new().service(CalcServer::new(Exact))
}

/// Async methods, as ours are, and one plain function.
pub(crate) fn jsonrpsee() -> Result<RpcModule<()>, RegisterMethodError> {
    let mut module = RpcModule::new(());
    module.register_async_method("add", |params, _, _| async move {
        let (a, b): (i64, i64) = params.parse()?;
        Ok::<i64, ErrorObjectOwned>(a + b)
    })?;
    module.register_method("add_at_once", |params, (), _| {
        let (a, b): (i64, i64) = params.parse()?;
        Ok::<i64, ErrorObjectOwned>(a + b)
    })?;
    module.register_async_method("sum", |params, _, _| async move {
        let (numbers,): (Vec<i64>,) = params.parse()?;
        Ok::<i64, ErrorObjectOwned>(numbers.iter().sum())
    })?;
    Ok(module)
}

pub(crate) fn dxr() -> [(&'static str, Box<dyn dxr_server::Handler>); 2] {
    [
        ("add", Box::new(dxr_add as dxr_server::HandlerFn)),
        ("sum", Box::new(dxr_sum as dxr_server::HandlerFn)),
    ]
}

#[allow(clippy::needless_pass_by_value, reason = "dxr passes a value")]
fn dxr_add(params: &[Value], _: HeaderMap) -> Result<Value, Fault> {
    let (a, b): (i32, i32) = TryFromParams::try_from_params(params)?;
    Ok((a + b).try_to_value()?)
}

#[allow(clippy::needless_pass_by_value, reason = "dxr passes a value")]
fn dxr_sum(params: &[Value], _: HeaderMap) -> Result<Value, Fault> {
    let (numbers,): (Vec<i32>,) = TryFromParams::try_from_params(params)?;
    Ok(numbers.iter().sum::<i32>().try_to_value()?)
}
