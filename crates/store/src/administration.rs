//! Administrative acts: what was done to the house itself, by whom and when. What is a record is read from the records; the rest is
//! noted in the transaction that does it, so that neither is there without the other.

use record::{Act, OfficerId, RecordNumber, SourceCode, Value};

use crate::act::said;
use crate::db::{Arg, Row, Tx, args};
use crate::organisation::{Page, Paged};
use crate::{Result, Store, StoreError};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AdminKind {
    /// A member of staff was added, or given another role or password.
    StaffPut,
    /// Sign-in was closed to a member of staff.
    StaffDisabled,
    /// A key was made.
    KeyMade,
    /// A key was taken back.
    KeyRevoked,
    /// An endpoint was registered.
    WebhookPut,
    /// An endpoint was taken away.
    WebhookRemoved,
    /// Events were sent to an endpoint again.
    EventsReplayed,
    /// Everything was recomputed and compared.
    Verified,
    /// Every projection was made anew.
    Rebuilt,
    /// The keys were turned over.
    KeysRotated,
    /// Records were sealed into segments.
    RecordsSealed,
    /// An edition of the rules was published.
    PolicyPublished,
    /// A department applied for a share.
    ShareApplied,
    /// The owner granted or refused it.
    ShareAnswered,
    /// One side ended it.
    ShareEnded,
    /// The credit office published an announcement.
    AnnouncementPublished,
    /// The credit office took an announcement back.
    AnnouncementTakenBack,
    /// A draft of the rules was handed over to be tried on everyone.
    SimulationDrafted,
    /// Somebody read what came of it.
    SimulationRead,
    /// Everyone was rated for the day, and the statistics worked out.
    NightlyRun,
}

impl AdminKind {
    /// Every kind.
    pub const ALL: [Self; 20] = [
        Self::StaffPut,
        Self::StaffDisabled,
        Self::KeyMade,
        Self::KeyRevoked,
        Self::WebhookPut,
        Self::WebhookRemoved,
        Self::EventsReplayed,
        Self::Verified,
        Self::Rebuilt,
        Self::KeysRotated,
        Self::RecordsSealed,
        Self::PolicyPublished,
        Self::ShareApplied,
        Self::ShareAnswered,
        Self::ShareEnded,
        Self::AnnouncementPublished,
        Self::AnnouncementTakenBack,
        Self::SimulationDrafted,
        Self::SimulationRead,
        Self::NightlyRun,
    ];

    /// Its code in addresses and locale keys; in SQL too, where it is no record.
    pub fn code(self) -> &'static str {
        match self {
            Self::StaffPut => "staff-put",
            Self::StaffDisabled => "staff-disabled",
            Self::KeyMade => "key-made",
            Self::KeyRevoked => "key-revoked",
            Self::WebhookPut => "webhook-put",
            Self::WebhookRemoved => "webhook-removed",
            Self::EventsReplayed => "events-replayed",
            Self::Verified => "verified",
            Self::Rebuilt => "rebuilt",
            Self::KeysRotated => "keys-rotated",
            Self::RecordsSealed => "records-sealed",
            Self::PolicyPublished => "policy-published",
            Self::ShareApplied => "share-applied",
            Self::ShareAnswered => "share-answered",
            Self::ShareEnded => "share-ended",
            Self::AnnouncementPublished => "announcement-published",
            Self::AnnouncementTakenBack => "announcement-taken-back",
            Self::SimulationDrafted => "simulation-drafted",
            Self::SimulationRead => "simulation-read",
            Self::NightlyRun => "nightly-run",
        }
    }

    /// The kind with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The act it is, if it is a record.
    fn act(self) -> Option<Act> {
        match self {
            Self::PolicyPublished => Some(Act::PublishPolicy),
            Self::ShareApplied => Some(Act::ApplyShare),
            Self::ShareAnswered => Some(Act::AnswerShare),
            Self::ShareEnded => Some(Act::EndShare),
            _ => None,
        }
    }

    /// As the two tables have it.
    fn stored(self) -> &'static str {
        self.act().map_or(self.code(), Act::code)
    }
}

/// Something that was done to the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminAct {
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// What.
    pub kind: AdminKind,
    /// By whom; `cli` for an operator at the command line.
    pub officer: String,
    /// Of or for which department.
    pub source: Option<SourceCode>,
    /// What it was about, in codes: a name and a role, an item, an edition, counts.
    pub about: String,
    /// Of an answer, whether it was granted.
    pub granted: Option<bool>,
    /// The record, if it is one.
    pub number: Option<RecordNumber>,
}

/// Which administrative acts are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdminFilter {
    /// Only of this kind.
    pub kind: Option<AdminKind>,
    /// Only by this officer.
    pub officer: Option<OfficerId>,
    /// Only of this department.
    pub source: Option<SourceCode>,
    /// Only from this moment on, in milliseconds since 1970 UTC.
    pub from_ms: Option<i64>,
    /// Only before this moment.
    pub until_ms: Option<i64>,
}

/// Both tables as one.
const ALL: &str = "(SELECT a.at_ms AS at_ms, a.kind AS kind, a.officer AS officer, a.source AS source, a.about AS about, \
    a.id AS place, -1 AS number FROM administration a UNION ALL \
    SELECT s.received_ms, r.item, s.officer, r.source, '', r.number, r.number FROM record r \
    JOIN submission s ON s.id = r.submission WHERE r.home IS NULL AND r.item IN ('act.apply-share', 'act.answer-share', 'act.end-share') \
    UNION ALL SELECT s.received_ms, 'act.publish-policy', s.officer, r.source, '', r.number, r.number FROM bundle b \
    JOIN record r ON r.number = b.number JOIN submission s ON s.id = r.submission) x";

