//! Files to a bundle: every file by its place, every reference between them resolved.

use std::collections::BTreeMap;
use std::fmt::Display;

use jiff::civil::Date;
use record::Realm;
use serde::Deserialize;

use super::access::{Purpose, Role, verify_role};
use super::calendar::{Calendar, CalendarHead, Holiday, Workday};
use super::catalogue::{Class, Item, Source, verify_item};
use super::deadline::{Deadline, verify_deadlines};
use super::fault::{Faults, PolicyFault};
use super::list::{List, step_lists, terms, verify_list};
use super::looks::{LookHead, LookRule, LookRules, verify_looks};
use super::measure::{IncentiveRule, MeasureRule, RestrictionRule, verify_incentive, verify_restriction};
use super::message::{MessageRule, verify_messages};
use super::read::{self, Document, Placed};
use super::repair::RepairFile;
use super::scorecard::{Dimension, Feature, Scorecard};
use super::scorecard_check::{verify_cards, verify_scorecard};
use super::service::{Material, Service, verify_service};
use super::step::{PlacedProcedure, State, Step, verify_procedure};
use super::text::Text;
use super::{Bundle, bytes, clauses};
use crate::fold::Fold;

/// The most bytes all files of a bundle have together, so that it fits into one record.
const BUNDLE_MOST_BYTES: usize = 3 << 20;

/// What stands in `bundle.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    language: u32,
    edition: String,
    name: Text,
    #[serde(deserialize_with = "read::date")]
    in_force_from: Date,
}

/// A scorecard file: the card and its features with their places.
pub(super) type PlacedCard = (Placed<Scorecard>, Vec<Placed<Feature>>);
/// A service file: the service and its materials with their places.
type PlacedService = (Placed<Service>, Vec<Placed<Material>>);

/// Everything that was read, before it is held together.
#[derive(Default)]
pub(crate) struct Parts {
    head: Option<Placed<Head>>,
    pub(crate) classes: Vec<Placed<Class>>,
    pub(crate) items: Vec<Placed<Item>>,
    sources: Vec<Placed<Source>>,
    pub(crate) cards: Vec<PlacedCard>,
    pub(crate) lists: Vec<Placed<List>>,
    /// By the list's place in `lists`.
    pub(crate) procedures: Vec<PlacedProcedure>,
    pub(crate) restrictions: Vec<Placed<RestrictionRule>>,
    pub(crate) incentives: Vec<Placed<IncentiveRule>>,
    pub(crate) services: Vec<PlacedService>,
    purposes: Vec<Placed<Purpose>>,
    roles: Vec<Placed<Role>>,
    calendar: Calendar,
    pub(crate) repair: RepairFile,
    pub(crate) deadlines: Vec<Placed<Deadline>>,
    messages: Vec<Placed<MessageRule>>,
    looks: Option<Placed<LookHead>>,
    pub(crate) look_rules: Vec<Placed<LookRule>>,
}

