//! Taking in what was handed over: one file after the other, and after a crash what was begun.

use std::collections::BTreeSet;

use exchange::SourceFile;
use serde_json::json;
use store::{Job, StoreError, SubmissionState};

use crate::intake::{Continues, HandIn, IntakeFault, take_in};
use crate::state::App;

/// Takes in every file that waits, until none does. Whoever comes meanwhile waits, and finds nothing left.
pub(crate) async fn all(app: App) {
    let _turn = app.job_gate.lock().await;
    // What the store failed on is tried again when something comes or the program starts, and keeps nothing else waiting.
    let mut failed = BTreeSet::new();
    loop {
        let waiting = match app.store.waiting_jobs().await {
            Ok(waiting) => waiting,
            Err(error) => return tracing::error!(%error, "what was handed over cannot be listed"),
        };
        let waiting: Vec<Job> = waiting
            .into_iter()
            .filter(|job| !failed.contains(&job.id))
            .collect();
        if waiting.is_empty() {
            return;
        }
        for job in waiting {
            let taken = one(&app, &job).await;
            app.end_progress(job.id);
            let fault = match taken {
                Ok(()) => None,
                Err(IntakeFault::File(fault)) => {
                    let (what, help) = (&fault.what, &fault.help);
                    Some(json!({ "code": fault.code, "what": what, "help": help }).to_string())
                }
                Err(IntakeFault::Store(error)) => {
                    tracing::error!(job = job.id, %error, "a file waits, for the store failed");
                    failed.insert(job.id);
                    continue;
                }
                Err(inside) => {
                    tracing::error!(job = job.id, %inside, "a file could not be taken in");
                    Some(json!({ "code": "INSIDE" }).to_string())
                }
            };
            if let Err(error) = app.store.finish_job(job.id, fault.as_deref()).await {
                tracing::error!(job = job.id, %error, "a file is taken in, and that cannot be noted");
                failed.insert(job.id);
            }
        }
    }
}

async fn one(app: &App, job: &Job) -> Result<(), IntakeFault> {
    // Killed after its last row and before that was noted: nothing is left to do.
    if let Some(begun) = job.submission
        && app.store.submission(begun).await?.state != SubmissionState::Open
    {
        return Ok(());
    }
    let body = match app.store.job_body(job.id).await {
        Ok(body) => body,
        Err(StoreError::NotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let (name, reader) = (job.file_name.clone(), app.reader.clone());
    let opened = tokio::task::spawn_blocking(move || SourceFile::from_bytes(&name, body, &reader)).await;
    let opened = opened.map_err(|error| IntakeFault::Inside(error.to_string()))?;
    let file = opened.map_err(|fault| IntakeFault::File(Box::new(fault)))?;
    let rows = u64::from(file.row_count());
    let hand_in = HandIn {
        source: job.source.clone(),
        officer: job.officer.clone(),
        layout: job.layout.clone(),
        dry_run: false,
        corrects: false,
        continues: Continues::Job(job.id),
    };
    app.set_progress(job.id, 0, rows);
    take_in(&app.store, &hand_in, file, |done| {
        app.set_progress(job.id, done, rows);
    })
    .await?;
    Ok(())
}
