//! The settings of TLS: which certificates the client trusts, and which it has.

use std::fmt;

use reqwest::{Certificate, Identity};

use crate::{BuildError, ClientBuilder};

/// The settings of TLS. They apply to `https` URLs.
#[derive(Clone, Default)]
pub(crate) struct TlsSettings {
    roots: Vec<Certificate>,
    identity: Option<Identity>,
    /// The texts of both, for the wire on hyper-util.
    #[cfg(feature = "hyper")]
    pem: PemTexts,
    pub(crate) accepts_invalid: bool,
}

#[cfg(feature = "hyper")]
#[derive(Clone, Default)]
struct PemTexts {
    roots: Vec<Vec<u8>>,
    identity: Option<Vec<u8>>,
}

#[cfg(feature = "hyper")]
impl TlsSettings {
    /// The certificates of the authorities that were set.
    pub(crate) fn root_certificates(
        &self,
    ) -> Result<Vec<tokio_rustls::rustls::pki_types::CertificateDer<'static>>, BuildError> {
        use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject};

        let texts = self.pem.roots.iter();
        texts
            .flat_map(|pem| CertificateDer::pem_slice_iter(pem))
            .collect::<Result<_, _>>()
            .map_err(|_| {
                BuildError::new("the PEM of `root_certificate` is damaged: it cannot be decoded")
            })
    }

    /// The certificate of the client and its key.
    pub(crate) fn identity_pem(&self) -> Option<&[u8]> {
        self.pem.identity.as_deref()
    }
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

    /// Whether the client trusts a certificate even if the system has none.
    pub(crate) fn has_roots(&self) -> bool {
        !self.roots.is_empty()
    }

    pub(crate) fn apply(&self, mut builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        builder = builder.tls_certs_merge(self.roots.iter().cloned());
        if let Some(identity) = &self.identity {
            // The program may also enable another backend, which could not read the identity.
            builder = builder.tls_backend_rustls().identity(identity.clone());
        }
        if self.accepts_invalid {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        builder
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
                #[cfg(feature = "hyper")]
                self.connections.tls.pem.roots.push(pem.as_ref().to_vec());
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
                #[cfg(feature = "hyper")]
                {
                    self.connections.tls.pem.identity = Some(pem.as_ref().to_vec());
                }
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

fn roots(pem: &[u8]) -> Result<Vec<Certificate>, String> {
    let setting = "root_certificate";
    let roots = Certificate::from_pem_bundle(pem)
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
    let builder = reqwest::Client::builder().no_proxy();
    match builder.tls_certs_only(roots.clone()).build() {
        Ok(_) => Ok(roots),
        Err(_) => Err(format!(
            "the PEM of `{setting}` contains an invalid certificate"
        )),
    }
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
    let identity = Identity::from_pem(pem).map_err(|_| {
        format!(
            "the PEM of `{setting}` cannot be read: it must contain one private key and \
             certificates, and nothing else"
        )
    })?;
    let builder = reqwest::Client::builder().no_proxy().tls_backend_rustls();
    match builder
        .tls_certs_only([])
        .identity(identity.clone())
        .build()
    {
        Ok(_) => Ok(identity),
        Err(_) => Err(format!(
            "the private key in the PEM of `{setting}` is invalid, or does not belong to the first \
             certificate"
        )),
    }
}

/// Whether a file is in another format, which begins with the byte of an ASN.1 sequence.
fn is_der(file: &[u8]) -> bool {
    file.starts_with(&[0x30])
}
