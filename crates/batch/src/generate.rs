//! A made-up population straight into a mirror: skewed as real ones are, and the same for the same seed.

use std::path::Path;

use assess::{Bundle, DayStamp, Fact, LifeSpan, Nature, Plan, RatedWho};
use jiff::Span;
use jiff::civil::Date;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use record::{SubjectKind, TreeSize, ValueKind};
use segment::{About, Writer};

use crate::error::Result;

/// How many are made.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// Records, to the one.
    pub records: u64,
    /// Subjects; one in twelve is an organisation.
    pub subjects: u64,
    /// What chance begins with.
    pub seed: u64,
    /// The newest day.
    pub on: Date,
}

/// Of how many subjects one is an organisation.
const ORGANISATION_EACH: u64 = 12;
/// The share of all records that the one with the most has, in a million: 77,000 of 351 million.
const LARGEST_PPM: u64 = 220;
/// How much seldomer an adverse item is than a good one at its place.
const ADVERSE_SELDOM: u64 = 400;
/// How far back records go, in days.
const DAYS: i64 = 3_650;

/// A line as it is drawn.
struct Kind {
    line: u16,
    adverse: bool,
    quantity: Option<ValueKind>,
    months: bool,
}

/// What is drawn for one kind of subject: its lines, and how much of the whole stands up to each.
struct Lines {
    kinds: Vec<Kind>,
    /// Rising to 1,000,000.
    up_to: Vec<u64>,
}

/// Writes a mirror of a made-up population.
///
/// # Errors
/// When it cannot be written.
pub fn generate(place: &Path, bundle: &Bundle, made: Made) -> Result<()> {
    let plan = Plan::of(bundle);
    let of_persons = Lines::of(bundle, &plan, SubjectKind::Person);
    let of_firms = Lines::of(bundle, &plan, SubjectKind::Organisation);
    let notice = plan
        .lines()
        .iter()
        .position(|line| line.item.as_str() == "act.notice");
    let notice = u16::try_from(notice.unwrap_or(0)).unwrap_or(0);
    let mut writer = Writer::create(
        place,
        About {
            known: TreeSize(made.records),
            rules: "made up".to_owned(),
            plan,
        },
    )?;
    let mut chance = ChaCha8Rng::seed_from_u64(made.seed);
    let days = Days::before(made.on);
    let (mut left, mut spans) = (made.records, Vec::new());
    for subject in 0..made.subjects {
        let is_firm = subject % ORGANISATION_EACH == 7;
        let lines = if is_firm { &of_firms } else { &of_persons };
        let count = size(&mut chance, made, subject, left);
        left -= count;
        spans.clear();
        for nth in 0..count {
            // Everyone but one in fifty was told of being rated.
            let told = nth == 0 && !is_firm && subject % 50 != 3;
            spans.push(if told {
                days.notice(notice)
            } else {
                lines.draw(&mut chance, &days)
            });
        }
        spans.sort_unstable_by_key(|span| (span.line, span.fact.occurred, span.from));
        let born = (!is_firm).then(|| {
            made.on
                .saturating_sub(Span::new().days(chance.random_range(3_000..32_000_i64)))
        });
        let who = RatedWho {
            kind: Some(if is_firm {
                SubjectKind::Organisation
            } else {
                SubjectKind::Person
            }),
            born,
            over: (subject % 97 == 5).then(|| days.back(&mut chance).1).flatten(),
        };
        writer.push(subject, who, &spans)?;
    }
    writer.finish()?;
    Ok(())
}

/// How many records a subject has: half of them less than the mean, some many times it, one a great many, and all together
/// exactly as many as are wanted.
fn size(chance: &mut ChaCha8Rng, made: Made, subject: u64, left: u64) -> u64 {
    let others = made.subjects - subject - 1;
    if others == 0 {
        return left;
    }
    if subject == made.subjects / 2 {
        return left.min(made.records * LARGEST_PPM / 1_000_000);
    }
    let mean = left / (others + 1);
    // The product of two even chances leans to little and has a long tail; its mean is a quarter.
    let (one, other) = (
        chance.random_range(0..=2_000_u64),
        chance.random_range(0..=2_000_u64),
    );
    (mean * one * other / 1_000_000).min(left)
}

