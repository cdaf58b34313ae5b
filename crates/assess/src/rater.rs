//! Rating many: the same scorecards, compiled for a day, over lives that were resolved before.

use jiff::civil::Date;
use record::SubjectKind;

use crate::day::DayStamp;
use crate::fold::{Fold, Tally};
use crate::grade::NotRated;
use crate::life::LifeSpan;
use crate::plan::{Line, Plan};
use crate::policy::{Bundle, Card, Letter, is_minor};

/// How many reasons a rating of many names.
pub const REASONS_MOST: usize = 4;

/// Who is rated, as far as it bears on whether.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Who {
    /// What kind of subject it is, if any record says so.
    pub kind: Option<SubjectKind>,
    /// Of a person: the day of birth, if it is known. It protects the young, and is read for nothing else.
    pub born: Option<Date>,
    /// The day from which on it is not rated any more: of a person the death, of an organisation the day it was struck off.
    pub over: Option<Date>,
}

/// What a scorecard says of one subject on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rated {
    /// The scorecard's place among those of the bundle.
    pub card: u16,
    /// The points.
    pub points: i32,
    /// The letter.
    pub letter: Letter,
    /// By dimension, its points within its bounds.
    pub dimensions: Vec<i32>,
    /// The features that give or take most, by place, and their points.
    pub reasons: Vec<(u16, i32)>,
}

/// The scorecards of a bundle on one day, and what one folding needs at hand.
#[derive(Debug)]
pub struct Rater<'b> {
    on: Date,
    stamp: DayStamp,
    cards: Vec<Compiled<'b>>,
    /// By line, whether it tells of a notice of rating.
    notices: Vec<bool>,
    /// How many reasons a rating names.
    reasons_most: usize,
}

#[derive(Debug)]
struct Compiled<'b> {
    card: &'b Card,
    fold: &'b Fold,
    /// By line: the item's place, where a feature reads it as this line does.
    places: Vec<Option<u16>>,
    /// By line, whether a record of it makes the scorecard apply.
    applies_with: Vec<bool>,
    tally: Tally,
    applies: bool,
}

impl<'b> Rater<'b> {
    /// Compiles the scorecards for a day. The plan is the one by which the lives were packed; it must
    /// [cover](Plan::covers) the bundle's own.
    pub fn new(bundle: &'b Bundle, plan: &Plan, on: Date) -> Self {
        Self {
            on,
            stamp: DayStamp::of(on),
            cards: bundle
                .all_folds()
                .map(|(card, fold)| Compiled::new(bundle, card, fold, plan, on))
                .collect(),
            notices: plan.lines().iter().map(Line::tells_of_notice).collect(),
            reasons_most: REASONS_MOST,
        }
    }

    /// The same, with every feature that gives or takes points among the reasons, for comparing two scorecards.
    #[must_use]
    pub fn telling_all(self) -> Self {
        Self {
            reasons_most: usize::MAX,
            ..self
        }
    }

    /// Rates one subject. Its spans stand by line.
    ///
    /// # Errors
    /// Why it is not rated.
    pub fn rate(&mut self, who: Who, spans: &[LifeSpan]) -> Result<Rated, NotRated> {
        let kind = self.kind(who)?;
        let mut noticed = kind != SubjectKind::Person;
        let Self {
            stamp,
            cards,
            notices,
            ..
        } = self;
        let mut cards: Vec<&mut Compiled<'_>> = cards
            .iter_mut()
            .filter(|card| card.card.subjects.contains(&kind))
            .collect();
        for card in &mut cards {
            card.tally.clear();
            card.applies = card.card.is_general();
        }
        for run in spans.chunk_by(|one, other| one.line == other.line) {
            let line = run.first().map_or(0, |span| usize::from(span.line));
            let counting = run.iter().filter(|span| span.counts_on(*stamp));
            noticed |= notices.get(line).is_some_and(|is| *is) && counting.clone().next().is_some();
            for card in &mut cards {
                card.gather(line, counting.clone());
            }
        }
        if !noticed {
            return Err(NotRated::NoNotice);
        }
        self.best(kind).ok_or(NotRated::NoScorecard)
    }

