//! Acts of people, each with its guards, checked inside the transaction that appends it.

use std::collections::BTreeMap;

use record::{
    Act, Ends, FieldName, Logged, OfficerId, PurposeCode, Record, RecordNumber, Reference, Relation,
    ServiceCode, SourceCode, Stated, SubjectId, SubjectKind, SubmissionId, Target, Value, same_name_key,
};

use crate::attachment::marks;
use crate::bundle::named;
use crate::db::{Tx, args};
use crate::plea::{check_unanswered, target_of};
use crate::{ActFault, LookPermit, ObjectionGround, Result, Store, StoreError};

/// A reason as every act asks for it: 5 to 500 characters once tidied.
pub(crate) fn reason(text: &str) -> std::result::Result<String, ActFault> {
    let text = record::tidy_text(text);
    if (5..=500).contains(&text.chars().count()) {
        Ok(text)
    } else {
        Err(ActFault::NoReason)
    }
}

/// Whether a text is a reason as every act asks for it.
pub fn is_reason(text: &str) -> bool {
    reason(text).is_ok()
}

pub(crate) fn text(value: &str) -> Value {
    Value::Text(value.to_owned())
}

/// The text that a record says in a field, if it says one.
pub(crate) fn said<'r>(record: &'r Record, field: &str) -> Option<&'r str> {
    match record.field(field) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

impl Store {
    /// A second officer confirms a finished submission, so that its adverse records take effect (guard 6).
    ///
    /// # Errors
    /// When the officer is the first one, of another department (pass `None` for an operator's own
    /// intake), or nothing waits.
    pub async fn confirm(
        &self,
        submission: SubmissionId,
        officer: &OfficerId,
        officer_source: Option<&SourceCode>,
    ) -> Result<RecordNumber> {
        let mut tx = self.inner.db.write_log().await?;
        let sql = "SELECT s.source, s.officer, s.pending, (SELECT COUNT(*) FROM linked_adverse l \
            WHERE l.submission = s.id), s.finished, c.number FROM submission s \
            LEFT JOIN confirmation c ON c.submission = s.id WHERE s.id = $1";
        let row = tx
            .row(sql, args![submission])
            .await?
            .ok_or(StoreError::NoSubmission(submission))?;
        let source = row.text(0)?;
        if officer_source.is_some_and(|officers| officers.as_str() != source) {
            return Err(ActFault::OtherSource.into());
        }
        let (pending, linked, confirmed) = (row.int(2)?, row.int(3)?, row.int_or_none(5)?.is_some());
        if confirmed && linked == 0 {
            return Err(ActFault::AlreadyConfirmed.into());
        }
        let linkers = self.linkers(&mut tx, submission).await?;
        if row.text(1)? == officer.as_str() || linkers.iter().any(|linker| linker == officer.as_str()) {
            return Err(ActFault::SameOfficer.into());
        }
        if pending + linked == 0 || row.int(4)? == 0 {
            return Err(ActFault::NothingPending.into());
        }
        let source = SourceCode::new(source).map_err(|_| StoreError::NotFound)?;
        let fields = named([("officer", text(officer.as_str()))])?;
        self.on_target(
            tx,
            Act::Confirm,
            Relation::Confirms,
            submission,
            officer,
            &source,
            fields,
        )
        .await
    }

    /// Who joined the adverse records of a submission to somebody that still wait for a second officer.
    async fn linkers(&self, tx: &mut Tx, submission: SubmissionId) -> Result<Vec<String>> {
        let sql = "SELECT m.from_number FROM linked_adverse l JOIN membership m ON m.number = l.number \
            WHERE l.submission = $1 AND m.until_number IS NULL";
        let mut links = Vec::new();
        for row in tx.rows(sql, args![submission]).await? {
            links.push(RecordNumber::from_i64(row.int(0)?));
        }
        let links = self.logged_in(tx, &links).await?;
        let officer = |link: &Logged| said(link.record(), "officer").map(str::to_owned);
        Ok(links.iter().filter_map(officer).collect())
    }

