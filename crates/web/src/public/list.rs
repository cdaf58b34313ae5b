//! `/licences` and `/penalties`: what was published of organisations, the newest first, as a page, JSON, CSV and Atom.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use record::{RecordNumber, SourceCode, SubjectId};
use serde::Deserialize;
use store::{Month, PublicCandidate, PublicFilter, PublicList};

use super::data::{self, DataRecord, Format};
use super::shown::{Shown, shown_items};
use crate::error::Fault;
use crate::extract::Query;
use crate::page::page;
use crate::view::{self, Desk, Filter, RecordContext, RecordView, Shell, with_chosen, with_query};
use crate::visit::Visit;

const ON_A_PAGE: usize = 20;
const IN_A_FILE: usize = 100;
/// Candidates that are read at a time beyond those that are wanted, and how often at most for one answer; then the reader goes on from there.
const BEYOND: usize = 5;
const BLOCKS_MOST: usize = 34;
/// Files of organisations that are read together: about as many as a page shows.
const FILES_AT_ONCE: usize = 20;
/// Files of organisations that are assessed for one answer; then no more are read.
const FILES_MOST: usize = 200;
/// Months that can be chosen.
const MONTHS: u8 = 24;

#[derive(Template)]
#[template(path = "public/list.html")]
pub(crate) struct ListPage {
    shell: Shell,
    action: &'static str,
    title: String,
    lead: String,
    words: String,
    filters: Vec<Filter>,
    rows: Vec<RowView>,
    next: Option<String>,
    first: Option<String>,
    json: String,
    csv: String,
    atom: String,
}

struct RowView {
    name: String,
    href: String,
    record: RecordView,
}

#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    source: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    month: String,
    #[serde(default)]
    words: String,
    /// Below which number.
    before: Option<u64>,
}

/// What was found, and from which number one goes on.
#[derive(Default)]
struct Found {
    rows: Vec<(PublicCandidate, Arc<Shown>)>,
    next: Option<u64>,
}

pub(crate) async fn show(
    visit: Visit,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let path = visit.here.split('?').next().unwrap_or_default();
    let (path, format) = Format::of(path);
    let list = if path == "/licences" {
        PublicList::Licences
    } else {
        PublicList::Penalties
    };
    let wanted = if format == Format::Html {
        ON_A_PAGE
    } else {
        IN_A_FILE
    };
    let found = find(&visit, list, &asked, wanted).await?;
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: None,
        lang: visit.lang,
    };
    let next = |address: &str| {
        let next = found.next.map(|number| number.to_string())?;
        Some(with_query(&filtered(address, &asked), &[("before", &next)]))
    };
    match format {
        Format::Html => page(&page_of(&visit, list, &asked, &found, next(of(list).0))),
        Format::Json => data::json(
            &visit,
            &headers,
            &records(&context, &found),
            next(&format!("{path}.json")),
        ),
        Format::Csv => Ok(data::csv(&visit, &headers, &records(&context, &found))),
        Format::Atom => Ok(feed(&visit, &headers, list, &found)),
    }
}

/// A list's address, and the stem of its words.
fn of(list: PublicList) -> (&'static str, &'static str) {
    match list {
        PublicList::Licences => ("/licences", "licences"),
        PublicList::Penalties => ("/penalties", "penalties"),
    }
}

