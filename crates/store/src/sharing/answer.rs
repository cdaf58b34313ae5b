//! Asking under a share, and what is answered: of the owner's records of one item those that may be shared, with the fields
//! that were granted. Each subject is looked at, and each record handed out is noted.

use assess::{Bundle, RecordStanding, Standing, assess};
use record::{
    AsOf, CaseNumber, Commitment, Date, Document, FieldName, Identifier, Logged, OfficerId, PurposeCode,
    RecordNumber, SourceCode, SubjectId, Value,
};
use serde::Serialize;

use super::notice::bearing;
use super::{PURPOSE, Share, SignedAnswer, Way};
use crate::db::{Tx, args};
use crate::{ActFault, Door, NewLook, Result, Store, StoreError, SubjectFile, Viewer};

/// How many subjects one answer of changes is about at most.
const CHANGES_MOST: i64 = 500;

/// Who asks, under which share and in which case.
#[derive(Debug, Clone)]
pub struct Question {
    /// The share.
    pub share: RecordNumber,
    /// Which officer.
    pub officer: OfficerId,
    /// Of which department.
    pub recipient: SourceCode,
    /// In which case of that department.
    pub case: CaseNumber,
    /// Through which door: the desk, or the API.
    pub door: Door,
}

/// A record as it is handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SharedRecord {
    /// Its number.
    pub number: RecordNumber,
    /// Its commitment, by which it is found in the log.
    pub commitment: Commitment,
    /// The day.
    pub occurred: Date,
    /// The first day without effect, if it is known.
    pub ends: Option<Date>,
    /// Its document.
    pub document: Option<Document>,
    /// The fields that were granted.
    pub fields: Vec<(FieldName, Value)>,
    /// Whether its subject contests it.
    pub disputed: bool,
}

/// What is answered about one subject. That nothing is known of a number, and that there is nothing to share, look the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// The number asked about; of changes, the newest that names the subject.
    #[serde(serialize_with = "in_clear")]
    pub identifier: Option<Identifier>,
    /// The records, by number.
    pub records: Vec<SharedRecord>,
    /// Of changes: records handed out before that are shared no more.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<RecordNumber>,
}

#[expect(clippy::ref_option, reason = "serde hands the field over so")]
fn in_clear<S: serde::Serializer>(
    identifier: &Option<Identifier>,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    let pair = identifier.as_ref().map(|one| (one.kind().code(), one.value()));
    pair.serialize(serializer)
}

/// What is signed.
#[derive(Serialize)]
struct Payload<'a> {
    format: &'static str,
    realm: record::Realm,
    share: RecordNumber,
    owner: &'a SourceCode,
    recipient: &'a SourceCode,
    officer: &'a OfficerId,
    item: &'a record::ItemCode,
    way: &'static str,
    case: &'a CaseNumber,
    at: String,
    on: Date,
    known: u64,
    policy: String,
    answers: &'a [Answered],
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
}

impl Store {
    /// Asks about subjects by their numbers: one, or with [`Way::Batch`] several. Numbers that nobody has count too.
    ///
    /// # Errors
    /// When it was not granted, or is more than is left of the day; then nobody was looked at.
    pub async fn ask_shared(
        &self,
        question: &Question,
        about: &[Identifier],
    ) -> Result<(Vec<Answered>, SignedAnswer)> {
        let way = if about.len() > 1 { Way::Batch } else { Way::Query };
        let (share, bundle, as_of) = self.begin_answer(question, way, about.len()).await?;
        let mut answers = Vec::with_capacity(about.len());
        for identifier in about {
            answers.push(
                self.answered(question, &share, &bundle, as_of, identifier)
                    .await?,
            );
        }
        let signed = self
            .signed(question, &share, way, as_of, &bundle, &answers, None)
            .await?;
        Ok((answers, signed))
    }

    /// Whether a list of so many subjects can be asked about today, before any of them is.
    ///
    /// # Errors
    /// When lists were not granted, or it is more than is left of the day.
    pub async fn check_list(&self, question: &Question, subjects: usize) -> Result<()> {
        let mut tx = self.inner.db.read().await?;
        let share = self.share_in(&mut tx, question.share).await?;
        drop(tx);
        share.check_granted(&question.recipient, Way::Batch)?;
        let left = self.left_today(&share).await?;
        if u64::try_from(subjects).is_ok_and(|subjects| subjects <= left) {
            Ok(())
        } else {
            Err(ActFault::OverQuota(left).into())
        }
    }

