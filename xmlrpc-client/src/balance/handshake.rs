//! Whether a server that accepts connections also speaks TLS.

use std::{io, sync::Arc};

use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, pki_types::ServerName},
};

use crate::{accept_all::AcceptAll, tls_settings::provider};

pub(super) struct Handshake {
    connector: TlsConnector,
    name: ServerName<'static>,
}

impl Handshake {
    /// A handshake with this host. `None` if the host has no name that TLS knows.
    pub(super) fn with(host: &str) -> Option<Self> {
        let provider = provider();
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .ok()?
            .dangerous()
            // Nothing is sent that must not be read. A call finds out whether its certificate is right.
            .with_custom_certificate_verifier(Arc::new(AcceptAll::new(provider)))
            .with_no_client_auth();
        Some(Self {
            connector: TlsConnector::from(Arc::new(config)),
            name: ServerName::try_from(host.to_owned()).ok()?,
        })
    }

    /// Waits until the server has said something, also that it wants a certificate of the client.
    pub(super) async fn run(&self, stream: TcpStream) -> io::Result<()> {
        match self.connector.connect(self.name.clone(), stream).await {
            Err(error) if error.kind() != io::ErrorKind::InvalidData => Err(error),
            _ => Ok(()),
        }
    }
}
