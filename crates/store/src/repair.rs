//! 信用修复: the subject asks for it, and the department that made the record decides.

use assess::{RepairAnswer, RepairNeed};
use record::{
    Act, AsOf, Date, OfficerId, Record, RecordNumber, Reference, Relation, SourceCode, Target, Value,
};

use crate::act::{of_subject, reason, text};
use crate::attachment::marks;
use crate::bundle::named;
use crate::db::Tx;
use crate::plea::{check_unanswered, target_of};
use crate::{ActFault, Attachments, LookPermit, Result, Store, SubjectFile};

/// What a subject says when it asks for a repair.
#[derive(Debug, Clone)]
pub struct RepairApplication {
    commitment: String,
    performed: Option<Date>,
    files: Attachments,
}

impl RepairApplication {
    /// A public commitment of 5 to 500 characters, and the day on which the document was performed, where no record
    /// shows it.
    ///
    /// # Errors
    /// When the commitment is shorter or longer.
    pub fn new(commitment: &str, performed: Option<Date>) -> std::result::Result<Self, ActFault> {
        let commitment = reason(commitment).map_err(|_| ActFault::NoCommitment)?;
        Ok(Self {
            commitment,
            performed,
            files: Attachments::default(),
        })
    }

    /// The same, with files that show that it was performed.
    #[must_use]
    pub fn with_files(mut self, files: Attachments) -> Self {
        self.files = files;
        self
    }
}

