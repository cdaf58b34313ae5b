//! Text as people type it: tidying, comparing and masking names and identifiers.

/// Tidies text from a file: full-width ASCII becomes half-width, every kind of space becomes one
/// plain space, control characters go, ends are trimmed. Chinese punctuation stays as it is.
///
/// ```
/// assert_eq!(record::tidy_text("　ＡＢＣ１２　 罗\u{a0}某 \n"), "ABC12 罗 某");
/// ```
pub fn tidy_text(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        let c = half_width(c);
        if c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}') {
            space = !tidy.is_empty();
        } else if !c.is_control() {
            if space {
                tidy.push(' ');
                space = false;
            }
            tidy.push(c);
        }
    }
    tidy
}

/// Full-width letters and digits to their ASCII twins. Full-width punctuation is left alone:
/// `（2018）` in a document number is the proper form.
fn half_width(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => u32::from(c)
            .checked_sub(0xFEE0)
            .and_then(char::from_u32)
            .unwrap_or(c),
        _ => c,
    }
}

/// What two spellings of one name share: no spaces, brackets and middle dots unified, upper case.
/// Two names with equal keys are the same name differently typed; it never says that two
/// *people* are the same.
pub fn same_name_key(name: &str) -> String {
    tidy_text(name)
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '（' | '【' | '〔' | '[' => '(',
            '）' | '】' | '〕' | ']' => ')',
            '•' | '・' | '‧' | '．' | '∙' | '⋅' => '·',
            c => c,
        })
        .flat_map(char::to_uppercase)
        .collect()
}

/// A person's name with all but the first character hidden: `罗*`, `欧**`.
pub fn mask_name(name: &str) -> String {
    let mut chars = name.chars();
    match chars.next() {
        Some(first) => std::iter::once(first).chain(chars.take(3).map(|_| '*')).collect(),
        None => String::new(),
    }
}

/// An identifier with its middle hidden: first six and last four of an 18-digit one, and in
/// proportion otherwise.
///
/// ```
/// assert_eq!(record::mask_identifier("440604198001011234"), "440604********1234");
/// ```
pub fn mask_identifier(value: &str) -> String {
    let length = value.chars().count();
    let (head, tail) = if length >= 15 {
        (6, 4)
    } else {
        (length / 4, length / 4)
    };
    value
        .chars()
        .enumerate()
        .map(|(place, c)| {
            if place < head || place + tail >= length {
                c
            } else {
                '*'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_many_spellings() {
        assert_eq!(
            same_name_key("佛山市（南庄） 餐饮有限公司"),
            same_name_key("佛山市(南庄)餐饮有限公司")
        );
        assert_eq!(same_name_key("阿卜杜拉•买买提"), same_name_key("阿卜杜拉·买买提"));
        assert_ne!(same_name_key("罗某"), same_name_key("骆某"));
    }

    #[test]
    fn masks_hide_the_middle() {
        assert_eq!(mask_name("罗志明"), "罗**");
        assert_eq!(mask_name(""), "");
        assert_eq!(mask_identifier("E12345678"), "E1*****78");
        assert_eq!(mask_identifier("1"), "*");
    }
}
