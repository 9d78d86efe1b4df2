//! The clients, each with `add(2, 3)`.

use std::{net::SocketAddr, sync::Arc};

use bytes::Bytes;
use http::{HeaderValue, header::CONTENT_TYPE};
use jsonrpsee::core::client::ClientT;
use jsonrpsee_http_client::HttpClient;
use xmlrpc_client::Http;

use crate::{
    calc::CalcClient,
    crew::Worker,
    requests::{Load, PATH, constant_answer},
};

pub(crate) struct Ours(CalcClient<Http>);

impl Ours {
    pub(crate) fn new(address: SocketAddr) -> Result<Self, String> {
        let client = xmlrpc_client::Client::new(url(address)).map_err(|it| it.to_string())?;
        Ok(Self(CalcClient::new(&client)))
    }

    pub(crate) fn again(&self) -> Self {
        Self(self.0.clone())
    }
}

impl Worker for Ours {
    async fn once(&mut self) -> Result<(), String> {
        is_five(self.0.add(2, 3).await)
    }
}

/// What ours is built on, with a body that is there already and one that is only read.
pub(crate) struct Reqwest {
    client: reqwest::Client,
    url: reqwest::Url,
    body: Bytes,
    answer: Bytes,
}

impl Reqwest {
    pub(crate) fn new(address: SocketAddr) -> Result<Self, String> {
        let client = reqwest::Client::builder().build();
        Ok(Self {
            client: client.map_err(|error| error.to_string())?,
            url: url(address).parse().map_err(|_| "no URL")?,
            body: Load::Add.document()?.into(),
            answer: constant_answer().into(),
        })
    }

    pub(crate) fn again(&self) -> Self {
        Self {
            client: self.client.clone(),
            url: self.url.clone(),
            body: self.body.clone(),
            answer: self.answer.clone(),
        }
    }
}

impl Worker for Reqwest {
    async fn once(&mut self) -> Result<(), String> {
        let post = self.client.post(self.url.clone()).body(self.body.clone());
        let post = post.header(CONTENT_TYPE, HeaderValue::from_static("text/xml"));
        let answer = post.send().await.map_err(|error| error.to_string())?;
        let answer = answer.bytes().await.map_err(|error| error.to_string())?;
        let is_right = answer == self.answer;
        is_right
            .then_some(())
            .ok_or_else(|| "wrong answer".to_owned())
    }
}

pub(crate) struct Jsonrpsee(HttpClient);

impl Jsonrpsee {
    pub(crate) fn new(address: SocketAddr) -> Result<Self, String> {
        let client = HttpClient::builder().build(url(address));
        client.map(Self).map_err(|error| error.to_string())
    }

    pub(crate) fn again(&self) -> Self {
        Self(self.0.clone())
    }
}

impl Worker for Jsonrpsee {
    async fn once(&mut self) -> Result<(), String> {
        is_five(self.0.request("add", (2_i64, 3_i64)).await)
    }
}

pub(crate) struct Dxr(Arc<dxr_client::Client>);

impl Dxr {
    pub(crate) fn new(address: SocketAddr) -> Result<Self, String> {
        let url = url(address).parse().map_err(|_| "no URL")?;
        let client = dxr_client::ClientBuilder::new(url).build();
        Ok(Self(Arc::new(client)))
    }

    pub(crate) fn again(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl Worker for Dxr {
    async fn once(&mut self) -> Result<(), String> {
        let sum = self.0.call::<_, i32>("add", (2, 3)).await;
        is_five(sum.map(i64::from))
    }
}

fn is_five<E: std::fmt::Display>(sum: Result<i64, E>) -> Result<(), String> {
    match sum {
        Ok(5) => Ok(()),
        Ok(other) => Err(format!("wrong answer: {other}")),
        Err(error) => Err(error.to_string()),
    }
}

fn url(address: SocketAddr) -> String {
    format!("http://{address}{PATH}")
}
