//! `GET /department`: what is due, the most pressing first, and how the last files fared.

use askama::Template;
use axum::response::Response;
use store::{Page, SubmissionFilter};

use super::{Due, SubmissionRow, due, officer, quality, shell_with, submission_rows};
use crate::error::Fault;
use crate::lang::Lang;
use crate::page::page;
use crate::view::{Chart, Shell, Task, Tone};
use crate::visit::Visit;

/// How many of the latest submissions are shown.
const RECENT: u32 = 6;

#[derive(Template)]
#[template(path = "department/home.html")]
pub(crate) struct HomePage {
    shell: Shell,
    total: u64,
    tasks: Vec<Task>,
    quality: Option<Chart>,
    faults: Option<Chart>,
    submissions: Vec<SubmissionRow>,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let (_, source) = officer(&visit)?;
    let due = due(&visit).await?;
    let recent = visit
        .store()
        .submissions(source, &SubmissionFilter::default(), Page::new(1, RECENT))
        .await
        .map_err(Fault::internal)?;
    let months = visit.store().quality(source).await.map_err(Fault::internal)?;
    page(&HomePage {
        shell: shell_with(&visit, "/department", &due)?,
        total: due.owed + due.to_confirm + due.unlinked + due.sharing + due.namings,
        tasks: tasks(visit.lang, due),
        quality: quality::latest(visit.lang, &months),
        faults: quality::faults(visit.lang, &months),
        submissions: submission_rows(&visit, recent.rows).await?,
    })
}

/// What waits, with what has a day first and what waits for nothing last.
fn tasks(lang: Lang, due: Due) -> Vec<Task> {
    let task = |count, key: &str, href| Task {
        count,
        says: lang.t(key),
        more: lang.t(&format!("{key}-what")),
        tone: if count > 0 { Tone::Late } else { Tone::Off },
        href,
        go: lang.t(&format!("{key}-go")),
    };
    let mut owed = task(due.owed, "due-owed", "/department/due");
    if due.late > 0 {
        (owed.more, owed.tone) = (lang.count("due-owed-late", due.late), Tone::Bad);
    } else if let Some((left, _)) = due.soonest {
        owed.more = lang.with("due-owed-soonest", &[("left", &left)]);
    }
    let mut tasks = vec![
        owed,
        task(due.to_confirm, "due-to-confirm", "/department/confirm"),
        task(due.unlinked, "due-unlinked", "/department/unlinked"),
        task(due.sharing, "due-sharing", "/department/sharing"),
        Task {
            tone: Tone::Good,
            ..task(
                due.waiting,
                "due-waiting",
                "/department/submissions?state=waiting",
            )
        },
    ];
    // Only a register names representatives.
    if due.namings > 0 {
        tasks.push(task(
            due.namings,
            "due-namings",
            "/department/representatives?state=proposed",
        ));
    }
    tasks.sort_by_key(|task| task.count == 0);
    tasks
}

#[cfg(test)]
impl crate::page::Samples for HomePage {
    fn samples(lang: Lang) -> Vec<Self> {
        let with = |n: u64, late: u64, submissions: Vec<SubmissionRow>| Self {
            shell: Shell::sample(lang, crate::view::Desk::Department),
            total: n,
            tasks: tasks(
                lang,
                Due {
                    to_confirm: 0,
                    waiting: n,
                    unlinked: n,
                    owed: n,
                    late,
                    soonest: Some((lang.count("owed-left", 3), Tone::Good)).filter(|_| n > 0),
                    sharing: n,
                    namings: n,
                },
            ),
            quality: (n > 0).then(|| quality::sample_chart(lang)),
            faults: (n > 1).then(|| quality::sample_chart(lang)),
            submissions,
        };
        vec![
            with(0, 0, Vec::new()),
            with(1, 0, SubmissionRow::samples()),
            with(1204, 2, SubmissionRow::samples()),
        ]
    }
}
