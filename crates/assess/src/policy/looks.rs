//! Unusual looking: signs by which a look is put before an auditor, each with its points. Read from `looks.toml`.
//!
//! A weight says nothing of the person looked at, and of the officer only that somebody should ask. It is the sum of its reasons.

use jiff::civil::DateTime;
use record::PurposeCode;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::fault::Faults;
use super::read::Placed;
use super::text::{LegalBasis, Text};
use super::{Purpose, clauses::clause_id};

/// What makes a look worth a question. A closed set: the store knows how each is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookSign {
    /// The file is in the officer's own name: their own, or that of somebody called so.
    OwnName,
    /// The person has the officer's surname.
    SameSurname,
    /// Many different people within a short time.
    Burst,
    /// Many more people than on the officer's own usual day.
    BusyDay,
    /// Outside working hours.
    OutOfHours,
    /// One person again and again, on different days.
    Again,
    /// The officer's department holds no record of the person.
    NoBusiness,
    /// A made-up subject that nobody has cause to look at.
    Decoy,
}

impl LookSign {
    /// Every sign.
    pub const ALL: [Self; 8] = [
        Self::OwnName,
        Self::SameSurname,
        Self::Burst,
        Self::BusyDay,
        Self::OutOfHours,
        Self::Again,
        Self::NoBusiness,
        Self::Decoy,
    ];

    /// Its code in policy and SQL, and in clause ids with `-` for `_`.
    pub fn code(self) -> &'static str {
        match self {
            Self::OwnName => "own_name",
            Self::SameSurname => "same_surname",
            Self::Burst => "burst",
            Self::BusyDay => "busy_day",
            Self::OutOfHours => "out_of_hours",
            Self::Again => "again",
            Self::NoBusiness => "no_business",
            Self::Decoy => "decoy",
        }
    }

    /// The sign with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sign| sign.code() == code)
    }

    /// The keys that a rule of it must state.
    fn needs(self) -> &'static [&'static str] {
        match self {
            Self::Burst => &["at_least", "within_minutes"],
            Self::BusyDay => &["at_least", "times", "known_days"],
            Self::Again => &["at_least"],
            Self::OutOfHours => &["opens", "closes"],
            Self::NoBusiness => &["purposes"],
            Self::OwnName | Self::SameSurname | Self::Decoy => &[],
        }
    }
}

/// A rule: a sign, when it holds, and what it weighs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookRule {
    /// Which sign.
    pub sign: LookSign,
    /// Its name.
    pub name: Text,
    /// When it holds and what it may mean, in plain words.
    pub text: Text,
    /// What it weighs.
    pub points: u32,
    /// From how many: people in a burst or on a day, days of looking at one person.
    #[serde(default)]
    pub at_least: Option<u32>,
    /// How long a burst is.
    #[serde(default)]
    pub within_minutes: Option<u32>,
    /// How many times the officer's usual day.
    #[serde(default)]
    pub times: Option<u32>,
    /// How many former days with looks there must be, before anything is usual.
    #[serde(default)]
    pub known_days: Option<u32>,
    /// The hour at which work begins.
    #[serde(default)]
    pub opens: Option<u8>,
    /// The hour at which it is over.
    #[serde(default)]
    pub closes: Option<u8>,
    /// For looks of which purposes; of every one if it names none.
    #[serde(default)]
    pub purposes: Vec<PurposeCode>,
    /// What is looked at by the way and does not count: the first word of what was looked at, e.g. `link`.
    #[serde(default)]
    pub leaves_out: Vec<String>,
    /// Written from memory.
    #[serde(default)]
    pub unverified: bool,
    /// What it rests on.
    pub legal_basis: Vec<LegalBasis>,
}

/// What stands in the file beside the rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookHead {
    review_from: u32,
    days_back: u32,
    bulk: Vec<String>,
    review_working_days: u32,
    answer_working_days: u32,
    answer_text: Text,
    legal_basis: Vec<LegalBasis>,
}

/// The rules of overseeing looks. A bundle from before has none, and finds nothing unusual.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LookRules {
    head: Option<LookHead>,
    rules: Vec<LookRule>,
}

/// What is known of a look when it is weighed. Whoever counts leaves out what [`LookRules::bulk`] names.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an answer of its own")]
pub struct LookFacts {
    /// When, in Asia/Shanghai.
    pub at: DateTime,
    /// What for.
    pub purpose: PurposeCode,
    /// What was looked at, as its code.
    pub what: String,
    /// Whether the file is in the officer's name.
    pub own_name: bool,
    /// Whether the person has the officer's surname.
    pub same_surname: bool,
    /// How many people the officer looked at within the minutes of a burst, this one too.
    pub lately: u64,
    /// How many people the officer looked at on this day so far, this one too.
    pub today: u64,
    /// On how many former days the officer looked at anybody.
    pub former_days: u64,
    /// How many people on all those days together.
    pub former: u64,
    /// On how many days the officer looked at this person, this one too.
    pub days_again: u64,
    /// Whether the officer's department holds a record of the person.
    pub has_business: bool,
    /// Whether it is a decoy.
    pub decoy: bool,
}

/// Why a look weighs what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookReason {
    /// The sign that holds.
    pub sign: LookSign,
    /// What it weighs.
    pub points: u32,
}

/// What a look weighs: the sum of its reasons.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookWeight {
    /// The sum.
    pub points: u32,
    /// The reasons, in the order of the file.
    pub reasons: Vec<LookReason>,
}

impl LookRules {
    pub(crate) fn of(head: Option<Placed<LookHead>>, rules: Vec<Placed<LookRule>>) -> Self {
        Self {
            head: head.map(|head| head.value),
            rules: rules.into_iter().map(|rule| rule.value).collect(),
        }
    }

