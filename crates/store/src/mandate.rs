//! Acting for an organisation: who may, by its register and its own appointments, and the acts by which that changes. What follows
//! stands in `assess`; here it is found out which person an identity number is of.

use assess::{Appointment, AppointmentState, Bundle, Item, Mandates, Scope, mandates};
use record::{
    Act, AsOf, Date, Ends, Identifier, IdentifierKind, Logged, RecordNumber, Reference, Relation, SubjectId,
    SubjectKind, Target, Value, mask_name, same_name_key,
};

use crate::act::{of_subject, said, subject_source, text};
use crate::bundle::named;
use crate::db::{Arg, Tx, args};
use crate::keys::Generation;
use crate::merger::{Groups, NOW};
use crate::project::Numbered;
use crate::{ActFault, LookPermit, Result, Store, StoreError, SubjectFile, tags};

/// The longest that somebody is appointed for.
const YEARS_MOST: i32 = 2;

/// As what somebody acts for an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Capacity {
    /// 法定代表人: the register says so.
    Representative,
    /// 代理人: the organisation has appointed them; by its state in force, or asked and not answered.
    Appointed(Appointment),
}

/// That a person may act for an organisation, or is asked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// For which.
    pub organisation: SubjectId,
    /// Its name.
    pub name: String,
    /// Its social credit code.
    pub uscc: String,
    /// As what.
    pub capacity: Capacity,
}

/// Whom the register names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Representative {
    /// The record.
    pub record: RecordNumber,
    /// Who that is, if the house knows them by that number and name.
    pub person: Option<SubjectId>,
    /// The name, masked.
    pub masked_name: String,
    /// In office since.
    pub since: Date,
    /// Whether what named them was taken back: it should not have been said.
    pub taken_back: bool,
}

/// Who acts for an organisation, as it reads it in its own file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandated {
    /// Whom the register names today.
    pub representative: Option<Representative>,
    /// Everyone whom it named before, so that what they did stays told; also those of whom that was taken back.
    pub former: Vec<Representative>,
    /// Everyone ever appointed, the newest first.
    pub appointments: Vec<Appointment>,
}

impl Mandated {
    /// The masked name of somebody who acts or acted.
    pub fn name_of(&self, person: SubjectId) -> Option<&str> {
        let named = self.representative.iter().chain(&self.former);
        let mut named = named.filter(|one| one.person == Some(person));
        let mut appointed = self.appointments.iter().filter(|one| one.person == person);
        let name = named.next().map(|one| one.masked_name.as_str());
        name.or_else(|| appointed.next().map(|one| one.masked_name.as_str()))
    }
}

/// Somebody to be appointed.
#[derive(Debug, Clone)]
pub struct NewAppointment {
    /// The name.
    pub name: String,
    /// The identity number.
    pub number: String,
    /// For what.
    pub scope: Scope,
    /// The last day.
    pub last: Date,
}

impl Store {
    /// For whom a person may act, and who asks them to; by organisation.
    ///
    /// # Errors
    /// When the file was not opened by the person, or the database fails.
    pub async fn mandates_of(&self, own: &LookPermit) -> Result<Vec<Mandate>> {
        self.mandates_named_by(own, &[BY_ACT, BY_NUMBER]).await
    }

    /// The same of those alone that an act of the house names the person for: whoever appoints or asks them is among these.
    ///
    /// # Errors
    /// When the file was not opened by the person, or the database fails.
    pub async fn mandates_by_act(&self, own: &LookPermit) -> Result<Vec<Mandate>> {
        self.mandates_named_by(own, &[BY_ACT]).await
    }

    async fn mandates_named_by(&self, own: &LookPermit, by: &[&str]) -> Result<Vec<Mandate>> {
        if !own.is_oneself() {
            return Err(StoreError::NotFound);
        }
        let mut tx = self.inner.db.read().await?;
        let persons = persons(&mut tx, own.subject()).await?;
        let mut found = Vec::new();
        for organisation in named_by(&mut tx, &persons, by).await? {
            let file = self.file_in(&mut tx, organisation, None).await?;
            found.extend(self.mandates_for(&mut tx, &file, &persons).await?);
        }
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// As what a person may act for an organisation today. It shows nothing of either.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mandate(&self, person: SubjectId, organisation: SubjectId) -> Result<Option<Mandate>> {
        let mut tx = self.inner.db.read().await?;
        let persons = persons(&mut tx, person).await?;
        let groups = Groups::load(&mut tx, &[organisation], NOW).await?;
        let organisation = groups.root(organisation);
        let named = named_by(&mut tx, &persons, &[BY_ACT, BY_NUMBER]).await?;
        if !named.contains(&organisation) {
            return Ok(None);
        }
        let file = self.file_in(&mut tx, organisation, None).await?;
        let found = self.mandates_for(&mut tx, &file, &persons).await?;
        let in_force = |one: &Mandate| match &one.capacity {
            Capacity::Representative => true,
            Capacity::Appointed(appointment) => appointment.state == AppointmentState::Accepted,
        };
        Ok(found.into_iter().find(in_force))
    }

