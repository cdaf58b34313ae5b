//! What each reading reads, against another way of working it out; and that more, or more recent, of the
//! same never turns back.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use assess::{Bundle, assess, decay_thousandths};
use jiff::ToSpan;
use jiff::civil::Date;
use proptest::prelude::*;
use record::{Logged, Realm, Value};

use crate::made::{Making, ON, all_known, logged, make};
use crate::support;

/// A scorecard that says its values aloud, one feature a reading.
const ALOUD: &str = r#"
code = "person"
name = { zh = "名", en = "name" }
subjects = ["person"]
letters = { a = 85, b = 70, c = 50 }
legal_basis = []
[base]
points = 70
text = { zh = "起", en = "base" }
[[dimension]]
code = "good"
name = { zh = "好", en = "good" }
least = 0
most = 100
bound_text = { zh = "限", en = "bound" }
"#;

fn feature(code: &str, item: &str, keys: &str) -> String {
    format!(
        r#"
[[feature]]
code = "{code}"
dimension = "good"
name = {{ zh = "名", en = "name" }}
items = ["{item}"]
{keys}
bins = [{{ from = 1, points = 1 }}]
text = {{ zh = "{{value}}", en = "{{value}}" }}
"#
    )
}

static BUNDLE: LazyLock<Bundle> = LazyLock::new(|| {
    let fields = "from_field = \"period_from\"\nto_field = \"period_to\"";
    let insurance = "person.social-insurance";
    let parts = [
        feature(
            "covered",
            insurance,
            &format!("reading = \"months\"\nwithin_months = 24\n{fields}\nmonths_field = \"months\""),
        ),
        feature(
            "covered-long",
            insurance,
            &format!("reading = \"months\"\nwithin_months = 240\n{fields}\nmonths_field = \"months\""),
        ),
        feature(
            "faded",
            "volunteer.hours",
            "reading = \"decayed_sum\"\nhalf_life_months = 7\neach_most = 300",
        ),
        feature(
            "faded-count",
            "volunteer.hours",
            "reading = \"decayed_count\"\nhalf_life_months = 7\nwithin_months = 30",
        ),
        feature("capped", "volunteer.hours", "reading = \"sum\"\neach_most = 300"),
    ];
    let mut files = support::files();
    files.retain(|path, _| !path.starts_with("rating/") && !path.starts_with("cases/"));
    files.insert(
        "rating/person.toml".to_owned(),
        format!("{ALOUD}{}", parts.concat()),
    );
    support::parse(files, Realm::Demo)
});

/// The value that a feature says; 0 where it gives no points.
fn value(records: &[Logged], on: Date, feature: &str) -> i64 {
    let as_of = record::AsOf {
        on,
        ..all_known(records)
    };
    let found = assess(&BUNDLE, records, as_of);
    let grade = found.rating.grade().expect("rated");
    let clause = format!("rating.person.{feature}");
    let reason = grade
        .reasons
        .iter()
        .find(|reason| reason.because.clause.as_str() == clause);
    let text = reason.map_or("0", |reason| reason.text.zh.as_str());
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let whole: i64 = whole.parse().expect("a number");
    match feature {
        "faded-count" => whole * 1000 + format!("{rest:0<3}").parse::<i64>().expect("thousandths"),
        _ => whole,
    }
}

fn put(records: &mut Vec<Logged>, item: &str, occurred: Date, fields: &[(&str, Value)]) {
    let mut record = records[0].record().clone();
    record.item = item.parse().expect("code");
    record.occurred = occurred;
    record.fields = fields
        .iter()
        .map(|(name, value)| (name.parse().expect("name"), value.clone()))
        .collect();
    let number = records.len() as u64;
    records.push(logged(number, number, record));
}

/// A period: how many months ago it ended, how many it has, how many of them are said to count.
type Span = (i32, i32, Option<i64>, bool);

fn cover(records: &mut Vec<Logged>, (ago, months, counted, has_period): Span) {
    let last = ON.first_of_month().saturating_sub(ago.months());
    let first = last.saturating_sub((months - 1).months());
    let to = last.last_of_month().min(ON);
    let mut fields = vec![("months", Value::Integer(counted.unwrap_or(100)))];
    if has_period {
        fields.push(("period_from", Value::Date(first)));
        fields.push(("period_to", Value::Date(to)));
    }
    put(records, "person.social-insurance", to, &fields);
}