    /// The rules, in the order of the file.
    pub fn rules(&self) -> &[LookRule] {
        &self.rules
    }

    /// The rule of this sign.
    pub fn rule(&self, sign: LookSign) -> Option<&LookRule> {
        self.rules.iter().find(|rule| rule.sign == sign)
    }

    /// From how many points a look is reviewed; `None` if none ever is.
    pub fn review_from(&self) -> Option<u32> {
        self.head.as_ref().map(|head| head.review_from)
    }

    /// How many days back an officer's own looks are counted.
    pub fn days_back(&self) -> u32 {
        self.head.as_ref().map_or(0, |head| head.days_back)
    }

    /// What is looked at many at a time and counted nowhere: the first word of what was looked at, e.g. `records`.
    pub fn bulk(&self) -> &[String] {
        self.head.as_ref().map_or(&[], |head| &head.bulk)
    }

    /// Within how many working days an unusual look is reviewed.
    pub fn review_working_days(&self) -> u32 {
        self.head.as_ref().map_or(0, |head| head.review_working_days)
    }

    /// What a person who asks about a look is promised, and the law that it rests on; nothing from before there were such rules.
    pub fn promise(&self) -> Option<(&Text, &[LegalBasis])> {
        let head = self.head.as_ref()?;
        Some((&head.answer_text, &head.legal_basis))
    }

    /// Within how many working days a person's question about a look is answered.
    pub fn answer_working_days(&self) -> u32 {
        self.head.as_ref().map_or(0, |head| head.answer_working_days)
    }

    /// What a look weighs.
    pub fn weigh(&self, calendar: &Calendar, facts: &LookFacts) -> LookWeight {
        let reasons: Vec<LookReason> = self
            .rules
            .iter()
            .filter(|rule| rule.holds(calendar, facts))
            .map(|rule| LookReason {
                sign: rule.sign,
                points: rule.points,
            })
            .collect();
        LookWeight {
            points: reasons.iter().map(|reason| reason.points).sum(),
            reasons,
        }
    }
}

impl LookRule {
    fn holds(&self, calendar: &Calendar, facts: &LookFacts) -> bool {
        let purpose = self.purposes.is_empty() || self.purposes.contains(&facts.purpose);
        let kind = facts.what.split(' ').next().unwrap_or_default();
        if !purpose || self.leaves_out.iter().any(|left| left == kind) {
            return false;
        }
        let reaches = |found: u64| self.at_least.is_some_and(|least| found >= u64::from(least));
        match self.sign {
            LookSign::OwnName => facts.own_name,
            // One's own name has one's own surname; the two are not counted twice.
            LookSign::SameSurname => facts.same_surname && !facts.own_name,
            LookSign::Burst => reaches(facts.lately),
            LookSign::BusyDay => {
                let known = self.known_days.map_or(u64::MAX, u64::from).max(1);
                let times = self.times.map_or(u64::MAX, u64::from);
                let beyond =
                    facts.today.saturating_mul(facts.former_days) > times.saturating_mul(facts.former);
                reaches(facts.today) && facts.former_days >= known && beyond
            }
            LookSign::OutOfHours => {
                let hour = u8::try_from(facts.at.hour()).unwrap_or(0);
                let open = self.opens.is_some_and(|opens| hour >= opens)
                    && self.closes.is_some_and(|closes| hour < closes);
                !(open && calendar.is_working_day(facts.at.date()))
            }
            LookSign::Again => reaches(facts.days_again),
            LookSign::NoBusiness => !facts.has_business,
            LookSign::Decoy => facts.decoy,
        }
    }
}

/// The most that one sign weighs, and the most days that are counted back.
const POINTS_MOST: u32 = 100;
const DAYS_MOST: u32 = 366;

pub(crate) fn verify_looks(
    head: Option<&Placed<LookHead>>,
    rules: &[Placed<LookRule>],
    purposes: &[Purpose],
    faults: &mut Faults,
) {
    if let Some(Placed { value, place }) = head {
        let bounds = [
            ("review_from", value.review_from, 1_000),
            ("days_back", value.days_back, DAYS_MOST),
            ("review_working_days", value.review_working_days, 60),
            ("answer_working_days", value.answer_working_days, 60),
        ];
        for (key, found, most) in bounds {
            if !(1..=most).contains(&found) {
                place.fault_at(faults, key, format!("`{found}` is not 1 to {most}"), "");
            }
        }
        if !value.answer_text.is_whole() {
            place.fault_at(faults, "answer_text", "a text is empty", "both languages");
        }
    }
    for (at, Placed { value, place }) in rules.iter().enumerate() {
        if !(1..=POINTS_MOST).contains(&value.points) {
            let message = format!("`{}` points are not 1 to {POINTS_MOST}", value.points);
            place.fault_at(faults, "points", message, "");
        }
        for key in value.sign.needs().iter().filter(|key| !place.states(key)) {
            let message = format!("a rule of `{}` states `{key}`", value.sign.code());
            place.fault(faults, message, "without it nobody can say when it holds");
        }
        for code in &value.purposes {
            if !purposes.iter().any(|purpose| purpose.code == *code) {
                let message = format!("there is no purpose `{code}`");
                place.fault_at(faults, "purposes", message, "see access/purposes.toml");
            }
        }
        let twice = rules.iter().take(at).any(|other| other.value.sign == value.sign);
        if twice || clause_id(&["looks", &value.sign.code().replace('_', "-")]).is_none() {
            let message = format!("sign `{}` has two rules", value.sign.code());
            place.fault_at(faults, "sign", message, "a sign has one");
        }
    }
}
