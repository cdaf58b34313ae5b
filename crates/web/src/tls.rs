//! TLS of our own, where no proxy speaks it: the server's certificate, and whose certificates clients may show. A browser shows none
//! and reaches the desks all the same; a key of the API that is bound to a certificate opens nothing without it.

mod expiry;
mod fresh;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use store::Fingerprint;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::ClientCertVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, crypto};

pub use expiry::Expiry;
pub(crate) use fresh::{Fresh, keep_fresh};

/// Where certificates lie. They are read at the start, and again when they change.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The server's certificate and those between it and its authority, as PEM.
    pub certificate: PathBuf,
    /// Its private key, as PEM.
    pub key: PathBuf,
    /// The authorities whose certificates clients may show, as PEM.
    pub client_ca: Option<PathBuf>,
}

/// Why TLS cannot be spoken. It is an operator's to read.
#[derive(Debug, thiserror::Error)]
pub enum TlsFault {
    /// A file that cannot be read or holds something else.
    #[error("`{path}` is not read as {what}: {why}")]
    File {
        /// Which.
        path: String,
        /// What it should hold.
        what: &'static str,
        /// Why not.
        why: String,
    },
    /// Certificate and key, or the authorities, do not do.
    #[error("these certificates do not do: {0}")]
    Unfit(String),
}

/// The certificate that a client showed, as it is known to a key of the API.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown(pub(crate) Fingerprint);

impl Shown {
    pub(crate) fn of(certificate: &CertificateDer<'_>) -> Self {
        Self(fingerprint(certificate))
    }
}

fn fingerprint(certificate: &CertificateDer<'_>) -> Fingerprint {
    Fingerprint(Sha256::digest(certificate.as_ref()).into())
}

/// The SHA-256 of a certificate in a file of PEM, as `openssl x509 -fingerprint -sha256` gives it too.
///
/// # Errors
/// When the file holds none.
pub fn fingerprint_of_file(path: &Path) -> Result<Fingerprint, TlsFault> {
    let certificate = CertificateDer::from_pem_file(path);
    Ok(fingerprint(&certificate.map_err(fault(path, "a certificate"))?))
}

impl TlsFiles {
    /// What takes connections.
    ///
    /// # Errors
    /// When a file cannot be read, or what is in them does not fit together.
    pub fn acceptor(&self) -> Result<TlsAcceptor, TlsFault> {
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(fault(&self.key, "a private key"))?;
        let chain = certificates(&self.certificate)?;
        let provider = Arc::new(crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(unfit)?;
        let config = match &self.client_ca {
            Some(path) => config.with_client_cert_verifier(verifier(path, provider)?),
            None => config.with_no_client_auth(),
        };
        let mut config = config.with_single_cert(chain, key).map_err(unfit)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

/// Takes certificates of these authorities, and those who show none.
fn verifier(
    path: &Path,
    provider: Arc<crypto::CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, TlsFault> {
    let mut roots = RootCertStore::empty();
    for authority in certificates(path)? {
        roots.add(authority).map_err(unfit)?;
    }
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
        .allow_unauthenticated()
        .build()
        .map_err(unfit)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsFault> {
    let what = "certificates";
    let read = CertificateDer::pem_file_iter(path).map_err(fault(path, what))?;
    let read: Vec<_> = read.collect::<Result<_, _>>().map_err(fault(path, what))?;
    if read.is_empty() {
        return Err(fault(path, what)("there is none in it"));
    }
    Ok(read)
}

fn fault<E: ToString>(path: &Path, what: &'static str) -> impl FnOnce(E) -> TlsFault {
    let path = path.display().to_string();
    move |why| TlsFault::File {
        path,
        what,
        why: why.to_string(),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "reads well as `map_err(unfit)`")]
fn unfit(why: impl ToString) -> TlsFault {
    TlsFault::Unfit(why.to_string())
}
