//! Credit repair of one record: from which day on it is open, what is missing, by when it is decided, what stops.

use jiff::civil::Date;
use record::{Act, ClauseId, Logged, RecordNumber, Relation, Target, Value, same_name_key};
use serde::Serialize;

use crate::assessment::Assessment;
use crate::plea::Plea;
use crate::policy::{Bundle, Due, DutyKind, Item, RepairNeed, Text, Tier, clause_id};
use crate::resolve::{Resolution, Resolved, plus_months, resolve};
use crate::standing::Standing;

/// What can be said of a record's repair on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RepairAnswer {
    /// The record.
    pub record: RecordNumber,
    /// The clause of its tier; of its item, if it has none.
    pub clause: ClauseId,
    /// Its tier, if it is a penalty.
    pub tier: Option<Tier>,
    /// The first day on which its shortest display is over.
    pub open_from: Date,
    /// Whether every condition is met.
    pub open: bool,
    /// The conditions, each met or missing.
    pub conditions: Vec<ConditionMet>,
    /// The application that waits, if there is one.
    pub applied: Option<RecordNumber>,
    /// How many working days the deciding authority has.
    pub authority_working_days: Option<u32>,
    /// By when it decides, once there is an application.
    pub authority_by: Option<Due>,
    /// How many working days the window has to answer.
    pub answer_working_days: Option<u32>,
    /// By when it answers, once there is an application.
    pub answer_by: Option<Due>,
    /// What stops with the repair.
    pub stops: Vec<Text>,
    /// Who is to be told.
    pub tells: Vec<Text>,
}

/// One condition of a repair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ConditionMet {
    /// Which.
    pub needs: RepairNeed,
    /// Its clause, or that of the channel that takes its place.
    pub clause: Option<ClauseId>,
    /// Whether it is met.
    pub met: bool,
    /// In words: how it is met, or what is missing.
    pub text: Text,
    /// The record that shows it, if one does.
    pub by: Option<RecordNumber>,
}

/// What can be said of the repair of one record. `None` if there is nothing to repair: the record is unknown, not
/// adverse, or without effect already.
pub fn repair(
    bundle: &Bundle,
    records: &[Logged],
    assessment: &Assessment,
    record: RecordNumber,
) -> Option<RepairAnswer> {
    let on = assessment.as_of.on;
    let resolution = resolve(bundle, records, assessment.as_of);
    let resolved = resolution
        .records
        .iter()
        .find(|resolved| resolved.logged.number() == record)?;
    let item = resolved.item.filter(|item| item.is_adverse())?;
    if !matches!(resolved.standing, Standing::Counts | Standing::Disputed { .. }) {
        return None;
    }
    let clause = match item.tier {
        Some(tier) => clause_id(&["repair", tier.code()]).filter(|id| bundle.clause(id).is_some()),
        None => None,
    };
    let open_from = plus_months(clock(resolved), bundle.repair_rules().months_least(item));
    let asking = Asking {
        bundle,
        resolution: &resolution,
        resolved,
        item,
        open_from,
        on,
    };
    let conditions = asking.conditions();
    let application = asking.waiting();
    let deadline = |duty| bundle.deadline(duty);
    let by = |duty| {
        let began = application?.logged.record().occurred;
        Some(deadline(duty)?.due(bundle.calendar(), began))
    };
    let head = &bundle.repair_rules().head;
    Some(RepairAnswer {
        record,
        clause: clause.or_else(|| clause_id(&["catalogue", item.code.as_str()]))?,
        tier: item.tier,
        open_from,
        open: conditions.iter().all(|condition| condition.met),
        conditions,
        applied: application.map(|plea| plea.logged.number()),
        authority_working_days: deadline(DutyKind::RepairDecision).map(|deadline| deadline.working_days),
        authority_by: by(DutyKind::RepairDecision),
        answer_working_days: deadline(DutyKind::RepairAnswer).map(|deadline| deadline.working_days),
        answer_by: by(DutyKind::RepairAnswer),
        stops: head.stops.clone(),
        tells: head.tells.clone(),
    })
}

/// The clock of a tier starts at the date of the legal document.
fn clock(resolved: &Resolved<'_>) -> Date {
    let record = resolved.logged.record();
    record
        .document
        .as_ref()
        .map_or(record.occurred, |document| document.date)
}

