//! Numbers that may be masked: telephones (138****1234) and identifiers (440604********1234).

use crate::level::Level;

/// Strongest first.
pub(crate) const LEVELS: &[Level] = &[Level::Same, Level::AsFarAsShown, Level::OneOff, Level::Other];

/// With fewer digits shown, a masked number says nothing.
const LEAST_SHOWN: usize = 4;

/// Digits and capital letters, `*` for what is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Masked(Vec<char>);

impl Masked {
    /// Any number; blanks, hyphens and brackets are left out, `*`, `×` and `●` hide, and so does `X` or `x` if
    /// more than one stand side by side.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let tidy = record::tidy_text(text).to_uppercase();
        let hidden = tidy.contains("XX");
        let chars = tidy.chars().filter_map(|c| match c {
            '*' | '×' | '●' | '•' => Some('*'),
            'X' if hidden => Some('*'),
            c => c.is_ascii_alphanumeric().then_some(c),
        });
        let chars: Vec<char> = chars.collect();
        let shown = chars.iter().filter(|c| **c != '*').count();
        (shown >= LEAST_SHOWN).then_some(Self(chars))
    }

    /// A telephone number without the country's prefix.
    pub(crate) fn read_phone(text: &str) -> Option<Self> {
        let Self(mut digits) = Self::read(text)?;
        for prefix in ["0086", "86"] {
            let begins = digits.iter().zip(prefix.chars()).all(|(digit, c)| *digit == c);
            if begins && digits.len() == prefix.len() + 11 {
                digits.drain(..prefix.len());
                break;
            }
        }
        Some(Self(digits))
    }

    pub(crate) fn is_whole(&self) -> bool {
        !self.0.contains(&'*')
    }

    pub(crate) fn text(&self) -> String {
        self.0.iter().collect()
    }

    /// The last so many, if they are shown.
    pub(crate) fn tail(&self, count: usize) -> Option<String> {
        let from = self.0.len().checked_sub(count)?;
        let tail: String = self.0.iter().skip(from).collect();
        (!tail.contains('*')).then_some(tail)
    }

    pub(crate) fn level(&self, other: &Self) -> Level {
        if self.is_whole() && other.is_whole() {
            return if self == other {
                Level::Same
            } else if edits_one(&self.0, &other.0) {
                Level::OneOff
            } else {
                Level::Other
            };
        }
        let pairs = || {
            self.0
                .iter()
                .zip(&other.0)
                .filter(|(a, b)| **a != '*' && **b != '*')
        };
        let fits = self.0.len() == other.0.len() && pairs().all(|(a, b)| a == b);
        if fits && pairs().count() >= LEAST_SHOWN {
            Level::AsFarAsShown
        } else {
            Level::Other
        }
    }
}

fn edits_one(one: &[char], two: &[char]) -> bool {
    crate::text::edits(one, two, 1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_as_far_as_they_show() {
        for (one, other, expect) in [
            ("13812341234", "+86 138-1234-1234", Level::Same),
            ("13812341234", "008613812341234", Level::Same),
            ("138****1234", "13856781234", Level::AsFarAsShown),
            ("138xxxx1234", "13856781234", Level::AsFarAsShown),
            ("138****1234", "138****1234", Level::AsFarAsShown),
            ("138****1234", "13956781234", Level::Other),
            ("138****1234", "13856781235", Level::Other),
            ("138****1234", "1385678123", Level::Other),
            ("138****1234", "*******1234", Level::AsFarAsShown),
            ("13812341234", "13812341243", Level::OneOff),
            ("13812341234", "13712341234", Level::OneOff),
            ("13812341234", "13987654321", Level::Other),
        ] {
            let read = |text| Masked::read_phone(text).unwrap();
            assert_eq!(read(one).level(&read(other)), expect, "{one} {other}");
            assert_eq!(read(other).level(&read(one)), expect, "{other} {one}");
        }
        assert_eq!(
            Masked::read_phone("138********"),
            None,
            "three digits say nothing"
        );
    }

    #[test]
    fn an_identifier_keeps_its_last_x() {
        let read = |text| Masked::read(text).unwrap();
        assert_eq!(read("44060419900304123x").text(), "44060419900304123X");
        assert_eq!(read("440604********123X").tail(4).as_deref(), Some("123X"));
        assert_eq!(
            read("440604XXXXXXXX1234").level(&read("440604199003041234")),
            Level::AsFarAsShown
        );
        assert_eq!(read("4406041990******").tail(4), None);
    }
}
