//! One telling over HTTP: one connection to an address that was looked at, no redirects, little time, little read.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::request::Builder;
use axum::http::{Method, Request, StatusCode, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use record::Realm;
use store::{Reach, SignedPush};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto};

use super::PushFault;
use super::address::Endpoint;

/// Until a connection stands, with TLS.
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// Until it is answered.
const ANSWER_TIME: Duration = Duration::from_secs(10);
/// The most that is read of an answer. Nothing of it is kept.
const ANSWER_BYTES_MOST: usize = 64 * 1024;

/// Whom a connection trusts: those whom the machine does.
#[derive(Clone)]
pub struct Trust(Arc<ClientConfig>);

impl Trust {
    /// The authorities of this machine, or of `SSL_CERT_FILE`.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn of_machine() -> Result<Self, PushFault> {
        let mut roots = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        for fault in found.errors {
            tracing::warn!(%fault, "an authority of this machine cannot be read");
        }
        roots.add_parsable_certificates(found.certs);
        Self::of(roots)
    }

    /// These authorities.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(super) fn of(roots: RootCertStore) -> Result<Self, PushFault> {
        let provider = Arc::new(crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|fault| PushFault::NotReached(fault.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }
}

/// Sends it once. Any answer of the 200s is that it was taken.
pub(super) async fn send(trust: &Trust, push: &SignedPush, realm: Realm) -> Result<StatusCode, PushFault> {
    let endpoint = Endpoint::parse(&push.url)?;
    let request = request(
        &endpoint,
        "application/cloudevents+json; charset=utf-8",
        &push.body,
    )?
    .header("webhook-id", &push.id)
    .header("webhook-timestamp", push.timestamp)
    .header("webhook-signature", &push.signature);
    ask(trust, &endpoint, (push.reach, realm), request, &push.body).await
}

/// Sends a body as JSON to an address that stands in the settings of this machine, once. It names nobody, so that it may go in clear
/// within the house.
pub(crate) async fn send_json(trust: &Trust, url: &str, body: String) -> Result<(), PushFault> {
    let endpoint = Endpoint::parse(url)?;
    let request = request(&endpoint, "application/json", &body)?;
    ask(trust, &endpoint, (Reach::Plain, Realm::Live), request, &body).await?;
    Ok(())
}

async fn ask(
    trust: &Trust,
    endpoint: &Endpoint,
    (reach, realm): (Reach, Realm),
    request: Builder,
    body: &str,
) -> Result<StatusCode, PushFault> {
    let request = request.body(Body::from(body.to_owned()));
    let request = request.map_err(|_| PushFault::NoUrl(endpoint.uri.to_string()))?;
    let connected = tokio::time::timeout(CONNECT_TIME, connect(trust, endpoint, reach, realm)).await;
    let stream = connected.map_err(|_| PushFault::TooSlow)??;
    let answered = tokio::time::timeout(ANSWER_TIME, exchange(stream, request)).await;
    let status = answered.map_err(|_| PushFault::TooSlow)??;
    if status.is_success() {
        Ok(status)
    } else {
        Err(PushFault::Status(status.as_u16()))
    }
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

async fn connect(
    trust: &Trust,
    endpoint: &Endpoint,
    reach: Reach,
    realm: Realm,
) -> Result<Box<dyn Stream>, PushFault> {
    let addresses = endpoint.resolve(reach, realm).await?;
    let stream = to_one_of(&addresses).await?;
    if !endpoint.tls {
        return Ok(Box::new(stream));
    }
    let name = ServerName::try_from(endpoint.host.clone());
    let name = name.map_err(|_| PushFault::NoUrl(endpoint.uri.to_string()))?;
    let connector = TlsConnector::from(Arc::clone(&trust.0));
    let stream = connector.connect(name, stream).await;
    Ok(Box::new(
        stream.map_err(|error| PushFault::NotReached(error.to_string()))?,
    ))
}

async fn to_one_of(addresses: &[SocketAddr]) -> Result<TcpStream, PushFault> {
    let stream = TcpStream::connect(addresses).await;
    stream.map_err(|error| PushFault::NotReached(error.to_string()))
}

fn request(endpoint: &Endpoint, content_type: &str, body: &str) -> Result<Builder, PushFault> {
    let no = || PushFault::NoUrl(endpoint.uri.to_string());
    let authority = endpoint.uri.authority().ok_or_else(no)?;
    let path = endpoint.uri.path_and_query().map_or("/", |path| path.as_str());
    Ok(Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::HOST, authority.as_str())
        .header(header::CONTENT_TYPE, content_type)
        .header(header::CONTENT_LENGTH, body.len())
        .header(header::USER_AGENT, "xinlian")
        .header(header::CONNECTION, "close"))
}