impl Store {
    /// Notes an administrative act in the transaction that does it. Whoever does so stands at the command line.
    pub(crate) async fn note(
        &self,
        tx: &mut Tx,
        kind: AdminKind,
        source: Option<&SourceCode>,
        about: &str,
    ) -> Result<()> {
        self.note_by(tx, kind, "cli", source, about).await
    }

    /// The same of an officer at a desk.
    pub(crate) async fn note_by(
        &self,
        tx: &mut Tx,
        kind: AdminKind,
        officer: &str,
        source: Option<&SourceCode>,
        about: &str,
    ) -> Result<()> {
        let id = tx.locked_counter("administration").await?;
        let sql = "UPDATE counter SET next = $1 WHERE name = 'administration'";
        tx.execute(sql, args![id + 1]).await?;
        let columns = ["id", "at_ms", "kind", "officer", "source", "about"];
        let now = self.clock().now_ms();
        let source = source.map(SourceCode::as_str);
        let line = args![id, now, kind.code(), officer, source, about];
        tx.insert("administration", &columns, vec![line], "").await
    }

    /// What was done to the house, the newest first.
    ///
    /// # Errors
    /// When the database fails or a record does not open.
    pub async fn administration(&self, filter: &AdminFilter, page: Page) -> Result<Paged<AdminAct>> {
        let (wanted, mut values) = filter.sql();
        let mut tx = self.inner.db.read().await?;
        let count = format!("SELECT COUNT(*) FROM {ALL} WHERE {wanted}");
        let total = tx.one_int(count, values.clone()).await?;
        let (limit, offset) = (values.len() + 1, values.len() + 2);
        values.extend(args![page.limit(), page.offset()]);
        let sql = format!(
            "SELECT x.at_ms, x.kind, x.officer, x.source, x.about, x.number FROM {ALL} WHERE {wanted} \
            ORDER BY x.at_ms DESC, x.place DESC LIMIT ${limit} OFFSET ${offset}"
        );
        let rows = tx.rows(sql, values).await?;
        let mut acts = rows.iter().map(act_of).collect::<Result<Vec<_>>>()?;
        self.tell(&mut tx, &mut acts).await?;
        Ok(Paged::of(page, total, acts))
    }

    /// When everything was recomputed last, and how many differences there were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_verified(&self) -> Result<Option<AdminAct>> {
        self.last_of(AdminKind::Verified).await
    }

    /// The newest act of a kind.
    pub(crate) async fn last_of(&self, kind: AdminKind) -> Result<Option<AdminAct>> {
        let filter = AdminFilter {
            kind: Some(kind),
            ..AdminFilter::default()
        };
        Ok(self.administration(&filter, Page::new(1, 1)).await?.rows.pop())
    }

    /// What the records among them say.
    async fn tell(&self, tx: &mut Tx, acts: &mut [AdminAct]) -> Result<()> {
        let numbers: Vec<RecordNumber> = acts.iter().filter_map(|act| act.number).collect();
        for logged in self.logged_in(tx, &numbers).await? {
            let record = logged.record();
            let says = |field: &str| said(record, field).unwrap_or_default().to_owned();
            let about = match record.act() {
                Some(Act::PublishPolicy) => says("edition"),
                Some(Act::ApplyShare) => format!("{} {}", says("item"), says("owner")),
                _ => record
                    .references
                    .first()
                    .map_or_else(String::new, |reference| match reference.target {
                        record::Target::Number(number) => number.to_string(),
                        _ => String::new(),
                    }),
            };
            let granted = match record.field("granted") {
                Some(Value::Bool(granted)) => Some(*granted),
                _ => None,
            };
            let same = |act: &&mut AdminAct| act.number == Some(logged.number());
            for act in acts.iter_mut().filter(same) {
                act.about.clone_from(&about);
                act.granted = granted;
            }
        }
        Ok(())
    }
}

impl AdminFilter {
    fn sql(&self) -> (String, Vec<Arg>) {
        let mut wanted = vec!["1 = 1".to_owned()];
        let mut values = Vec::new();
        let mut add = |condition: &str, value: Option<Arg>| {
            if let Some(value) = value {
                values.push(value);
                wanted.push(format!("{condition} ${}", values.len()));
            }
        };
        add("x.kind =", self.kind.map(|kind| Arg::from(kind.stored())));
        let officer = self.officer.as_ref();
        add("x.officer =", officer.map(|one| Arg::from(one.as_str())));
        add(
            "x.source =",
            self.source.as_ref().map(|one| Arg::from(one.as_str())),
        );
        add("x.at_ms >=", self.from_ms.map(Arg::from));
        add("x.at_ms <", self.until_ms.map(Arg::from));
        (wanted.join(" AND "), values)
    }
}

fn act_of(row: &Row) -> Result<AdminAct> {
    let stored = row.text(1)?;
    let kind = AdminKind::ALL.into_iter().find(|kind| kind.stored() == stored);
    let number = row.int(5)?;
    Ok(AdminAct {
        at_ms: row.int(0)?,
        kind: kind.ok_or(StoreError::NotFound)?,
        officer: row.text(2)?,
        source: row.text_or_none(3)?.and_then(|code| SourceCode::new(code).ok()),
        about: row.text(4)?,
        granted: None,
        number: (number >= 0).then(|| RecordNumber::from_i64(number)),
    })
}
