//! Certificates, and a server with TLS.

use std::{net::SocketAddr, sync::Arc};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CertifiedKey, DnType, IsCa, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_rustls::rustls::{
    RootCertStore, ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer,
    server::WebPkiClientVerifier,
};
use xmlrpc_axum::{Endpoint, Tls};

use super::http_server::dispatcher;

/// A private certificate authority.
pub(crate) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages.push(KeyUsagePurpose::KeyCertSign);
        let key = KeyPair::generate().unwrap();
        let issuer = CertifiedIssuer::self_signed(params, key).unwrap();
        Self { issuer }
    }

    /// The certificate of the authority.
    pub(crate) fn pem(&self) -> String {
        self.issuer.pem()
    }

    /// A certificate for these hosts.
    pub(crate) fn sign(&self, hosts: &[&str]) -> CertifiedKey<KeyPair> {
        self.sign_with(&params(hosts))
    }

    /// A certificate that expired long ago.
    pub(crate) fn sign_expired(&self, hosts: &[&str]) -> CertifiedKey<KeyPair> {
        let mut params = params(hosts);
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
        self.sign_with(&params)
    }

    fn sign_with(&self, params: &CertificateParams) -> CertifiedKey<KeyPair> {
        let signing_key = KeyPair::generate().unwrap();
        let cert = params.signed_by(&signing_key, &self.issuer).unwrap();
        CertifiedKey { cert, signing_key }
    }
}

/// A certificate for these hosts that is its own authority.
pub(crate) fn self_signed_authority(hosts: &[&str]) -> CertifiedKey<KeyPair> {
    let mut params = params(hosts);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let signing_key = KeyPair::generate().unwrap();
    let cert = params.self_signed(&signing_key).unwrap();
    CertifiedKey { cert, signing_key }
}

fn params(hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    CertificateParams::new(hosts).unwrap()
}

/// The methods of `Probe` over TLS. It stops when it is dropped.
pub(crate) struct TlsServer {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl TlsServer {
    /// Serves with this certificate. If there is an authority, clients need a certificate of it.
    pub(crate) async fn new(own: &CertifiedKey<KeyPair>, clients: Option<&Authority>) -> Self {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                roots.add(authority.issuer.der().clone()).unwrap();
                let roots = Arc::new(roots);
                let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider);
                builder.with_client_cert_verifier(verifier.build().unwrap())
            }
        };
        let key = PrivateKeyDer::Pkcs8(own.signing_key.serialize_der().into());
        let config = builder
            .with_single_cert(vec![own.cert.der().clone()], key)
            .unwrap();
        let tls = Tls::new(move || Ok(config.clone())).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = xmlrpc_axum::serve(tls.listen(listener), Endpoint::new(dispatcher()));
        let task = tokio::spawn(async move { server.await.unwrap() });
        Self { address, task }
    }

    pub(crate) fn url(&self, host: &str) -> String {
        format!("https://{host}:{}/RPC2", self.address.port())
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