    /// A person who had the evidence open joins an unlinked record to a subject (guard 5). Both must be of
    /// the officer's department's business: the record is of its source.
    ///
    /// # Errors
    /// When the record is of another source, linked already, or no reason is given.
    pub async fn link(
        &self,
        record: RecordNumber,
        subject: SubjectId,
        officer: &OfficerId,
        officer_source: &SourceCode,
        evidence: &str,
    ) -> Result<RecordNumber> {
        let evidence = reason(evidence)?;
        let mut tx = self.inner.db.write_log().await?;
        self.check_of_source(&mut tx, record, officer_source).await?;
        if is_member(&mut tx, record).await? {
            return Err(ActFault::AlreadyLinked.into());
        }
        let sql = "SELECT 1 FROM unlinked WHERE number = $1";
        if tx.row(sql, args![record]).await?.is_none() {
            return Err(ActFault::WrongKind.into());
        }
        if tx
            .row("SELECT 1 FROM subject WHERE id = $1", args![subject])
            .await?
            .is_none()
        {
            return Err(StoreError::NotFound);
        }
        let fields = named([
            ("subject", Value::Integer(subject.to_i64())),
            ("officer", text(officer.as_str())),
            ("evidence", text(&evidence)),
        ])?;
        self.on_target(
            tx,
            Act::Link,
            Relation::Links,
            record,
            officer,
            officer_source,
            fields,
        )
        .await
    }

    /// Undoes a link; everything derived follows.
    ///
    /// # Errors
    /// When the record is of another source, not linked, of a base register (which its subject stands on:
    /// the source withdraws it), or no reason is given.
    pub async fn unlink(
        &self,
        record: RecordNumber,
        officer: &OfficerId,
        officer_source: &SourceCode,
        why: &str,
    ) -> Result<RecordNumber> {
        let why = reason(why)?;
        let mut tx = self.inner.db.write_log().await?;
        self.check_of_source(&mut tx, record, officer_source).await?;
        if !is_member(&mut tx, record).await? {
            return Err(ActFault::NotLinked.into());
        }
        let sql = "SELECT 1 FROM subject_name WHERE number = $1";
        if tx.row(sql, args![record]).await?.is_some() {
            return Err(ActFault::WrongKind.into());
        }
        let fields = named([("officer", text(officer.as_str())), ("ground", text(&why))])?;
        self.on_target(
            tx,
            Act::Unlink,
            Relation::Unlinks,
            record,
            officer,
            officer_source,
            fields,
        )
        .await
    }

    /// The source takes a record back.
    ///
    /// # Errors
    /// When the record is of another source or an act, or no reason is given.
    pub async fn withdraw(
        &self,
        record: RecordNumber,
        officer: &OfficerId,
        officer_source: &SourceCode,
        why: &str,
    ) -> Result<RecordNumber> {
        let why = reason(why)?;
        let mut tx = self.inner.db.write_log().await?;
        self.check_of_source(&mut tx, record, officer_source).await?;
        let sql = "SELECT item FROM record WHERE number = $1";
        let item = tx.row(sql, args![record]).await?.ok_or(StoreError::NotFound)?;
        if item.text(0)?.starts_with("act.") {
            return Err(ActFault::WrongKind.into());
        }
        let fields = named([("officer", text(officer.as_str())), ("ground", text(&why))])?;
        self.on_target(
            tx,
            Act::Withdraw,
            Relation::Withdraws,
            record,
            officer,
            officer_source,
            fields,
        )
        .await
    }

