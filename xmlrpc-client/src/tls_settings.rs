//! The settings of TLS: which certificates the client trusts, and which it has.

use std::{fmt, sync::Arc};

use tokio_rustls::rustls::{
    RootCertStore,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{PemObject, SectionKind},
    },
    sign::CertifiedKey,
};

use crate::{BuildError, ClientBuilder};

/// The settings of TLS. They apply to `https` URLs.
#[derive(Clone, Default)]
pub(crate) struct TlsSettings {
    pub(crate) roots: Vec<CertificateDer<'static>>,
    pub(crate) identity: Option<Identity>,
    pub(crate) accepts_invalid: bool,
}

/// The certificate of the client and its key.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) key: Arc<CertifiedKey>,
    /// The text that contains both.
    pub(crate) pem: Arc<[u8]>,
}

/// The cryptography: that of the program, if it has installed one.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    let installed = CryptoProvider::get_default().cloned();
    installed.unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()))
}

impl TlsSettings {
    /// The setting to name if a custom HTTP client has its own.
    pub(crate) fn first(&self) -> Option<&'static str> {
        if !self.roots.is_empty() {
            Some("root_certificate")
        } else if self.identity.is_some() {
            Some("identity")
        } else {
            self.accepts_invalid
                .then_some("danger_accept_invalid_certs")
        }
    }
}

impl fmt::Debug for TlsSettings {
    /// Omits the certificates and the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsSettings")
            .field("root_certificates", &self.roots.len())
            .field("has_identity", &self.identity.is_some())
            .field("accepts_invalid_certs", &self.accepts_invalid)
            .finish()
    }
}

/// The settings of TLS. They need the feature `rustls`.
impl ClientBuilder {
    /// Also trusts servers whose certificate is signed by one of these authorities, in addition to
    /// those that the system trusts. `pem` is the text of a `.pem` or `.crt` file, with one or more
    /// certificates. You can call this several times.
    ///
    /// Use it for a private authority, or for a self-signed certificate, which is its own authority.
    /// The certificate of the server must still be for the host of the URL, and must not have expired.
    /// A self-signed certificate must have `CA:FALSE`: `openssl req -x509` needs
    /// `-addext basicConstraints=critical,CA:FALSE` for this.
    ///
    /// It has no effect on URLs without TLS.
    ///
    /// ```no_run
    /// use xmlrpc_client::Client;
    ///
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = Client::builder("https://rpc.internal/RPC2")
    ///     .root_certificate(std::fs::read("/etc/ssl/company-ca.pem")?)
    ///     .build()?;
    /// # let _ = client;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`build`](Self::build) returns an error if the text contains no certificate, or an invalid one.
    #[cfg_attr(docsrs, doc(cfg(feature = "rustls")))]
    pub fn root_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {
        match roots(pem.as_ref()) {
            Ok(roots) => {
                self.connections.tls.roots.extend(roots);
                self
            }
            Err(text) => self.fail(BuildError::new(text)),
        }
    }

    /// The certificate of this client and its private key, for servers that require one (mutual TLS).
    ///
    /// `pem` is the text of both, in any order: the private key (PKCS #8, PKCS #1 or SEC 1, not
    /// encrypted), the certificate, and after it the certificates of intermediate authorities. If
    /// they are in two files, join the files. A second call replaces the first.
    ///
    /// It has no effect on URLs without TLS.
    ///
    /// ```no_run
    /// use xmlrpc_client::Client;
    ///
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let certificate = std::fs::read_to_string("client.pem")?;
    /// let key = std::fs::read_to_string("client-key.pem")?;
    /// let client = Client::builder("https://rpc.internal/RPC2")
    ///     .identity(certificate + &key)
    ///     .build()?;
    /// # let _ = client;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`build`](Self::build) returns an error if the text lacks the certificate or the key, if the key
    /// is encrypted, or if it does not belong to the certificate. The error contains no part of the
    /// text.
    #[cfg_attr(docsrs, doc(cfg(feature = "rustls")))]
    pub fn identity(mut self, pem: impl AsRef<[u8]>) -> Self {
        match identity(pem.as_ref()) {
            Ok(identity) => {
                self.connections.tls.identity = Some(identity);
                self
            }
            Err(text) => self.fail(BuildError::new(text)),
        }
    }

