//! Sharing between departments: applied for with a purpose and a legal basis, granted by the owner, asked under quotas with
//! a look for each subject, answered under a signature; and every recipient is told of what changes afterwards.
//!
//! Applications, answers and ends are records, so that who was given what by whom is evidence too.

mod answer;
mod event;
mod honey;
mod jws;
mod notice;
mod push;

use std::collections::BTreeMap;

use assess::Bundle;
use record::{
    Act, Date, Ends, FieldName, ItemCode, Logged, OfficerId, PurposeCode, RecordNumber, Relation, SourceCode,
    Value,
};

use crate::act::{reason, said, text};
use crate::bundle::named;
use crate::db::{Tx, args};
use crate::plea::target_of;
use crate::{ActFault, Result, Store, StoreError};

pub use answer::{Answered, Question, SharedRecord};
pub use event::{EventFilter, EventId, EventState, PushEvent, Replayed};
pub use honey::HoneyHit;
pub use jws::SignedAnswer;
pub(crate) use jws::{sign_with, signs};
pub use notice::{Acknowledged, CHANGES_MOST, Change, ChangeKind, ChangePlace};
pub use push::{Push, Reach, SignedPush, Webhook};

/// The purpose under which shared records are looked at.
pub(crate) const PURPOSE: &str = "department.sharing";

/// The longest time a share is granted for.
const YEARS_MOST: i64 = 3;
/// The most subjects asked about in a day under one share.
const PER_DAY_MOST: u32 = 100_000;

/// A way to be given records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// One subject at a time.
    Query,
    /// A list of subjects at once.
    Batch,
    /// Whatever is new since a number.
    Changes,
}

impl Way {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Query, Self::Batch, Self::Changes];

    /// Its code in records, forms and locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Batch => "batch",
            Self::Changes => "changes",
        }
    }

    /// The way with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.code() == code)
    }
}

/// What a department applies for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Whose records.
    pub owner: SourceCode,
    /// Of which item.
    pub item: ItemCode,
    /// In which ways.
    pub ways: Vec<Way>,
    /// Which fields of the item, none beyond need; without any, only that there is a record, its day and its document.
    pub fields: Vec<FieldName>,
    /// What for, in words.
    pub what_for: String,
    /// The law or decision that it rests on.
    pub basis: String,
    /// How many subjects a day at most.
    pub per_day: u32,
    /// The last day.
    pub until: Date,
}

/// Where an application stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShareState {
    /// Waits for the owner.
    Waiting,
    /// The owner refused.
    Refused {
        /// Who.
        by: OfficerId,
        /// Why.
        why: String,
    },
    /// In force.
    InForce {
        /// Who granted it.
        by: OfficerId,
        /// With which words.
        why: String,
    },
    /// Ended by one of the two.
    Ended {
        /// Who.
        by: OfficerId,
        /// Why.
        why: String,
    },
    /// Its last day is over.
    Expired,
}

impl ShareState {
    /// Its code in locale keys.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Refused { .. } => "refused",
            Self::InForce { .. } => "in-force",
            Self::Ended { .. } => "ended",
            Self::Expired => "expired",
        }
    }

    /// Whether it is not over: waits for its answer, or is in force.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Waiting | Self::InForce { .. })
    }

    /// Whether it can be asked under.
    pub fn is_in_force(&self) -> bool {
        matches!(self, Self::InForce { .. })
    }
}

/// An application and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The record that applied for it.
    pub number: RecordNumber,
    /// Who applied: the recipient.
    pub recipient: SourceCode,
    /// By which officer.
    pub by: OfficerId,
    /// On which day.
    pub applied: Date,
    /// For what.
    pub asks: Application,
    /// Where it stands.
    pub state: ShareState,
}

impl Share {
    /// Whether this department is one of its two sides.
    pub fn concerns(&self, source: &SourceCode) -> bool {
        self.recipient == *source || self.asks.owner == *source
    }

    /// Whether it gives this department these records, or would.
    pub fn is_open_for(&self, recipient: &SourceCode, owner: &SourceCode, item: &ItemCode) -> bool {
        self.state.is_open()
            && self.recipient == *recipient
            && self.asks.owner == *owner
            && self.asks.item == *item
    }

    fn check_granted(&self, recipient: &SourceCode, way: Way) -> Result<()> {
        if self.recipient != *recipient {
            return Err(StoreError::NotFound);
        }
        if !self.state.is_in_force() || !self.asks.ways.contains(&way) {
            return Err(ActFault::NotGranted.into());
        }
        Ok(())
    }
}