    /// The person or company contests a record about itself; its use in grades stops at once (guard 6). A clerk enters it for a
    /// person who is at the counter, and the act says who did and where.
    ///
    /// # Errors
    /// When neither the subject nor a clerk for a person looked, the record is another's, or the ground was raised before.
    pub async fn object(
        &self,
        permit: &LookPermit,
        record: RecordNumber,
        ground: &ObjectionGround,
    ) -> Result<RecordNumber> {
        let mut tx = self.inner.db.write_log().await?;
        let file = self.file_in(&mut tx, permit.subject(), None).await?;
        let target = file.records.iter().find(|logged| logged.number() == record);
        let target = target.ok_or(ActFault::NotOfSubject)?.record();
        if target.act().is_some() {
            return Err(ActFault::WrongKind.into());
        }
        let entered = entered_by(permit, file.kind)?;
        let same = file.all().iter().map(Logged::record).any(|act| {
            let about = act.references.iter().any(|r| r.target == Target::Number(record));
            let said = matches!(act.field("ground"), Some(Value::Text(said)) if same_name_key(said) == same_name_key(&ground.says));
            act.act() == Some(Act::Object) && about && said
        });
        if same {
            return Err(ActFault::SameGround.into());
        }
        let mut fields = named([("ground", text(&ground.says))])?;
        fields.extend(entered);
        fields.extend(marks(&ground.files)?);
        let mut act = self.own_act(permit, Act::Object, file.stated(), fields)?;
        act.references.push(Reference {
            relation: Relation::ObjectsTo,
            target: Target::Number(record),
        });
        let number = self.append_act_in(&mut tx, &of_subject()?, act).await?;
        self.keep_attachments(&mut tx, number, &ground.files).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// An officer of the source, who looked at the file, answers an objection; upheld, the contested record no longer
    /// counts.
    ///
    /// # Errors
    /// When the look is not the officer's or at another's file, the objection is not to a record of this source or
    /// answered already, the officer handed that record in, or no reason is given.
    pub async fn answer(
        &self,
        permit: &LookPermit,
        objection: RecordNumber,
        upheld: bool,
        officer: &OfficerId,
        officer_source: &SourceCode,
        why: &str,
    ) -> Result<RecordNumber> {
        let why = reason(why)?;
        let mut tx = self.inner.db.write_log().await?;
        let logged = self.logged_in(&mut tx, &[objection]).await?;
        let act = logged.first().ok_or(StoreError::NotFound)?.record();
        let target = target_of(act, Relation::ObjectsTo).ok_or(ActFault::WrongKind)?;
        self.check_of_source(&mut tx, target, officer_source).await?;
        self.looked_at(&mut tx, permit, officer, objection).await?;
        check_unanswered(&mut tx, objection).await?;
        if handed_in(&mut tx, target).await? == officer.as_str() {
            return Err(ActFault::HandedIn.into());
        }
        let fields = named([
            ("officer", text(officer.as_str())),
            ("ground", text(&why)),
            ("upheld", Value::Bool(upheld)),
        ])?;
        self.on_target(
            tx,
            Act::Answer,
            Relation::Answers,
            objection,
            officer,
            officer_source,
            fields,
        )
        .await
    }

    /// Notice of rating given to a person (guard 2).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notice(
        &self,
        permit: &LookPermit,
        officer: &OfficerId,
        source: &SourceCode,
        version: &str,
    ) -> Result<RecordNumber> {
        let stated = self.file(permit, None).await?.stated();
        let mut act = self.bare(
            Act::Notice,
            source.clone(),
            stated,
            named([("version", text(version))])?,
        );
        act.fields.extend(by(permit)?);
        self.append_act(officer, act).await
    }