    /// Whether to accept any certificate of the server: one that has expired, that belongs to another
    /// host, or that nobody has signed. Off by default.
    ///
    /// **Danger:** with it, everybody between you and the server can read and change the calls,
    /// including passwords. To trust one self-signed certificate, use
    /// [`root_certificate`](Self::root_certificate) instead.
    ///
    /// ```
    /// use xmlrpc_client::Client;
    ///
    /// let test = Client::builder("https://localhost:8443").danger_accept_invalid_certs(true).build()?;
    /// # let _ = test;
    /// # Ok::<(), xmlrpc_client::BuildError>(())
    /// ```
    #[cfg_attr(docsrs, doc(cfg(feature = "rustls")))]
    pub fn danger_accept_invalid_certs(mut self, on: bool) -> Self {
        self.connections.tls.accepts_invalid = on;
        self
    }
}

fn roots(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let setting = "root_certificate";
    let roots: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|_| format!("the PEM of `{setting}` is damaged: it cannot be decoded"))?;
    if roots.is_empty() {
        let hint = if is_der(pem) {
            " (it looks like DER: convert it with `openssl x509 -inform der`)"
        } else {
            ""
        };
        return Err(format!(
            "the PEM of `{setting}` contains no certificate: it must have a section \
             `-----BEGIN CERTIFICATE-----`{hint}"
        ));
    }
    // Reading the PEM does not look into the certificates.
    let mut store = RootCertStore::empty();
    for root in &roots {
        store
            .add(root.clone())
            .map_err(|_| format!("the PEM of `{setting}` contains an invalid certificate"))?;
    }
    Ok(roots)
}

fn identity(pem: &[u8]) -> Result<Identity, String> {
    let setting = "identity";
    let has = |text: &str| pem.windows(text.len()).any(|part| part == text.as_bytes());
    if !has("-----BEGIN CERTIFICATE-----") {
        let hint = if is_der(pem) {
            " (it looks like PKCS #12: convert it with `openssl pkcs12 -nodes`)"
        } else {
            ""
        };
        return Err(format!(
            "the PEM of `{setting}` contains no certificate: it must have the sections \
             `-----BEGIN CERTIFICATE-----` and `-----BEGIN PRIVATE KEY-----`{hint}"
        ));
    }
    if has("-----BEGIN ENCRYPTED PRIVATE KEY-----") || has("Proc-Type: 4,ENCRYPTED") {
        return Err(format!(
            "the private key in the PEM of `{setting}` is encrypted: decrypt it first, for example \
             with `openssl pkey`"
        ));
    }
    if !has("PRIVATE KEY-----") {
        return Err(format!(
            "the PEM of `{setting}` contains no private key: it must have a section \
             `-----BEGIN PRIVATE KEY-----` beside the certificate"
        ));
    }
    let (chain, key) = sections(pem).ok_or_else(|| {
        format!(
            "the PEM of `{setting}` cannot be read: it must contain one private key and \
             certificates, and nothing else"
        )
    })?;
    let key = CertifiedKey::from_der(chain, key, &provider()).map_err(|_| {
        format!(
            "the private key in the PEM of `{setting}` is invalid, or does not belong to the first \
             certificate"
        )
    })?;
    Ok(Identity {
        key: Arc::new(key),
        pem: pem.into(),
    })
}

/// The certificates and the private key in a text.
fn sections(pem: &[u8]) -> Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let (mut chain, mut key) = (Vec::new(), None);
    for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(pem) {
        let (kind, bytes) = section.ok()?;
        match kind {
            SectionKind::Certificate => chain.push(bytes.into()),
            SectionKind::PrivateKey => key = Some(PrivateKeyDer::Pkcs8(bytes.into())),
            SectionKind::RsaPrivateKey => key = Some(PrivateKeyDer::Pkcs1(bytes.into())),
            SectionKind::EcPrivateKey => key = Some(PrivateKeyDer::Sec1(bytes.into())),
            _ => return None,
        }
    }
    key.filter(|_| !chain.is_empty()).map(|key| (chain, key))
}

/// Whether a file is in another format, which begins with the byte of an ASN.1 sequence.
fn is_der(file: &[u8]) -> bool {
    file.starts_with(&[0x30])
}