pub(super) fn parse(mut files: BTreeMap<String, String>, realm: Realm) -> Result<Bundle, Vec<PolicyFault>> {
    files.retain(|path, _| !path.starts_with("cases/"));
    let mut faults = Faults::default();
    if is_too_large(&files, &mut faults) {
        return Err(faults.sorted());
    }
    let mut parts = Parts::default();
    for (path, text) in &files {
        parts.read_file(path, text, &mut faults);
    }
    parts.verify(&mut faults);
    let clauses = clauses::collect(&parts, &mut faults);
    let Some(head) = parts.head.take().filter(|_| faults.0.is_empty()) else {
        if faults.0.is_empty() {
            faults.of_bundle(
                "there is no `bundle.toml`",
                "it names the edition and the day it is in force",
            );
        }
        return Err(faults.sorted());
    };
    let head = head.value;
    let items = by_code(parts.items, |item| item.code.clone());
    let scorecards = general_first(parts.cards);
    let folds = scorecards
        .iter()
        .map(|card| Fold::compile(card, &items))
        .collect();
    let measures = parts
        .restrictions
        .into_iter()
        .map(|r| MeasureRule::Restriction(r.value));
    let measures = measures.chain(
        parts
            .incentives
            .into_iter()
            .map(|i| MeasureRule::Incentive(i.value)),
    );
    Ok(Bundle {
        realm,
        digest: bytes::digest(realm, &files),
        edition: head.edition,
        name: head.name,
        in_force_from: head.in_force_from,
        files,
        classes: by_code(parts.classes, |class| class.code.clone()),
        items,
        sources: by_code(parts.sources, |source| source.code.clone()),
        scorecards,
        folds,
        terms: terms(parts.lists.iter().map(|list| &list.value)),
        step_lists: step_lists(parts.lists.iter().map(|list| &list.value)),
        lists: by_code(parts.lists, |list| list.code.clone()),
        measures: measures
            .map(|measure| (measure.code().clone(), measure))
            .collect(),
        services: by_code(
            parts.services.into_iter().map(|(service, _)| service).collect(),
            |service| service.code.clone(),
        ),
        purposes: by_code(parts.purposes, |purpose| purpose.code.clone()),
        roles: by_code(parts.roles, |role| role.code.clone()),
        calendar: parts.calendar,
        repair: parts.repair.into_rules(),
        looks: LookRules::of(parts.looks, parts.look_rules),
        deadlines: by_code(parts.deadlines, |deadline| deadline.duty),
        messages: by_code(parts.messages, |rule| rule.kind),
        clauses,
    })
}

fn is_too_large(files: &BTreeMap<String, String>, faults: &mut Faults) -> bool {
    let total: usize = files.values().map(String::len).sum();
    if total > BUNDLE_MOST_BYTES {
        let message = format!("the bundle has {total} bytes; the most is {BUNDLE_MOST_BYTES}");
        faults.of_bundle(message, "split what is no rule out of it");
    }
    total > BUNDLE_MOST_BYTES
}

/// The general scorecards first, then those for some; each by its code, whatever its file is called.
fn general_first(cards: Vec<PlacedCard>) -> Vec<Scorecard> {
    let mut cards: Vec<Scorecard> = cards.into_iter().map(|(card, _)| card.value).collect();
    cards.sort_by_cached_key(|card| (!card.is_general(), card.code.clone()));
    cards
}

fn by_code<K: Ord, V>(entries: Vec<Placed<V>>, code: impl Fn(&V) -> K) -> BTreeMap<K, V> {
    entries
        .into_iter()
        .map(|entry| (code(&entry.value), entry.value))
        .collect()
}

impl Parts {
    fn read_file(&mut self, path: &str, text: &str, faults: &mut Faults) {
        let (folder, name) = path.split_once('/').unwrap_or(("", path));
        if folder == "layouts" {
            return;
        }
        let known = matches!(
            (folder, name),
            (
                "",
                "bundle.toml"
                    | "sources.toml"
                    | "calendar.toml"
                    | "repair.toml"
                    | "deadlines.toml"
                    | "messages.toml"
                    | "looks.toml"
            ) | (
                "catalogue" | "rating" | "lists" | "measures" | "services" | "access",
                _
            )
        );
        if !known || name.rsplit_once('.').is_none_or(|(_, ending)| ending != "toml") {
            faults.of_bundle(
                format!("file `{path}` has no place in a bundle"),
                "see docs/policy-language.md for the folders",
            );
            return;
        }
        let Some(document) = Document::open(path, text, faults) else {
            return;
        };
        match folder {
            "catalogue" => self.read_catalogue(document, faults),
            "rating" => self.read_scorecard(document, faults),
            "lists" => self.read_list(document, faults),
            "measures" => self.read_measures(document, faults),
            "services" => self.read_service(document, faults),
            "access" => self.read_access(document, faults),
            _ if name == "sources.toml" => self.read_sources(document, faults),
            _ if name == "calendar.toml" => self.read_calendar(document, faults),
            _ if name == "repair.toml" => self.repair = RepairFile::read(document, faults),
            _ if name == "deadlines.toml" => self.read_deadlines(document, faults),
            _ if name == "messages.toml" => self.read_messages(document, faults),
            _ if name == "looks.toml" => self.read_looks(document, faults),
            _ => self.head = document.take_rest(faults),
        }
    }

