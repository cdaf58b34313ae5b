//! Text made comparable, and how far apart two texts are.

use crate::script::simplified;

/// Folds for comparing: as [`record::same_name_key`], then simplified, without interpuncts, blanks and marks.
///
/// ```text
/// 買買提 • 艾力   →  买买提艾力
/// Ｗａｎｇ Wei    →  WANGWEI
/// ```
pub(crate) fn folded(text: &str) -> Vec<char> {
    let key = record::same_name_key(text);
    key.chars()
        .filter(|c| c.is_alphanumeric())
        .map(simplified)
        .collect()
}

/// Whether a character is Han: the unified ideographs with their extensions, and 〇.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

/// How alike two texts are, from 0 to 1, by Jaro, with Winkler's bonus for a common beginning of up to four
/// characters (W. E. Winkler, 1990; scale 0.1). Of a text only the first 64 characters count.
///
/// The same for both orders, and 1 if and only if those characters are equal.
pub(crate) fn jaro_winkler(one: &[char], other: &[char]) -> f64 {
    let jaro = jaro(one, other);
    let common = one.iter().zip(other).take(4).take_while(|(a, b)| a == b).count();
    let bonus = f64::from(u8::try_from(common).unwrap_or(4)) * 0.1;
    jaro + bonus * (1.0 - jaro)
}

const MOST: usize = 64;

fn jaro(one: &[char], other: &[char]) -> f64 {
    // The shorter goes first, so that the greedy matching below does not depend on the order asked in.
    let (one, other) = match one.len().cmp(&other.len()).then_with(|| one.cmp(other)) {
        std::cmp::Ordering::Greater => (other, one),
        _ => (one, other),
    };
    let (one, other) = (cut(one), cut(other));
    if one == other {
        return 1.0;
    }
    if one.is_empty() {
        return 0.0;
    }
    let window = (other.len() / 2).saturating_sub(1);
    let (mut taken_one, mut taken_other) = (0_u64, 0_u64);
    for (at, c) in one.iter().enumerate() {
        let from = at.saturating_sub(window);
        let until = (at + window + 1).min(other.len());
        let near = other.get(from..until).unwrap_or_default().iter().zip(from..);
        let mut free = near.filter(|(d, place)| c == *d && taken_other & (1 << place) == 0);
        if let Some((_, place)) = free.next() {
            taken_one |= 1 << at;
            taken_other |= 1 << place;
        }
    }
    let matches = taken_one.count_ones();
    if matches == 0 {
        return 0.0;
    }
    let moved = taken(one, taken_one)
        .zip(taken(other, taken_other))
        .filter(|(a, b)| a != b)
        .count()
        / 2;
    let (matches, moved) = (f64::from(matches), small(moved));
    (matches / small(one.len()) + matches / small(other.len()) + (matches - moved) / matches) / 3.0
}

/// The characters whose bits are set, in order.
fn taken(text: &[char], mut bits: u64) -> impl Iterator<Item = char> {
    std::iter::from_fn(move || {
        let at = usize::try_from(bits.trailing_zeros()).ok()?;
        bits &= bits.checked_sub(1)?;
        text.get(at).copied()
    })
}

fn cut(text: &[char]) -> &[char] {
    text.get(..MOST).unwrap_or(text)
}

fn small(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// How many insertions, deletions, changes and swaps of neighbours lie between two texts (optimal string
/// alignment), told up to `most`; `None` if there are more.
pub(crate) fn edits(one: &[char], other: &[char], most: usize) -> Option<usize> {
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    let (one, other) = without_common_ends(one, other);
    let width = other.len() + 1;
    let mut above: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..width).collect();
    for (row, a) in one.iter().enumerate() {
        let mut current = Vec::with_capacity(width);
        current.push(row + 1);
        for (column, b) in other.iter().enumerate() {
            let at = |counts: &[usize], index: usize| counts.get(index).copied().unwrap_or(usize::MAX / 2);
            let changed = at(&last, column) + usize::from(a != b);
            let more_or_less = at(&last, column + 1).min(at(&current, column)) + 1;
            let swapped =
                row > 0 && column > 0 && one.get(row - 1) == Some(b) && other.get(column - 1) == Some(a);
            let swap = if swapped {
                at(&above, column - 1) + 1
            } else {
                usize::MAX
            };
            current.push(changed.min(more_or_less).min(swap));
        }
        if current.iter().min().is_some_and(|least| *least > most) {
            return None;
        }
        above = std::mem::replace(&mut last, current);
    }
    last.last().copied().filter(|count| *count <= most)
}

fn without_common_ends<'a>(mut one: &'a [char], mut other: &'a [char]) -> (&'a [char], &'a [char]) {
    while let ([a, rest_one @ ..], [b, rest_other @ ..]) = (one, other)
        && a == b
    {
        (one, other) = (rest_one, rest_other);
    }
    while let ([rest_one @ .., a], [rest_other @ .., b]) = (one, other)
        && a == b
    {
        (one, other) = (rest_one, rest_other);
    }
    (one, other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn what_people_write_differently_folds_together() {
        for (one, other) in [
            ("买买提·艾力", "買買提 • 艾力"),
            ("买买提·艾力", "买买提．艾力"),
            ("买买提・艾力", "买买提‧艾力"),
            ("买买提.艾力", "买买提艾力"),
            ("Ｗａｎｇ　Ｗｅｉ", "wang wei"),
            ("禅城区（祖庙）", "禅城区(祖庙)"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        assert_ne!(folded("张伟"), folded("章伟"));
    }

    #[test]
    fn jaro_winkler_as_published() {
        // The examples of Winkler's papers.
        for (one, other, expect) in [
            ("MARTHA", "MARHTA", 0.9611),
            ("DWAYNE", "DUANE", 0.84),
            ("DIXON", "DICKSONX", 0.8133),
            ("JONES", "JOHNSON", 0.8324),
            ("ABC", "XYZ", 0.0),
            ("", "A", 0.0),
            ("", "", 1.0),
        ] {
            let found = jaro_winkler(&chars(one), &chars(other));
            assert!((found - expect).abs() < 1e-4, "{one} {other}: {found}");
        }
    }

    #[test]
    fn edits_are_counted_up_to_a_limit() {
        for (one, other, most, expect) in [
            ("4223", "4223", 2, Some(0)),
            ("4223", "4232", 2, Some(1)),
            ("4223", "423", 2, Some(1)),
            ("1234", "4321", 2, None),
            ("abc", "xyz", 3, Some(3)),
            ("张小明", "张明", 1, Some(1)),
            ("", "ab", 1, None),
        ] {
            assert_eq!(edits(&chars(one), &chars(other), most), expect, "{one} {other}");
        }
    }
}
