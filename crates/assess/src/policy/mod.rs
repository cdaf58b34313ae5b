//! A policy bundle: every rule, dated, as data. Parsed once, immutable, never code.

mod access;
mod bytes;
mod calendar;
mod catalogue;
mod clauses;
mod deadline;
mod diagram;
mod fault;
mod hint;
mod item_check;
mod list;
mod looks;
mod measure;
mod message;
mod parse;
mod read;
mod repair;
mod scorecard;
mod scorecard_check;
mod service;
mod step;
mod text;

use std::collections::BTreeMap;

use jiff::civil::Date;
use record::{
    BundleDigest, ClauseId, ItemCode, ListCode, MeasureCode, PurposeCode, Realm, ServiceCode, SourceCode,
    SubjectKind,
};

pub use access::{Purpose, Role};
pub use calendar::{Calendar, Due, Holiday, Workday};
pub use catalogue::{Class, CountsFrom, FieldSpec, Item, Level, Nature, Publicity, Source, Tier, Town};
pub use deadline::{Deadline, DutyKind};
pub use fault::PolicyFault;
pub use hint::Hint;
pub use item_check::{ItemFault, RecordCheck};
pub use list::{Colour, List};
pub use looks::{LookFacts, LookReason, LookRule, LookRules, LookSign, LookWeight};
pub use measure::{IncentiveRule, Lasts, MeasureRule, RestrictionClass, RestrictionRule};
pub use message::{MessageKind, MessageRule};
pub use repair::{RepairChannel, RepairCondition, RepairNeed, RepairRules, RepairTier};
pub use scorecard::{
    Base, Bin, Dimension, Feature, Letter, Letters, ModelCard, Reading, Scorecard, decay_thousandths,
};
pub use service::{Material, Service, Trust};
pub use step::{State, Step, Who};
pub use text::{Clause, LegalBasis, Text};

pub(crate) use fault::Faults;
pub(crate) use item_check::is_minor;
pub(crate) use list::Terms;
pub(crate) use read::{Document, Placed, date, optional_date};

pub(crate) use clauses::clause_id;
pub(crate) use scorecard::Scorecard as Card;
pub(crate) use scorecard_check::MONTHS_MOST;
pub(crate) use step::LIST_FIELD;

use crate::fold::Fold;

/// A policy bundle, parsed and whole: nothing in it breaks the language, see `docs/policy-language.md`.
///
/// Two bundles of the same texts and realm have the same bytes and the same digest.
#[derive(Clone)]
pub struct Bundle {
    realm: Realm,
    digest: BundleDigest,
    edition: String,
    name: Text,
    in_force_from: Date,
    files: BTreeMap<String, String>,
    classes: BTreeMap<String, Class>,
    items: BTreeMap<ItemCode, Item>,
    sources: BTreeMap<SourceCode, Source>,
    scorecards: Vec<Scorecard>,
    folds: Vec<Fold>,
    lists: BTreeMap<ListCode, List>,
    terms: BTreeMap<ItemCode, Terms>,
    step_lists: BTreeMap<ItemCode, Vec<ListCode>>,
    measures: BTreeMap<MeasureCode, MeasureRule>,
    services: BTreeMap<ServiceCode, Service>,
    purposes: BTreeMap<PurposeCode, Purpose>,
    roles: BTreeMap<String, Role>,
    calendar: Calendar,
    repair: RepairRules,
    looks: LookRules,
    deadlines: BTreeMap<DutyKind, Deadline>,
    messages: BTreeMap<MessageKind, MessageRule>,
    clauses: BTreeMap<ClauseId, Clause>,
}

impl std::fmt::Debug for Bundle {
    /// Edition and digest: the texts would fill screens.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bundle({} {:?} {})", self.edition, self.realm, self.digest)
    }
}

impl Bundle {
    /// Parses a bundle from its files: path below `policies/` to text. Files under `cases/` are no
    /// part of it and are left out; those under `layouts/` are kept as they are.
    ///
    /// # Errors
    /// All faults of all files, each with its place.
    pub fn parse(files: BTreeMap<String, String>, realm: Realm) -> Result<Self, Vec<PolicyFault>> {
        parse::parse(files, realm)
    }

    /// Its canonical bytes, realm included: what is published and digested.
    pub fn to_bytes(&self) -> Vec<u8> {
        bytes::encode(self.realm, &self.files)
    }

