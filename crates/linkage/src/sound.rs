//! How Han characters sound, without tones, and whether Latin letters can be their pinyin.

use pinyin::{ToPinyin, ToPinyinMulti};

use crate::script::simplified;

/// Surnames that are read otherwise than the character is mostly read.
const SURNAMES: [(char, &str); 16] = [
    ('单', "shan"),
    ('仇', "qiu"),
    ('曾', "zeng"),
    ('解', "xie"),
    ('查', "zha"),
    ('区', "ou"),
    ('盖', "ge"),
    ('朴', "piao"),
    ('乐', "yue"),
    ('冼', "xian"),
    ('尉', "yu"),
    ('万', "wan"),
    ('召', "shao"),
    ('洗', "xian"),
    ('翟', "zhai"),
    ('覃', "qin"),
];

/// The usual reading of each character; the first as a surname. Characters without one stand for themselves.
pub(crate) fn sounds(han: &[char]) -> Vec<String> {
    let mut sounds: Vec<String> = han.iter().map(|c| usual(*c)).collect();
    if let (Some(surname), Some(first)) = (han.first(), sounds.first_mut())
        && let Some((_, read)) = SURNAMES.iter().find(|(c, _)| c == surname)
    {
        (*read).clone_into(first);
    }
    sounds
}

fn usual(c: char) -> String {
    c.to_pinyin()
        .map_or_else(|| c.to_string(), |sound| without_umlaut(sound.plain()))
}

fn without_umlaut(sound: &str) -> String {
    sound.replace('ü', "v")
}

/// Whether these lower-case letters, without blanks, can be read as these characters, whichever of their
/// readings one takes. `ü` may be written v, u or yu: 吕 is lv, lu and, in passports, lyu.
///
/// Of more than [`MOST_READ`] characters nobody writes pinyin, and trying would take long.
pub(crate) fn can_be_read_as(han: &[char], letters: &str) -> bool {
    han.len() <= MOST_READ && is_read(han, letters)
}

const MOST_READ: usize = 16;

fn is_read(han: &[char], letters: &str) -> bool {
    let Some((c, rest)) = han.split_first() else {
        return letters.is_empty();
    };
    let reads = |sound: &str| {
        let after = letters.strip_prefix(sound);
        after.is_some_and(|after| is_read(rest, after))
    };
    readings(*c).iter().any(|sound| {
        reads(sound) || (sound.contains('v') && ["u", "yu"].iter().any(|u| reads(&sound.replace('v', u))))
    })
}

fn readings(c: char) -> Vec<String> {
    let mut all: Vec<String> = c
        .to_pinyin_multi()
        .into_iter()
        .flatten()
        .map(|sound| without_umlaut(sound.plain()))
        .collect();
    let surname = SURNAMES.iter().find(|(known, _)| *known == c);
    all.extend(surname.map(|(_, read)| (*read).to_owned()));
    all.sort_unstable();
    all.dedup();
    all
}

/// The most ways of reading one name that are kept.
const READINGS_MOST: usize = 16;

/// The first letters of the sounds of a name's characters, by which people seek it: `南庄餐饮` is `nzcy`. A character of several
/// readings makes several, one after the other: `银行` is `yh yx`. Latin letters and digits stand for themselves, all else is
/// left out.
pub fn initials(name: &str) -> String {
    let mut ways = vec![String::new()];
    for c in name.chars().map(simplified) {
        let letters = letters_of(c);
        let Some((first, others)) = letters.split_first() else {
            continue;
        };
        let more: Vec<String> = others
            .iter()
            .flat_map(|letter| ways.iter().map(move |way| format!("{way}{letter}")))
            .collect();
        for way in &mut ways {
            way.push(*first);
        }
        ways.extend(more);
        ways.truncate(READINGS_MOST);
    }
    ways.sort_unstable();
    ways.dedup();
    ways.join(" ")
}

/// With what letters the readings of a character begin; the usual one first.
fn letters_of(c: char) -> Vec<char> {
    if c.is_ascii_alphanumeric() {
        return vec![c.to_ascii_lowercase()];
    }
    let first = |sound: &str| sound.chars().next();
    let mut letters: Vec<char> = c
        .to_pinyin()
        .and_then(|sound| first(sound.plain()))
        .into_iter()
        .collect();
    for letter in readings(c).iter().filter_map(|sound| first(sound)) {
        if !letters.contains(&letter) {
            letters.push(letter);
        }
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn characters_sound() {
        for (han, expect) in [
            ("颜真卿", "yan zhen qing"),
            ("闫真卿", "yan zhen qing"),
            ("单于", "shan yu"),
            ("曾子", "zeng zi"),
            ("吕布", "lv bu"),
            ("欧阳", "ou yang"),
        ] {
            assert_eq!(sounds(&chars(han)).join(" "), expect, "{han}");
        }
    }

    #[test]
    fn a_text_that_is_no_name_is_not_read() {
        let (han, letters) = (vec!['王'; 100_000], "wang".repeat(100_000));
        assert!(!can_be_read_as(&han, &letters));
        assert!(can_be_read_as(&han[..16], &letters[..64]));
    }

    #[test]
    fn letters_are_pinyin_or_not() {
        for (han, letters, expect) in [
            ("王伟", "wangwei", true),
            ("欧阳明月", "ouyangmingyue", true),
            ("吕布", "lyubu", true),
            ("吕布", "lvbu", true),
            ("吕布", "lubu", true),
            ("单田芳", "shantianfang", true),
            ("乐乐", "yuele", true),
            ("王伟", "wangweiwei", false),
            ("王伟", "wang", false),
            ("王伟", "wanwei", false),
            ("", "", true),
        ] {
            assert_eq!(can_be_read_as(&chars(han), letters), expect, "{han} {letters}");
        }
    }

    #[test]
    fn a_name_is_sought_by_its_initials() {
        for (name, sought) in [
            ("佛山市南庄餐饮有限公司", "fssnzcyyxgs"),
            ("禅城银行", "ccyh"),
            ("禪城餐飲", "cccy"),
            ("区氏五金", "oswj"),
            ("ABC8（佛山）科技", "abc8fskj"),
        ] {
            let kept = initials(name);
            assert!(kept.split(' ').any(|way| way == sought), "{name}: {kept}");
        }
        assert_eq!(initials("（）·"), "");
        assert!(initials(&"行".repeat(500)).split(' ').count() <= READINGS_MOST);
    }
}
