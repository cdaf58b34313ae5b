//! Names of places that stand before an address or a firm's trade name and tell nothing within one district.

/// Ends of names of administrative places, longest first.
const ENDS: [&str; 10] = [
    "壮族自治区",
    "自治区",
    "自治州",
    "自治县",
    "街道",
    "地区",
    "省",
    "市",
    "区",
    "县",
];

/// Places that are often written without their end: Guangdong, its cities, Foshan's districts, and the
/// municipalities. Written from general knowledge; a place that is missing only weakens a proposal.
const BARE: [&str; 32] = [
    "中国", "广东", "广州", "深圳", "珠海", "汕头", "佛山", "韶关", "湛江", "肇庆", "江门", "茂名", "惠州",
    "梅州", "汕尾", "河源", "阳江", "清远", "东莞", "中山", "潮州", "揭阳", "云浮", "禅城", "南海", "顺德",
    "高明", "三水", "北京", "上海", "天津", "重庆",
];

/// The text after the places that it begins with: 广东省佛山市禅城区汾江中路 → 汾江中路.
///
/// Something always remains: a text that is nothing but places is given back whole.
pub(crate) fn without_places(text: &[char]) -> &[char] {
    let mut rest = text;
    while let Some(after) = after_one(rest).filter(|after| after.len() >= 2) {
        rest = after;
    }
    rest
}

fn after_one(text: &[char]) -> Option<&[char]> {
    let bare = BARE.iter().find_map(|place| after(text, place));
    // 佛山市: the end may follow the bare name; 市 alone is no beginning.
    if let Some(rest) = bare {
        return Some(ENDS.iter().find_map(|end| after(rest, end)).unwrap_or(rest));
    }
    // 石湾镇街道 and 南庄镇 are places; 城镇 in the middle of a trade name is not looked for.
    (2..=5).find_map(|name| {
        let rest = text.get(name..)?;
        let named = ["镇街道", "镇", "乡"]
            .iter()
            .chain(&ENDS)
            .find_map(|end| after(rest, end))?;
        let plain = text
            .iter()
            .take(name)
            .all(|c| crate::text::is_han(*c) && !ENDING.contains(c));
        plain.then_some(named)
    })
}

/// Characters that end a road or a house, which is no place to strip.
const ENDING: [char; 8] = ['路', '街', '道', '巷', '号', '村', '大', '小'];

fn after<'a>(text: &'a [char], beginning: &str) -> Option<&'a [char]> {
    let count = beginning.chars().count();
    let begins = text.len() >= count && text.iter().zip(beginning.chars()).all(|(a, b)| *a == b);
    begins.then(|| text.get(count..)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_stripped_and_roads_are_not() {
        for (text, expect) in [
            ("广东省佛山市禅城区汾江中路12号", "汾江中路12号"),
            ("佛山市禅城区石湾镇街道江湾三路", "江湾三路"),
            ("佛山禅城祖庙街道建新路", "建新路"),
            ("南庄镇吉利村", "吉利村"),
            ("汾江中路12号", "汾江中路12号"),
            ("佛山市明珠餐饮", "明珠餐饮"),
            ("佛山市", "佛山市"),
            ("市东下路3号", "市东下路3号"),
            ("广西壮族自治区南宁市民族大道", "民族大道"),
        ] {
            let chars: Vec<char> = text.chars().collect();
            let rest: String = without_places(&chars).iter().collect();
            assert_eq!(rest, expect, "{text}");
        }
    }
}
