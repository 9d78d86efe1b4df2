//! TLS with rustls, with the certificates of the system and those of the program.

use std::sync::Arc;

use http::Uri;
use rustls_platform_verifier::Verifier;
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, Error, RootCertStore,
        crypto::CryptoProvider,
        pki_types::{CertificateDer, ServerName},
        sign::SingleCertAndKey,
    },
};
use xmlrpc_core::client::BoxError;

use super::stream::{Kind, Stream};
use crate::{
    BuildError,
    accept_all::AcceptAll,
    tls_settings::{TlsSettings, provider},
};

pub(super) struct Tls {
    connector: TlsConnector,
}

impl Tls {
    /// Reads the certificates of the system.
    pub(super) fn new(settings: &TlsSettings) -> Result<Self, BuildError> {
        let config = config(settings).map_err(BuildError::http_client)?;
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
        })
    }

    /// Starts TLS with the server of this URL.
    pub(super) async fn connect(&self, server: &Uri, stream: Stream) -> Result<Stream, BoxError> {
        let host = server.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(host.to_owned())?;
        let stream = self.connector.connect(name, stream).await?;
        Ok(Stream::new(Kind::Tls(Box::new(stream))))
    }
}

fn config(settings: &TlsSettings) -> Result<ClientConfig, Error> {
    let provider = provider();
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let builder = if settings.accepts_invalid {
        let verifier = Arc::new(AcceptAll::new(provider));
        builder
            .dangerous()
            .with_custom_certificate_verifier(verifier)
    } else {
        match system_and(&settings.roots, provider) {
            Ok(verifier) => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(verifier)),
            // A system without certificates can still trust those of the program.
            Err(_) if !settings.roots.is_empty() => {
                let mut store = RootCertStore::empty();
                store.add_parsable_certificates(settings.roots.iter().cloned());
                builder.with_root_certificates(store)
            }
            Err(error) => return Err(error),
        }
    };
    let mut config = match &settings.identity {
        Some(identity) => {
            let key = SingleCertAndKey::from(Arc::clone(&identity.key));
            builder.with_client_cert_resolver(Arc::new(key))
        }
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Trusts the authorities of the system, and these.
#[cfg(not(target_os = "android"))]
fn system_and(
    roots: &[CertificateDer<'static>],
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, Error> {
    Verifier::new_with_extra_roots(roots.iter().cloned(), provider)
}

/// The verifier of Android takes no further authorities.
#[cfg(target_os = "android")]
fn system_and(
    roots: &[CertificateDer<'static>],
    provider: Arc<CryptoProvider>,
) -> Result<Verifier, Error> {
    if roots.is_empty() {
        Verifier::new(provider)
    } else {
        Err(Error::General(
            "other authorities are used alone".to_owned(),
        ))
    }
}
