//! Types that are not envelopes, and places without them.

use serde::Deserialize;
use xmlrpc_core::{Envelope, Fault, xmlrpc_service};

#[derive(Deserialize)]
pub struct NoEnvelope<R>(R);

pub struct NotDecoded<R>(R);

impl<R> Envelope for NotDecoded<R> {
    type Value = R;

    fn open(self) -> Result<R, Fault> {
        Ok(self.0)
    }
}

#[derive(Deserialize)]
pub struct OfAnother<R>(R);

impl<R> Envelope for OfAnother<R> {
    type Value = Vec<R>;

    fn open(self) -> Result<Vec<R>, Fault> {
        Ok(vec![self.0])
    }
}

#[xmlrpc_service(envelope = OfAnother)]
pub trait BothSides {
    #[xmlrpc(envelope = OfAnother)]
    async fn name(&self) -> String;
}

#[xmlrpc_service(client)]
pub trait Types {
    #[xmlrpc(envelope = NoEnvelope)]
    async fn no_envelope(&self) -> String;
    #[xmlrpc(envelope = NotDecoded)]
    async fn not_decoded(&self) -> String;
    #[xmlrpc(envelope = OfAnother)]
    async fn of_another(&self) -> String;
}

#[xmlrpc_service(client, envelope)]
pub trait Values {
    #[xmlrpc(envelope = OfAnother<String>)]
    async fn with_a_type(&self) -> String;
    #[xmlrpc(envelope = OfAnother, no_envelope)]
    async fn both(&self) -> String;
    #[xmlrpc(no_envelope)]
    async fn nothing(&self) -> String;
    #[xmlrpc(envelope = 3)]
    async fn number(&self) -> String;
    async fn parameter(&self, #[xmlrpc(envelope = OfAnother)] a: i64) -> String;
}

fn main() {}
