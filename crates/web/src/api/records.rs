//! `/api/v1/records.ndjson`: what the caller's department handed in itself, streamed and resumed by number.

use std::collections::BTreeMap;

use axum::response::Response;
use record::{
    CaseNumber, Commitment, Date, Document, Ends, FieldName, ItemCode, Logged, RecordNumber, Stated, Value,
};
use serde::{Deserialize, Serialize};
use store::{Door, Viewer};

use super::stream;
use crate::department::officer;
use crate::error::Fault;
use crate::extract::Query;
use crate::visit::Visit;

/// Records whose subjects are looked at, and that are read, at once.
const BLOCK: u32 = 200;

/// From which number on.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    from: u64,
}

/// A record as its department stated it.
#[derive(Serialize)]
struct OwnLine<'a> {
    number: u64,
    commitment: Commitment,
    submission: u64,
    item: &'a ItemCode,
    subject: Option<SubjectLine<'a>>,
    document: Option<&'a Document>,
    occurred: Date,
    ends: Option<Ends>,
    fields: &'a BTreeMap<FieldName, Value>,
}

#[derive(Serialize)]
struct SubjectLine<'a> {
    kind: &'static str,
    name: &'a str,
    /// Its kind and value.
    identifier: Option<(&'static str, &'a str)>,
}

impl<'a> SubjectLine<'a> {
    fn of(stated: &'a Stated) -> Self {
        let identifier = stated.identifier.as_ref();
        Self {
            kind: stated.kind.code(),
            name: &stated.name,
            identifier: identifier.map(|one| (one.kind().code(), one.value())),
        }
    }
}

impl<'a> OwnLine<'a> {
    fn of(logged: &'a Logged) -> Self {
        let record = logged.record();
        Self {
            number: logged.number().0,
            commitment: logged.commitment(),
            submission: logged.submission().0,
            item: &record.item,
            subject: record.subject.as_ref().map(SubjectLine::of),
            document: record.document.as_ref(),
            occurred: record.occurred,
            ends: record.ends,
            fields: &record.fields,
        }
    }
}

/// The last line: that all was told.
#[derive(Serialize)]
struct LastLine {
    end: bool,
    records: u64,
    /// The number to begin with next time.
    next: u64,
}

/// `GET /api/v1/records.ndjson`: a look at each subject is on the disk before a line of the block goes out.
pub(crate) async fn list(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    let (by, source) = officer(&visit)?;
    let viewer = Viewer::staff(by.clone(), source.clone(), Door::Api);
    let purpose = visit.permit.purpose().ok_or(Fault::Forbidden)?;
    let case = CaseNumber::new(format!("{source}/records")).ok();
    let (store, bundle) = (visit.store().clone(), visit.bundle.clone());
    Ok(stream::ndjson(async move |mut lines| {
        let (mut from, mut records) = (RecordNumber(asked.from), 0);
        loop {
            let why = (&purpose, case.as_ref());
            let block = store.own_records(&viewer, why, from, BLOCK).await;
            let block = block.map_err(Fault::internal)?;
            for logged in &block.records {
                let item = bundle.item(&logged.record().item);
                if item.is_none_or(|item| item.is_seen_for(&purpose)) {
                    lines.say(&OwnLine::of(logged))?;
                    records += 1;
                }
                from = RecordNumber(logged.number().0 + 1);
            }
            let Some(next) = block.next else { break };
            from = next;
            lines.send().await?;
        }
        lines.say(&LastLine {
            end: true,
            records,
            next: from.0,
        })?;
        lines.send().await
    }))
}
