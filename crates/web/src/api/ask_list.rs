//! `/api/v1/shares/{number}/ask.ndjson`: asking about a long list. The list is read whole before anybody is looked at; the answers go
//! out one by one, each signed for itself, as they are made.

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request};
use axum::http::{StatusCode, header};
use axum::response::Response;
use record::Identifier;
use serde::{Deserialize, Serialize};
use store::{ActFault, Door, SignedAnswer, StoreError};

use super::stream;
use crate::department::sharing::asking::{self, own_share};
use crate::error::{Fault, WrongPlace};
use crate::extract::{Path, Query};
use crate::visit::Visit;

/// The longest list: as many subjects as a share may give in a day.
const NUMBERS_MOST: usize = 100_000;
/// The most faults of a list that are named.
const FAULTS_MOST: usize = 100;
/// Subjects that are taken off the day's quota at once.
const BLOCK: usize = 50;

/// From which line on.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    from: usize,
}

/// The first line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct First {
    case: String,
}

/// Each further line: a number and what kind of number it is.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    kind: String,
    value: String,
}

/// The answer about the number in a line.
#[derive(Serialize)]
struct Answer<'a> {
    line: usize,
    #[serde(flatten)]
    signed: &'a SignedAnswer,
}

/// Why the list is not gone on with, from a line on.
#[derive(Serialize)]
struct Stopped {
    line: usize,
    problem: String,
}

/// The last line: that all was answered.
#[derive(Serialize)]
struct LastLine {
    end: bool,
    answered: usize,
}

/// `POST …/ask.ndjson`
pub(crate) async fn ask(
    visit: Visit,
    Path(number): Path<u64>,
    Query(asked): Query<Asked>,
    request: Request,
) -> Result<Response, Fault> {
    let share = own_share(&visit, number).await?;
    let body = body(request).await?;
    let (case, mut about) = read(&visit, &body)?;
    let question = asking::question(&visit, &share, &case, Door::Api)?;
    let Some(question) = question else {
        return Err(Fault::WrongBody(vec![wrong(
            1,
            visit.lang.t("share-case-missing"),
        )]));
    };
    about.retain(|(line, _)| *line >= asked.from);
    let store = visit.store().clone();
    let checked = store.check_list(&question, about.len()).await;
    checked.map_err(Fault::of_store)?;
    Ok(stream::ndjson(async move |mut lines| {
        let mut answered = 0;
        for block in about.chunks(BLOCK) {
            let numbers: Vec<Identifier> = block.iter().map(|(_, one)| one.clone()).collect();
            let signed = match store.ask_list(&question, &numbers).await {
                Ok(signed) => signed,
                Err(StoreError::Act(fault)) => {
                    lines.say(&stopped(block, &fault))?;
                    return lines.send().await;
                }
                Err(error) => return Err(Fault::internal(error)),
            };
            for ((line, _), signed) in block.iter().zip(&signed) {
                lines.say(&Answer { line: *line, signed })?;
                answered += 1;
            }
            lines.send().await?;
        }
        lines.say(&LastLine { end: true, answered })?;
        lines.send().await
    }))
}

/// What others asked meanwhile may have used the day up, or the share has ended.
fn stopped(block: &[(usize, Identifier)], fault: &ActFault) -> Stopped {
    Stopped {
        line: block.first().map_or(0, |(line, _)| *line),
        problem: format!("/problems/{}", fault.code().to_ascii_lowercase()),
    }
}

async fn body(request: Request) -> Result<Bytes, Fault> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case(stream::KIND) {
        return Err(Fault::WrongKind);
    }
    match Bytes::from_request(request, &()).await {
        Ok(body) => Ok(body),
        Err(fault) if fault.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Fault::TooLarge),
        Err(fault) => Err(Fault::bad_request(fault)),
    }
}

/// The case, and each number with its line. What is wrong with a line is told by its place alone.
fn read(visit: &Visit, body: &[u8]) -> Result<(String, Vec<(usize, Identifier)>), Fault> {
    let lang = visit.lang;
    let lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut lines = (1..).zip(lines).filter(|(_, line)| !line.is_empty());
    let first = lines
        .next()
        .map(|(_, line)| serde_json::from_slice::<First>(line));
    let Some(Ok(First { case })) = first else {
        return Err(Fault::WrongBody(vec![wrong(1, lang.t("share-case-missing"))]));
    };
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for (place, line) in lines {
        match serde_json::from_slice::<Stated>(line) {
            Ok(stated) => match asking::number(visit, &stated.kind, &stated.value) {
                Ok(number) => found.push((place, number)),
                Err(says) => faults.push(wrong(place, says)),
            },
            Err(_) => faults.push(wrong(place, lang.t("api-wrong-line"))),
        }
        if faults.len() >= FAULTS_MOST {
            break;
        }
        if found.len() > NUMBERS_MOST {
            let most = NUMBERS_MOST.to_string();
            faults.push(wrong(place, lang.with("share-numbers-most", &[("most", &most)])));
            break;
        }
    }
    if found.is_empty() && faults.is_empty() {
        faults.push(wrong(2, lang.t("share-numbers-missing")));
    }
    if faults.is_empty() {
        Ok((case, found))
    } else {
        Err(Fault::WrongBody(faults))
    }
}

fn wrong(line: usize, detail: String) -> WrongPlace {
    WrongPlace {
        pointer: format!("#/{line}"),
        detail,
    }
}
