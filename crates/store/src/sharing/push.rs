//! Telling a department's own system at once what became of records that it holds: where, under which secret, and how far that is.
//!
//! What is told is a CloudEvent (1.0, JSON) signed as Standard Webhooks has it: HMAC-SHA256 over `id.timestamp.body`. It names a
//! share, a record, a change and its kind, and nobody. It does **not** know HTTP: whoever sends asks for what is due, and says
//! what came of it. That the change was put right is said by the recipient, not by its endpoint's answer.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as B64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use record::{RecordNumber, SourceCode};
use serde::Serialize;
use serde_json::json;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::ChangeKind;
use super::notice::{bearing, told};
use crate::administration::AdminKind;
use crate::db::{Row, Tx, args};
use crate::seal::{open_under, random, seal_under};
use crate::{Result, Store, StoreError};

/// The first try again comes after so long, each further one after four times as long.
const FIRST_MS: i64 = 2_000;
/// The longest time between two tries.
const LONGEST_MS: i64 = 6 * 60 * 60 * 1000;
/// After so long nothing is tried any more; desk and API tell of the change all the same.
const GIVE_UP_MS: i64 = 3 * 24 * 60 * 60 * 1000;
/// Whoever took one to send has so long, before another may: longer than a call lasts, so that it is sent again soon after a crash
/// in the middle.
const LEASE_MS: i64 = 20_000;
/// The most that is found anew at once.
const QUEUED_AT_ONCE: i64 = 5_000;
/// The most that is due at once for one department.
const AT_ONCE: i64 = 50;

/// Where an endpoint may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// At public addresses, over TLS.
    Public,
    /// At addresses of the internal network and of this machine too, over TLS.
    Intranet,
    /// The same, also without TLS.
    Plain,
}

impl Reach {
    const ALL: [Self; 3] = [Self::Public, Self::Intranet, Self::Plain];

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Intranet => "intranet",
            Self::Plain => "plain",
        }
    }
}

/// A department's endpoint, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The department.
    pub source: SourceCode,
    /// Its address.
    pub url: String,
    /// Where that may lie.
    pub reach: Reach,
    /// When it was registered, in milliseconds since 1970 UTC.
    pub created_ms: i64,
    /// How many changes wait to be told.
    pub waiting: u64,
    /// When one was told last.
    pub delivered_ms: Option<i64>,
    /// How many were given up.
    pub given_up: u64,
    /// What was wrong with the last that waits or was given up.
    pub fault: Option<String>,
}

/// A change that is to be told now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Push {
    /// The share.
    pub share: RecordNumber,
    /// The record that was handed out.
    pub record: RecordNumber,
    /// What changed it.
    pub change: RecordNumber,
    /// How.
    pub kind: ChangeKind,
    /// Who is told.
    pub recipient: SourceCode,
    /// When it changed, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// When it was to be told first.
    begun_ms: i64,
    /// How often it was tried.
    tries: i64,
    /// Whether somebody asked for it to be sent again, whatever became of it since.
    again: bool,
}

/// A telling as it is sent, signed now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedPush {
    /// Where.
    pub url: String,
    /// Where that may lie.
    pub reach: Reach,
    /// The same at every try: `webhook-id`.
    pub id: String,
    /// Seconds since 1970 UTC: `webhook-timestamp`.
    pub timestamp: i64,
    /// The CloudEvent.
    pub body: String,
    /// `webhook-signature`: `v1,` and base64.
    pub signature: String,
}

/// What is told of a change: numbers, and nobody.
#[derive(Serialize)]
struct Told {
    share: u64,
    record: u64,
    change: u64,
    kind: &'static str,
}

