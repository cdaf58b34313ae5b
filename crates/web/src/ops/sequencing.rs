//! The log in the background: what was appended is put into it, and a checkpoint closes whenever a moment is over in which something was.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use store::{LogFault, Progress, Store, StoreError};

use crate::config::Logging;

/// After something went wrong, or while another process writes, it is tried again so much later.
const AGAIN: Duration = Duration::from_secs(10);
/// What takes long says so this often.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// Writes the log for as long as the program runs, or until another process takes it over.
pub(crate) async fn keep_the_log(store: Store, logging: Logging) {
    loop {
        let Err(error) = write(&store, &logging).await;
        match error {
            StoreError::Log(LogFault::Overtaken) => {
                tracing::error!(%error, "the log is written elsewhere now");
                return;
            }
            StoreError::Log(LogFault::Held(_)) => tracing::info!(%error, "the log waits"),
            error => tracing::error!(%error, "nothing is logged; what is appended waits"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

async fn write(store: &Store, logging: &Logging) -> store::Result<Infallible> {
    let mut teller = Teller(Instant::now());
    let written = store.write_the_log(&logging.origin, |done| teller.tell(done));
    let mut writer = written.await?;
    tracing::info!(key = writer.key(), size = writer.size().0, "the log goes on");
    loop {
        while let Some(done) = writer.integrate().await? {
            let (size, waiting) = (done.size.0, done.waiting);
            teller.tell(Progress {
                done: size,
                of: size + waiting,
            });
            if waiting == 0 {
                break;
            }
        }
        tokio::time::sleep(logging.every).await;
    }
}

/// Says from time to time how far something is that takes long.
struct Teller(Instant);

impl Teller {
    fn tell(&mut self, progress: Progress) {
        if progress.done < progress.of && self.0.elapsed() >= TELL_EVERY {
            self.0 = Instant::now();
            tracing::info!(done = progress.done, of = progress.of, "leaves are being logged");
        }
    }
}