struct Asking<'a> {
    bundle: &'a Bundle,
    resolution: &'a Resolution<'a>,
    resolved: &'a Resolved<'a>,
    item: &'a Item,
    open_from: Date,
    on: Date,
}

impl<'a> Asking<'a> {
    fn conditions(&self) -> Vec<ConditionMet> {
        let performed = self.performed();
        let committed = self.committed();
        [
            (RepairNeed::Repairable, self.item.repairable, None),
            (RepairNeed::ShortestDisplay, self.open_from <= self.on, None),
            (RepairNeed::Performed, performed.is_some(), performed),
            (RepairNeed::Commitment, committed.is_some(), committed),
        ]
        .into_iter()
        .map(|(needs, met, by)| self.condition(needs, met, by))
        .collect()
    }

    fn condition(&self, needs: RepairNeed, met: bool, by: Option<RecordNumber>) -> ConditionMet {
        if !met && let Some(opened) = self.channel(needs) {
            return opened;
        }
        let rules = self.bundle.repair_rules();
        let words = rules
            .conditions()
            .iter()
            .find(|condition| condition.needs == needs);
        let text = match words {
            Some(words) if met => words.met.clone(),
            Some(words) => words.missing.with("open_from", self.open_from),
            None => Text::new(needs.code(), needs.code()),
        };
        ConditionMet {
            needs,
            clause: needs.clause().filter(|id| self.bundle.clause(id).is_some()),
            met,
            text,
            by,
        }
    }

    /// A channel that takes the place of a condition: opened by a later record that is in force.
    fn channel(&self, needs: RepairNeed) -> Option<ConditionMet> {
        let rules = self.bundle.repair_rules();
        let channels = rules.channels().iter();
        channels
            .filter(|channel| channel.waives.contains(&needs))
            .find_map(|channel| {
                let opened = self.resolution.records.iter().find(|other| {
                    other.standing == Standing::Counts
                        && other
                            .item
                            .is_some_and(|item| channel.opened_by.contains(&item.code))
                        && other.logged.record().occurred >= self.resolved.logged.record().occurred
                })?;
                Some(ConditionMet {
                    needs,
                    clause: clause_id(&["repair", "channel", &channel.code]),
                    met: true,
                    text: channel.text.clone(),
                    by: Some(opened.logged.number()),
                })
            })
    }

    /// The record that shows performance: one of the items for it that names this document, or the applicant's own
    /// word with its day, which the authority checks.
    fn performed(&self) -> Option<RecordNumber> {
        let items = &self.bundle.repair_rules().head.performed_by;
        let shown = self.resolution.records.iter().find(|other| {
            matches!(other.standing, Standing::Counts | Standing::Ended { .. })
                && other.item.is_some_and(|item| items.contains(&item.code))
                && self.is_named_by(other)
        });
        let said = || {
            self.applications()
                .find(|plea| matches!(plea.logged.record().field("performed"), Some(Value::Date(day)) if *day <= self.on))
        };
        shown
            .map(|other| other.logged.number())
            .or_else(|| said().map(|plea| plea.logged.number()))
    }

    fn is_named_by(&self, other: &Resolved<'_>) -> bool {
        let record = other.logged.record();
        let number = self.resolved.logged.number();
        let referred = record
            .references
            .iter()
            .any(|r| r.relation == Relation::Exits && r.target == Target::Number(number));
        let document = self.resolved.logged.record().document.as_ref();
        let named = match (record.field("entry_document"), document) {
            (Some(Value::Text(said)), Some(document)) => {
                same_name_key(said) == same_name_key(&document.number)
            }
            _ => false,
        };
        referred || named
    }

    fn committed(&self) -> Option<RecordNumber> {
        let given = |plea: &&Plea<'_>| matches!(plea.logged.record().field("commitment"), Some(Value::Text(text)) if !text.trim().is_empty());
        self.applications().find(given).map(|plea| plea.logged.number())
    }

    /// Applications for the repair of this record, made by this day.
    fn applications(&self) -> impl Iterator<Item = &'a Plea<'a>> {
        let (about, on) = (self.resolved.logged.number(), self.on);
        self.resolution.pleas.iter().filter(move |plea| {
            plea.act == Act::ApplyRepair && plea.about == about && plea.logged.record().occurred <= on
        })
    }

    /// The first application that is not answered yet.
    fn waiting(&self) -> Option<&'a Plea<'a>> {
        self.applications()
            .find(|plea| plea.answer.is_none_or(|(_, day, _)| self.on < day))
    }
}