impl Store {
    /// A department applies for an item of another's.
    ///
    /// # Errors
    /// When the owner does not hand it in, it is not shared, a field is not the item's, the same waits or is granted
    /// already, a bound is broken, or a reason is missing.
    pub async fn apply_share(
        &self,
        asks: &Application,
        officer: &OfficerId,
        recipient: &SourceCode,
    ) -> Result<RecordNumber> {
        let (what_for, basis) = (reason(&asks.what_for)?, reason(&asks.basis)?);
        let bundle = self.bundle(self.now_as_of().await?).await?;
        let item = bundle.item(&asks.item);
        let own = |field: &FieldName| item.is_some_and(|item| item.field(field.as_str()).is_some());
        let shared = is_shared(&bundle, &asks.owner, &asks.item) && asks.fields.iter().all(own);
        if *recipient == asks.owner || asks.ways.is_empty() || !shared {
            return Err(ActFault::NotShared.into());
        }
        let today = self.clock().today();
        let latest = today.saturating_add(jiff::Span::new().years(YEARS_MOST));
        if asks.until <= today || asks.until > latest || !(1..=PER_DAY_MOST).contains(&asks.per_day) {
            return Err(ActFault::OutOfBounds.into());
        }
        let mut tx = self.inner.db.write_log().await?;
        let same = |share: &Share| share.is_open_for(recipient, &asks.owner, &asks.item);
        if self.shares_in(&mut tx).await?.iter().any(same) {
            return Err(ActFault::AlreadyShared.into());
        }
        let ways: Vec<&str> = asks.ways.iter().map(|way| way.code()).collect();
        let fields: Vec<&str> = asks.fields.iter().map(FieldName::as_str).collect();
        let said = named([
            ("officer", text(officer.as_str())),
            ("owner", text(asks.owner.as_str())),
            ("item", text(asks.item.as_str())),
            ("ways", text(&ways.join(","))),
            ("fields", text(&fields.join(","))),
            ("what_for", text(&what_for)),
            ("basis", text(&basis)),
            ("per_day", Value::Integer(asks.per_day.into())),
        ])?;
        let mut act = self.bare(Act::ApplyShare, recipient.clone(), None, said);
        act.ends = Some(Ends::On(asks.until.saturating_add(jiff::Span::new().days(1))));
        let number = self.append_act_in(&mut tx, officer, act).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// The owner grants an application or refuses it, with its reason.
    ///
    /// # Errors
    /// When it is not the owner's to answer, answered already, or no reason is given.
    pub async fn answer_share(
        &self,
        share: RecordNumber,
        granted: bool,
        officer: &OfficerId,
        owner: &SourceCode,
        why: &str,
    ) -> Result<RecordNumber> {
        let why = reason(why)?;
        let mut tx = self.inner.db.write_log().await?;
        let found = self.share_in(&mut tx, share).await?;
        if found.asks.owner != *owner {
            return Err(ActFault::OtherSource.into());
        }
        if found.state != ShareState::Waiting {
            return Err(ActFault::AlreadyAnswered.into());
        }
        let fields = named([
            ("officer", text(officer.as_str())),
            ("granted", Value::Bool(granted)),
            ("ground", text(&why)),
        ])?;
        self.on_target(
            tx,
            Act::AnswerShare,
            Relation::Answers,
            share,
            officer,
            owner,
            fields,
        )
        .await
    }

    /// Either side ends what was granted, or the applicant takes the application back.
    ///
    /// # Errors
    /// When the department is neither side, it is over already, or no reason is given.
    pub async fn end_share(
        &self,
        share: RecordNumber,
        officer: &OfficerId,
        source: &SourceCode,
        why: &str,
    ) -> Result<RecordNumber> {
        let why = reason(why)?;
        let mut tx = self.inner.db.write_log().await?;
        let found = self.share_in(&mut tx, share).await?;
        if !found.concerns(source) {
            return Err(ActFault::OtherSource.into());
        }
        let own = found.state == ShareState::Waiting && found.recipient == *source;
        if !own && !found.state.is_in_force() {
            return Err(ActFault::NotGranted.into());
        }
        let fields = named([("officer", text(officer.as_str())), ("ground", text(&why))])?;
        self.on_target(
            tx,
            Act::EndShare,
            Relation::Revokes,
            share,
            officer,
            source,
            fields,
        )
        .await
    }

    /// Every application there ever was, the newest first.
    ///
    /// # Errors
    /// When the database fails or an act does not open.
    pub async fn shares(&self) -> Result<Vec<Share>> {
        let mut tx = self.inner.db.read().await?;
        self.shares_in(&mut tx).await
    }

    /// One application, by one of its two sides.
    ///
    /// # Errors
    /// When there is none, or it concerns others: both look the same.
    pub async fn share(&self, number: RecordNumber, source: &SourceCode) -> Result<Share> {
        let mut tx = self.inner.db.read().await?;
        let share = self.share_in(&mut tx, number).await?;
        if share.concerns(source) {
            Ok(share)
        } else {
            Err(StoreError::NotFound)
        }
    }

    pub(crate) async fn share_in(&self, tx: &mut Tx, number: RecordNumber) -> Result<Share> {
        let shares = self.shares_in(tx).await?;
        let found = shares.into_iter().find(|share| share.number == number);
        found.ok_or(StoreError::NotFound)
    }

    async fn shares_in(&self, tx: &mut Tx) -> Result<Vec<Share>> {
        // In the words of the index `record_of_share`, which is asked on every page of a department.
        let sql = "SELECT number FROM record WHERE home IS NULL AND item IN ('act.apply-share', 'act.answer-share', 'act.end-share')";
        let mut numbers = Vec::new();
        for row in tx.rows(sql, args![]).await? {
            numbers.push(RecordNumber::from_i64(row.int(0)?));
        }
        let today = self.clock().today();
        let mut shares = BTreeMap::<RecordNumber, Share>::new();
        for logged in self.logged_in(tx, &numbers).await? {
            match logged.record().act() {
                Some(Act::ApplyShare) => {
                    if let Some(share) = applied(&logged) {
                        shares.insert(share.number, share);
                    }
                }
                Some(Act::AnswerShare) => hear(&mut shares, &logged, Relation::Answers, today),
                _ => hear(&mut shares, &logged, Relation::Revokes, today),
            }
        }
        for share in shares.values_mut() {
            if share.asks.until < today && share.state.is_open() {
                share.state = ShareState::Expired;
            }
        }
        Ok(shares.into_values().rev().collect())
    }
}

/// Whether a department shares an item: it hands it in, and the catalogue lets it be seen for that purpose.
pub fn is_shared(bundle: &Bundle, owner: &SourceCode, item: &ItemCode) -> bool {
    let hands_in = bundle
        .source(owner)
        .is_some_and(|source| source.items.contains(item));
    let seen = bundle
        .item(item)
        .zip(PurposeCode::new(PURPOSE).ok())
        .is_some_and(|(item, purpose)| item.is_seen_for(&purpose));
    hands_in && seen
}

fn applied(logged: &Logged) -> Option<Share> {
    let record = logged.record();
    let per_day = match record.field("per_day") {
        Some(Value::Integer(per_day)) => u32::try_from(*per_day).ok()?,
        _ => return None,
    };
    let until = match record.ends {
        Some(Ends::On(day)) => day.saturating_sub(jiff::Span::new().days(1)),
        _ => return None,
    };
    let parts = |field: &str| {
        said(record, field)
            .unwrap_or_default()
            .split(',')
            .filter(|part| !part.is_empty())
    };
    Some(Share {
        number: logged.number(),
        recipient: record.source.clone(),
        by: OfficerId::new(said(record, "officer")?).ok()?,
        applied: record.occurred,
        asks: Application {
            owner: SourceCode::new(said(record, "owner")?).ok()?,
            item: ItemCode::new(said(record, "item")?).ok()?,
            ways: parts("ways").filter_map(Way::from_code).collect(),
            fields: parts("fields")
                .filter_map(|name| FieldName::new(name).ok())
                .collect(),
            what_for: said(record, "what_for")?.to_owned(),
            basis: said(record, "basis")?.to_owned(),
            per_day,
            until,
        },
        state: ShareState::Waiting,
    })
}

/// What an answer or an end makes of an application, if whoever says it may.
fn hear(shares: &mut BTreeMap<RecordNumber, Share>, logged: &Logged, relation: Relation, today: Date) {
    let record = logged.record();
    let Some(share) = target_of(record, relation).and_then(|target| shares.get_mut(&target)) else {
        return;
    };
    let (Some(by), Some(why)) = (
        said(record, "officer").and_then(|by| OfficerId::new(by).ok()),
        said(record, "ground").map(str::to_owned),
    ) else {
        return;
    };
    let owner = record.source == share.asks.owner;
    let state = match (&share.state, relation) {
        (ShareState::Waiting, Relation::Answers) if owner => {
            if record.field("granted") == Some(&Value::Bool(true)) {
                ShareState::InForce { by, why }
            } else {
                ShareState::Refused { by, why }
            }
        }
        (ShareState::Waiting | ShareState::InForce { .. }, Relation::Revokes)
            if share.concerns(&record.source) && record.occurred <= today =>
        {
            ShareState::Ended { by, why }
        }
        _ => return,
    };
    share.state = state;
}
