//! Serving: bounded connections, headers in time, a graceful end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::config::{Config, Running};
use crate::ops::otlp::export;
use crate::ops::sealing::keep_sealing;
use crate::ops::sequencing::keep_the_log;
use crate::push::{Trust, keep_telling};
use crate::state::App;
use crate::tls::{Fresh, Shown, keep_fresh};

/// At most so many connections at once; more wait to be accepted.
const CONNECTIONS_MOST: usize = 2_048;
/// Of those who ask for figures there are few.
const WATCHERS_MOST: usize = 16;
/// The last traces have so long to go out.
const TRACES_TIME: Duration = Duration::from_secs(5);
/// What is under way in the database at the end has so long.
const CLOSING_TIME: Duration = Duration::from_secs(5);

/// Serves until the process is told to end (Ctrl-C, or SIGTERM), and closes the store. `ready` is told the address, once it
/// listens.
///
/// Requests that are under way then have `last_words` to finish. A file that is being taken in is left where it is: the next start
/// goes on there.
///
/// # Errors
/// When an address cannot be listened on, or the certificates do not do.
pub async fn serve(config: Config, ready: impl FnOnce(SocketAddr)) -> io::Result<()> {
    let told_to_end = told_to_end();
    let certificates = config.tls.clone().map(Fresh::read).transpose();
    let (fresh, acceptor) = certificates.map_err(io::Error::other)?.unzip();
    tokio::spawn(keep_fresh(
        fresh,
        signal(SignalKind::hangup())?,
        config.running.certificates_every,
    ));
    let listener = TcpListener::bind(config.addr).await?;
    let of_figures = match config.running.metrics {
        Some(addr) => Some(TcpListener::bind(addr).await?),
        None => None,
    };
    ready(listener.local_addr()?);
    let app = App::new(config);
    // What was handed over before the program ended is taken in now.
    tokio::spawn(crate::api::run::all(app.clone()));
    let (end_traces, traces_end) = oneshot::channel();
    let mut traces = None;
    tokio::spawn(crate::office::simulation::all(app.clone()));
    keep_house(&app);
    match Trust::of_machine() {
        Ok(trust) => {
            tokio::spawn(keep_telling(app.store.clone(), trust.clone()));
            traces = Some(tokio::spawn(export(app.clone(), trust, traces_end)));
        }
        Err(fault) => tracing::error!(%fault, "no other system is told of anything"),
    }
    let (tell_end, end) = watch::channel(false);
    let figures = of_figures.map(|listener| {
        let router = crate::router::figures(app.clone());
        tokio::spawn(listen(
            listener,
            (router, None),
            WATCHERS_MOST,
            app.running.clone(),
            end.clone(),
        ))
    });
    let router = crate::router::router(app.clone());
    let desks = tokio::spawn(listen(
        listener,
        (router, acceptor),
        CONNECTIONS_MOST,
        app.running.clone(),
        end,
    ));
    told_to_end.await;
    tracing::info!("told to end");
    tell_end.send_replace(true);
    // A task that panicked has said so; there is nothing left to wait for.
    let _ = desks.await;
    if let Some(figures) = figures {
        let _ = figures.await;
    }
    // Every request has been answered: what is left of their traces goes out.
    let _ = end_traces.send(());
    if let Some(traces) = traces
        && tokio::time::timeout(TRACES_TIME, traces).await.is_err()
    {
        tracing::warn!("the collector is too slow; the last traces are lost");
    }
    if tokio::time::timeout(CLOSING_TIME, app.store.close())
        .await
        .is_err()
    {
        tracing::warn!("the database is still busy; what was acknowledged is on the disk");
    }
    Ok(())
}

/// What the house does by itself: older records are sealed, the log is written, and at night everyone is rated.
fn keep_house(app: &App) {
    tokio::spawn(keep_sealing(app.store.clone(), app.running.recent_records));
    if let Some(logging) = app.running.logging.clone() {
        tokio::spawn(keep_the_log(app.store.clone(), logging));
    } else {
        tracing::warn!("the log has no name, and nothing is logged; set `[ledger] origin`");
    }
    if let Some(at) = app.running.nightly {
        tokio::spawn(crate::nightly::keep_running(app.clone(), at));
    }
}

/// Takes connections until the end is told, and lets those that are there finish.
async fn listen(
    listener: TcpListener,
    (router, acceptor): (Router, Option<watch::Receiver<TlsAcceptor>>),
    most: usize,
    running: Running,
    mut end: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(most));
    let graceful = GracefulShutdown::new();
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = told(&mut end) => break,
        };
        let Ok(place) = place else { break };
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // E.g. no file descriptor left: wait for one instead of spinning.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = told(&mut end) => break,
        };
        let acceptor = acceptor.as_ref().map(|now| now.borrow().clone());
        let router = router.clone();
        let (watcher, header_time) = (graceful.watcher(), running.header_time);
        tokio::spawn(async move {
            match acceptor {
                None => talk(stream, router, None, watcher, header_time).await,
                Some(acceptor) => match tokio::time::timeout(header_time, acceptor.accept(stream)).await {
                    Ok(Ok(stream)) => {
                        let (_, tls) = stream.get_ref();
                        let shown = tls.peer_certificates().and_then(<[_]>::first).map(Shown::of);
                        talk(stream, router, shown, watcher, header_time).await;
                    }
                    Ok(Err(error)) => tracing::debug!(%error, "a client does not speak TLS with us"),
                    Err(_) => tracing::debug!("a client was too slow to speak TLS"),
                },
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(running.last_words, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests did not finish in time");
    }
}

/// One connection, to its end.
async fn talk<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    router: Router,
    shown: Option<Shown>,
    watcher: Watcher,
    header_time: Duration,
) {
    let router = router.map_request(move |mut request: Request<Incoming>| {
        if let Some(shown) = shown {
            request.extensions_mut().insert(shown);
        }
        request
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_time)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Returns once the end is told, or nobody is left to tell it.
async fn told(end: &mut watch::Receiver<bool>) {
    let _ = end.wait_for(|end| *end).await;
}

/// Heeds from now on that the process is told to end, by Ctrl-C or SIGTERM, and returns once it is; whoever waits for it more than once
/// keeps it, so that no signal is missed in between.
pub fn told_to_end() -> impl Future<Output = ()> {
    let (interrupted, terminated) = (heard(SignalKind::interrupt()), heard(SignalKind::terminate()));
    async {
        tokio::select! {
            () = interrupted => {}
            () = terminated => {}
        }
    }
}

/// Heeds a signal from now on, and returns once it comes.
fn heard(kind: SignalKind) -> impl Future<Output = ()> {
    let listening = signal(kind);
    async {
        match listening {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    }
}
