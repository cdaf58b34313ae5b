//! Days as people and spreadsheets write them.

use std::borrow::Cow;

use jiff::ToSpan;
use jiff::civil::Date;

use super::CellFault;

/// The years that a day may be in.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2100;
/// The day before the first of a spreadsheet's calendar, as it counts from March 1900 on.
const SERIAL_ZERO: Date = Date::constant(1899, 12, 30);

/// Of how many parts a day is at most.
const PARTS_MOST: usize = 3;

/// A day: `2024/3/5`, `2024-03-05`, `2024.3.5`, `20240305`, `2024年3月5日`, a spreadsheet's serial number, each
/// with a time of day after it or without. A year of two digits and a day before the month are refused, as
/// they can be read in two ways.
pub(crate) fn parse_date(text: &str) -> Result<Date, CellFault> {
    let plain = half_width(text);
    let day = without_time(&plain);
    let mut found = [""; PARTS_MOST + 1];
    let mut count = 0;
    let split = day
        .trim_end_matches(['日', '号'])
        .split(['-', '/', '.', '年', '月']);
    for (place, part) in found.iter_mut().zip(split) {
        *place = part.trim();
        count += 1;
    }
    match found.get(..count).unwrap_or_default() {
        [digits] if digits.len() == 8 => {
            let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
            of_parts(text, part(0, 4), part(4, 6), part(6, 8))
        }
        [serial] | [serial, _] if serial.len() == 5 => of_serial(text, serial),
        [year, month, day] if year.chars().count() == 4 => of_parts(text, year, month, day),
        [_, _, year] if year.chars().count() == 4 => Err(CellFault::new(
            "DATE-INVALID",
            format!("`{text}` 把年份写在后面，分不清月和日；请写成 2024-03-05"),
            format!("`{text}` has its year last, so that day and month may be mixed up; write 2024-03-05"),
        )),
        _ => Err(no_date(text)),
    }
}

/// The marks between the parts of a day, as an input method for Chinese may have written them.
fn half_width(text: &str) -> Cow<'_, str> {
    let mark = |c| match c {
        '／' => '/',
        '－' | '—' | '–' => '-',
        '．' | '。' => '.',
        '：' => ':',
        other => other,
    };
    if text.chars().any(|c| mark(c) != c) {
        text.chars().map(mark).collect()
    } else {
        text.into()
    }
}

/// The text before a time of day.
fn without_time(text: &str) -> &str {
    let Some((day, time)) = text.split_once([' ', 'T']) else {
        return text;
    };
    let is_time = time
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.' | b'+' | b'Z'));
    if is_time && time.contains(':') { day } else { text }
}

fn of_serial(text: &str, serial: &str) -> Result<Date, CellFault> {
    let days: i32 = digits(serial).ok_or_else(|| no_date(text))?;
    let day = SERIAL_ZERO.checked_add(days.days()).map_err(|_| no_date(text))?;
    within_years(text, day)
}

fn of_parts(text: &str, year: &str, month: &str, day: &str) -> Result<Date, CellFault> {
    let (Some(y), Some(m), Some(d)) = (digits::<i16>(year), digits::<i8>(month), digits::<i8>(day)) else {
        return Err(no_date(text));
    };
    if !(1..=12).contains(&m) {
        return Err(CellFault::new(
            "DATE-INVALID",
            format!("没有 {m} 月；请核对原件"),
            format!("there is no month {m}; compare it with the document"),
        ));
    }
    match Date::new(y, m, d) {
        Ok(date) => within_years(text, date),
        Err(_) => Err(CellFault::new(
            "DATE-INVALID",
            format!("{y} 年 {m} 月没有 {d} 日；请核对原件"),
            format!("month {m} of {y} has no day {d}; compare it with the document"),
        )),
    }
}

fn within_years(text: &str, date: Date) -> Result<Date, CellFault> {
    if YEARS.contains(&date.year()) {
        return Ok(date);
    }
    Err(CellFault::new(
        "DATE-INVALID",
        format!("`{text}` 的年份不在 1900 至 2100 之间；请核对原件"),
        format!("the year of `{text}` is not within 1900 to 2100; compare it with the document"),
    ))
}

fn digits<T: std::str::FromStr>(text: &str) -> Option<T> {
    let fits = !text.is_empty() && text.len() <= 5 && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

fn no_date(text: &str) -> CellFault {
    CellFault::new(
        "DATE-INVALID",
        format!("`{text}` 不是日期；请写成 2024-03-05 或 2024年3月5日"),
        format!("`{text}` is no date; write 2024-03-05 or 2024年3月5日"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_all_their_dress() {
        for (text, expect) in [
            ("2024/3/5", "2024-03-05"),
            ("2024-03-05", "2024-03-05"),
            ("2024.3.5", "2024-03-05"),
            ("20240305", "2024-03-05"),
            ("2024年3月5日", "2024-03-05"),
            ("2024年03月05号", "2024-03-05"),
            ("2024 年 3 月 5 日", "2024-03-05"),
            ("45356", "2024-03-05"),
            ("45356.5", "2024-03-05"),
            ("2024-03-05 00:00:00", "2024-03-05"),
            ("2024-03-05T08:30:00.000Z", "2024-03-05"),
            ("2024/2/29", "2024-02-29"),
            ("2026年13月2日", "没有 13 月；请核对原件"),
            ("2023-02-29", "2023 年 2 月没有 29 日；请核对原件"),
            ("24/3/5", "`24/3/5` 不是日期；请写成 2024-03-05 或 2024年3月5日"),
            (
                "5/3/2024",
                "`5/3/2024` 把年份写在后面，分不清月和日；请写成 2024-03-05",
            ),
            (
                "1024-03-05",
                "`1024-03-05` 的年份不在 1900 至 2100 之间；请核对原件",
            ),
            ("昨天", "`昨天` 不是日期；请写成 2024-03-05 或 2024年3月5日"),
            ("", "`` 不是日期；请写成 2024-03-05 或 2024年3月5日"),
        ] {
            let found = match parse_date(text) {
                Ok(date) => date.to_string(),
                Err(fault) => fault.text.zh,
            };
            assert_eq!(found, expect, "{text}");
        }
    }
}