    fn kind(&self, who: Who) -> Result<SubjectKind, NotRated> {
        let of_kind = |kind: &SubjectKind| self.cards.iter().any(|card| card.card.subjects.contains(kind));
        let kind = who.kind.filter(of_kind).ok_or(NotRated::NoScorecard)?;
        let is_person = kind == SubjectKind::Person;
        if is_person && who.born.is_some_and(|born| is_minor(born, self.on)) {
            return Err(NotRated::Minor);
        }
        match who.over {
            Some(over) if over <= self.on && is_person => Err(NotRated::Deceased),
            Some(over) if over <= self.on => Err(NotRated::Cancelled),
            _ => Ok(kind),
        }
    }

    /// Guard 1: the best scorecard counts; of equals the last.
    fn best(&self, kind: SubjectKind) -> Option<Rated> {
        let cards = self.cards.iter().zip(0_u16..);
        let mut applying = cards.filter(|(card, _)| card.applies && card.card.subjects.contains(&kind));
        let first = applying.next()?;
        let points = |card: &Compiled<'_>| {
            let (points, letter) = card.fold.points(&card.tally, None);
            (letter, points)
        };
        let mut best = first;
        let mut reached = None;
        for next in applying {
            let before = *reached.get_or_insert_with(|| points(best.0));
            let after = points(next.0);
            if after >= before {
                (best, reached) = (next, Some(after));
            }
        }
        Some(best.0.rated(best.1, self.reasons_most))
    }
}

impl<'b> Compiled<'b> {
    fn new(bundle: &'b Bundle, card: &'b Card, fold: &'b Fold, plan: &Plan, on: Date) -> Self {
        let applies_with = |line: &Line| card.applies_with.contains(&line.item);
        Self {
            card,
            fold,
            places: plan
                .lines()
                .iter()
                .map(|line| place(bundle, fold, plan, line))
                .collect(),
            applies_with: plan.lines().iter().map(applies_with).collect(),
            tally: fold.empty(on),
            applies: false,
        }
    }

    fn gather<'s>(&mut self, line: usize, mut counting: impl Iterator<Item = &'s LifeSpan> + Clone) {
        if let Some(place) = self.places.get(line).copied().flatten() {
            let facts = counting.clone().map(|span| &span.fact);
            self.fold.gather(&mut self.tally, place, &facts);
        }
        let may_apply = !self.applies && self.applies_with.get(line).is_some_and(|applies| *applies);
        self.applies |= may_apply && counting.next().is_some();
    }

    fn rated(&self, at: u16, most: usize) -> Rated {
        let mut reasons: Vec<(u16, i32)> = Vec::with_capacity(REASONS_MOST + 1);
        let (points, letter, dimensions) = self.fold.score_told(&self.tally, |feature, points| {
            // Features come in their order, and of equals the first stands first.
            let place = reasons.partition_point(|(_, other)| other.abs() >= points.abs());
            if points != 0 && place < most {
                reasons.insert(place, (feature, points));
                reasons.truncate(most);
            }
        });
        Rated {
            card: at,
            points,
            letter,
            dimensions,
            reasons,
        }
    }
}

/// The place of a line's item, where this scorecard reads the item as the line has it.
fn place(bundle: &Bundle, fold: &Fold, plan: &Plan, line: &Line) -> Option<u16> {
    let item = bundle.item(&line.item).filter(|item| item.rateable)?;
    let place = fold.place(&item.code).filter(|place| fold.reads(*place))?;
    // Where nobody counts its months, an item's first line does.
    let as_read = match fold.period(place) {
        Some(period) => line.period().as_ref() == Some(period),
        None => plan
            .of_item(&line.item)
            .next()
            .is_some_and(|(_, first)| first == line),
    };
    as_read.then_some(place)
}

/// By feature of a scorecard: the lines that it reads.
pub fn lines_read(bundle: &Bundle, plan: &Plan, card: &Card) -> Vec<Vec<u16>> {
    let mut read = vec![Vec::new(); card.features.len()];
    let Some((_, fold)) = bundle.all_folds().find(|(other, _)| other.code == card.code) else {
        return read;
    };
    for (line, at) in plan.lines().iter().zip(0_u16..) {
        if place(bundle, fold, plan, line).is_none() {
            continue;
        }
        for (feature, lines) in card.features.iter().zip(&mut read) {
            if feature.items.contains(&line.item) {
                lines.push(at);
            }
        }
    }
    read
}
