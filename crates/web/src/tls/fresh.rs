//! Certificates are read again on SIGHUP and when their files change. Connections that stand are left alone: what is new holds
//! for those that come. What cannot be read, or does not fit together, changes nothing but the log.

use std::path::Path;
use std::time::{Duration, SystemTime};

use tokio::signal::unix::Signal;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::{TlsFault, TlsFiles};

/// Files with what was seen of them last.
pub(crate) struct Fresh {
    files: TlsFiles,
    seen: Seen,
    now: watch::Sender<TlsAcceptor>,
}

/// When each file was changed last and how long it is; nothing of one that is not there.
type Seen = Vec<Option<(SystemTime, u64)>>;

impl Fresh {
    /// Reads them for the first time. The other end always has what new connections are to be met with.
    ///
    /// # Errors
    /// When a file cannot be read, or what is in them does not fit together.
    pub(crate) fn read(files: TlsFiles) -> Result<(Self, watch::Receiver<TlsAcceptor>), TlsFault> {
        let seen = seen(&files);
        let (now, receiver) = watch::channel(files.acceptor()?);
        Ok((Self { files, seen, now }, receiver))
    }

    /// Reads them again if one of them has changed.
    fn look(&mut self) {
        if seen(&self.files) != self.seen {
            self.again();
        }
    }

    /// Reads them again. Files that are not yet all written are read once more when the rest is there.
    fn again(&mut self) {
        self.seen = seen(&self.files);
        match self.files.acceptor() {
            Ok(acceptor) => {
                self.now.send_replace(acceptor);
                tracing::info!("certificates were read again");
            }
            Err(fault) => {
                tracing::error!(%fault, "new certificates are not taken; those from before still hold");
            }
        }
    }
}

fn seen(files: &TlsFiles) -> Seen {
    let of = |path: &Path| {
        let data = std::fs::metadata(path).ok()?;
        Some((data.modified().ok()?, data.len()))
    };
    let paths = [
        Some(&files.certificate),
        Some(&files.key),
        files.client_ca.as_ref(),
    ];
    paths.into_iter().flatten().map(|path| of(path)).collect()
}

/// Reads certificates again whenever it is told by a signal, and whenever it finds them changed. Without certificates a signal
/// changes nothing, and ends nothing either.
pub(crate) async fn keep_fresh(mut fresh: Option<Fresh>, mut told: Signal, every: Duration) {
    loop {
        tokio::select! {
            heard = told.recv() => match (heard, &mut fresh) {
                (None, _) => return,
                (Some(()), Some(fresh)) => fresh.again(),
                (Some(()), None) => tracing::info!("told to read certificates again; there are none"),
            },
            () = tokio::time::sleep(every) => {
                if let Some(fresh) = &mut fresh {
                    fresh.look();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CERTIFICATE: &[u8] = include_bytes!("../push/made_up/end.pem");
    const KEY: &[u8] = include_bytes!("../push/made_up/end.key");

    #[test]
    fn what_changed_is_taken_and_what_is_broken_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let files = TlsFiles {
            certificate: folder.path().join("server.pem"),
            key: folder.path().join("server.key"),
            client_ca: None,
        };
        std::fs::write(&files.certificate, CERTIFICATE).unwrap();
        assert!(Fresh::read(files.clone()).is_err(), "there is no key");
        std::fs::write(&files.key, KEY).unwrap();
        let (mut fresh, mut now) = Fresh::read(files.clone()).unwrap();
        let mut changed = |fresh: &mut Fresh| {
            fresh.look();
            let changed = now.has_changed().unwrap();
            now.mark_unchanged();
            changed
        };
        assert!(!changed(&mut fresh), "nothing has changed");
        std::fs::write(&files.key, "no key").unwrap();
        assert!(!changed(&mut fresh), "what is broken is not taken");
        std::fs::remove_file(&files.key).unwrap();
        assert!(!changed(&mut fresh), "what is gone is not taken");
        std::fs::write(&files.key, [KEY, b"\n"].concat()).unwrap();
        assert!(changed(&mut fresh), "what is mended is");
        assert!(!changed(&mut fresh), "once");
    }
}