    /// Asks about the next few subjects of a list: an answer of its own for each, signed, in their order. What they take of the
    /// day's quota is taken first.
    ///
    /// # Errors
    /// When it was not granted, or is more than is left of the day; then nobody was looked at.
    pub async fn ask_list(&self, question: &Question, about: &[Identifier]) -> Result<Vec<SignedAnswer>> {
        let way = Way::Batch;
        let (share, bundle, as_of) = self.begin_answer(question, way, about.len()).await?;
        let mut signed = Vec::with_capacity(about.len());
        for identifier in about {
            let answer = [self
                .answered(question, &share, &bundle, as_of, identifier)
                .await?];
            let one = self.signed(question, &share, way, as_of, &bundle, &answer, None);
            signed.push(one.await?);
        }
        Ok(signed)
    }

    /// What is new under a share since a number of the log: new records, and records handed out before that changed. Gives
    /// the number to go on from; at most 500 subjects at a time.
    ///
    /// # Errors
    /// When it was not granted, or is more than is left of the day; then nobody was looked at.
    pub async fn changes_shared(
        &self,
        question: &Question,
        since: RecordNumber,
    ) -> Result<(Vec<Answered>, RecordNumber, SignedAnswer)> {
        let mut tx = self.inner.db.read().await?;
        let share = self.share_in(&mut tx, question.share).await?;
        share.check_granted(&question.recipient, Way::Changes)?;
        let (found, next) = self.new_since(&mut tx, &share, since).await?;
        drop(tx);
        let (share, bundle, as_of) = self.begin_answer(question, Way::Changes, found.len()).await?;
        let mut answers = Vec::with_capacity(found.len());
        for subject in found {
            let (identifier, records, gone) =
                self.hand_out(question, &share, &bundle, as_of, subject).await?;
            // That something is there which is not shared, e.g. not confirmed yet, is not said either.
            if !records.is_empty() || !gone.is_empty() {
                answers.push(Answered {
                    identifier,
                    records,
                    gone,
                });
            }
        }
        let signed = self
            .signed(
                question,
                &share,
                Way::Changes,
                as_of,
                &bundle,
                &answers,
                Some(next),
            )
            .await?;
        Ok((answers, next, signed))
    }

