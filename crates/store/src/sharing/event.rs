//! What a department's own system was sent, and is to be sent again: the queue of `push.rs` as the department reads it. It names
//! shares, records and changes by their numbers, and nobody.

use std::fmt;
use std::str::FromStr;

use record::{RecordNumber, Relation, SourceCode};

use super::{ChangeKind, ChangePlace};
use crate::administration::AdminKind;
use crate::clock::Clock;
use crate::db::{Arg, Row, args};
use crate::organisation::{Page, Paged};
use crate::{Result, Store, StoreError};

/// How far back events can be read and sent again: thirty days. What still waits is there however old it is.
const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// How far an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventState {
    /// It is to be sent, now or when it is tried again.
    Waiting,
    /// The endpoint took it.
    Sent,
    /// The endpoint did not take it for three days.
    GivenUp,
    /// It was put right, or handed out anew, before it was sent.
    Settled,
}

impl EventState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Sent, Self::GivenUp, Self::Settled];

    /// Its code in addresses, answers and locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::GivenUp => "given-up",
            Self::Settled => "settled",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    fn condition(self) -> &'static str {
        match self {
            Self::Waiting => "next_ms IS NOT NULL",
            Self::GivenUp => "next_ms IS NULL AND fault IS NOT NULL",
            Self::Sent => "next_ms IS NULL AND fault IS NULL AND delivered_ms IS NOT NULL",
            Self::Settled => "next_ms IS NULL AND fault IS NULL AND delivered_ms IS NULL",
        }
    }
}

/// The `webhook-id` of an event: which share, which record, and what changed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventId(pub ChangePlace);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ChangePlace { by, record, share } = self.0;
        write!(f, "{share}-{record}-{by}")
    }
}

impl FromStr for EventId {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self> {
        let mut parts = text.split('-').map(|part| part.parse().map(RecordNumber));
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(Ok(share)), Some(Ok(record)), Some(Ok(by)), None) => {
                Ok(Self(ChangePlace { by, record, share }))
            }
            _ => Err(StoreError::NotFound),
        }
    }
}

/// One event of a department's endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushEvent {
    /// What the endpoint knows it by.
    pub id: EventId,
    /// What became of the record.
    pub kind: ChangeKind,
    /// When it changed, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// How far it is.
    pub state: EventState,
    /// How often it was tried since it was to be sent, or sent again.
    pub tries: u64,
    /// When it is tried next, if it waits.
    pub next_ms: Option<i64>,
    /// When it was tried last.
    pub tried_ms: Option<i64>,
    /// When the endpoint took it last.
    pub delivered_ms: Option<i64>,
    /// The status of the last answer, if there was one.
    pub status: Option<u16>,
    /// What was wrong with the last try.
    pub fault: Option<String>,
    /// How often somebody had it sent again.
    pub replays: u64,
}

/// Which events are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only this one.
    pub id: Option<EventId>,
    /// Only in this state.
    pub state: Option<EventState>,
    /// Only of this kind.
    pub kind: Option<ChangeKind>,
    /// Only of this share, record or change.
    pub number: Option<RecordNumber>,
    /// Only of changes from this moment on, in milliseconds since 1970 UTC.
    pub from_ms: Option<i64>,
    /// Only of changes before this moment.
    pub until_ms: Option<i64>,
}

/// What became of a request to send again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replayed {
    /// So many are sent again.
    Now(u64),
    /// It came before, and so many were sent again then.
    Before(u64),
    /// Another request came before by the same key.
    OtherRequest,
}

const COLUMNS: &str =
    "share, number, change, relation, at_ms, tries, next_ms, tried_ms, delivered_ms, status, fault, replays";

