//! One cell's text to one value, or why not. Nothing here knows of rows or columns.

mod amount;
mod date;
mod number;
mod words;

use assess::Text;

pub(crate) use amount::{AmountUnit, parse_amount};
pub(crate) use date::parse_date;
pub(crate) use number::{parse_integer, tidy_case_number, tidy_document_number};
pub(crate) use words::{identifier_fault, item_fault, record_fault};

/// What is wrong with a cell: a stable code, and what to do in two languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CellFault {
    pub(crate) code: &'static str,
    pub(crate) text: Text,
}

impl CellFault {
    pub(crate) fn new(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            code,
            text: Text::new(zh, en),
        }
    }
}

/// Whether a cell holds the error of a formula, e.g. `#N/A`.
pub(crate) fn is_formula_error(text: &str) -> bool {
    matches!(
        text,
        "#N/A" | "#REF!" | "#VALUE!" | "#DIV/0!" | "#NAME?" | "#NULL!" | "#NUM!" | "#DATA!"
    )
}

/// Whether a spreadsheet has turned a long number into one with an exponent, and its last digits are lost.
pub(crate) fn has_lost_digits(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    digits(whole) && digits(fraction) && digits(exponent) && exponent.len() <= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_are_seen() {
        for (text, lost) in [
            ("4.40604E+17", true),
            ("4.4060419800101235e17", true),
            ("4E17", true),
            ("E12345678", false),
            ("91440604MADEM00012", false),
            ("1.5", false),
            ("", false),
        ] {
            assert_eq!(has_lost_digits(text), lost, "{text}");
        }
    }
}
