//! A file between upload and commit, and the runs over it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use exchange::{Reader, SourceFile};
use record::{LayoutCode, OfficerId, SourceCode, SubmissionId};
use store::Store;
use tokio::sync::OwnedSemaphorePermit;

use crate::error::Fault;
use crate::intake::{Continues, HandIn, HandedIn, IntakeFault, take_in};
use crate::visit::Visit;

/// A small file is done before the browser is answered; a larger one shows its progress.
pub(super) const PATIENCE: Duration = Duration::from_millis(1_200);

/// A file between upload and commit. It lives in memory, for identifiers in clear never touch a disk, and is
/// bound to the session that uploaded it.
pub(crate) struct Upload {
    pub(super) file: String,
    pub(super) layout: Mutex<Option<LayoutCode>>,
    pub(super) source: SourceCode,
    pub(super) officer: OfficerId,
    pub(super) bytes: Mutex<Vec<u8>>,
    pub(super) state: Mutex<State>,
    /// Its share of the room that all such files have together.
    pub(super) _room: OwnedSemaphorePermit,
}

#[derive(Clone)]
pub(super) enum State {
    Checking { done: u64 },
    Checked(Arc<HandedIn>),
    Failed(Arc<IntakeFault>),
    Taking { done: u64, total: u64 },
    Taken(SubmissionId),
}

/// What a run over the file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// To see what would become of it.
    Check,
    /// To take it in; a row that is held with other content is refused.
    Take,
    /// To take it in; such a row corrects what is held.
    TakeWithCorrections,
}

impl Upload {
    pub(super) fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// The layout it is read by, if one was named.
    pub(super) fn layout(&self) -> Option<LayoutCode> {
        self.layout.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The file, opened, to look at its beginning; `None` once it is being taken in.
    pub(super) fn open(&self, reader: &Reader) -> Option<Result<SourceFile, exchange::FileFault>> {
        match self.state() {
            State::Checked(_) | State::Failed(_) => {
                Some(SourceFile::from_bytes(&self.file, self.bytes(true), reader))
            }
            _ => None,
        }
    }

    /// Begins anew, by this layout.
    pub(super) fn read_by(&self, layout: LayoutCode) {
        *self.layout.lock().unwrap_or_else(PoisonError::into_inner) = Some(layout);
        self.set(State::Checking { done: 0 });
    }

    /// The file's bytes: a copy to check, or the bytes themselves, for nobody needs them after commit.
    fn bytes(&self, keep: bool) -> Vec<u8> {
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        if keep {
            bytes.clone()
        } else {
            std::mem::take(&mut *bytes)
        }
    }

    fn hand_in(&self, how: How) -> HandIn {
        HandIn {
            source: self.source.clone(),
            officer: self.officer.clone(),
            layout: self.layout(),
            dry_run: how == How::Check,
            corrects: how == How::TakeWithCorrections,
            continues: Continues::Nothing,
        }
    }
}

pub(super) fn held(visit: &Visit, token: &str) -> Result<Option<Arc<Upload>>, Fault> {
    Ok(visit.app.uploads.get(visit.session()?, visit.now, token))
}

/// Checks the file in the background; a small one is done when this returns.
pub(super) async fn begin_check(visit: &Visit, upload: Arc<Upload>) {
    let checking = tokio::spawn(check(visit.store().clone(), visit.app.reader.clone(), upload));
    let _still_checking = tokio::time::timeout(PATIENCE, checking).await;
}

async fn check(store: Store, reader: Reader, upload: Arc<Upload>) {
    let state = match run(&store, reader, &upload, How::Check).await {
        Ok(checked) => State::Checked(Arc::new(checked)),
        Err(fault) => State::Failed(Arc::new(fault)),
    };
    upload.set(state);
}

pub(super) async fn commit_all(store: Store, reader: Reader, upload: Arc<Upload>, how: How) {
    let state = match run(&store, reader, &upload, how).await {
        Ok(HandedIn {
            submission: Some(submission),
            ..
        }) => State::Taken(submission),
        Ok(_) => State::Failed(Arc::new(IntakeFault::Inside(
            "a commit without a submission".to_owned(),
        ))),
        Err(fault) => State::Failed(Arc::new(fault)),
    };
    upload.set(state);
}

/// Looks the file through on a thread of its own, then takes it in or pretends to.
async fn run(store: &Store, reader: Reader, upload: &Upload, how: How) -> Result<HandedIn, IntakeFault> {
    let (name, bytes) = (upload.file.clone(), upload.bytes(how == How::Check));
    let opened = tokio::task::spawn_blocking(move || SourceFile::from_bytes(&name, bytes, &reader)).await;
    let opened = opened.map_err(|error| IntakeFault::Inside(error.to_string()))?;
    let file = opened.map_err(|fault| IntakeFault::File(Box::new(fault)))?;
    let total = u64::from(file.row_count());
    let progress = |done| {
        upload.set(if how == How::Check {
            State::Checking { done }
        } else {
            State::Taking { done, total }
        });
    };
    take_in(store, &upload.hand_in(how), file, progress).await
}