impl Store {
    /// A department's events of the last thirty days, the newest change first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn events(
        &self,
        recipient: &SourceCode,
        filter: &EventFilter,
        page: Page,
    ) -> Result<Paged<PushEvent>> {
        let (wanted, values) = self.wanted(recipient, filter, 1);
        let mut tx = self.inner.db.read().await?;
        let count = format!("SELECT COUNT(*) FROM push WHERE {wanted}");
        let total = tx.one_int(count, values.clone()).await?;
        let sql = format!(
            "SELECT {COLUMNS} FROM push WHERE {wanted} \
            ORDER BY change DESC, number DESC, share DESC LIMIT ${} OFFSET ${}",
            values.len() + 1,
            values.len() + 2
        );
        let values = [values, args![page.limit(), page.offset()]].concat();
        let events: Result<_> = tx.rows(sql, values).await?.iter().map(event_of).collect();
        Ok(Paged::of(page, total, events?))
    }

    /// The same in a list that goes on: at most so many, those that come after a place in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn events_after(
        &self,
        recipient: &SourceCode,
        filter: &EventFilter,
        after: Option<ChangePlace>,
        most: u32,
    ) -> Result<Vec<PushEvent>> {
        let (wanted, values) = self.wanted(recipient, filter, 5);
        let sql = format!(
            "SELECT {COLUMNS} FROM push WHERE (change, number, share) < ($1, $2, $3) AND {wanted} \
            ORDER BY change DESC, number DESC, share DESC LIMIT $4"
        );
        let [by, record, share] = match after {
            Some(place) => [place.by, place.record, place.share].map(RecordNumber::to_i64),
            None => [i64::MAX; 3],
        };
        let values = [args![by, record, share, i64::from(most)], values].concat();
        let mut tx = self.inner.db.read().await?;
        tx.rows(sql, values).await?.iter().map(event_of).collect()
    }

    /// Has a department's events sent again, whether they were taken before or not and whether they are put right or not: an
    /// administrative act, unless there are none. With `once`, a request that comes again is done once.
    ///
    /// # Errors
    /// When the department has no endpoint, or the database fails.
    pub async fn replay_events(
        &self,
        recipient: &SourceCode,
        officer: &str,
        filter: &EventFilter,
        once: Option<&str>,
    ) -> Result<Replayed> {
        let now = self.clock().now_ms();
        let mut tx = self.inner.db.write().await?;
        let sql = "SELECT 1 FROM webhook WHERE source = $1";
        tx.row(sql, args![recipient.as_str()])
            .await?
            .ok_or(StoreError::NotFound)?;
        let asked = filter.says();
        if let Some(once) = once {
            let sql = "SELECT asked, events FROM push_replay WHERE recipient = $1 AND once = $2";
            if let Some(row) = tx.row(sql, args![recipient.as_str(), once]).await? {
                let events = u64::try_from(row.int(1)?).unwrap_or(0);
                let same = row.text(0)? == asked;
                return Ok(if same {
                    Replayed::Before(events)
                } else {
                    Replayed::OtherRequest
                });
            }
        }
        let (wanted, values) = self.wanted(recipient, filter, 2);
        let sql = format!(
            "UPDATE push SET next_ms = $1, begun_ms = $1, tries = 0, fault = NULL, replays = replays + 1 WHERE {wanted}"
        );
        let events = tx.execute(sql, [args![now], values].concat()).await?;
        let counted = i64::try_from(events).unwrap_or(i64::MAX);
        if let Some(once) = once {
            let sql = "DELETE FROM push_replay WHERE at_ms < $1";
            tx.execute(sql, args![now - KEPT_MS]).await?;
            let columns = ["recipient", "once", "asked", "events", "at_ms"];
            let line = args![recipient.as_str(), once, asked.as_str(), counted, now];
            tx.insert("push_replay", &columns, vec![line], "").await?;
        }
        if events > 0 {
            let about = format!("{events} {asked}");
            let kind = AdminKind::EventsReplayed;
            self.note_by(&mut tx, kind, officer, Some(recipient), &about)
                .await?;
        }
        tx.commit().await?;
        Ok(Replayed::Now(events))
    }

    /// What is wanted of a department's, with parameters from this place on.
    fn wanted(&self, recipient: &SourceCode, filter: &EventFilter, first: usize) -> (String, Vec<Arg>) {
        let since = self.clock().now_ms() - KEPT_MS;
        let of = format!("recipient = ${first}");
        let kept = format!("(at_ms >= ${} OR next_ms IS NOT NULL)", first + 1);
        let mut wanted = vec![of, kept];
        let mut values = args![recipient.as_str(), since];
        let mut add = |condition: &str, value: Arg| {
            values.push(value);
            let place = format!("${}", first + values.len() - 1);
            wanted.push(condition.replace('?', &place));
        };
        if let Some(EventId(ChangePlace { by, record, share })) = filter.id {
            add("change = ?", by.into());
            add("number = ?", record.into());
            add("share = ?", share.into());
        }
        if let Some(number) = filter.number {
            add("(change = ? OR number = ? OR share = ?)", number.into());
        }
        if let Some(from) = filter.from_ms {
            add("at_ms >= ?", from.into());
        }
        if let Some(until) = filter.until_ms {
            add("at_ms < ?", until.into());
        }
        if let Some(relation) = filter.kind.and_then(relation_of) {
            add("relation = ?", relation.into());
        }
        if let Some(state) = filter.state {
            wanted.push(state.condition().to_owned());
        }
        (wanted.join(" AND "), values)
    }
}

impl EventFilter {
    /// What is asked for, in codes: the same for the same request.
    fn says(&self) -> String {
        let mut parts = Vec::new();
        parts.extend(self.id.map(|id| id.to_string()));
        parts.extend(self.number.map(|number| format!("no. {number}")));
        parts.extend(self.state.map(|state| state.code().to_owned()));
        parts.extend(self.kind.map(|kind| kind.code().to_owned()));
        if self.from_ms.is_some() || self.until_ms.is_some() {
            let minute = |ms: Option<i64>| ms.map(Clock::minute_of).unwrap_or_default();
            parts.push(format!("{}..{}", minute(self.from_ms), minute(self.until_ms)));
        }
        parts.join(" ")
    }
}

/// The number of the relation that makes a change of this kind.
fn relation_of(kind: ChangeKind) -> Option<i64> {
    let mut numbers = Relation::ALL
        .into_iter()
        .map(|relation| i64::from(relation.number()));
    numbers.find(|number| ChangeKind::of(*number) == Some(kind))
}

fn event_of(row: &Row) -> Result<PushEvent> {
    let count = |place| row.int(place).map(|count| u64::try_from(count).unwrap_or(0));
    let number = |place| row.int(place).map(RecordNumber::from_i64);
    let (next_ms, delivered_ms, fault) = (row.int_or_none(6)?, row.int_or_none(8)?, row.text_or_none(10)?);
    let state = match (next_ms, &fault, delivered_ms) {
        (Some(_), _, _) => EventState::Waiting,
        (None, Some(_), _) => EventState::GivenUp,
        (None, None, Some(_)) => EventState::Sent,
        (None, None, None) => EventState::Settled,
    };
    Ok(PushEvent {
        id: EventId(ChangePlace {
            by: number(2)?,
            record: number(1)?,
            share: number(0)?,
        }),
        kind: ChangeKind::of(row.int(3)?).ok_or(StoreError::NotFound)?,
        at_ms: row.int(4)?,
        state,
        tries: count(5)?,
        next_ms,
        tried_ms: row.int_or_none(7)?,
        delivered_ms,
        status: row.int_or_none(9)?.and_then(|status| u16::try_from(status).ok()),
        fault,
        replays: count(11)?,
    })
}
