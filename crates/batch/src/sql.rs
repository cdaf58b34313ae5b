//! A scorecard as one plain SQL statement over the tables of `write_facts`, so that anyone can check a rating in another
//! engine. It is written out from the same policy, and reads nothing else.

use std::fmt::Write as _;

use assess::{Bundle, Plan, Reading, Scorecard, lines_read};
use jiff::Span;
use jiff::civil::Date;

/// Months in one word of a set: what a 128-bit number with a sign holds, in rounds of ten years.
const WORD: u32 = 120;
/// The most months of a window.
const MONTHS: u32 = 240;

/// The statement that rates by this scorecard on a day: one row for each subject that it rates, with `subject`, `points`,
/// `grade` and the points of each dimension. None if the bundle has no scorecard of this code.
///
/// It is written for DuckDB, and uses of it beyond SQL:2023 only `HUGEINT`, `bit_or` and `bit_count`, for sets of months.
pub fn statement(bundle: &Bundle, plan: &Plan, code: &str, on: Date) -> Option<String> {
    let card = bundle.scorecards().find(|card| card.code == code)?;
    let mut sql = String::new();
    // Writing into a string cannot fail.
    let _ = write(&mut sql, bundle, plan, card, on);
    Some(sql)
}

fn write(sql: &mut String, bundle: &Bundle, plan: &Plan, card: &Scorecard, on: Date) -> std::fmt::Result {
    let read = lines_read(bundle, plan, card);
    writeln!(
        sql,
        "-- {} ({}) on {on}, by edition {}",
        card.code,
        card.name.en,
        bundle.edition()
    )?;
    for (line, at) in plan.lines().iter().zip(0_u16..) {
        if read.iter().any(|lines| lines.contains(&at)) {
            writeln!(sql, "-- line {at}: {}", line.item)?;
        }
    }
    counting(sql, on)?;
    features(sql, plan, card, &read, on)?;
    dimensions(sql, card)?;
    total(sql, card, on)?;
    graded(sql, card)
}

/// The facts that count on the day.
fn counting(sql: &mut String, on: Date) -> std::fmt::Result {
    writeln!(sql, "WITH counting AS (")?;
    writeln!(
        sql,
        "  SELECT subject, line, occurred, quantity, first_month, last_month, {} AS age_months",
        age(on)
    )?;
    writeln!(sql, "  FROM facts")?;
    writeln!(sql, "  WHERE (counts_from IS NULL OR counts_from <= DATE '{on}')")?;
    writeln!(
        sql,
        "    AND (counts_until IS NULL OR counts_until > DATE '{on}')"
    )
}

/// The value of each feature.
fn features(
    sql: &mut String,
    plan: &Plan,
    card: &Scorecard,
    read: &[Vec<u16>],
    on: Date,
) -> std::fmt::Result {
    writeln!(sql, "), feature AS (\n  SELECT subject,")?;
    writeln!(
        sql,
        "    count(*) FILTER (WHERE line IN ({})) AS notices,",
        listed(&notices(plan))
    )?;
    write!(
        sql,
        "    count(*) FILTER (WHERE line IN ({})) AS applying",
        listed(&applying(plan, card))
    )?;
    for (at, (feature, lines)) in card.features.iter().zip(read).enumerate() {
        write!(
            sql,
            ",\n    -- {}\n    {} AS f{at}",
            feature.code,
            value(feature, lines, on)
        )?;
    }
    writeln!(sql, "\n  FROM counting GROUP BY subject")
}

/// The points of each dimension, within its bounds.
fn dimensions(sql: &mut String, card: &Scorecard) -> std::fmt::Result {
    write!(sql, "), dimension AS (\n  SELECT subject, notices, applying")?;
    for (at, dimension) in card.dimensions.iter().enumerate() {
        let of = card
            .features
            .iter()
            .enumerate()
            .filter(|(_, feature)| feature.dimension == dimension.code);
        let points: Vec<String> = of.map(|(at, feature)| points(at, feature)).collect();
        let sum = if points.is_empty() {
            "0".to_owned()
        } else {
            points.join("\n      + ")
        };
        write!(sql, ",\n    -- {}\n    ", dimension.code)?;
        write!(
            sql,
            "greatest({}, least({}, {sum})) AS d{at}",
            dimension.least, dimension.most
        )?;
    }
    writeln!(sql, "\n  FROM feature")
}

/// The points of everyone who may be rated, whoever has no facts among them.
fn total(sql: &mut String, card: &Scorecard, on: Date) -> std::fmt::Result {
    let sum: Vec<String> = (0..card.dimensions.len())
        .map(|at| format!("coalesce(d{at}, 0)"))
        .collect();
    writeln!(sql, "), total AS (")?;
    writeln!(
        sql,
        "  SELECT s.subject, coalesce(notices, 0) AS notices, coalesce(applying, 0) AS applying,"
    )?;
    for (at, dimension) in card.dimensions.iter().enumerate() {
        writeln!(sql, "    coalesce(d{at}, 0) AS \"{}\",", dimension.code)?;
    }
    writeln!(sql, "    {} + {} AS points", card.base.points, sum.join(" + "))?;
    writeln!(sql, "  FROM subjects s LEFT JOIN dimension USING (subject)")?;
    writeln!(sql, "  WHERE {}\n)", rated(card, on))
}