/// Walks the candidates and keeps those that the organisation's own page shows today, until there are enough.
async fn find(visit: &Visit, list: PublicList, asked: &Asked, wanted: usize) -> Result<Found, Fault> {
    let mut items = shown_items(&visit.bundle, list, visit.today());
    items.retain(|shown| asked.kind.is_empty() || shown.item.as_str() == asked.kind);
    let month = (!asked.month.is_empty()).then(|| asked.month.parse::<Month>());
    let occurred = match month {
        Some(Ok(month)) => Some(month.first()..=month.last()),
        Some(Err(_)) => return Ok(Found::default()),
        None => None,
    };
    let filter = PublicFilter {
        source: SourceCode::new(asked.source.as_str()).ok(),
        items,
        occurred,
        words: asked.words.chars().take(100).collect(),
    };
    let most = wanted + BEYOND;
    let mut files: HashMap<SubjectId, Arc<Shown>> = HashMap::new();
    let mut rows = Vec::new();
    let mut before = RecordNumber(asked.before.unwrap_or(u64::MAX));
    for _ in 0..BLOCKS_MOST {
        let read = u32::try_from(most).unwrap_or(u32::MAX);
        let block = visit.store().public_candidates(list, &filter, before, read).await;
        let block = block.map_err(Fault::internal)?;
        let is_last = block.len() < most;
        for some in block.chunks(FILES_AT_ONCE) {
            let mut subjects: Vec<SubjectId> = some
                .iter()
                .map(|candidate| candidate.organisation.subject)
                .filter(|subject| !files.contains_key(subject))
                .collect();
            subjects.dedup();
            if rows.len() < wanted && files.len() < FILES_MOST {
                files.extend(Shown::of_each(visit, &subjects).await?);
            }
            for candidate in some {
                let subject = candidate.organisation.subject;
                let shown = files.get(&subject);
                let unread = shown.is_none() && files.len() >= FILES_MOST;
                if rows.len() == wanted || unread {
                    let next = Some(before.0);
                    return Ok(Found { rows, next });
                }
                before = candidate.logged.number();
                if let Some(shown) = shown.filter(|shown| shown.has(before)) {
                    rows.push((candidate.clone(), Arc::clone(shown)));
                }
            }
        }
        if is_last {
            return Ok(Found { rows, next: None });
        }
    }
    Ok(Found {
        rows,
        next: Some(before.0),
    })
}

fn page_of(visit: &Visit, list: PublicList, asked: &Asked, found: &Found, next: Option<String>) -> ListPage {
    let (action, stem) = of(list);
    let row = |(candidate, shown): &(PublicCandidate, Arc<Shown>)| {
        let context = RecordContext {
            bundle: &visit.bundle,
            assessment: Some(&shown.assessment),
            lang: visit.lang,
        };
        RowView {
            name: candidate.organisation.name.clone(),
            href: format!("/organisations/{}", candidate.organisation.uscc),
            record: context.view(&candidate.logged),
        }
    };
    ListPage {
        shell: visit.shell(Desk::Public),
        action,
        title: visit.lang.t(&format!("{stem}-title")),
        lead: visit.lang.t(&format!("{stem}-lead")),
        words: asked.words.chars().take(100).collect(),
        filters: filters(visit, list, asked),
        rows: found.rows.iter().map(row).collect(),
        next,
        first: asked.before.map(|_| filtered(action, asked)),
        json: filtered(&format!("{action}.json"), asked),
        csv: filtered(&format!("{action}.csv"), asked),
        atom: filtered(&format!("{action}.atom"), asked),
    }
}

/// An address with the filters that were chosen.
fn filtered(address: &str, asked: &Asked) -> String {
    let chosen = [
        ("source", asked.source.as_str()),
        ("kind", asked.kind.as_str()),
        ("month", asked.month.as_str()),
        ("words", asked.words.as_str()),
    ];
    with_chosen(address, &chosen)
}

fn filters(visit: &Visit, list: PublicList, asked: &Asked) -> Vec<Filter> {
    let lang = visit.lang;
    let sources = visit.bundle.sources();
    let sources = sources.map(|source| (source.code.to_string(), lang.of(&source.name)));
    let items = visit.bundle.items().filter(|item| {
        item.code.as_str().starts_with(list.prefix()) && item.publicity == assess::Publicity::Public
    });
    let items = items.map(|item| (item.code.to_string(), lang.of(&item.name)));
    let first = visit.today().first_of_month();
    let months = (0..MONTHS).map(|back| first.saturating_sub(jiff::Span::new().months(back)));
    let months = months.map(|month| {
        let code = month.strftime("%Y-%m").to_string();
        (code, view::month(lang, month))
    });
    let all = || lang.t("all");
    vec![
        Filter::new("kind", lang.t("list-kind"), all(), items, &asked.kind),
        Filter::new("source", lang.t("record-source"), all(), sources, &asked.source),
        Filter::new("month", lang.t("list-month"), all(), months, &asked.month),
    ]
}