    /// How many subjects can still be asked about under a share today.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn left_today(&self, share: &Share) -> Result<u64> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT used FROM share_use WHERE share = $1 AND day = $2";
        let day = self.clock().today().to_string();
        let used = match tx.row(sql, args![share.number, day]).await? {
            Some(row) => u64::try_from(row.int(0)?).unwrap_or(0),
            None => 0,
        };
        Ok(u64::from(share.asks.per_day).saturating_sub(used))
    }

    /// How many records were handed out under a share, and of how many subjects.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn handed_out(&self, share: RecordNumber) -> Result<(u64, u64)> {
        let mut tx = self.inner.db.read().await?;
        let sql = "SELECT COUNT(*), COUNT(DISTINCT subject) FROM handout WHERE share = $1";
        let row = tx.row(sql, args![share]).await?.ok_or(StoreError::NotFound)?;
        let count = |place| row.int(place).map(|count| u64::try_from(count).unwrap_or(0));
        Ok((count(0)?, count(1)?))
    }

    /// Checks the grant, and takes so many off what is left of the day.
    async fn begin_answer(
        &self,
        question: &Question,
        way: Way,
        subjects: usize,
    ) -> Result<(Share, std::sync::Arc<Bundle>, AsOf)> {
        let mut tx = self.inner.db.write().await?;
        let share = self.share_in(&mut tx, question.share).await?;
        share.check_granted(&question.recipient, way)?;
        let day = self.clock().today().to_string();
        let begun =
            "INSERT INTO share_use (share, day, used) VALUES ($1, $2, 0) ON CONFLICT (share, day) DO NOTHING";
        tx.execute(begun, args![share.number, day.as_str()]).await?;
        let asked = i64::try_from(subjects).unwrap_or(i64::MAX);
        let per_day = i64::from(share.asks.per_day);
        let taken = "UPDATE share_use SET used = used + $1 WHERE share = $2 AND day = $3 AND used + $1 <= $4";
        let args = args![asked, share.number, day.as_str(), per_day];
        if tx.execute(taken, args).await? == 0 {
            drop(tx);
            let left = self.left_today(&share).await?;
            return Err(ActFault::OverQuota(left).into());
        }
        tx.commit().await?;
        let as_of = self.now_as_of().await?;
        let bundle = self.bundle(as_of).await?;
        Ok((share, bundle, as_of))
    }

    /// What is answered about a number, whether anybody has it or not.
    async fn answered(
        &self,
        question: &Question,
        share: &Share,
        bundle: &Bundle,
        as_of: AsOf,
        identifier: &Identifier,
    ) -> Result<Answered> {
        let found = self.find_subject(identifier.kind(), identifier.value()).await?;
        let (records, gone) = match found {
            Some(subject) => {
                let (_, records, gone) = self.hand_out(question, share, bundle, as_of, subject).await?;
                (records, gone)
            }
            None => (Vec::new(), Vec::new()),
        };
        Ok(Answered {
            identifier: Some(identifier.clone()),
            records,
            gone,
        })
    }

    /// Of whom something is new under a share since a number of the log, some of them, and from where to go on.
    async fn new_since(
        &self,
        tx: &mut Tx,
        share: &Share,
        mut since: RecordNumber,
    ) -> Result<(Vec<SubjectId>, RecordNumber)> {
        let end = tx
            .one_int("SELECT next FROM counter WHERE name = 'record'", args![])
            .await?;
        let end = RecordNumber::from_i64(end);
        let (item, owner) = (share.asks.item.as_str(), share.asks.owner.as_str());
        let most = usize::try_from(CHANGES_MOST).unwrap_or(usize::MAX);
        let mut found = Vec::new();
        while found.is_empty() && since < end {
            let args = args![item, owner, since, share.number, CHANGES_MOST + 1];
            let rows = tx.rows(new_since(), args).await?;
            for row in rows.iter().take(most) {
                let subject = SubjectId::from_i64(row.int(0)?);
                if row.int(2)? != 0 || self.has_any_of(tx, &[subject], owner, Some(item)).await? {
                    found.push(subject);
                }
            }
            let next = rows.get(most).map(|row| row.int(1)).transpose()?;
            since = next.map_or(end, RecordNumber::from_i64);
        }
        Ok((found, since))
    }

    /// Looks at one subject and takes out of the file what is shared, noting each record.
    async fn hand_out(
        &self,
        question: &Question,
        share: &Share,
        bundle: &Bundle,
        as_of: AsOf,
        subject: SubjectId,
    ) -> Result<(Option<Identifier>, Vec<SharedRecord>, Vec<RecordNumber>)> {
        let look = NewLook {
            viewer: Viewer::staff(
                question.officer.clone(),
                question.recipient.clone(),
                question.door,
            ),
            subject,
            purpose: PurposeCode::new(PURPOSE).map_err(|_| StoreError::NotFound)?,
            case: Some(question.case.clone()),
            what: format!("shared {}", share.asks.item),
        };
        let permit = self.look(&look).await?;
        let file = self.file(&permit, Some(as_of.known)).await?;
        let records = shared_of(share, bundle, as_of, &file);
        let mut tx = self.inner.db.write().await?;
        self.note_honey(
            &mut tx,
            share.number,
            &question.officer,
            &question.recipient,
            file.subject,
        )
        .await?;
        let sql = "SELECT number FROM handout WHERE share = $1 AND subject = $2";
        let before = tx.rows(sql, args![share.number, file.subject]).await?;
        let mut gone = Vec::new();
        for row in before {
            let number = RecordNumber::from_i64(row.int(0)?);
            if records.iter().all(|record| record.number != number) {
                gone.push(number);
            }
        }
        for record in &records {
            let sql = "INSERT INTO handout (share, number, recipient, subject, first_ms, last_ms, known) \
                VALUES ($1, $2, $3, $4, $5, $5, $6) ON CONFLICT (share, number) \
                DO UPDATE SET last_ms = $5, known = $6, subject = $4";
            let now = self.clock().now_ms();
            let args = args![
                share.number,
                record.number,
                question.recipient.as_str(),
                file.subject,
                now,
                as_of.known
            ];
            tx.execute(sql, args).await?;
        }
        tx.commit().await?;
        Ok((file.identifiers.last().cloned(), records, gone))
    }

    #[expect(clippy::too_many_arguments, reason = "what an answer is made of")]
    async fn signed(
        &self,
        question: &Question,
        share: &Share,
        way: Way,
        as_of: AsOf,
        bundle: &Bundle,
        answers: &[Answered],
        next: Option<RecordNumber>,
    ) -> Result<SignedAnswer> {
        let payload = Payload {
            format: "xinlian-shared-answer/1",
            realm: self.realm(),
            share: share.number,
            owner: &share.asks.owner,
            recipient: &share.recipient,
            officer: &question.officer,
            item: &share.asks.item,
            way: way.code(),
            case: &question.case,
            at: self.clock().now().to_string(),
            on: as_of.on,
            known: as_of.known.0,
            policy: bundle.digest().to_string(),
            answers,
            next: next.map(|number| number.0),
        };
        self.sign(&payload).await
    }
}

