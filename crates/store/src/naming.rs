//! A legal representative whom the register's file cannot name: with foreign papers, or without a number in the register. Two officers of the
//! register name them, each of whom looked at both files; until the second has confirmed it, it says nothing (ADR 0015).

use record::{
    Act, IdentifierKind, OfficerId, RecordNumber, Relation, SourceCode, SubjectId, SubjectKind, SubmissionId,
    Value, mask_name,
};

use crate::act::{reason, text};
use crate::bundle::named;
use crate::db::{Row, Tx, args};
use crate::mandate::persons;
use crate::merger::{Groups, NOW, check_looks};
use crate::{ActFault, Capacity, LookPermit, Result, Store, StoreError};

/// How many a list holds, the newest first.
const MOST: i64 = 500;

/// Where a naming stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamingState {
    /// Waits for a second officer; without effect.
    Proposed,
    /// Confirmed: in effect until the register names somebody later, or it is taken back.
    Confirmed,
    /// Taken back, before or after its confirmation.
    TakenBack,
}

impl NamingState {
    /// Its code in locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Confirmed => "confirmed",
            Self::TakenBack => "taken-back",
        }
    }
}

/// A naming as a list tells it: numbers, and nothing of whom they are.
#[derive(Debug, Clone)]
pub struct Naming {
    /// The act.
    pub number: RecordNumber,
    /// Of which organisation.
    pub organisation: SubjectId,
    /// Who is named.
    pub person: SubjectId,
    /// Who named them.
    pub by: OfficerId,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Where it stands.
    pub state: NamingState,
    /// The hand-in that the act is.
    submission: SubmissionId,
}

impl Naming {
    /// Whether it waits for somebody else than whoever named.
    pub fn waits_for(&self, officer: &OfficerId) -> bool {
        self.state == NamingState::Proposed && self.by != *officer
    }
}

/// Few records name a person by subject, and the index of those is read.
const INFO: &str = "SELECT r.number, m.subject, d.person, s.officer, s.received_ms, c.number, \
    (SELECT MIN(f.number) FROM reference f JOIN record w ON w.number = f.number \
        WHERE f.target_number = r.number AND f.relation = 1 AND w.source = r.source), s.id \
    FROM mandate d JOIN record r ON r.number = d.number JOIN submission s ON s.id = r.submission \
    JOIN membership m ON m.number = r.number AND m.until_number IS NULL \
    LEFT JOIN confirmation c ON c.submission = s.id \
    WHERE d.person IS NOT NULL AND r.home IS NULL AND r.item = 'act.name-representative'";

