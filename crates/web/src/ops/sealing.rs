//! Sealing in the background: older records leave the database for segments, as many at a time as make files worth having.

use std::time::Duration;

use store::{Seal, Store};

/// So often it is looked whether enough are waiting.
const EVERY: Duration = Duration::from_mins(10);
/// So many are worth a round.
const WORTH: u64 = 1 << 17;

/// Seals for as long as the program runs. What goes wrong is said and tried again.
pub(crate) async fn keep_sealing(store: Store, keep: u64) {
    loop {
        match seal(&store, keep).await {
            Ok(Some(done)) => tracing::info!(records = done.records, segments = done.segments, "sealed"),
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "records could not be sealed; they stay in the database"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

async fn seal(store: &Store, keep: u64) -> store::Result<Option<store::Sealing>> {
    if store.to_seal(keep).await? < WORTH {
        return Ok(None);
    }
    let seal = Seal {
        keep,
        ..Seal::default()
    };
    store.seal_records(seal, |_| ()).await.map(Some)
}
