//! A connection of the load generator, which is much faster than the servers.

use std::{net::SocketAddr, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{crew::Worker, harness::text};

/// The request that the load generator sends, and the body of the right response.
pub(crate) struct Exchange {
    pub(crate) request: Vec<u8>,
    pub(crate) response: Vec<u8>,
}

pub(crate) struct Connection {
    stream: TcpStream,
    exchange: Arc<Exchange>,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(
        address: SocketAddr,
        exchange: Arc<Exchange>,
    ) -> Result<Self, std::io::Error> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            exchange,
            buffer: Vec::with_capacity(4096),
        })
    }
}

impl Worker for Connection {
    /// Sends a request, reads the response and compares its body.
    async fn once(&mut self) -> Result<(), String> {
        let sent = self.stream.write_all(&self.exchange.request).await;
        sent.map_err(text)?;
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await;
            if read.map_err(text)? == 0 {
                return Err("the connection was closed".to_owned());
            }
            let Some(head) = memchr::memmem::find(&self.buffer, b"\r\n\r\n") else {
                continue;
            };
            let body = &self.buffer[head + 4..];
            if body.len() < self.exchange.response.len() && self.exchange.response.starts_with(body)
            {
                continue;
            }
            let is_right =
                self.buffer.starts_with(b"HTTP/1.1 200") && body == self.exchange.response;
            let wrong = || format!("wrong response: {}", String::from_utf8_lossy(&self.buffer));
            return is_right.then_some(()).ok_or_else(wrong);
        }
    }
}