impl Store {
    /// The natural person whom an identifier of any kind is of, if this is a name of theirs. It reveals nothing else.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_person(
        &self,
        kind: IdentifierKind,
        number: &str,
        name: &str,
    ) -> Result<Option<SubjectId>> {
        let mut tx = self.inner.db.read().await?;
        let Some(person) = self.known_person(&mut tx, kind, number, name).await? else {
            return Ok(None);
        };
        let groups = Groups::load(&mut tx, &[person], NOW).await?;
        Ok(Some(groups.root(person)))
    }

    /// An officer of the register, who looked at both files, names who represents an organisation. It has no effect before a
    /// second officer confirms it.
    ///
    /// # Errors
    /// When the looks are not the officer's, the organisation was founded by another source, it is no person who is named or no
    /// organisation, they represent it already or a naming waits, or no evidence is named.
    pub async fn name_representative(
        &self,
        organisation: &LookPermit,
        person: &LookPermit,
        officer: &OfficerId,
        officer_source: &SourceCode,
        evidence: &str,
    ) -> Result<RecordNumber> {
        let evidence = reason(evidence)?;
        check_looks(officer, &[organisation, person])?;
        let mut tx = self.inner.db.write_log().await?;
        let founding = RecordNumber(organisation.subject().0);
        self.check_of_source(&mut tx, founding, officer_source).await?;
        let file = self.file_in(&mut tx, organisation.subject(), None).await?;
        let named_one = self.file_in(&mut tx, person.subject(), None).await?;
        if file.kind == SubjectKind::Person || named_one.kind != SubjectKind::Person {
            return Err(ActFault::WrongKind.into());
        }
        let persons = persons(&mut tx, person.subject()).await?;
        let mandates = self.mandates_for(&mut tx, &file, &persons).await?;
        let represents = mandates
            .iter()
            .any(|one| one.capacity == Capacity::Representative);
        let namings = self.namings_in(&mut tx, officer_source, None).await?;
        let waits = |one: &Naming| one.organisation == file.subject && one.state == NamingState::Proposed;
        if represents || namings.iter().any(waits) {
            return Err(ActFault::AlreadyNamed.into());
        }
        let fields = named([
            ("person", Value::Integer(person.subject().to_i64())),
            ("name", text(&mask_name(&named_one.name))),
            ("officer", text(officer.as_str())),
            ("evidence", text(&evidence)),
        ])?;
        let act = self.bare(
            Act::NameRepresentative,
            officer_source.clone(),
            file.stated(),
            fields,
        );
        let number = self.append_act_in(&mut tx, officer, act).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// A second officer, who looked at both files too, confirms a naming; from then on the person acts for the organisation.
    ///
    /// # Errors
    /// When it is the first officer or one of another source, the looks are not theirs or at others, or it is closed already.
    pub async fn confirm_naming(
        &self,
        naming: RecordNumber,
        organisation: &LookPermit,
        person: &LookPermit,
        officer: &OfficerId,
        officer_source: &SourceCode,
    ) -> Result<RecordNumber> {
        check_looks(officer, &[organisation, person])?;
        let mut tx = self.inner.db.write_log().await?;
        let found = self.naming_in(&mut tx, officer_source, naming).await?;
        if found.state != NamingState::Proposed {
            return Err(ActFault::AlreadyNamed.into());
        }
        if found.by == *officer {
            return Err(ActFault::SameOfficer.into());
        }
        if (found.organisation, found.person) != (organisation.subject(), person.subject()) {
            return Err(ActFault::NoLook.into());
        }
        let fields = named([("officer", text(officer.as_str()))])?;
        let (act, relation) = (Act::Confirm, Relation::Confirms);
        self.on_target(
            tx,
            act,
            relation,
            found.submission,
            officer,
            officer_source,
            fields,
        )
        .await
    }

    /// Takes a naming back, confirmed or not, at once: what opens a company's file to a wrong person does not wait for a second officer.
    ///
    /// # Errors
    /// When the look is not the officer's or at another, the officer is of another source, it is taken back already, or no
    /// reason is given.
    pub async fn take_back_naming(
        &self,
        naming: RecordNumber,
        organisation: &LookPermit,
        officer: &OfficerId,
        officer_source: &SourceCode,
        why: &str,
    ) -> Result<RecordNumber> {
        let why = reason(why)?;
        check_looks(officer, &[organisation])?;
        let mut tx = self.inner.db.write_log().await?;
        let found = self.naming_in(&mut tx, officer_source, naming).await?;
        if found.state == NamingState::TakenBack {
            return Err(ActFault::AlreadyNamed.into());
        }
        if found.organisation != organisation.subject() {
            return Err(ActFault::NoLook.into());
        }
        let fields = named([("officer", text(officer.as_str())), ("ground", text(&why))])?;
        let (act, relation) = (Act::Withdraw, Relation::Withdraws);
        self.on_target(tx, act, relation, naming, officer, officer_source, fields)
            .await
    }

    /// The namings by officers of this source, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn namings(&self, source: &SourceCode) -> Result<Vec<Naming>> {
        let mut tx = self.inner.db.read().await?;
        self.namings_in(&mut tx, source, None).await
    }

    /// One of them.
    ///
    /// # Errors
    /// When there is none of this number from this source.
    pub async fn naming(&self, source: &SourceCode, number: RecordNumber) -> Result<Naming> {
        let mut tx = self.inner.db.read().await?;
        self.naming_in(&mut tx, source, number).await
    }

    async fn naming_in(&self, tx: &mut Tx, source: &SourceCode, number: RecordNumber) -> Result<Naming> {
        let found = self.namings_in(tx, source, Some(number)).await?;
        found.into_iter().next().ok_or(StoreError::NotFound)
    }

    async fn namings_in(
        &self,
        tx: &mut Tx,
        source: &SourceCode,
        only: Option<RecordNumber>,
    ) -> Result<Vec<Naming>> {
        let rows = if let Some(number) = only {
            let sql = format!("{INFO} AND r.source = $1 AND r.number = $2");
            tx.rows(sql, args![source.as_str(), number]).await?
        } else {
            let sql = format!("{INFO} AND r.source = $1 ORDER BY r.number DESC LIMIT $2");
            tx.rows(sql, args![source.as_str(), MOST]).await?
        };
        let mut found = rows.iter().map(naming_of).collect::<Result<Vec<_>>>()?;
        let subjects: Vec<SubjectId> = found
            .iter()
            .flat_map(|one| [one.organisation, one.person])
            .collect();
        let groups = Groups::load(tx, &subjects, NOW).await?;
        for one in &mut found {
            one.organisation = groups.root(one.organisation);
            one.person = groups.root(one.person);
        }
        Ok(found)
    }
}

fn naming_of(row: &Row) -> Result<Naming> {
    Ok(Naming {
        number: RecordNumber::from_i64(row.int(0)?),
        organisation: SubjectId::from_i64(row.int(1)?),
        person: SubjectId::from_i64(row.int(2)?),
        by: OfficerId::new(row.text(3)?).map_err(|_| StoreError::NotFound)?,
        at_ms: row.int(4)?,
        state: match (row.int_or_none(5)?, row.int_or_none(6)?) {
            (_, Some(_)) => NamingState::TakenBack,
            (Some(_), None) => NamingState::Confirmed,
            (None, None) => NamingState::Proposed,
        },
        submission: SubmissionId::from_i64(row.int(7)?),
    })
}