/// The answer's status, once its body was read to its end or to what is read of one.
async fn exchange(stream: Box<dyn Stream>, request: Request<Body>) -> Result<StatusCode, PushFault> {
    let fault = |error: hyper::Error| PushFault::NotReached(error.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(fault)?;
    let asked = async {
        let answer = sender.send_request(request).await.map_err(fault)?;
        let status = answer.status();
        if to_bytes(Body::new(answer.into_body()), ANSWER_BYTES_MOST)
            .await
            .is_err()
        {
            tracing::debug!("an endpoint's answer was longer than is read");
        }
        drop(sender);
        Ok(status)
    };
    // Both in this task, so that nothing of it is left when time is up.
    let mut asked = std::pin::pin!(asked);
    tokio::select! {
        answered = &mut asked => answered,
        _ = connection => asked.await,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::ServerConfig;
    use tokio_rustls::rustls::pki_types::pem::PemObject as _;
    use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

    use super::*;

    // Made for these tests, for `localhost` alone, by an authority that nobody trusts.
    const AUTHORITY: &[u8] = include_bytes!("made_up/ca.pem");
    const CERTIFICATE: &[u8] = include_bytes!("made_up/end.pem");
    const KEY: &[u8] = include_bytes!("made_up/end.key");

    fn push(url: String, reach: Reach) -> SignedPush {
        SignedPush {
            url,
            reach,
            id: "1-2-3".into(),
            timestamp: 1_795_398_060,
            body: "{}".into(),
            signature: "v1,AA==".into(),
        }
    }

    /// Answers every connection with these bytes, and says how many there were.
    async fn answering(answer: &'static str) -> (u16, Arc<std::sync::atomic::AtomicU64>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let count = Arc::new(std::sync::atomic::AtomicU64::new(0));
        let counted = Arc::clone(&count);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                tokio::spawn(async move {
                    let mut heard = [0; 4096];
                    let _ = stream.read(&mut heard).await;
                    let _ = stream.write_all(answer.as_bytes()).await;
                    // Held open: whoever waits for more waits for long.
                    tokio::time::sleep(Duration::from_mins(5)).await;
                });
            }
        });
        (port, count)
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn an_answer_is_taken_for_what_it_is() {
        let trust = Trust::of(RootCertStore::empty()).unwrap();
        for (answer, expect) in [
            ("HTTP/1.1 204 No Content\r\n\r\n", Ok(204)),
            ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", Ok(200)),
            (
                "HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n",
                Err("it answered with status `500`"),
            ),
            (
                "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n",
                Err("it answered with status `302`"),
            ),
            (
                "SSH-2.0-OpenSSH\r\n",
                Err("it was not reached: invalid HTTP version parsed"),
            ),
        ] {
            let (port, count) = answering(answer).await;
            let push = push(format!("http://127.0.0.1:{port}/in"), Reach::Plain);
            let found = send(&trust, &push, Realm::Live).await;
            let found = found
                .map(|status| status.as_u16())
                .map_err(|fault| fault.to_string());
            assert_eq!(found, expect.map_err(str::to_owned));
            assert_eq!(
                count.load(std::sync::atomic::Ordering::SeqCst),
                1,
                "it is not followed"
            );
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_may_not_be_called_is_not() {
        let trust = Trust::of(RootCertStore::empty()).unwrap();
        let (port, count) = answering("HTTP/1.1 204 No Content\r\n\r\n").await;
        for (url, reach, realm) in [
            (format!("http://127.0.0.1:{port}/"), Reach::Public, Realm::Live),
            (format!("https://127.0.0.1:{port}/"), Reach::Public, Realm::Live),
            (format!("https://localhost:{port}/"), Reach::Public, Realm::Live),
            (format!("https://2130706433:{port}/"), Reach::Public, Realm::Live),
            (
                format!("https://[::ffff:127.0.0.1]:{port}/"),
                Reach::Public,
                Realm::Live,
            ),
            (format!("http://127.0.0.1:{port}/"), Reach::Intranet, Realm::Live),
            (
                "https://169.254.169.254/latest".to_owned(),
                Reach::Intranet,
                Realm::Demo,
            ),
            ("https://0.0.0.0/".to_owned(), Reach::Plain, Realm::Demo),
        ] {
            let found = send(&trust, &push(url.clone(), reach), realm).await;
            assert!(
                matches!(found, Err(PushFault::AddressRefused(_) | PushFault::NoTls)),
                "{url} {found:?}"
            );
        }
        assert_eq!(count.load(std::sync::atomic::Ordering::SeqCst), 0);
        // A demo tells itself, and nobody else without TLS.
        let own = push(format!("http://127.0.0.1:{port}/"), Reach::Public);
        assert_eq!(send(&trust, &own, Realm::Demo).await.unwrap(), 204);
        let other = push("http://8.8.8.8/".to_owned(), Reach::Public);
        assert!(matches!(
            send(&trust, &other, Realm::Demo).await,
            Err(PushFault::NoTls)
        ));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_silent_one_is_left_and_a_long_one_is_not_read() {
        let trust = Trust::of(RootCertStore::empty()).unwrap();
        let begun = Instant::now();
        let (port, _) = answering("").await;
        let silent = send(
            &trust,
            &push(format!("http://127.0.0.1:{port}/"), Reach::Plain),
            Realm::Live,
        )
        .await;
        assert!(matches!(silent, Err(PushFault::TooSlow)), "{silent:?}");
        assert!(begun.elapsed() < CONNECT_TIME + ANSWER_TIME + Duration::from_secs(2));
        let long: String = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n{}",
            "x".repeat(100_000)
        );
        let (port, _) = answering(long.leak()).await;
        let begun = Instant::now();
        let told = send(
            &trust,
            &push(format!("http://127.0.0.1:{port}/"), Reach::Plain),
            Realm::Live,
        )
        .await;
        assert_eq!(told.unwrap(), 200);
        assert!(begun.elapsed() < ANSWER_TIME, "no more is read than a bit");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn over_tls_only_whom_one_trusts_and_asked_for_is_told() {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(CERTIFICATE)
            .map(Result::unwrap)
            .collect();
        let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Ok(mut stream) = acceptor.accept(stream).await {
                    let mut heard = [0; 4096];
                    let count = stream.read(&mut heard).await.unwrap_or_default();
                    let heard = String::from_utf8_lossy(&heard[..count]).to_lowercase();
                    let good = heard.starts_with("post /in?a=1 http/1.1\r\n")
                        && heard.contains("webhook-id: 1-2-3\r\n")
                        && heard.contains("webhook-timestamp: 1795398060\r\n")
                        && heard.contains("webhook-signature: v1,aa==\r\n")
                        && heard.contains("content-type: application/cloudevents+json; charset=utf-8\r\n");
                    let status = if good { "204 No Content" } else { "400 Bad Request" };
                    let _ = stream
                        .write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes())
                        .await;
                    let _ = stream.shutdown().await;
                }
            }
        });
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(AUTHORITY).unwrap())
            .unwrap();
        let (trust, none) = (
            Trust::of(roots).unwrap(),
            Trust::of(RootCertStore::empty()).unwrap(),
        );
        let own = push(format!("https://localhost:{port}/in?a=1"), Reach::Intranet);
        assert_eq!(send(&trust, &own, Realm::Live).await.unwrap(), 204);
        let strange = send(&none, &own, Realm::Live).await;
        assert!(matches!(strange, Err(PushFault::NotReached(_))), "{strange:?}");
        let misnamed = push(format!("https://127.0.0.1:{port}/in?a=1"), Reach::Intranet);
        assert!(matches!(
            send(&trust, &misnamed, Realm::Live).await,
            Err(PushFault::NotReached(_))
        ));
    }
}