    /// A bundle from its canonical bytes.
    ///
    /// # Errors
    /// When the bytes are not those of a bundle, or the bundle has faults.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Vec<PolicyFault>> {
        let (realm, files) = bytes::decode(bytes)?;
        Self::parse(files, realm)
    }

    /// SHA-256 over its canonical bytes.
    pub fn digest(&self) -> BundleDigest {
        self.digest
    }

    /// A digest of what bears on the standing of records: of everything but the scorecards, and of this engine's meaning. What
    /// was [resolved](crate::life) under one bundle holds under another that has the same.
    pub fn resolving_digest(&self) -> String {
        let rest = self.files.iter().filter(|(name, _)| !name.starts_with("rating/"));
        let rest = rest.map(|(name, text)| (name.clone(), text.clone())).collect();
        format!("{}-{}", crate::SEMANTICS, bytes::digest(self.realm, &rest))
    }

    /// Its edition, e.g. `2026.1`.
    pub fn edition(&self) -> &str {
        &self.edition
    }

    /// Its name.
    pub fn name(&self) -> &Text {
        &self.name
    }

    /// The first day it is in force.
    pub fn in_force_from(&self) -> Date {
        self.in_force_from
    }

    /// Real or made-up identities.
    pub fn realm(&self) -> Realm {
        self.realm
    }

    /// Its files, `layouts/` among them.
    pub fn files(&self) -> &BTreeMap<String, String> {
        &self.files
    }

    /// The class of this code.
    pub fn class(&self, code: &str) -> Option<&Class> {
        self.classes.get(code)
    }

    /// All classes by code.
    pub fn classes(&self) -> impl Iterator<Item = &Class> {
        self.classes.values()
    }

    /// The catalogue item of this code.
    pub fn item(&self, code: &ItemCode) -> Option<&Item> {
        self.items.get(code)
    }

    /// All catalogue items by code.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.items.values()
    }

    /// The source of this code.
    pub fn source(&self, code: &SourceCode) -> Option<&Source> {
        self.sources.get(code)
    }

    /// All sources by code.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.values()
    }

    /// The general scorecard of this kind of subject.
    pub fn scorecard(&self, kind: SubjectKind) -> Option<&Scorecard> {
        let mut cards = self.scorecards.iter();
        cards.find(|card| card.is_general() && card.subjects.contains(&kind))
    }

    /// The scorecard that a grade names, e.g. `rating.person`.
    pub fn scorecard_of(&self, clause: &ClauseId) -> Option<&Scorecard> {
        let code = clause.as_str().strip_prefix("rating.")?;
        self.scorecards.iter().find(|card| card.code == code)
    }

    /// All scorecards.
    pub fn scorecards(&self) -> impl Iterator<Item = &Scorecard> {
        self.scorecards.iter()
    }

    /// The list of this code.
    pub fn list(&self, code: &ListCode) -> Option<&List> {
        self.lists.get(code)
    }

    /// All lists by code.
    pub fn lists(&self) -> impl Iterator<Item = &List> {
        self.lists.values()
    }

    /// The measure of this code.
    pub fn measure(&self, code: &MeasureCode) -> Option<&MeasureRule> {
        self.measures.get(code)
    }

    /// All measures by code.
    pub fn measures(&self) -> impl Iterator<Item = &MeasureRule> {
        self.measures.values()
    }

    /// What an entry of this list brings about.
    pub fn measures_of_list(&self, list: &ListCode) -> impl Iterator<Item = &MeasureRule> {
        self.measures
            .values()
            .filter(move |rule| rule.from_lists().contains(list))
    }

    /// What this letter opens.
    pub fn measures_of_grade(&self, letter: Letter) -> impl Iterator<Item = &MeasureRule> {
        let opened = move |rule: &&MeasureRule| rule.from_grade().is_some_and(|least| letter >= least);
        self.measures.values().filter(opened)
    }

    /// The service of this code.
    pub fn service(&self, code: &ServiceCode) -> Option<&Service> {
        self.services.get(code)
    }

    /// All services by code.
    pub fn services(&self) -> impl Iterator<Item = &Service> {
        self.services.values()
    }

    /// The purpose of this code.
    pub fn purpose(&self, code: &PurposeCode) -> Option<&Purpose> {
        self.purposes.get(code)
    }

    /// All purposes by code.
    pub fn purposes(&self) -> impl Iterator<Item = &Purpose> {
        self.purposes.values()
    }

    /// The role of this code.
    pub fn role(&self, code: &str) -> Option<&Role> {
        self.roles.get(code)
    }

    /// All roles by code.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.values()
    }

    /// The calendar of working days.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The rules of credit repair.
    pub fn repair_rules(&self) -> &RepairRules {
        &self.repair
    }

    /// By what looks are found unusual, and how soon a question about one is answered.
    pub fn look_rules(&self) -> &LookRules {
        &self.looks
    }

    /// The deadline of this duty, if the bundle sets one.
    pub fn deadline(&self, duty: DutyKind) -> Option<&Deadline> {
        self.deadlines.get(&duty)
    }

    /// Whether one is told of this, and how long. A bundle without messages tells nothing.
    pub fn message_rule(&self, kind: MessageKind) -> Option<&MessageRule> {
        self.messages.get(&kind)
    }

    /// The clause of this id, for citing.
    pub fn clause(&self, id: &ClauseId) -> Option<&Clause> {
        self.clauses.get(id)
    }

    /// All clauses by id.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.clauses.values()
    }

    /// The shortest terms of the lists that this item enters, if it enters any.
    pub(crate) fn terms(&self, item: &ItemCode) -> Option<Terms> {
        self.terms.get(item).copied()
    }

    /// The lists a step of whose procedure a record of this item can make.
    pub(crate) fn step_lists(&self, item: &ItemCode) -> &[ListCode] {
        self.step_lists.get(item).map_or(&[], Vec::as_slice)
    }

    /// Every scorecard, by its place, with its fold.
    pub(crate) fn all_folds(&self) -> impl Iterator<Item = (&Scorecard, &Fold)> {
        self.scorecards.iter().zip(&self.folds)
    }

    /// The scorecards of this kind of subject: the general one first, the others by code.
    pub(crate) fn folds(&self, kind: SubjectKind) -> impl Iterator<Item = (&Scorecard, &Fold)> {
        let pairs = self.scorecards.iter().zip(&self.folds);
        pairs.filter(move |(card, _)| card.subjects.contains(&kind))
    }
}