impl Store {
    /// Registers a department's endpoint, and gives the secret by which it knows what is ours. It is not shown again.
    ///
    /// # Errors
    /// When the department has one already, or the database fails.
    pub async fn put_webhook(&self, source: &SourceCode, url: &str, reach: Reach) -> Result<String> {
        let mut tx = self.inner.db.write().await?;
        let sql = "SELECT 1 FROM webhook WHERE source = $1";
        if tx.row(sql, args![source.as_str()]).await?.is_some() {
            return Err(StoreError::WebhookExists(source.to_string()));
        }
        let secret = Zeroizing::new(random()?);
        let (keys, _) = self.keys(&mut tx).await?;
        let sealed = seal_under(&keys, &secret_place(source), &*secret)?;
        let columns = ["source", "url", "reach", "secret", "created_ms"];
        let now = self.clock().now_ms();
        let line = args![source.as_str(), url, reach.code(), sealed, now];
        tx.insert("webhook", &columns, vec![line], "").await?;
        self.note(&mut tx, AdminKind::WebhookPut, Some(source), url)
            .await?;
        tx.commit().await?;
        Ok(format!("whsec_{}", B64.encode(*secret)))
    }

    /// Every endpoint, by department.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn webhooks(&self) -> Result<Vec<Webhook>> {
        let mut tx = self.inner.db.read().await?;
        let of = "FROM push p WHERE p.recipient = w.source";
        let sql = format!(
            "SELECT w.source, w.url, w.reach, w.created_ms, \
            (SELECT COUNT(*) {of} AND p.next_ms IS NOT NULL), \
            (SELECT MAX(p.delivered_ms) {of}), \
            (SELECT COUNT(*) {of} AND p.next_ms IS NULL AND p.fault IS NOT NULL), \
            (SELECT p.fault {of} AND p.fault IS NOT NULL ORDER BY p.change DESC, p.share, p.number LIMIT 1) \
            FROM webhook w ORDER BY w.source"
        );
        tx.rows(sql, args![]).await?.iter().map(webhook_of).collect()
    }

    /// Takes an endpoint away, with what waits for it.
    ///
    /// # Errors
    /// When the department has none.
    pub async fn remove_webhook(&self, source: &SourceCode) -> Result<()> {
        let mut tx = self.inner.db.write().await?;
        let sql = "DELETE FROM webhook WHERE source = $1";
        if tx.execute(sql, args![source.as_str()]).await? == 0 {
            return Err(StoreError::NotFound);
        }
        let sql = "DELETE FROM push WHERE recipient = $1 AND delivered_ms IS NULL";
        tx.execute(sql, args![source.as_str()]).await?;
        self.note(&mut tx, AdminKind::WebhookRemoved, Some(source), "")
            .await?;
        tx.commit().await
    }

    /// Puts whatever was told to a department with an endpoint, is not put right and was not sent yet, among what is to be
    /// sent. Says how many are new.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn queue_pushes(&self) -> Result<u64> {
        let mut tx = self.inner.db.read().await?;
        if tx.one_int("SELECT COUNT(*) FROM webhook", args![]).await? == 0 {
            return Ok(0);
        }
        // Looked for beside the writer, whom it would keep waiting.
        let same = "o.share = t.share AND o.number = t.number AND o.change = t.change";
        let sql = format!(
            "SELECT t.share, t.number, t.change, t.relation, t.recipient, s.received_ms FROM {} t \
            JOIN webhook w ON w.source = t.recipient \
            JOIN record c ON c.number = t.change JOIN submission s ON s.id = c.submission \
            WHERE NOT EXISTS (SELECT 1 FROM acknowledged o WHERE {same}) \
            AND NOT EXISTS (SELECT 1 FROM push o WHERE {same}) ORDER BY t.change LIMIT $1",
            bearing()
        );
        let now = self.clock().now_ms();
        let mut lines = Vec::new();
        for row in tx.rows(sql, args![QUEUED_AT_ONCE]).await? {
            let (share, number, change) = (row.int(0)?, row.int(1)?, row.int(2)?);
            let (relation, recipient, at_ms) = (row.int(3)?, row.text(4)?, row.int(5)?);
            lines.push(args![share, number, change, relation, recipient, at_ms, now, now]);
        }
        drop(tx);
        let queued = u64::try_from(lines.len()).unwrap_or(u64::MAX);
        if queued > 0 {
            let columns = [
                "share",
                "number",
                "change",
                "relation",
                "recipient",
                "at_ms",
                "begun_ms",
                "next_ms",
            ];
            let mut tx = self.inner.db.write().await?;
            tx.insert("push", &columns, lines, " ON CONFLICT DO NOTHING")
                .await?;
            tx.commit().await?;
        }
        Ok(queued)
    }

    /// The departments to which something is to be sent now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due_recipients(&self) -> Result<Vec<SourceCode>> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT DISTINCT recipient FROM push WHERE next_ms <= $1 ORDER BY recipient";
        let rows = tx.rows(sql, args![self.clock().now_ms()]).await?;
        let source = |row: &Row| SourceCode::new(row.text(0)?).map_err(|_| StoreError::NotFound);
        rows.iter().map(source).collect()
    }

    /// What is to be sent to a department now, the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn due_pushes(&self, recipient: &SourceCode) -> Result<Vec<Push>> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT share, number, change, relation, recipient, at_ms, begun_ms, tries, replays FROM push \
            WHERE recipient = $1 AND next_ms <= $2 ORDER BY next_ms, change, share, number LIMIT $3";
        let args = args![recipient.as_str(), self.clock().now_ms(), AT_ONCE];
        tx.rows(sql, args).await?.iter().map(push_of).collect()
    }

    /// Takes one to send it: nobody else does for twenty seconds. None if another did, or it is told no more: put right, or
    /// handed out anew since, and nobody asked for it to be sent again.
    ///
    /// # Errors
    /// When the database fails or the secret does not open.
    pub async fn take_push(&self, push: &Push) -> Result<Option<SignedPush>> {
        let now = self.clock().now_ms();
        let mut tx = self.inner.db.write().await?;
        let sql = format!(
            "UPDATE push SET tries = tries + 1, next_ms = $4, tried_ms = $5 WHERE {ONE} AND next_ms <= $5"
        );
        let args = args![push.share, push.record, push.change, now + LEASE_MS, now];
        if tx.execute(sql, args).await? == 0 {
            return Ok(None);
        }
        let still = format!(
            "{} WHERE t.share = $1 AND t.number = $2 AND t.change = $3 AND k.act IS NULL",
            told()
        );
        let args = args![push.share, push.record, push.change];
        let told = push.again || tx.row(still, args.clone()).await?.is_some();
        let mut taken = None;
        if told {
            taken = Some(self.signed_push(&mut tx, &push.recipient, &push.event()).await?);
        } else {
            let sql = format!("UPDATE push SET next_ms = NULL, fault = NULL WHERE {ONE}");
            tx.execute(sql, args).await?;
        }
        tx.commit().await?;
        Ok(taken)
    }

    /// The endpoint took it, and what it answered. If somebody asked meanwhile for it to be sent again, it still is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn push_delivered(&self, push: &Push, status: u16) -> Result<()> {
        let mut tx = self.inner.db.write().await?;
        let sql = format!(
            "UPDATE push SET next_ms = NULL, delivered_ms = $4, status = $5, fault = NULL WHERE {ONE} AND begun_ms = $6"
        );
        let (now, status) = (self.clock().now_ms(), i64::from(status));
        let args = args![push.share, push.record, push.change, now, status, push.begun_ms];
        tx.execute(sql, args).await?;
        tx.commit().await
    }

    /// The endpoint did not take it, why, and what it answered if it did: it is tried again later, for three days.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn push_failed(&self, push: &Push, fault: &str, status: Option<u16>) -> Result<()> {
        let now = self.clock().now_ms();
        let next = (now - push.begun_ms < GIVE_UP_MS).then(|| now + wait_after(push.tries));
        let mut tx = self.inner.db.write().await?;
        let sql = format!(
            "UPDATE push SET next_ms = $4, fault = $5, status = $6 WHERE {ONE} AND begun_ms = $7 AND tries = $8 \
            AND next_ms IS NOT NULL"
        );
        let (status, tries) = (status.map(i64::from), push.tries + 1);
        let args = args![
            push.share,
            push.record,
            push.change,
            next,
            fault,
            status,
            push.begun_ms,
            tries
        ];
        tx.execute(sql, args).await?;
        tx.commit().await
    }

    /// A telling of nothing, to try an endpoint with.
    ///
    /// # Errors
    /// When the department has none.
    pub async fn test_push(&self, source: &SourceCode) -> Result<SignedPush> {
        let now = self.clock().now();
        let event = Event {
            id: format!("test-{}", now.as_millisecond()),
            about: "/sharing".to_owned(),
            kind: "xinlian.test".to_owned(),
            at: now,
            data: json!({}),
        };
        let mut tx = self.inner.db.read().await?;
        self.signed_push(&mut tx, source, &event).await
    }

    async fn signed_push(&self, tx: &mut Tx, to: &SourceCode, event: &Event) -> Result<SignedPush> {
        let sql = "SELECT url, reach, secret FROM webhook WHERE source = $1";
        let row = tx
            .row(sql, args![to.as_str()])
            .await?
            .ok_or(StoreError::NotFound)?;
        let (keys, _) = self.keys(tx).await?;
        let secret = Zeroizing::new(open_under(&keys, &secret_place(to), &row.bytes(2)?)?);
        let timestamp = self.clock().now().as_second();
        let body = event.to_json();
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&secret) else {
            return Err(StoreError::DoesNotOpen(secret_place(to)));
        };
        mac.update(format!("{}.{timestamp}.{body}", event.id).as_bytes());
        Ok(SignedPush {
            url: row.text(0)?,
            reach: reach_of(&row, 1)?,
            id: event.id.clone(),
            timestamp,
            body,
            signature: format!("v1,{}", B64.encode(mac.finalize().into_bytes())),
        })
    }
}

