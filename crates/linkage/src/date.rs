//! Dates of birth as eight digits, year first. They need not be of the calendar: what a clerk wrote is compared.

use crate::level::Level;

/// Strongest first.
pub(crate) const LEVELS: &[Level] = &[
    Level::Same,
    Level::Swapped,
    Level::OneOff,
    Level::SameYear,
    Level::Other,
];

/// A date, read once: its digits, yyyymmdd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day([char; 8]);

impl Day {
    /// Reads `19651013`, `1965-10-13`, `1965/1/3`, `1965.1.3` and `1965年1月3日`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let tidy = record::tidy_text(text);
        let parts: Vec<&str> = tidy
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .collect();
        let digits = match parts.as_slice() {
            [whole] if whole.len() == 8 => (*whole).to_owned(),
            [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
                format!("{year}{month:0>2}{day:0>2}")
            }
            _ => return None,
        };
        let digits: Vec<char> = digits.chars().collect();
        digits.try_into().ok().map(Self)
    }

    pub(crate) fn whole(self) -> String {
        self.0.iter().collect()
    }

    pub(crate) fn year(self) -> String {
        self.0.iter().take(4).collect()
    }

    pub(crate) fn month_day(self) -> String {
        self.0.iter().skip(4).collect()
    }

    pub(crate) fn level(self, other: Self) -> Level {
        let ([y1, y2, y3, y4, m1, m2, d1, d2], other) = (self.0, other.0);
        if self.0 == other {
            Level::Same
        } else if [y1, y2, y3, y4, d1, d2, m1, m2] == other {
            Level::Swapped
        } else if is_one_off(&self.0, &other) {
            Level::OneOff
        } else if self.0.iter().zip(&other).take(4).all(|(a, b)| a == b) {
            Level::SameYear
        } else {
            Level::Other
        }
    }
}

/// One digit is another, or two neighbours are swapped.
fn is_one_off(one: &[char; 8], two: &[char; 8]) -> bool {
    let mut differing = one.iter().zip(two).enumerate().filter(|(_, (a, b))| a != b);
    match (differing.next(), differing.next(), differing.next()) {
        (Some(_), None, None) => true,
        (Some((at, (a, b))), Some((next, (c, d))), None) => next == at + 1 && a == d && b == c,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_agree_as_far_as_they_do() {
        for (one, other, expect) in [
            ("19900304", "1990-03-04", Level::Same),
            ("1990年3月4日", "1990/3/4", Level::Same),
            ("１９９０．３．４", "19900304", Level::Same),
            ("1990-03-04", "1990-04-03", Level::Swapped),
            ("1990-03-04", "1990-03-05", Level::OneOff),
            ("1990-03-04", "1991-03-04", Level::OneOff),
            ("1990-03-12", "1990-03-21", Level::OneOff),
            ("1990-03-14", "1990-04-13", Level::SameYear), // swapped, but not neighbours
            ("1990-03-04", "1990-03-15", Level::SameYear),
            ("1990-03-04", "1985-11-26", Level::Other),
        ] {
            let (a, b) = (Day::read(one).unwrap(), Day::read(other).unwrap());
            assert_eq!(a.level(b), expect, "{one} {other}");
            assert_eq!(b.level(a), expect, "{other} {one}");
        }
        for unreadable in ["", "1990", "90-3-4", "1990-3", "1990-03-04-05", "199003041"] {
            assert_eq!(Day::read(unreadable), None, "{unreadable}");
        }
    }
}
