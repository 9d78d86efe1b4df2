//! TLS with rustls, with the certificates of the system and those of the program.

use std::sync::Arc;

use http::Uri;
use rustls_platform_verifier::Verifier;
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
        client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
        pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
    },
};
use xmlrpc_core::client::BoxError;

use super::stream::{Kind, Stream};
use crate::{BuildError, tls_settings::TlsSettings};

pub(super) struct Tls {
    connector: TlsConnector,
}

impl Tls {
    pub(super) fn new(settings: &TlsSettings) -> Result<Self, BuildError> {
        let failed = |error: Error| BuildError::tls(error);
        // One that the program has installed comes first.
        let provider = CryptoProvider::get_default().cloned();
        let provider = provider.unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()));
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(failed)?;
        let builder = if settings.accepts_invalid {
            let all = Arc::new(AcceptAll { provider });
            builder.dangerous().with_custom_certificate_verifier(all)
        } else {
            let roots = settings.root_certificates()?;
            match Verifier::new_with_extra_roots(roots.iter().cloned(), provider) {
                Ok(verifier) => builder
                    .dangerous()
                    .with_custom_certificate_verifier(Arc::new(verifier)),
                // A system without certificates can still trust those of the program.
                Err(_) if !roots.is_empty() => {
                    let mut store = RootCertStore::empty();
                    store.add_parsable_certificates(roots);
                    builder.with_root_certificates(store)
                }
                Err(error) => return Err(failed(error)),
            }
        };
        let mut config = match settings.identity_pem() {
            None => builder.with_no_client_auth(),
            Some(pem) => {
                let damaged = |_| BuildError::new("the PEM of `identity` cannot be read");
                let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
                let key = PrivateKeyDer::from_pem_slice(pem).map_err(damaged)?;
                let chain = chain.map_err(damaged)?;
                builder.with_client_auth_cert(chain, key).map_err(failed)?
            }
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
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

/// Accepts each certificate, but still checks that the server has its key.
#[derive(Debug)]
struct AcceptAll {
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AcceptAll {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