    /// Who acts for the organisation whose file a look has opened.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mandated_in(&self, permit: &LookPermit) -> Result<Mandated> {
        let mut tx = self.inner.db.read().await?;
        let file = self.file_in(&mut tx, permit.subject(), None).await?;
        let bundle = self.rules_now(&mut tx).await?;
        let found = self.follow(&bundle, &file);
        let mut named = Vec::new();
        for logged in file
            .records
            .iter()
            .filter(|one| !found.waiting.contains(&one.number()))
        {
            let one = self.representative(&mut tx, &bundle, logged).await?;
            named.extend(one.map(|one| Representative {
                taken_back: found.taken_back.contains(&one.record),
                ..one
            }));
        }
        let in_force = |one: &Representative| found.representative == Some(one.record);
        let (now, former) = named.into_iter().partition::<Vec<_>, _>(in_force);
        Ok(Mandated {
            representative: now.into_iter().next(),
            former,
            appointments: found.appointments,
        })
    }

    /// The representative appoints somebody who is known by name and number; it is in force once they accept.
    ///
    /// # Errors
    /// When whoever does it is not the representative, nobody of this name has this number, they act for the organisation
    /// already, or the end is out of bounds.
    pub async fn appoint(&self, permit: &LookPermit, new: &NewAppointment) -> Result<RecordNumber> {
        let mut tx = self.inner.db.write_log().await?;
        let file = self.representative_acts(&mut tx, permit).await?;
        let today = self.clock().today();
        if new.last < today || new.last > today.saturating_add(jiff::Span::new().years(YEARS_MOST)) {
            return Err(ActFault::AppointmentEnds.into());
        }
        let kind = IdentifierKind::ResidentId;
        let person = self.known_person(&mut tx, kind, &new.number, &new.name).await?;
        let person = person.ok_or(ActFault::UnknownPerson)?;
        let persons = persons(&mut tx, person).await?;
        if !self.mandates_for(&mut tx, &file, &persons).await?.is_empty() {
            return Err(ActFault::AlreadyAppointed.into());
        }
        let fields = named([
            ("person", Value::Integer(person.to_i64())),
            ("name", text(&mask_name(&record::tidy_text(&new.name)))),
            ("scope", text(new.scope.code())),
        ])?;
        let mut act = self.own_act(permit, Act::Appoint, file.stated(), fields)?;
        act.ends = new.last.tomorrow().ok().map(Ends::On);
        let number = self.append_act_in(&mut tx, &of_subject()?, act).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// The representative takes an appointment back; it counts at once.
    ///
    /// # Errors
    /// When whoever does it is not the representative, or it is no appointment of this organisation that is open.
    pub async fn revoke_appointment(
        &self,
        permit: &LookPermit,
        appointment: RecordNumber,
    ) -> Result<RecordNumber> {
        let mut tx = self.inner.db.write_log().await?;
        let file = self.representative_acts(&mut tx, permit).await?;
        self.open_appointment(&mut tx, &file, appointment).await?;
        let mut act = self.own_act(permit, Act::Revoke, file.stated(), named([])?)?;
        act.references.push(Reference {
            relation: Relation::Revokes,
            target: Target::Number(appointment),
        });
        let number = self.append_act_in(&mut tx, &of_subject()?, act).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// Whoever was appointed accepts, or declines and lays down what was accepted.
    ///
    /// # Errors
    /// When the file was not opened by that person, or it is no open appointment of theirs: both look as if there were none.
    pub async fn answer_appointment(
        &self,
        own: &LookPermit,
        appointment: RecordNumber,
        accepted: bool,
    ) -> Result<RecordNumber> {
        if !own.is_oneself() {
            return Err(StoreError::NotFound);
        }
        let mut tx = self.inner.db.write_log().await?;
        let sql = "SELECT m.subject, d.person FROM mandate d JOIN membership m ON m.number = d.number \
            AND m.until_number IS NULL WHERE d.number = $1 AND d.person IS NOT NULL";
        let row = tx
            .row(sql, args![appointment])
            .await?
            .ok_or(StoreError::NotFound)?;
        let (organisation, person) = (SubjectId::from_i64(row.int(0)?), SubjectId::from_i64(row.int(1)?));
        if !persons(&mut tx, own.subject()).await?.contains(&person) {
            return Err(StoreError::NotFound);
        }
        let groups = Groups::load(&mut tx, &[organisation], NOW).await?;
        let file = self.file_in(&mut tx, groups.root(organisation), None).await?;
        let open = self.open_appointment(&mut tx, &file, appointment).await?;
        if accepted && open.state == AppointmentState::Accepted {
            return Err(ActFault::AlreadyAnswered.into());
        }
        let fields = named([
            ("person", Value::Integer(person.to_i64())),
            ("accepted", Value::Bool(accepted)),
        ])?;
        let mut act = self.bare(Act::AnswerAppointment, subject_source()?, None, fields);
        act.references.push(Reference {
            relation: Relation::Answers,
            target: Target::Number(appointment),
        });
        let number = self.append_act_in(&mut tx, &of_subject()?, act).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// The file, if the representative of today has opened it to act.
    async fn representative_acts(&self, tx: &mut Tx, permit: &LookPermit) -> Result<SubjectFile> {
        let person = permit.agent().ok_or(ActFault::NotRepresentative)?;
        let persons = persons(tx, person).await?;
        let file = self.file_in(tx, permit.subject(), None).await?;
        let found = self.mandates_for(tx, &file, &persons).await?;
        if found.iter().any(|one| one.capacity == Capacity::Representative) {
            Ok(file)
        } else {
            Err(ActFault::NotRepresentative.into())
        }
    }

    /// An appointment that is in force or waits.
    async fn open_appointment(
        &self,
        tx: &mut Tx,
        file: &SubjectFile,
        number: RecordNumber,
    ) -> Result<Appointment> {
        let bundle = self.rules_now(tx).await?;
        let found = self.follow(&bundle, file).appointments;
        let found = found.into_iter().find(|one| one.number == number);
        found.filter(is_open).ok_or(StoreError::NotFound)
    }

    /// As what these, who are one, act for an organisation or are asked to; the widest first.
    pub(crate) async fn mandates_for(
        &self,
        tx: &mut Tx,
        file: &SubjectFile,
        persons: &[SubjectId],
    ) -> Result<Vec<Mandate>> {
        let bundle = self.rules_now(tx).await?;
        let follows = self.follow(&bundle, file);
        let sql = "SELECT name, uscc FROM organisation WHERE subject = $1";
        let Some(row) = tx.row(sql, args![file.subject]).await? else {
            return Ok(Vec::new());
        };
        let mandate = |capacity| -> Result<Mandate> {
            Ok(Mandate {
                organisation: file.subject,
                name: row.text(0)?,
                uscc: row.text(1)?,
                capacity,
            })
        };
        let mut found = Vec::new();
        let mut records = file.records.iter();
        let newest = records.find(|logged| Some(logged.number()) == follows.representative);
        if let Some(logged) = newest {
            let found_one = self.representative(tx, &bundle, logged).await?;
            let names = found_one.and_then(|one| one.person);
            if names.is_some_and(|person| persons.contains(&person)) {
                found.push(mandate(Capacity::Representative)?);
            }
        }
        let mut appointed: Vec<Appointment> = follows
            .appointments
            .into_iter()
            .filter(|one| persons.contains(&one.person) && is_open(one))
            .collect();
        appointed.sort_by_key(|one| std::cmp::Reverse((one.state == AppointmentState::Accepted, one.scope)));
        for one in appointed {
            found.push(mandate(Capacity::Appointed(one))?);
        }
        Ok(found)
    }

    /// Whom a record names, if it names a representative at all; and who that is, if the house knows somebody by that number who
    /// has that name, or two officers said so.
    async fn representative(
        &self,
        tx: &mut Tx,
        bundle: &Bundle,
        logged: &Logged,
    ) -> Result<Option<Representative>> {
        let record = logged.record();
        if record.act() == Some(Act::NameRepresentative) {
            return Ok(named_by_act(logged));
        }
        let item = bundle.item(&record.item);
        let Some(number_field) = item.and_then(|item| item.represents.as_ref()) else {
            return Ok(None);
        };
        let number = match record.fields.get(number_field) {
            Some(Value::Text(number)) => Some(number.as_str()),
            _ => None,
        };
        let texts = record.fields.iter().filter_map(|(field, value)| match value {
            Value::Text(text) if field != number_field => Some(text.as_str()),
            _ => None,
        });
        let mut person = None;
        let mut name = None;
        for text in texts {
            name = name.or(Some(text));
            if person.is_none() {
                let kind = IdentifierKind::ResidentId;
                person = self
                    .known_person(tx, kind, number.unwrap_or_default(), text)
                    .await?;
                name = person.map_or(name, |_| Some(text));
            }
        }
        Ok(Some(Representative {
            record: logged.number(),
            person,
            masked_name: mask_name(name.unwrap_or_default()),
            since: record.occurred,
            taken_back: false,
        }))
    }

    /// The natural person with this identity number, if this is a name of theirs.
    pub(crate) async fn known_person(
        &self,
        tx: &mut Tx,
        kind: IdentifierKind,
        number: &str,
        name: &str,
    ) -> Result<Option<SubjectId>> {
        let Ok((identifier, _)) = Identifier::parse(kind, number, self.realm()) else {
            return Ok(None);
        };
        let (keys, index) = self.keys(tx).await?;
        let keys = keys.generation(index)?;
        let tag = tags::of_identifier(keys, kind, identifier.value());
        let sql = "SELECT i.subject FROM identifier i JOIN subject s ON s.id = i.subject \
            WHERE i.kind = $1 AND i.tag = $2 AND s.kind = $3";
        let wanted = args![kind.code(), tag, SubjectKind::Person.code()];
        let Some(row) = tx.row(sql, wanted).await? else {
            return Ok(None);
        };
        let subject = SubjectId::from_i64(row.int(0)?);
        if same_name_key(name).is_empty() {
            return Ok(None);
        }
        let sql = "SELECT 1 FROM subject_name WHERE subject = $1 AND tag = $2";
        let known = tx.row(sql, args![subject, tags::of_name(keys, name)]).await?;
        Ok(known.map(|_| subject))
    }

    async fn rules_now(&self, tx: &mut Tx) -> Result<std::sync::Arc<Bundle>> {
        let on = self.clock().today();
        self.bundle_in(tx, AsOf { on, known: NOW }).await
    }

    fn follow(&self, bundle: &Bundle, file: &SubjectFile) -> Mandates {
        let all = file.all();
        let as_of = AsOf {
            on: self.clock().today(),
            known: file.known,
        };
        mandates(bundle, &all, &assess::assess(bundle, &all, as_of))
    }
}

fn is_open(one: &Appointment) -> bool {
    matches!(one.state, AppointmentState::Asked | AppointmentState::Accepted)
}

/// Whom two officers of the register named; the act holds the name masked.
fn named_by_act(logged: &Logged) -> Option<Representative> {
    let record = logged.record();
    let Some(Value::Integer(person)) = record.field("person") else {
        return None;
    };
    Some(Representative {
        record: logged.number(),
        person: Some(SubjectId::from_i64(*person)),
        masked_name: said(record, "name").unwrap_or_default().to_owned(),
        since: record.occurred,
        taken_back: false,
    })
}

/// The person, and everyone who was found to be the same.
pub(crate) async fn persons(tx: &mut Tx, person: SubjectId) -> Result<Vec<SubjectId>> {
    let groups = Groups::load(tx, &[person], NOW).await?;
    let root = groups.root(person);
    let mut found = groups.merged_into(root);
    found.push(root);
    Ok(found)
}

/// An act names the person: an appointment, or what two officers of the register said.
const BY_ACT: &str = "WHERE d.person IN ({in})";
/// The register names the person's number.
const BY_NUMBER: &str = "JOIN identifier i ON i.tag = d.tag WHERE i.subject IN ({in})";

/// The organisations a record of which ever named one of these, in one of these ways, whatever it is worth today.
async fn named_by(tx: &mut Tx, persons: &[SubjectId], by: &[&str]) -> Result<Vec<SubjectId>> {
    let values: Vec<Arg> = persons.iter().copied().map(Arg::from).collect();
    let mut found = Vec::new();
    for by in by {
        let sql = format!(
            "SELECT DISTINCT m.subject FROM mandate d JOIN membership m ON m.number = d.number \
            AND m.until_number IS NULL {by}"
        );
        for row in tx.rows_in(&sql, &[], &values).await? {
            found.push(SubjectId::from_i64(row.int(0)?));
        }
    }
    let groups = Groups::load(tx, &found, NOW).await?;
    let mut roots: Vec<SubjectId> = found.into_iter().map(|one| groups.root(one)).collect();
    roots.sort_unstable();
    roots.dedup();
    Ok(roots)
}

/// The projection: a record that names somebody who may act for its subject, by number or by subject.
pub(crate) fn mandate_row(keys: &Generation, item: Option<&Item>, one: Numbered<'_>) -> Option<Vec<Arg>> {
    let names = matches!(one.record.act(), Some(Act::Appoint | Act::NameRepresentative));
    if let (true, Some(Value::Integer(person))) = (names, one.record.field("person")) {
        let person = SubjectId::from_i64(*person);
        return Some(args![one.number, None::<[u8; 32]>, person]);
    }
    let number = item?
        .represents
        .as_ref()
        .and_then(|field| one.record.fields.get(field))?;
    let Value::Text(number) = number else { return None };
    let tag = tags::of_identifier(keys, IdentifierKind::ResidentId, number);
    Some(args![one.number, tag, None::<i64>])
}