/// One row, by its three numbers.
const ONE: &str = "share = $1 AND number = $2 AND change = $3";

fn secret_place(source: &SourceCode) -> String {
    format!("webhook.secret/v1/{source}")
}

/// How long to wait after so many tries before this one.
fn wait_after(tries: i64) -> i64 {
    let times = u32::try_from(tries).unwrap_or(u32::MAX);
    4_i64
        .saturating_pow(times)
        .saturating_mul(FIRST_MS)
        .min(LONGEST_MS)
}

/// What is said, in the attributes of a CloudEvent.
struct Event {
    id: String,
    about: String,
    kind: String,
    at: Timestamp,
    data: serde_json::Value,
}

impl Event {
    fn to_json(&self) -> String {
        let event = json!({
            "specversion": "1.0",
            "id": self.id,
            "source": self.about,
            "type": self.kind,
            "time": self.at,
            "datacontenttype": "application/json",
            "data": self.data,
        });
        event.to_string()
    }
}

impl Push {
    fn event(&self) -> Event {
        let told = Told {
            share: self.share.0,
            record: self.record.0,
            change: self.change.0,
            kind: self.kind.code(),
        };
        Event {
            id: format!("{}-{}-{}", self.share, self.record, self.change),
            about: format!("/api/v1/shares/{}", self.share),
            kind: format!("xinlian.record.{}", self.kind.code()),
            at: Timestamp::from_millisecond(self.at_ms).unwrap_or(Timestamp::UNIX_EPOCH),
            data: json!(told),
        }
    }
}