/// The days that records have, by how long ago they were.
struct Days {
    stamps: Vec<DayStamp>,
}

impl Days {
    /// The days up to this one and as many after it.
    fn before(on: Date) -> Self {
        let stamp = |ago: i64| DayStamp::of(on.saturating_sub(Span::new().days(ago)));
        Self {
            stamps: (-DAYS..=DAYS).map(stamp).collect(),
        }
    }

    fn at(&self, ago: i64) -> DayStamp {
        let place = usize::try_from(ago + DAYS).unwrap_or(0);
        self.stamps.get(place).copied().unwrap_or(DayStamp::NEVER)
    }

    /// A day, the more recent the likelier; how long ago it was, and the day itself.
    fn back(&self, chance: &mut ChaCha8Rng) -> (i64, Option<Date>) {
        let ago = chance.random_range(0..DAYS).min(chance.random_range(0..DAYS));
        (ago, self.at(ago).day())
    }

    fn notice(&self, line: u16) -> LifeSpan {
        LifeSpan {
            line,
            from: self.at(DAYS - 1),
            until: DayStamp::NEVER,
            fact: Fact {
                occurred: self.at(DAYS - 1),
                quantity: 0,
                covers: None,
            },
        }
    }
}

impl Lines {
    /// The lines of one kind of subject. The n-th likeliest is drawn 1/n times as often as the first.
    fn of(bundle: &Bundle, plan: &Plan, kind: SubjectKind) -> Self {
        let mut kinds: Vec<Kind> = Vec::new();
        for (line, at) in plan.lines().iter().zip(0_u16..) {
            let Some(item) = bundle
                .item(&line.item)
                .filter(|item| item.subjects.contains(&kind))
            else {
                continue;
            };
            kinds.push(Kind {
                line: at,
                adverse: item.nature == Nature::Adverse,
                quantity: item.quantity_kind(),
                months: line.period.is_some(),
            });
        }
        // Insurance and funds come every month, good records now and then, adverse ones seldom.
        kinds.sort_by_key(|kind| (!kind.months, kind.adverse, kind.line));
        let seldom = |kind: &Kind| if kind.adverse { ADVERSE_SELDOM } else { 1 };
        let weights: Vec<u64> = kinds
            .iter()
            .zip(1..)
            .map(|(kind, n)| 1_000_000 / (n * seldom(kind)))
            .collect();
        let whole = weights.iter().sum::<u64>().max(1);
        let mut sum = 0;
        let up_to = weights.iter().map(|weight| {
            sum += weight;
            sum * 1_000_000 / whole
        });
        Self {
            up_to: up_to.collect(),
            kinds,
        }
    }

    fn draw(&self, chance: &mut ChaCha8Rng, days: &Days) -> LifeSpan {
        let place = chance.random_range(0..1_000_000_u64);
        let at = self
            .up_to
            .partition_point(|up_to| *up_to <= place)
            .min(self.kinds.len().saturating_sub(1));
        let ago = chance.random_range(0..DAYS).min(chance.random_range(0..DAYS));
        let occurred = days.at(ago);
        let Some(kind) = self.kinds.get(at) else {
            return days.notice(0);
        };
        let lasts = if kind.adverse {
            chance.random_range(365..1_826_i64)
        } else {
            i64::MAX
        };
        let until = if lasts > ago + DAYS {
            DayStamp::NEVER
        } else {
            days.at(ago - lasts)
        };
        let quantity = match kind.quantity {
            Some(ValueKind::Amount) => {
                10_i64.pow(chance.random_range(3..8)) * chance.random_range(1..100_i64) / 10
            }
            Some(_) => chance.random_range(1..40),
            None => 0,
        };
        let last = occurred.month();
        let covers = kind.months.then(|| {
            let yearly = chance.random_range(0..20) == 0;
            (last - if yearly { 11 } else { 0 }, last)
        });
        LifeSpan {
            line: kind.line,
            from: occurred,
            until,
            fact: Fact {
                occurred,
                quantity,
                covers,
            },
        }
    }
}