    fn read_catalogue(&mut self, mut document: Document<'_>, faults: &mut Faults) {
        self.classes.extend(document.take_array("class", faults));
        self.items.extend(document.take_array("item", faults));
        document.take_rest::<Empty>(faults);
    }

    fn read_sources(&mut self, mut document: Document<'_>, faults: &mut Faults) {
        self.sources.extend(document.take_array("source", faults));
        document.take_rest::<Empty>(faults);
    }

    fn read_list(&mut self, mut document: Document<'_>, faults: &mut Faults) {
        let states = document.take_array::<State>("state", faults);
        let steps = document.take_array::<Step>("step", faults);
        if let Some(mut list) = document.take_rest::<List>(faults) {
            list.value.states = values(&states);
            list.value.steps = values(&steps);
            self.lists.push(list);
            self.procedures.push(PlacedProcedure { states, steps });
        }
    }

    fn read_deadlines(&mut self, mut document: Document<'_>, faults: &mut Faults) {
        self.deadlines.extend(document.take_array("deadline", faults));
        document.take_rest::<Empty>(faults);
    }

    fn read_messages(&mut self, mut document: Document<'_>, faults: &mut Faults) {
        self.messages.extend(document.take_array("message", faults));
        document.take_rest::<Empty>(faults);
    }

    fn read_looks(&mut self, mut document: Document<'_>, faults: &mut Faults) {
        self.look_rules.extend(document.take_array("rule", faults));
        self.looks = document.take_rest(faults);
    }

    fn read_measures(&mut self, mut document: Document<'_>, faults: &mut Faults) {
        self.restrictions
            .extend(document.take_array("restriction", faults));
        self.incentives.extend(document.take_array("incentive", faults));
        document.take_rest::<Empty>(faults);
    }

    fn read_access(&mut self, mut document: Document<'_>, faults: &mut Faults) {
        self.purposes.extend(document.take_array("purpose", faults));
        self.roles.extend(document.take_array("role", faults));
        document.take_rest::<Empty>(faults);
    }

    fn read_calendar(&mut self, mut document: Document<'_>, faults: &mut Faults) {
        let holidays = document.take_array::<Holiday>("holiday", faults);
        let workdays = document.take_array::<Workday>("workday", faults);
        for Placed { value, place } in &holidays {
            if value.from > value.to {
                let message = format!("it ends on {}, before it begins", value.to);
                place.fault_at(faults, "to", message, "");
            }
        }
        self.calendar.holidays = holidays.into_iter().map(|holiday| holiday.value).collect();
        self.calendar.workdays = workdays.into_iter().map(|workday| workday.value).collect();
        if let Some(head) = document.take_rest::<CalendarHead>(faults) {
            self.calendar.legal_basis = head.value.legal_basis;
            self.calendar.announced_to = head.value.announced_to;
        }
    }

    fn read_scorecard(&mut self, mut document: Document<'_>, faults: &mut Faults) {
        let dimensions = document.take_array::<Dimension>("dimension", faults);
        let features = document.take_array::<Feature>("feature", faults);
        if let Some(mut card) = document.take_rest::<Scorecard>(faults) {
            card.value.dimensions = dimensions.into_iter().map(|dimension| dimension.value).collect();
            card.value.features = features.iter().map(|feature| feature.value.clone()).collect();
            self.cards.push((card, features));
        }
    }

    fn read_service(&mut self, mut document: Document<'_>, faults: &mut Faults) {
        let materials = document.take_array::<Material>("material", faults);
        if let Some(mut service) = document.take_rest::<Service>(faults) {
            service.value.materials = materials.iter().map(|material| material.value.clone()).collect();
            self.services.push((service, materials));
        }
    }