/// The grade.
fn graded(sql: &mut String, card: &Scorecard) -> std::fmt::Result {
    write!(
        sql,
        "SELECT subject, points, CASE WHEN points >= {} THEN 'A'",
        card.letters.a
    )?;
    write!(
        sql,
        " WHEN points >= {} THEN 'B' WHEN points >= {} THEN 'C'",
        card.letters.b, card.letters.c
    )?;
    write!(sql, " ELSE 'D' END AS grade")?;
    for dimension in &card.dimensions {
        write!(sql, ", \"{}\"", dimension.code)?;
    }
    let mut where_it_applies = Vec::new();
    if card.subjects.contains(&record::SubjectKind::Person) {
        where_it_applies.push("notices > 0");
    }
    if !card.is_general() {
        where_it_applies.push("applying > 0");
    }
    write!(sql, "\nFROM total")?;
    if !where_it_applies.is_empty() {
        write!(sql, " WHERE {}", where_it_applies.join(" AND "))?;
    }
    writeln!(sql, "\nORDER BY subject;")
}

/// Who is rated: of the scorecard's kinds, of age, alive, on the register.
fn rated(card: &Scorecard, on: Date) -> String {
    let kinds: Vec<String> = card
        .subjects
        .iter()
        .map(|kind| format!("'{}'", kind.code()))
        .collect();
    let of_age = on.saturating_sub(Span::new().years(18));
    format!(
        "s.kind IN ({}) AND (s.over IS NULL OR s.over > DATE '{on}') AND (s.kind <> 'person' OR s.born IS NULL OR s.born <= DATE '{of_age}')",
        kinds.join(", ")
    )
}

/// How many whole months ago a record occurred.
fn age(on: Date) -> String {
    let month = i32::from(on.year()) * 12 + i32::from(on.month()) - 1;
    format!(
        "greatest(0, {month} - CAST(extract(year FROM occurred) * 12 + extract(month FROM occurred) - 1 AS INTEGER) - CASE WHEN extract(day FROM occurred) > {} THEN 1 ELSE 0 END)",
        on.day()
    )
}

fn value(feature: &assess::Feature, lines: &[u16], on: Date) -> String {
    let mut within = format!("line IN ({})", listed(lines));
    if let (Some(months), false) = (feature.within_months, feature.reading == Reading::Months) {
        let after = on.saturating_sub(Span::new().months(i32::try_from(months).unwrap_or(1200).min(1200)));
        let _ = write!(within, " AND occurred > DATE '{after}'");
    }
    let quantity = match feature.each_most {
        Some(most) => format!("least(greatest(quantity, 0), {most})"),
        None => "greatest(quantity, 0)".to_owned(),
    };
    let decay = decay(feature.half_life_months.unwrap_or(1));
    match feature.reading {
        Reading::Count => format!("count(*) FILTER (WHERE {within})"),
        Reading::Sum => format!("coalesce(sum({quantity}) FILTER (WHERE {within}), 0)"),
        Reading::DecayedCount => format!("coalesce(sum({decay}) FILTER (WHERE {within}), 0)"),
        Reading::DecayedSum => {
            format!("coalesce(sum({quantity} * {decay}) FILTER (WHERE {within}), 0) // 1000")
        }
        Reading::LatestMonths => format!("min(age_months) FILTER (WHERE {within})"),
        Reading::Months => months(feature.within_months.unwrap_or(MONTHS).min(MONTHS), &within, on),
    }
}

/// What a record of its age is worth in thousandths, see `assess::decay_thousandths`.
fn decay(half_life: u32) -> String {
    let after = |more: u32| {
        format!(
            "(CASE WHEN age_months // {half_life} + {more} > 9 THEN 0 ELSE 1000 >> (age_months // {half_life} + {more}) END)"
        )
    };
    let (now, next) = (after(0), after(1));
    format!("({now} - ({now} - {next}) * (age_months % {half_life}) // {half_life})")
}

/// How many months of the window are covered: each record gives the set of those it covers, as bits.
fn months(within: u32, condition: &str, on: Date) -> String {
    let this = i32::from(on.year()) * 12 + i32::from(on.month()) - 1;
    let words = within.div_ceil(WORD).max(1);
    let word = |at: u32| {
        let (from, to) = (at * WORD, within.min((at + 1) * WORD));
        // Months before this one, the newest and the oldest that the record covers of this word's.
        let newest = format!("greatest({this} - last_month, {from})");
        let oldest = format!("least({this} - first_month, {})", to.saturating_sub(1));
        let set = format!("((1::HUGEINT << ({oldest} - {newest} + 1)) - 1) << ({newest} - {from})");
        format!(
            "coalesce(bit_count(bit_or(CASE WHEN {condition} AND {newest} <= {oldest} THEN {set} END)), 0)"
        )
    };
    (0..words).map(word).collect::<Vec<_>>().join(" + ")
}

fn points(at: usize, feature: &assess::Feature) -> String {
    let mut sql = "CASE".to_owned();
    for bin in feature.bins.iter().rev() {
        let _ = write!(sql, " WHEN f{at} >= {} THEN {}", bin.from, bin.points);
    }
    sql.push_str(" ELSE 0 END");
    sql
}

fn notices(plan: &Plan) -> Vec<u16> {
    let lines = plan.lines().iter().zip(0_u16..);
    lines
        .filter(|(line, _)| line.tells_of_notice())
        .map(|(_, at)| at)
        .collect()
}

fn applying(plan: &Plan, card: &Scorecard) -> Vec<u16> {
    let lines = plan.lines().iter().zip(0_u16..);
    lines
        .filter(|(line, _)| card.applies_with.contains(&line.item))
        .map(|(_, at)| at)
        .collect()
}

/// Numbers for `IN`; none of them is a line if there is none.
fn listed(lines: &[u16]) -> String {
    if lines.is_empty() {
        return "-1".to_owned();
    }
    lines
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