fn records(context: &RecordContext<'_>, found: &Found) -> Vec<DataRecord> {
    let rows = found.rows.iter();
    rows.map(|(candidate, shown)| {
        let whose = &candidate.organisation;
        DataRecord::of(context, shown, (&whose.name, &whose.uscc), &candidate.logged)
    })
    .collect()
}

/// The newest as Atom (RFC 4287).
fn feed(visit: &Visit, headers: &HeaderMap, list: PublicList, found: &Found) -> Response {
    let (address, stem) = of(list);
    let base = visit.app.report.address.as_deref().unwrap_or_default();
    let moment = |ms: i64| {
        jiff::Timestamp::from_millisecond(ms)
            .unwrap_or_default()
            .to_string()
    };
    let received = |(candidate, shown): &(PublicCandidate, Arc<Shown>)| shown.received_ms(&candidate.logged);
    let newest = found.rows.iter().map(received).max().unwrap_or(0);
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
    );
    let title = escaped(&visit.lang.t(&format!("{stem}-title")));
    let author = escaped(&visit.lang.t("brand"));
    let _infallible = write!(
        xml,
        "<id>urn:xinlian:{stem}</id>\n<title>{title}</title>\n<updated>{}</updated>\n<author><name>{author}</name></author>\n\
         <link rel=\"alternate\" href=\"{base}{address}\"/>\n<link rel=\"self\" href=\"{base}{address}.atom\"/>\n",
        moment(newest)
    );
    let context = RecordContext {
        bundle: &visit.bundle,
        assessment: None,
        lang: visit.lang,
    };
    for row in &found.rows {
        let (whose, view) = (&row.0.organisation, context.view(&row.0.logged));
        let document = view.document.unwrap_or_default();
        let _infallible = writeln!(
            xml,
            "<entry><id>urn:xinlian:record:{}</id><title>{} · {}</title><updated>{}</updated>\
             <link href=\"{base}/organisations/{}#record-{}\"/><summary>{} · {}</summary></entry>",
            view.number,
            escaped(&whose.name),
            escaped(&view.item),
            moment(received(row)),
            escaped(&whose.uscc),
            view.number,
            escaped(&document),
            escaped(&view.summary),
        );
    }
    xml.push_str("</feed>\n");
    data::send(
        visit,
        headers,
        "application/atom+xml; charset=utf-8",
        xml.into_bytes(),
    )
}

/// Text within XML; what XML 1.0 has no place for is left out.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_control()) {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
impl crate::page::Samples for ListPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let row = || RowView {
            name: "南庄某餐饮服务有限公司".into(),
            href: "/organisations/91440604DEM0000X".into(),
            record: RecordView::sample(),
        };
        [("licences", Vec::new()), ("penalties", vec![row()])]
            .map(|(stem, rows)| Self {
                shell: Shell::sample(lang, Desk::Public),
                action: "/penalties",
                title: lang.t(&format!("{stem}-title")),
                lead: lang.t(&format!("{stem}-lead")),
                words: "<南庄>".into(),
                filters: vec![Filter::new(
                    "kind",
                    lang.t("list-kind"),
                    lang.t("all"),
                    [("penalty.fine".to_owned(), lang.t("list-month"))],
                    "",
                )],
                next: (!rows.is_empty()).then(|| "/penalties?before=7".into()),
                first: rows.is_empty().then(|| "/licences".into()),
                rows,
                json: "/penalties.json".into(),
                csv: "/penalties.csv".into(),
                atom: "/penalties.atom".into(),
            })
            .into()
    }
}
