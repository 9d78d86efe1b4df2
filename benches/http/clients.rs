//! The clients, each calling `add(2, 3)`.

use std::{fmt::Display, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Uri, header::CONTENT_TYPE};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use jsonrpsee::core::client::ClientT;
use jsonrpsee_http_client::HttpClient;
use xmlrpc_client::{Http, Wire};

use crate::{
    calc::CalcClient,
    crew::Worker,
    harness::{Outcome, text},
    requests::{Load, PATH, constant_response},
};

#[derive(Clone)]
pub(crate) struct Ours(CalcClient<Http>);

impl Ours {
    pub(crate) fn new(address: SocketAddr, wire: Wire) -> Outcome<Self> {
        let builder = xmlrpc_client::Client::builder(url(address));
        Ok(Self(CalcClient::new(&builder.wire(wire).build()?)))
    }
}

impl Worker for Ours {
    async fn once(&mut self) -> Result<(), String> {
        is_five(self.0.add(2, 3).await)
    }
}

/// What the wire `Wire::Reqwest` is built on. Its request is made in advance, and its response is only read.
#[derive(Clone)]
pub(crate) struct Reqwest {
    client: reqwest::Client,
    url: reqwest::Url,
    request: Bytes,
    response: Bytes,
}

impl Reqwest {
    pub(crate) fn new(address: SocketAddr) -> Outcome<Self> {
        Ok(Self {
            client: reqwest::Client::builder().build()?,
            url: url(address).parse()?,
            request: Load::Add.document()?.into(),
            response: constant_response().into(),
        })
    }
}

impl Worker for Reqwest {
    async fn once(&mut self) -> Result<(), String> {
        let post = self
            .client
            .post(self.url.clone())
            .body(self.request.clone());
        let post = post.header(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
        let response = post.send().await.map_err(text)?;
        let body = response.bytes().await.map_err(text)?;
        let is_right = body == self.response;
        let wrong = || "wrong response".to_owned();
        is_right.then_some(()).ok_or_else(wrong)
    }
}

/// What the wire `Wire::Hyper` is built on. Its request is made in advance, and its response is only read.
#[derive(Clone)]
pub(crate) struct HyperUtil {
    client: Client<HttpConnector, Full<Bytes>>,
    uri: Uri,
    request: Bytes,
    response: Bytes,
}

impl HyperUtil {
    pub(crate) fn new(address: SocketAddr) -> Outcome<Self> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build(connector),
            uri: url(address).parse()?,
            request: Load::Add.document()?.into(),
            response: constant_response().into(),
        })
    }
}

impl Worker for HyperUtil {
    async fn once(&mut self) -> Result<(), String> {
        let mut post = Request::new(Full::new(self.request.clone()));
        *post.method_mut() = Method::POST;
        *post.uri_mut() = self.uri.clone();
        let headers = post.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
        let response = self.client.request(post).await.map_err(text)?;
        let body = response.into_body().collect().await.map_err(text)?;
        let is_right = body.to_bytes() == self.response;
        let wrong = || "wrong response".to_owned();
        is_right.then_some(()).ok_or_else(wrong)
    }
}

#[derive(Clone)]
pub(crate) struct Jsonrpsee(HttpClient);

impl Jsonrpsee {
    pub(crate) fn new(address: SocketAddr) -> Outcome<Self> {
        Ok(Self(HttpClient::builder().build(url(address))?))
    }
}

impl Worker for Jsonrpsee {
    async fn once(&mut self) -> Result<(), String> {
        is_five(self.0.request("add", (2_i64, 3_i64)).await)
    }
}

#[derive(Clone)]
pub(crate) struct Dxr(Arc<dxr_client::Client>);

impl Dxr {
    pub(crate) fn new(address: SocketAddr) -> Outcome<Self> {
        let client = dxr_client::ClientBuilder::new(url(address).parse()?).build();
        Ok(Self(Arc::new(client)))
    }
}

impl Worker for Dxr {
    async fn once(&mut self) -> Result<(), String> {
        let sum = self.0.call::<_, i32>("add", (2, 3)).await;
        is_five(sum.map(i64::from))
    }
}

fn is_five(sum: Result<i64, impl Display>) -> Result<(), String> {
    match sum {
        Ok(5) => Ok(()),
        Ok(other) => Err(format!("wrong result: {other}")),
        Err(error) => Err(text(error)),
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}{PATH}")
}
