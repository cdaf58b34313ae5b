//! Values of a record's fields. No floats: money is in fen, numbers are integers.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An amount of money in fen (1/100 yuan). Within ±10^15 fen, so that sums of many fit an `i64`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AmountFen(i64);

impl AmountFen {
    /// The largest amount either way: ten trillion yuan.
    pub const MAX_FEN: i64 = 1_000_000_000_000_000;

    /// An amount, or `None` beyond the bound.
    pub fn new(fen: i64) -> Option<Self> {
        (-Self::MAX_FEN..=Self::MAX_FEN)
            .contains(&fen)
            .then_some(Self(fen))
    }

    /// The amount in fen.
    pub fn fen(self) -> i64 {
        self.0
    }

    /// Reads a decimal in units of `fen_per_unit` fen (1 for 分, 100 for 元, 1 000 000 for 万元).
    /// Commas as thousands separators are dropped. More precision than a fen is refused, not rounded.
    ///
    /// ```
    /// # use record::AmountFen;
    /// assert_eq!(AmountFen::parse("5.000000", 1_000_000).unwrap().fen(), 5_000_000);
    /// assert_eq!(AmountFen::parse("1,234.56", 100).unwrap().fen(), 123_456);
    /// assert!(AmountFen::parse("0.001", 100).is_none());
    /// ```
    pub fn parse(text: &str, fen_per_unit: i64) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let whole: String = whole.chars().filter(|c| *c != ',').collect();
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty()
            || whole.len() > 15
            || fraction.len() > 15
            || !all_digits(&whole)
            || !all_digits(fraction)
        {
            return None;
        }
        let mut fen = whole
            .parse::<i128>()
            .ok()?
            .checked_mul(i128::from(fen_per_unit))?;
        if !fraction.is_empty() {
            let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
            let part = fraction
                .parse::<i128>()
                .ok()?
                .checked_mul(i128::from(fen_per_unit))?;
            if part % scale != 0 {
                return None;
            }
            fen = fen.checked_add(part / scale)?;
        }
        let fen = i64::try_from(fen).ok()?;
        Self::new(if negative { -fen } else { fen })
    }
}

impl fmt::Display for AmountFen {
    /// As yuan with two decimals: `1234.56`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}

/// The value of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Text as the source wrote it, tidied (see [`crate::tidy_text`]); a code of a code list too.
    Text(String),
    /// A whole number: months, days, a count, a year.
    Integer(i64),
    /// Money.
    Amount(AmountFen),
    /// A day.
    Date(Date),
    /// Yes or no.
    Bool(bool),
    /// Raw bytes, e.g. a policy bundle.
    Bytes(#[serde(skip)] Vec<u8>),
}

/// Which kind of value a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// [`Value::Text`]
    Text,
    /// [`Value::Integer`]
    Integer,
    /// [`Value::Amount`]
    Amount,
    /// [`Value::Date`]
    Date,
    /// [`Value::Bool`]
    Bool,
    /// [`Value::Bytes`]
    Bytes,
}

impl Value {
    /// The kind of this value.
    pub fn kind(&self) -> ValueKind {
        match self {
            Self::Text(_) => ValueKind::Text,
            Self::Integer(_) => ValueKind::Integer,
            Self::Amount(_) => ValueKind::Amount,
            Self::Date(_) => ValueKind::Date,
            Self::Bool(_) => ValueKind::Bool,
            Self::Bytes(_) => ValueKind::Bytes,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Amount(amount) => write!(f, "{amount}"),
            Self::Date(date) => write!(f, "{date}"),
            Self::Bool(yes) => write!(f, "{yes}"),
            Self::Bytes(bytes) => write!(f, "[{} bytes]", bytes.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_or_refused() {
        for (text, unit, fen) in [
            ("5", 1_000_000, Some(5_000_000)),
            ("0.02", 1_000_000, Some(20_000)),
            ("0.000001", 1_000_000, Some(1)),
            ("0.0000001", 1_000_000, None),
            ("1,234.5", 100, Some(123_450)),
            ("-3", 100, Some(-300)),
            ("", 100, None),
            (".5", 100, None),
            ("1e3", 100, None),
            ("99999999999999999", 100, None),
        ] {
            assert_eq!(AmountFen::parse(text, unit).map(AmountFen::fen), fen, "{text}");
        }
        assert_eq!(AmountFen::new(-5).unwrap().to_string(), "-0.05");
    }
}
