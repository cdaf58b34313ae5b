//! How values look on pages: dates, money, numbers, seals. Views are plain text by the time a
//! template sees them.

mod chapter;
mod chart;
mod conclusions;
mod dates;
mod parts;
mod procedure_view;
mod prose;
mod record_view;
mod repair_view;
mod row_fault;
mod shell;
mod table;

pub(crate) use chapter::{Block, Part, parts};
pub(crate) use chart::{Chart, Point};
pub(crate) use conclusions::{
    EntryView, GradeView, ImprovementView, LetterStep, ReasonView, entries, grade, incentives,
};
pub(crate) use dates::{day, moment, moment_whole, month, shanghai};
pub(crate) use parts::{Choice, Figure, Filter, Given, Masked, Step, Task};
pub(crate) use procedure_view::{ProcedureView, procedures};
pub(crate) use prose::{Run, leads_out, paragraphs};
pub(crate) use record_view::{RecordContext, RecordView, Tone, act_name};
pub(crate) use repair_view::{RepairView, due_day, repair_view};
pub(crate) use row_fault::row_fault;
pub(crate) use shell::{Desk, Flash, NavItem, Shell, Who};
pub(crate) use table::{Column, Pager, Sort, with_chosen, with_query};

#[cfg(test)]
pub(crate) use conclusions::sample_grade;

use batch::Told;
use record::{AmountFen, Commitment};

use crate::lang::Lang;

/// A number with thousands separators: `1,204`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count as it is told: `1,204`, `<10`, `≥20`; a dash for what is left out.
pub(crate) fn told(count: Told) -> String {
    match count {
        Told::Count(count) => grouped(count),
        Told::Few => format!("<{}", batch::TOLD_LEAST),
        Told::Hidden => "–".to_owned(),
        Told::AtLeast(count) => format!("≥{}", grouped(count)),
    }
}

/// Money as it is said: `2,000 元`, `CNY 2,000`; fen only where there are any.
pub(crate) fn money(lang: Lang, amount: AmountFen) -> String {
    let fen = amount.fen().unsigned_abs();
    let sign = if amount.fen() < 0 { "−" } else { "" };
    let cents = match fen % 100 {
        0 => String::new(),
        cents => format!(".{cents:02}"),
    };
    let yuan = grouped(fen / 100);
    match lang {
        Lang::Zh => format!("{sign}{yuan}{cents} 元"),
        Lang::En => format!("{sign}CNY {yuan}{cents}"),
    }
}

/// Why the store refused an act, in words.
pub(crate) fn act_fault(lang: Lang, fault: &store::ActFault) -> String {
    lang.t(&format!("fault-{}", fault.code()))
}

/// What is wrong with an identifier, in words.
pub(crate) fn identifier_fault(lang: Lang, fault: &record::IdentifierFault) -> String {
    use record::IdentifierFault::{Alphabet, BirthDate, CheckDigit, Length};
    let key = format!("identifier-fault-{}", fault.code());
    match fault {
        Length { found, wanted, .. } => lang.with(&key, &[("found", &found.to_string()), ("wanted", wanted)]),
        Alphabet { place, found, .. } => {
            let (place, found) = (place.to_string(), found.to_string());
            lang.with(&key, &[("place", &place), ("found", &found)])
        }
        BirthDate { found } => lang.with(&key, &[("found", found)]),
        CheckDigit { found, .. } => lang.with(&key, &[("found", &found.to_string())]),
        _ => lang.t(&key),
    }
}

/// Points with their sign: `+38`, `−6`, `0`.
pub(crate) fn points(points: i32) -> String {
    match points {
        0 => "0".to_owned(),
        1.. => format!("+{points}"),
        _ => format!("−{}", points.unsigned_abs()),
    }
}

/// A record's seal, short: the first eight hexadecimal digits of its commitment.
pub(crate) fn seal(commitment: Commitment) -> String {
    commitment.to_string().chars().take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_money_as_people_write_them() {
        for (number, text) in [(0, "0"), (999, "999"), (1204, "1,204"), (1_000_000, "1,000,000")] {
            assert_eq!(grouped(number), text);
        }
        let amount = |fen| AmountFen::new(fen).unwrap();
        assert_eq!(money(Lang::Zh, amount(20_000)), "200 元");
        assert_eq!(money(Lang::Zh, amount(5_000_050)), "50,000.50 元");
        assert_eq!(money(Lang::En, amount(-20_000)), "−CNY 200");
        assert_eq!(points(38), "+38");
        assert_eq!(points(-6), "−6");
    }
}
