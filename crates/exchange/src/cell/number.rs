//! Whole numbers, and the numbers of documents and cases.

use super::CellFault;

/// A whole number within bounds. `12.0`, as a spreadsheet may write it, is 12.
pub(crate) fn parse_integer(text: &str, least: i64, most: i64) -> Result<i64, CellFault> {
    let bare = text.strip_suffix(".0").unwrap_or(text).replace(',', "");
    let number: i64 = bare.parse().map_err(|_| {
        CellFault::new(
            "NUMBER-INVALID",
            format!("`{text}` 不是整数；请只填数字"),
            format!("`{text}` is no whole number; write digits only"),
        )
    })?;
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    Err(CellFault::new(
        "OUT-OF-RANGE",
        format!("`{text}` 应在 {least} 至 {most} 之间；请核对"),
        format!("`{text}` should be within {least} to {most}; check it"),
    ))
}

/// The number of an official document: `[2018]`, `(2018)`, `【2018】` and the like become `〔2018〕`, as
/// GB/T 9704 has it; spaces go.
pub(crate) fn tidy_document_number(text: &str) -> String {
    bracket_year(text, '〔', '〕')
}

/// The number of a court case, whose year stands in round full-width brackets: `（2018）粤0604执123号`.
pub(crate) fn tidy_case_number(text: &str) -> String {
    bracket_year(text, '（', '）')
}

/// Puts the first year in any brackets into the given ones.
fn bracket_year(text: &str, open: char, close: char) -> String {
    let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_open = |c: char| matches!(c, '[' | '(' | '（' | '【' | '〔' | '［' | '〈' | '<' | '{');
    let is_close = |c: char| matches!(c, ']' | ')' | '）' | '】' | '〕' | '］' | '〉' | '>' | '}');
    let year_at = chars.windows(6).position(|six| match six {
        [first, year @ .., last] => {
            is_open(*first) && is_close(*last) && year.iter().all(char::is_ascii_digit)
        }
        _ => false,
    });
    let Some(at) = year_at else {
        return chars.into_iter().collect();
    };
    chars
        .into_iter()
        .enumerate()
        .map(|(place, c)| match place.checked_sub(at) {
            Some(0) => open,
            Some(5) => close,
            _ => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_stand_in_their_proper_brackets() {
        for text in [
            "佛禅市监处[2018]12号",
            "佛禅市监处(2018)12号",
            "佛禅市监处（2018） 12 号",
            "佛禅市监处【2018】12号",
            "佛禅市监处〔2018〕12号",
        ] {
            assert_eq!(tidy_document_number(text), "佛禅市监处〔2018〕12号");
        }
        assert_eq!(tidy_case_number("(2018)粤0604执123号"), "（2018）粤0604执123号");
        assert_eq!(tidy_document_number("JY2440604（甲）0012"), "JY2440604（甲）0012");
    }

    #[test]
    fn whole_numbers_keep_to_bounds() {
        assert_eq!(parse_integer("12.0", 0, 12), Ok(12));
        assert_eq!(parse_integer("13", 0, 12).unwrap_err().code, "OUT-OF-RANGE");
        assert_eq!(parse_integer("一", 0, 12).unwrap_err().code, "NUMBER-INVALID");
        assert_eq!(
            parse_integer("99999999999999999999", 0, 12).unwrap_err().code,
            "NUMBER-INVALID"
        );
    }
}
