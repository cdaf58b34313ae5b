//! Text as people type it: tidying, comparing and masking names and identifiers.

use std::borrow::Cow;

/// Tidies text from a file: full-width ASCII becomes half-width, every kind of space becomes one
/// plain space, control characters go, ends are trimmed. Chinese punctuation stays as it is.
///
/// ```
/// assert_eq!(record::tidy_text("　ＡＢＣ１２　 罗\u{a0}某 \n"), "ABC12 罗 某");
/// ```
pub fn tidy_text(text: &str) -> String {
    tidied(text).into_owned()
}

/// As [`tidy_text`], without a copy if the text is tidy.
pub fn tidied(text: &str) -> Cow<'_, str> {
    if is_tidy(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(tidy_anew(text))
    }
}

/// Whether tidying changes nothing.
fn is_tidy(text: &str) -> bool {
    let mut after_space = true;
    for c in text.chars() {
        if c == ' ' {
            if after_space {
                return false;
            }
            after_space = true;
            continue;
        }
        after_space = false;
        if !(c.is_ascii_graphic() || is_common_han(c))
            && (half_width(c) != c || is_space(c) || c.is_control())
        {
            return false;
        }
    }
    !after_space || text.is_empty()
}

/// The characters that most Chinese text is of. None of them is a space or a control, or has an upper case.
fn is_common_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}

fn tidy_anew(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut space = false;
    for c in text.chars() {
        let c = half_width(c);
        if is_space(c) {
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
    same_name(name).into_owned()
}

/// As [`same_name_key`], without a copy if the name is its own key.
pub fn same_name(name: &str) -> Cow<'_, str> {
    if name.chars().all(is_common_han) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(same_name_anew(name))
    }
}

fn same_name_anew(name: &str) -> String {
    let tidy = tidied(name);
    let mut key = String::with_capacity(tidy.len());
    for c in tidy.chars().filter(|c| !c.is_whitespace()) {
        let c = match c {
            '（' | '【' | '〔' | '[' => '(',
            '）' | '】' | '〕' | ']' => ')',
            '•' | '・' | '‧' | '．' | '∙' | '⋅' => '·',
            c => c,
        };
        if is_common_han(c) {
            key.push(c);
        } else {
            key.extend(c.to_uppercase());
        }
    }
    key
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

    proptest::proptest! {
        #[test]
        fn what_is_tidy_is_not_copied_and_stays(text in "[ab　 \u{200b}\t１Ａ（罗Ａ·é]{0,8}") {
            let tidy = tidy_anew(&text);
            proptest::prop_assert_eq!(is_tidy(&text), tidy == text);
            proptest::prop_assert_eq!(tidied(&text), tidy.as_str());
            proptest::prop_assert!(is_tidy(&tidy));
            let plain = tidy.replace(' ', "").replace('（', "(");
            proptest::prop_assert_eq!(same_name_key(&text), plain.to_uppercase());
        }
    }

    #[test]
    fn masks_hide_the_middle() {
        assert_eq!(mask_name("罗志明"), "罗**");
        assert_eq!(mask_name(""), "");
        assert_eq!(mask_identifier("E12345678"), "E1*****78");
        assert_eq!(mask_identifier("1"), "*");
    }
}