impl Store {
    /// The person or company asks for the repair of a record about itself. Alone it changes nothing.
    ///
    /// # Errors
    /// When the record is not about the subject, there is nothing to repair, its kind is not repaired, its shortest
    /// display is not over, nothing shows that it was performed, or an application waits already.
    pub async fn apply_repair(
        &self,
        permit: &LookPermit,
        record: RecordNumber,
        application: &RepairApplication,
    ) -> Result<RecordNumber> {
        let mut tx = self.inner.db.write_log().await?;
        let file = self.file_in(&mut tx, permit.subject(), None).await?;
        self.check_application(&mut tx, &file, record, application)
            .await?;
        let mut fields = named([("commitment", text(&application.commitment))])?;
        if let Some(day) = application.performed {
            fields.extend(named([("performed", Value::Date(day))])?);
        }
        fields.extend(marks(&application.files)?);
        let mut act = self.own_act(permit, Act::ApplyRepair, file.stated(), fields)?;
        act.references.push(Reference {
            relation: Relation::Asks,
            target: Target::Number(record),
        });
        let number = self.append_act_in(&mut tx, &of_subject()?, act).await?;
        self.keep_attachments(&mut tx, number, &application.files).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// Whether the same would be taken now; nothing is written.
    ///
    /// # Errors
    /// As [`apply_repair`](Self::apply_repair).
    pub async fn could_apply(
        &self,
        permit: &LookPermit,
        record: RecordNumber,
        application: &RepairApplication,
    ) -> Result<()> {
        let file = self.file(permit, None).await?;
        let mut tx = self.inner.db.read().await?;
        self.check_application(&mut tx, &file, record, application).await
    }

    async fn check_application(
        &self,
        tx: &mut Tx,
        file: &SubjectFile,
        record: RecordNumber,
        application: &RepairApplication,
    ) -> Result<()> {
        let target = file.records.iter().find(|logged| logged.number() == record);
        if target.ok_or(ActFault::NotOfSubject)?.record().act().is_some() {
            return Err(ActFault::WrongKind.into());
        }
        let found = self.repair_in(tx, file, record).await?;
        if found.applied.is_some() {
            return Err(ActFault::AlreadyApplied.into());
        }
        let today = self.clock().today();
        if application.performed.is_some_and(|day| day > today) {
            return Err(ActFault::NotPerformed.into());
        }
        check_conditions(&found, Some(application))
    }

    /// An officer of the record's source, who looked at the file, decides on an application. Granted, display, sharing
    /// and use of the record stop at once; it favours the subject, so that one officer suffices.
    ///
    /// # Errors
    /// When the look is not the officer's or at another's file, the record is of another source, the application is
    /// answered already, a repair is granted though a condition is missing, or no reason is given.
    pub async fn answer_repair(
        &self,
        permit: &LookPermit,
        application: RecordNumber,
        granted: bool,
        officer: &OfficerId,
        officer_source: &SourceCode,
        why: &str,
    ) -> Result<RecordNumber> {
        let why = reason(why)?;
        let mut tx = self.inner.db.write_log().await?;
        let file = self.looked_at(&mut tx, permit, officer, application).await?;
        let asked = file.all();
        let asked = asked.iter().find(|logged| logged.number() == application);
        let asked = asked.ok_or(ActFault::NoLook)?.record();
        let target = asks(asked).ok_or(ActFault::WrongKind)?;
        self.check_of_source(&mut tx, target, officer_source).await?;
        check_unanswered(&mut tx, application).await?;
        if granted {
            check_conditions(&self.repair_in(&mut tx, &file, target).await?, None)?;
        }
        let fields = named([
            ("officer", text(officer.as_str())),
            ("ground", text(&why)),
            ("upheld", Value::Bool(granted)),
        ])?;
        let kind = if granted { Act::Repair } else { Act::Answer };
        let mut act = self.bare(kind, officer_source.clone(), None, fields);
        let refer = |relation, number| Reference {
            relation,
            target: Target::Number(number),
        };
        if granted {
            act.references.push(refer(Relation::Repairs, target));
        }
        act.references.push(refer(Relation::Answers, application));
        let number = self.append_act_in(&mut tx, officer, act).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// Guard 9: the file that the officer looked at, under their own name, and that has this act in it.
    pub(crate) async fn looked_at(
        &self,
        tx: &mut Tx,
        permit: &LookPermit,
        officer: &OfficerId,
        act: RecordNumber,
    ) -> Result<SubjectFile> {
        if !permit.is_of(officer) {
            return Err(ActFault::NoLook.into());
        }
        let file = self.file_in(tx, permit.subject(), None).await?;
        let mut held = file.records.iter().chain(&file.acts);
        if held.any(|logged| logged.number() == act) {
            Ok(file)
        } else {
            Err(ActFault::NoLook.into())
        }
    }

    /// What the rules in force today say of a record's repair.
    async fn repair_in(&self, tx: &mut Tx, file: &SubjectFile, record: RecordNumber) -> Result<RepairAnswer> {
        let as_of = AsOf {
            on: self.clock().today(),
            known: file.known,
        };
        let bundle = self.bundle_in(tx, as_of).await?;
        let records = file.all();
        let assessment = assess::assess(&bundle, &records, as_of);
        let found = assess::repair(&bundle, &records, &assessment, record);
        Ok(found.ok_or(ActFault::NothingToRepair)?)
    }
}

/// The record whose repair is asked for.
fn asks(record: &Record) -> Option<RecordNumber> {
    target_of(record, Relation::Asks).filter(|_| record.act() == Some(Act::ApplyRepair))
}

/// Every condition is met, or will be by what the application says.
fn check_conditions(found: &RepairAnswer, said: Option<&RepairApplication>) -> Result<()> {
    for condition in found.conditions.iter().filter(|condition| !condition.met) {
        let fault = match condition.needs {
            RepairNeed::Repairable => ActFault::NotRepairable,
            RepairNeed::ShortestDisplay => ActFault::RepairNotOpen(found.open_from),
            RepairNeed::Performed if said.is_some_and(|said| said.performed.is_some()) => continue,
            RepairNeed::Performed => ActFault::NotPerformed,
            RepairNeed::Commitment if said.is_some() => continue,
            RepairNeed::Commitment => ActFault::NoCommitment,
        };
        return Err(fault.into());
    }
    Ok(())
}