/// The months that spans cover, one by one.
fn by_hand(spans: &[Span], within: i32) -> BTreeSet<i32> {
    let mut found = BTreeSet::new();
    for (ago, months, counted, has_period) in spans {
        let said = i32::try_from(counted.unwrap_or(100)).expect("few");
        let months = if *has_period { said.min(*months) } else { said };
        found.extend((*ago..ago + months).filter(|month| *month < within));
    }
    found
}

fn spans() -> impl Strategy<Value = Vec<Span>> {
    let span = (0..60_i32, 1..30_i32, prop::option::of(0..40_i64), any::<bool>());
    prop::collection::vec(span, 0..8)
}

fn hours() -> impl Strategy<Value = Vec<(i32, i64)>> {
    prop::collection::vec((0..1_000_i32, 0..900_i64), 0..10)
}

fn volunteer(records: &mut Vec<Logged>, (days, hours): (i32, i64)) {
    let fields = [("hours", Value::Integer(hours)), ("year", Value::Integer(2025))];
    put(
        records,
        "volunteer.hours",
        ON.saturating_sub(days.days()),
        &fields,
    );
}

/// Whole months between two days: one is over when its day of the month has come, be there one or not.
fn age(from: Date, to: Date) -> i64 {
    let months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month() - from.month());
    months - i64::from(from.day() > to.day())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: support::cases(100), ..ProptestConfig::default() })]

    #[test]
    fn months_are_a_set(spans in spans(), one in spans()) {
        let mut records = make(&BUNDLE, Making::PERSON, &[]);
        for span in &spans {
            cover(&mut records, *span);
        }
        for (feature, within) in [("covered", 24), ("covered-long", 240)] {
            let by_hand = by_hand(&spans, within);
            prop_assert_eq!(value(&records, ON, feature), i64::try_from(by_hand.len()).expect("few"));
        }
        // More never takes, and the same again gives nothing.
        let before = value(&records, ON, "covered");
        if let Some(same) = spans.first() {
            cover(&mut records, *same);
            prop_assert_eq!(value(&records, ON, "covered"), before);
        }
        for span in one {
            cover(&mut records, span);
        }
        prop_assert!(value(&records, ON, "covered") >= before);
    }

    #[test]
    fn what_fades_fades_as_documented(drawn in hours(), one in (0..1_000_i32, 0..900_i64), younger in 0..400_i32) {
        let mut records = make(&BUNDLE, Making::PERSON, &[]);
        for hours in &drawn {
            volunteer(&mut records, *hours);
        }
        let weigh = |(days, hours): &(i32, i64)| {
            hours.min(&300) * decay_thousandths(age(ON.saturating_sub(days.days()), ON), 7)
        };
        prop_assert_eq!(value(&records, ON, "faded"), drawn.iter().map(weigh).sum::<i64>() / 1000);
        let sum: i64 = drawn.iter().map(|(_, hours)| hours.min(&300)).sum();
        prop_assert_eq!(value(&records, ON, "capped"), sum);
        // One more, and the same one younger: never less.
        let mut more = records.clone();
        volunteer(&mut more, one);
        let mut newer = records.clone();
        volunteer(&mut newer, ((one.0 - younger).max(0), one.1));
        for feature in ["faded", "faded-count", "capped"] {
            let [before, more, newer] = [&records, &more, &newer].map(|records| value(records, ON, feature));
            prop_assert!(before <= more && more <= newer, "{feature}: {before} {more} {newer}");
        }
        // And it only falls as time passes.
        for months in [1, 7, 20] {
            let later = ON.saturating_add(months.months());
            prop_assert!(value(&records, later, "faded") <= value(&records, ON, "faded"));
        }
    }

    #[test]
    fn weight_never_rises_and_halves(age in 0..2_000_i64, half_life in 1..=120_u32) {
        let at = |age| decay_thousandths(age, half_life);
        prop_assert!(at(age) >= at(age + 1) && (0..=1000).contains(&at(age)));
        let halved = at(age + i64::from(half_life));
        prop_assert!((at(age) - 2 * halved).abs() <= 3, "{} {}", at(age), halved);
    }
}

#[test]
fn halves_are_exact_and_nothing_is_left_after_ten() {
    for half_life in [1, 6, 12, 120_u32] {
        for halvings in 0..12 {
            let left = decay_thousandths(i64::from(halvings * half_life), half_life);
            assert_eq!(left, 1000 >> halvings, "{halvings} of {half_life}");
        }
    }
    assert_eq!(decay_thousandths(-5, 12), 1000);
    assert_eq!(decay_thousandths(i64::MAX, 1), 0);
}
