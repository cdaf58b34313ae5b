//! Who may act for an organisation on a day: whom the register names as its legal representative (法定代表人), in its file or
//! by two of its officers, and whom it has appointed (授权委托). It knows records, and not which person an identity number is of.

use record::{Act, Date, Logged, RecordNumber, Relation, SubjectId, Target, Value};

use crate::{Assessment, Bundle, Standing};

/// What somebody appointed may do for the organisation. What each opens stands in `access/roles.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// To read its file and who looked.
    Read,
    /// To object, ask for repair, and whatever else is done there, too; but not to appoint others.
    Act,
}

impl Scope {
    /// Every scope, the narrower first.
    pub const ALL: [Self; 2] = [Self::Read, Self::Act];

    /// Its code in records, forms and locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Act => "act",
        }
    }

    /// The scope of this code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.code() == code)
    }
}

/// Where an appointment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AppointmentState {
    /// Whoever was appointed has not answered.
    Asked,
    /// In force.
    Accepted,
    /// Declined, or laid down later.
    Declined,
    /// The organisation took it back.
    Revoked,
    /// Its last day is over.
    Ended,
}

impl AppointmentState {
    /// Its code in locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Revoked => "revoked",
            Self::Ended => "ended",
        }
    }
}

/// One appointment of somebody by an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// The act.
    pub number: RecordNumber,
    /// Who was appointed.
    pub person: SubjectId,
    /// The name, masked, as the organisation knows the person.
    pub masked_name: String,
    /// For what.
    pub scope: Scope,
    /// The day it was made.
    pub made: Date,
    /// The first day on which it is over.
    pub ends: Option<Date>,
    /// Where it stands.
    pub state: AppointmentState,
}

/// Who may act for an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mandates {
    /// The record that names the legal representative, if the register names one: of several in force the newest.
    pub representative: Option<RecordNumber>,
    /// Namings by officers that no second one has confirmed: they say nothing, and never did.
    pub waiting: Vec<RecordNumber>,
    /// Whatever named a representative and was taken back since, a naming or an entry of the register.
    pub taken_back: Vec<RecordNumber>,
    /// Everyone ever appointed, the newest first.
    pub appointments: Vec<Appointment>,
}

impl Mandates {
    /// What a person was appointed to that is in force, the widest.
    pub fn in_force(&self, person: SubjectId) -> Option<&Appointment> {
        self.appointments
            .iter()
            .filter(|one| one.person == person && one.state == AppointmentState::Accepted)
            .max_by_key(|one| one.scope)
    }
}

/// Who may act for the organisation whose records these are, by what follows from them.
pub fn mandates(bundle: &Bundle, records: &[Logged], assessment: &Assessment) -> Mandates {
    let counts = |logged: &&Logged| {
        let standing = assessment.standing(logged.number());
        standing.is_some_and(|found| found.standing == Standing::Counts)
    };
    let names = |logged: &&Logged| {
        let item = bundle.item(&logged.record().item);
        let named = logged.record().act() == Some(Act::NameRepresentative);
        named || item.is_some_and(|item| item.represents.is_some())
    };
    let representative = records
        .iter()
        .filter(names)
        .filter(counts)
        .max_by_key(|logged| (logged.record().occurred, logged.number()))
        .map(Logged::number);
    let appointments = records
        .iter()
        .rev()
        .filter(|logged| logged.record().act() == Some(Act::Appoint));
    let unconfirmed = |logged: &&Logged| {
        logged.record().act() == Some(Act::NameRepresentative) && !is_confirmed(records, logged)
    };
    let withdrawn = |logged: &&Logged| {
        let standing = assessment.standing(logged.number());
        standing.is_some_and(|found| matches!(found.standing, Standing::Withdrawn { .. }))
    };
    let of = |those: &dyn Fn(&&Logged) -> bool| records.iter().filter(those).map(Logged::number).collect();
    Mandates {
        representative,
        waiting: of(&unconfirmed),
        taken_back: of(&|logged| names(logged) && withdrawn(logged)),
        appointments: appointments
            .filter_map(|logged| appointment(records, assessment, logged))
            .collect(),
    }
}

/// Whether another officer of its source confirmed a naming, whatever became of it since. What was taken back is confirmed no more.
fn is_confirmed(records: &[Logged], naming: &Logged) -> bool {
    let confirms = |logged: &Logged| {
        let record = logged.record();
        record.act() == Some(Act::Confirm)
            && record.source == naming.record().source
            && record.references.iter().any(|reference| {
                reference.relation == Relation::Confirms
                    && reference.target == Target::Submission(naming.submission())
            })
    };
    records.iter().any(confirms)
}

fn appointment(records: &[Logged], assessment: &Assessment, logged: &Logged) -> Option<Appointment> {
    let record = logged.record();
    let Some(Value::Integer(person)) = record.field("person") else {
        return None;
    };
    let text = |field: &str| match record.field(field) {
        Some(Value::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let standing = assessment.standing(logged.number())?;
    let person = SubjectId::from_i64(*person);
    let state = match (standing.standing, answer(records, logged.number(), person)) {
        (Standing::Withdrawn { .. }, _) => AppointmentState::Revoked,
        (Standing::Ended { .. }, _) => AppointmentState::Ended,
        (_, Some(false)) => AppointmentState::Declined,
        (Standing::Counts, Some(true)) => AppointmentState::Accepted,
        _ => AppointmentState::Asked,
    };
    Some(Appointment {
        number: logged.number(),
        person,
        masked_name: text("name").unwrap_or_default().to_owned(),
        scope: text("scope").and_then(Scope::of)?,
        made: record.occurred,
        ends: standing.ends,
        state,
    })
}

/// The newest word of whoever was appointed, and of nobody else.
fn answer(records: &[Logged], appointment: RecordNumber, person: SubjectId) -> Option<bool> {
    let own = |logged: &&Logged| {
        let record = logged.record();
        record.act() == Some(Act::AnswerAppointment)
            && record.field("person") == Some(&Value::Integer(person.to_i64()))
            && record.references.iter().any(|reference| {
                reference.relation == Relation::Answers && reference.target == Target::Number(appointment)
            })
    };
    let newest = records.iter().filter(own).max_by_key(|logged| logged.number())?;
    Some(newest.record().field("accepted") == Some(&Value::Bool(true)))
}
