//! Addresses within the city: road, house number, and what stands behind it.

use crate::level::Level;
use crate::place::without_places;
use crate::script::simplified;

/// Strongest first.
pub(crate) const LEVELS: &[Level] = &[Level::Same, Level::SameHouse, Level::SameRoad, Level::Other];

/// Characters with which the name of a road, a lane, a village or an estate ends.
const ROADS: [char; 14] = [
    '路', '街', '道', '巷', '里', '坊', '村', '苑', '园', '城', '庄', '湾', '弄', '基',
];

/// An address, read once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    road: String,
    /// The house number with 之一 and the like; empty if there is none.
    number: String,
    /// The numbers and letters behind it: building, floor, door.
    door: String,
}

impl Address {
    /// 广东省佛山市禅城区汾江中路１２号３栋501房 → road 汾江中路, number 12, door 3-501.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let key = record::same_name_key(text);
        let folded: Vec<char> = key.chars().map(simplified).collect();
        let local = without_places(&folded);
        let first = local.iter().position(char::is_ascii_digit);
        let digit_at = first.or_else(|| chinese_number_at(local)).unwrap_or(local.len());
        let (road, rest) = local.split_at(digit_at);
        if !road.iter().any(|c| c.is_alphanumeric()) {
            return None;
        }
        let mut numbers = numbers(rest);
        let number = if numbers.is_empty() {
            String::new()
        } else {
            numbers.remove(0)
        };
        Some(Self {
            road: road.iter().filter(|c| c.is_alphanumeric()).collect(),
            number,
            door: numbers.join("-"),
        })
    }

    pub(crate) fn whole(&self) -> String {
        [self.road.as_str(), &self.number, &self.door].join("|")
    }

    /// Road and house number, if it has one.
    pub(crate) fn house(&self) -> Option<String> {
        (!self.number.is_empty()).then(|| [self.road.as_str(), &self.number].join("|"))
    }

    pub(crate) fn level(&self, other: &Self) -> Level {
        if self.road != other.road {
            return Level::Other;
        }
        if self.number != other.number || self.number.is_empty() {
            return if self == other {
                Level::Same
            } else {
                Level::SameRoad
            };
        }
        if self.door == other.door {
            Level::Same
        } else if self.door.is_empty() || other.door.is_empty() {
            Level::SameHouse
        } else {
            Level::SameRoad
        }
    }
}

/// Where a house number in Chinese begins: 建新路十二号, but not the 三 of 江湾三路.
fn chinese_number_at(text: &[char]) -> Option<usize> {
    let end = text.iter().position(|c| *c == '号')?;
    let before = text.get(..end)?;
    let digits = before
        .iter()
        .rev()
        .take_while(|c| chinese_digit(**c).is_some())
        .count();
    let at = end - digits;
    let after_road = at
        .checked_sub(1)
        .and_then(|last| text.get(last))
        .is_some_and(|c| ROADS.contains(c));
    (digits > 0 && after_road).then_some(at)
}

fn chinese_digit(c: char) -> Option<u32> {
    let at = "〇一二三四五六七八九十百".chars().position(|digit| digit == c)?;
    u32::try_from(at).ok()
}

/// The runs of digits and Latin letters, without leading noughts; Chinese numbers become digits.
fn numbers(text: &[char]) -> Vec<String> {
    let mut all = Vec::new();
    let mut run = String::new();
    let mut han: Vec<u32> = Vec::new();
    for c in text.iter().copied().chain([' ']) {
        let digit = chinese_digit(c);
        if !c.is_ascii_alphanumeric() && !run.is_empty() {
            all.push(run.trim_start_matches('0').to_owned());
            run.clear();
        }
        if digit.is_none() && !han.is_empty() {
            all.push(value(&han).to_string());
            han.clear();
        }
        if let Some(digit) = digit {
            han.push(digit);
        } else if c.is_ascii_alphanumeric() {
            run.push(c);
        }
    }
    all
}

/// 十二 is 12, 一百〇三 is 103, 五〇一 is 501.
fn value(digits: &[u32]) -> u32 {
    let (mut sum, mut last) = (0_u32, None::<u32>);
    for digit in digits {
        match digit {
            10 => sum = sum.saturating_add(last.take().unwrap_or(1).saturating_mul(10)),
            11 => sum = sum.saturating_add(last.take().unwrap_or(1).saturating_mul(100)),
            digit => last = Some(last.unwrap_or(0).saturating_mul(10).saturating_add(*digit)),
        }
    }
    sum.saturating_add(last.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_agree_as_far_as_they_do() {
        for (one, other, expect) in [
            (
                "广东省佛山市禅城区汾江中路12号3栋501房",
                "佛山市禅城区汾江中路１２号3座501",
                Level::Same,
            ),
            ("禅城区建新路十二号", "佛山市建新路12号", Level::Same),
            ("江湾三路8号", "佛山市禅城区石湾镇街道江灣三路8號", Level::Same),
            ("江湾三路8号五〇一房", "江湾三路8号501", Level::Same),
            ("汾江中路12号3-501", "汾江中路12号3栋501房", Level::Same),
            ("汾江中路12号之一", "汾江中路12号", Level::SameHouse),
            ("汾江中路12号3栋501房", "汾江中路12号", Level::SameHouse),
            ("汾江中路12号3栋501房", "汾江中路12号3栋502房", Level::SameRoad),
            ("汾江中路12号", "汾江中路21号", Level::SameRoad),
            ("汾江中路12号", "汾江中路", Level::SameRoad),
            ("汾江中路", "汾江中路", Level::Same),
            ("汾江中路12号", "汾江南路12号", Level::Other),
            ("江湾三路8号", "江湾一路8号", Level::Other),
        ] {
            let (a, b) = (Address::read(one).unwrap(), Address::read(other).unwrap());
            assert_eq!(a.level(&b), expect, "{one} {other}: {a:?} {b:?}");
            assert_eq!(b.level(&a), expect, "{other} {one}");
        }
        assert_eq!(Address::read("12号"), None, "a number without a road is nowhere");
    }

    #[test]
    fn numbers_in_han_are_numbers() {
        for (text, expect) in [
            ("十二", 12),
            ("二十", 20),
            ("一百〇三", 103),
            ("五〇一", 501),
            ("三", 3),
        ] {
            let digits: Vec<u32> = text.chars().filter_map(chinese_digit).collect();
            assert_eq!(value(&digits), expect, "{text}");
        }
    }
}
