//! The round: what is new is put among what is due, and each department's is sent, the oldest first.

use std::time::{Duration, Instant};

use record::SourceCode;
use store::{Store, StoreError};
use tokio::task::JoinSet;

use super::PushFault;
use super::send::{Trust, send};

/// Between two rounds.
const PAUSE: Duration = Duration::from_secs(2);
/// What was handed out while something changed is found by then.
const LOOK_AGAIN: Duration = Duration::from_mins(1);
/// One department's turn in a round.
const TURN: Duration = Duration::from_secs(20);

/// Goes round for as long as the program runs.
pub(crate) async fn keep_telling(store: Store, trust: Trust) {
    let mut seen = None;
    let mut at = Instant::now();
    loop {
        // What is told follows from the log: while that is as it was there is nothing new.
        let size = store.tree_size().await.ok();
        if size != seen || at.elapsed() >= LOOK_AGAIN {
            match store.queue_pushes().await {
                Ok(0) => (seen, at) = (size, Instant::now()),
                // There may be more.
                Ok(_) => {}
                Err(error) => tracing::error!(%error, "what is to be told cannot be found"),
            }
        }
        if let Err(error) = tell_due(&store, &trust).await {
            tracing::error!(%error, "what is due cannot be told");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// One round: whatever is to be told now.
///
/// # Errors
/// When the database fails.
pub async fn tell_all(store: &Store, trust: &Trust) -> Result<(), StoreError> {
    store.queue_pushes().await?;
    tell_due(store, trust).await
}

async fn tell_due(store: &Store, trust: &Trust) -> Result<(), StoreError> {
    let mut turns = JoinSet::new();
    for recipient in store.due_recipients().await? {
        turns.spawn(turn(store.clone(), trust.clone(), recipient));
    }
    let mut told = Ok(());
    while let Some(turn) = turns.join_next().await {
        if let Ok(Err(error)) = turn {
            told = Err(error);
        }
    }
    told
}

/// One department's: until one is not taken, nothing is due, or its turn is over.
async fn turn(store: Store, trust: Trust, source: SourceCode) -> Result<(), StoreError> {
    let begun = Instant::now();
    for push in store.due_pushes(&source).await? {
        let Some(signed) = store.take_push(&push).await? else {
            continue;
        };
        match send(&trust, &signed, store.realm()).await {
            Ok(status) => store.push_delivered(&push, status.as_u16()).await?,
            Err(fault) => {
                tracing::warn!(%source, id = signed.id, %fault, "an endpoint was not told");
                return store.push_failed(&push, &brief(&fault), fault.status()).await;
            }
        }
        if begun.elapsed() > TURN {
            break;
        }
    }
    Ok(())
}

/// What an operator reads in the list: at most a line.
fn brief(fault: &PushFault) -> String {
    fault.to_string().chars().take(200).collect()
}
