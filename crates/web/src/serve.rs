//! Serving: bounded connections, headers in time, a graceful end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::config::Config;
use crate::push::{Trust, keep_telling};
use crate::state::App;

/// At most so many connections at once; more wait to be accepted.
const CONNECTIONS_MOST: usize = 2_048;
/// A client that has not sent its headers by then is gone.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// Requests under way at the end have so long to finish.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Serves until the process is told to end (Ctrl-C, or SIGTERM). `ready` is told the address, once it listens.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(config: Config, ready: impl FnOnce(SocketAddr)) -> io::Result<()> {
    let listener = TcpListener::bind(config.addr).await?;
    ready(listener.local_addr()?);
    let app = App::new(config);
    // What was handed over before the program ended is taken in now.
    tokio::spawn(crate::api::run::all(app.clone()));
    match Trust::of_machine() {
        Ok(trust) => {
            tokio::spawn(keep_telling(app.store.clone(), trust));
        }
        Err(fault) => tracing::error!(%fault, "no department's system is told of anything"),
    }
    let router = crate::router::router(app);
    let places = Arc::new(Semaphore::new(CONNECTIONS_MOST));
    let graceful = GracefulShutdown::new();
    let mut end = std::pin::pin!(told_to_end());
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            break;
        };
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
            () = &mut end => break,
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIME)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(LAST_WORDS, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests did not finish in time");
    }
    Ok(())
}

async fn told_to_end() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