    /// A person's consent to the use of the grade for one service and purpose (guard 2).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn consent(
        &self,
        permit: &LookPermit,
        officer: &OfficerId,
        source: &SourceCode,
        purpose: &PurposeCode,
        service: &ServiceCode,
        until: Option<record::Date>,
    ) -> Result<RecordNumber> {
        let stated = self.file(permit, None).await?.stated();
        let fields = named([
            ("purpose", text(purpose.as_str())),
            ("service", text(service.as_str())),
        ])?;
        let mut act = self.bare(Act::Consent, source.clone(), stated, fields);
        act.ends = until.map(Ends::On);
        self.append_act(officer, act).await
    }

    /// A person takes a consent back; it counts at once.
    ///
    /// # Errors
    /// When the record is no consent of this person.
    pub async fn revoke(&self, permit: &LookPermit, consent: RecordNumber) -> Result<RecordNumber> {
        let mut tx = self.inner.db.write_log().await?;
        let file = self.file_in(&mut tx, permit.subject(), None).await?;
        let found = file
            .records
            .iter()
            .find(|logged| logged.number() == consent)
            .ok_or(ActFault::NotOfSubject)?;
        if found.record().act() != Some(Act::Consent) {
            return Err(ActFault::WrongKind.into());
        }
        let mut act = self.own_act(permit, Act::Revoke, file.stated(), BTreeMap::new())?;
        act.references.push(Reference {
            relation: Relation::Revokes,
            target: Target::Number(consent),
        });
        let number = self.append_act_in(&mut tx, &of_subject()?, act).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// An act of the person or organisation itself, whose file was opened by it: with who did it, where somebody acts for an
    /// organisation.
    pub(crate) fn own_act(
        &self,
        permit: &LookPermit,
        act: Act,
        subject: Option<Stated>,
        mut fields: BTreeMap<FieldName, Value>,
    ) -> Result<Record> {
        fields.extend(by(permit)?);
        Ok(self.bare(act, subject_source()?, subject, fields))
    }

    /// An act with nothing yet said in it, of today.
    pub(crate) fn bare(
        &self,
        act: Act,
        source: SourceCode,
        subject: Option<Stated>,
        fields: BTreeMap<FieldName, Value>,
    ) -> Record {
        Record {
            source,
            item: act.item(),
            subject,
            document: None,
            occurred: self.clock().today(),
            ends: None,
            fields,
            references: Vec::new(),
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what every act on a record or a hand-in is made of"
    )]
    pub(crate) async fn on_target(
        &self,
        mut tx: Tx,
        act: Act,
        relation: Relation,
        target: impl Into<Target>,
        officer: &OfficerId,
        source: &SourceCode,
        fields: BTreeMap<FieldName, Value>,
    ) -> Result<RecordNumber> {
        let mut record = self.bare(act, source.clone(), None, fields);
        record.references.push(Reference {
            relation,
            target: target.into(),
        });
        let number = self.append_act_in(&mut tx, officer, record).await?;
        tx.commit().await?;
        Ok(number)
    }

    pub(crate) async fn check_of_source(
        &self,
        tx: &mut Tx,
        record: RecordNumber,
        source: &SourceCode,
    ) -> Result<()> {
        let row = tx
            .row("SELECT source FROM record WHERE number = $1", args![record])
            .await?;
        if row.ok_or(StoreError::NotFound)?.text(0)? == source.as_str() {
            Ok(())
        } else {
            Err(ActFault::OtherSource.into())
        }
    }
}

/// Who handed a record in.
async fn handed_in(tx: &mut Tx, record: RecordNumber) -> Result<String> {
    let sql = "SELECT s.officer FROM record r JOIN submission s ON s.id = r.submission WHERE r.number = $1";
    tx.row(sql, args![record])
        .await?
        .ok_or(StoreError::NotFound)?
        .text(0)
}

/// Who acts for the organisation.
fn by(permit: &LookPermit) -> Result<BTreeMap<FieldName, Value>> {
    match permit.agent() {
        Some(person) => named([("by", Value::Integer(person.to_i64()))]),
        None => named([]),
    }
}

/// Who entered an objection for a person at the counter, and where; nothing where the subject objects itself.
fn entered_by(permit: &LookPermit, kind: SubjectKind) -> Result<BTreeMap<FieldName, Value>> {
    if permit.is_own() {
        return named([]);
    }
    let (clerk, place) = permit.at_counter().ok_or(ActFault::NoLook)?;
    if kind != SubjectKind::Person {
        return Err(ActFault::NotOfSubject.into());
    }
    named([("officer", text(clerk.as_str())), ("place", text(place.as_str()))])
}

async fn is_member(tx: &mut Tx, record: RecordNumber) -> Result<bool> {
    let sql = "SELECT 1 FROM membership WHERE number = $1 AND until_number IS NULL";
    Ok(tx.row(sql, args![record]).await?.is_some())
}

/// The source of what persons and companies do themselves.
pub(crate) fn subject_source() -> Result<SourceCode> {
    SourceCode::new("subject").map_err(|_| StoreError::NotFound)
}

/// The officer of what persons and companies do themselves.
pub(crate) fn of_subject() -> Result<OfficerId> {
    OfficerId::new("subject").map_err(|_| StoreError::NotFound)
}