    fn verify(&self, faults: &mut Faults) {
        if let Some(Placed { value: head, place }) = &self.head {
            if head.language != crate::LANGUAGE {
                let message = format!("policy language `{}` is not {}", head.language, crate::LANGUAGE);
                place.fault_at(faults, "language", message, "this program reads version 1");
            }
            if head.edition.trim().is_empty() || head.edition.chars().count() > 64 {
                place.fault_at(faults, "edition", "an edition has 1 to 64 characters", "");
            }
        }
        let classes: Vec<Class> = values(&self.classes);
        let items: Vec<Item> = values(&self.items);
        let lists: Vec<List> = values(&self.lists);
        let purposes: Vec<Purpose> = values(&self.purposes);
        for item in &self.items {
            verify_item(item, &classes, faults);
        }
        for Placed { value, place } in &self.sources {
            for code in &value.items {
                if !items.iter().any(|item| item.code == *code) {
                    let message = format!("item `{code}` is not in the catalogue");
                    place.fault_at(faults, "items", message, "");
                }
            }
        }
        for (card, features) in &self.cards {
            verify_scorecard(card, features, &items, faults);
        }
        for list in &self.lists {
            verify_list(list, &items, faults);
        }
        for (list, procedure) in self.lists.iter().zip(&self.procedures) {
            verify_procedure(list, procedure, &lists, &items, faults);
        }
        for rule in &self.restrictions {
            verify_restriction(rule, &lists, faults);
        }
        for rule in &self.incentives {
            verify_incentive(rule, &self.restrictions, &lists, faults);
        }
        for (service, materials) in &self.services {
            verify_service(service, materials, &items, &purposes, faults);
        }
        for role in &self.roles {
            verify_role(role, &purposes, faults);
        }
        self.repair.verify(&items, faults);
        verify_deadlines(&self.deadlines, faults);
        verify_messages(&self.messages, &self.items, faults);
        verify_looks(self.looks.as_ref(), &self.look_rules, &purposes, faults);
        self.verify_once(faults);
    }

    /// A code names one thing, and a kind of subject has one general scorecard.
    fn verify_once(&self, faults: &mut Faults) {
        once("class", &self.classes, |class| &class.code, faults);
        once("item", &self.items, |item| &item.code, faults);
        once("source", &self.sources, |source| &source.code, faults);
        once("list", &self.lists, |list| &list.code, faults);
        once("purpose", &self.purposes, |purpose| &purpose.code, faults);
        once("role", &self.roles, |role| &role.code, faults);
        let mut codes = Vec::new();
        for (code, place) in self
            .restrictions
            .iter()
            .map(|rule| (&rule.value.code, &rule.place))
            .chain(self.incentives.iter().map(|rule| (&rule.value.code, &rule.place)))
        {
            if codes.contains(&code) {
                place.fault_at(faults, "code", format!("measure `{code}` stands twice"), "");
            }
            codes.push(code);
        }
        let mut services = Vec::new();
        for (service, _) in &self.services {
            if services.contains(&&service.value.code) {
                let message = format!("service `{}` stands twice", service.value.code);
                service.place.fault_at(faults, "code", message, "");
            }
            services.push(&service.value.code);
        }
        verify_cards(&self.cards, faults);
    }
}

fn values<T: Clone>(entries: &[Placed<T>]) -> Vec<T> {
    entries.iter().map(|entry| entry.value.clone()).collect()
}

fn once<T, K: PartialEq + Display>(
    noun: &str,
    entries: &[Placed<T>],
    code: impl Fn(&T) -> &K,
    faults: &mut Faults,
) {
    for (at, Placed { value, place }) in entries.iter().enumerate() {
        if entries
            .iter()
            .take(at)
            .any(|other| code(&other.value) == code(value))
        {
            let message = format!("{noun} `{}` stands twice", code(value));
            place.fault_at(faults, "code", message, "a code names one thing");
        }
    }
}

/// A file of lists of tables and nothing else.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {}