/// Whom something is new of, by which number, and whether for sure, after item, source, number, share and how many.
///
/// Each subject once, by the first of what is new of it, so that a page ends between two numbers. New is a record that was
/// joined to somebody or confirmed since; what bears on a record handed out before; and, not for sure, whatever the owner said since,
/// for a step of a procedure is a record of its own: of whomever it has such a record of.
fn new_since() -> String {
    let of_item = "r.item = $1 AND r.source = $2";
    let living = "JOIN membership m ON m.number = r.number AND m.until_number IS NULL";
    let joined = format!(
        "SELECT m.subject AS subject, m.from_number AS number, 1 AS sure FROM record r {living} \
        WHERE {of_item} AND m.from_number >= $3"
    );
    let confirmed = format!(
        "SELECT m.subject AS subject, c.number AS number, 1 AS sure FROM record r {living} \
        JOIN confirmation c ON c.submission = r.submission WHERE {of_item} AND c.number >= $3"
    );
    let said = "SELECT n.subject AS subject, n.number AS number, 0 AS sure FROM record w JOIN membership n ON n.number = w.number \
        AND n.until_number IS NULL WHERE w.source = $2 AND w.number >= $3";
    let bearing = bearing();
    let changed = format!(
        "SELECT b.subject AS subject, b.change AS number, 1 AS sure FROM {bearing} b WHERE b.share = $4 AND b.change >= $3"
    );
    format!(
        "SELECT subject, MIN(number), CAST(MAX(sure) AS BIGINT) FROM ({joined} UNION ALL {confirmed} UNION ALL {said} UNION ALL {changed}) t GROUP BY subject ORDER BY MIN(number) LIMIT $5"
    )
}

/// The owner's records of the item that may be shared on the day. What is repaired, taken back, corrected, not confirmed, not
/// decided or of a child is not; and what is adverse and over is not either.
fn shared_of(share: &Share, bundle: &Bundle, as_of: AsOf, file: &SubjectFile) -> Vec<SharedRecord> {
    let asks = &share.asks;
    let adverse = bundle.item(&asks.item).is_some_and(assess::Item::is_adverse);
    let found = assess(bundle, &file.all(), as_of);
    let of_share = |logged: &&Logged| {
        let record = logged.record();
        record.item == asks.item && record.source == asks.owner
    };
    let shared = |logged: &Logged| {
        let standing: &RecordStanding = found.standing(logged.number())?;
        let disputed = matches!(standing.standing, Standing::Disputed { .. });
        let over = matches!(standing.standing, Standing::Ended { .. });
        if standing.standing != Standing::Counts && !disputed && (!over || adverse) {
            return None;
        }
        let record = logged.record();
        let granted = asks.fields.iter();
        Some(SharedRecord {
            number: logged.number(),
            commitment: logged.commitment(),
            occurred: record.occurred,
            ends: standing.ends,
            document: record.document.clone(),
            fields: granted
                .filter_map(|name| Some((name.clone(), record.field(name.as_str())?.clone())))
                .collect(),
            disputed,
        })
    };
    file.records.iter().filter(of_share).filter_map(shared).collect()
}