fn reach_of(row: &Row, place: usize) -> Result<Reach> {
    let code = row.text(place)?;
    let found = Reach::ALL.into_iter().find(|reach| reach.code() == code);
    found.ok_or(StoreError::NotFound)
}

fn webhook_of(row: &Row) -> Result<Webhook> {
    let count = |place| row.int(place).map(|count| u64::try_from(count).unwrap_or(0));
    Ok(Webhook {
        source: SourceCode::new(row.text(0)?).map_err(|_| StoreError::NotFound)?,
        url: row.text(1)?,
        reach: reach_of(row, 2)?,
        created_ms: row.int(3)?,
        waiting: count(4)?,
        delivered_ms: row.int_or_none(5)?,
        given_up: count(6)?,
        fault: row.text_or_none(7)?,
    })
}

fn push_of(row: &Row) -> Result<Push> {
    Ok(Push {
        share: RecordNumber::from_i64(row.int(0)?),
        record: RecordNumber::from_i64(row.int(1)?),
        change: RecordNumber::from_i64(row.int(2)?),
        kind: ChangeKind::of(row.int(3)?).ok_or(StoreError::NotFound)?,
        recipient: SourceCode::new(row.text(4)?).map_err(|_| StoreError::NotFound)?,
        at_ms: row.int(5)?,
        begun_ms: row.int(6)?,
        tries: row.int(7)?,
        again: row.int(8)? > 0,
    })
}
