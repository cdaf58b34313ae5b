//! What the codes of refused rows are called, where they are counted. Beside a row stands the code itself, with what to do.

use crate::lang::Lang;

/// The codes that rows are refused with. Another one is shown as it is.
const NAMED: [&str; 36] = [
    "AMOUNT-INVALID",
    "BIRTH-MISMATCH",
    "CELL-ERROR",
    "CODE-UNKNOWN",
    "COLUMN-COUNT",
    "COLUMN-UNKNOWN",
    "CONFLICT",
    "DATE-FUTURE",
    "DATE-INVALID",
    "DATE-ORDER",
    "DEMO-IDENTITY",
    "DIGITS-LOST",
    "FIELD-KIND",
    "FIELD-UNKNOWN",
    "ID-ALPHABET",
    "ID-BIRTH-DATE",
    "ID-CHECK-DIGIT",
    "ID-LENGTH",
    "ID-MASKED",
    "ITEM-ENDED",
    "ITEM-NOT-OF-SOURCE",
    "ITEM-NOT-YET",
    "ITEM-UNKNOWN",
    "KIND-MISMATCH",
    "LATE",
    "NOT-IN-LIST",
    "NUMBER-INVALID",
    "OUT-OF-RANGE",
    "REAL-IN-DEMO",
    "REQUIRED",
    "SUBJECT-KIND",
    "SUBJECT-MISSING",
    "SUBJECT-UNKNOWN",
    "TOO-LONG",
    "USCC-ALPHABET",
    "USCC-CHECKSUM",
];

/// A code's name.
pub(crate) fn row_fault(lang: Lang, code: &str) -> String {
    if NAMED.contains(&code) {
        lang.t(&format!("row-fault-{code}"))
    } else {
        code.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_name_and_another_is_shown_as_it_is() {
        for lang in Lang::ALL {
            for code in NAMED {
                let name = row_fault(lang, code);
                assert!(
                    !name.contains(code) && !name.contains(crate::lang::MISSING.0),
                    "{name}"
                );
            }
            assert_eq!(row_fault(lang, "NEW-ONE"), "NEW-ONE");
        }
    }
}
