//! Names of organisations: place, trade name, trade, legal form. The trade name says which one it is.

use crate::level::Level;
use crate::place::without_places;
use crate::sound::sounds;
use crate::text::{edits, folded, jaro_winkler};

/// Strongest first.
pub(crate) const LEVELS: &[Level] = &[
    Level::Same,
    Level::OtherwiseWritten,
    Level::TradeName,
    Level::SameSound,
    Level::Close,
    Level::Other,
];

/// Legal forms (Company Law, Partnership Law, 个体工商户 regulations), longest first.
const FORMS: [&str; 13] = [
    "股份有限公司",
    "有限责任公司",
    "特殊普通合伙",
    "集团有限公司",
    "个体工商户",
    "有限合伙",
    "普通合伙",
    "合伙企业",
    "有限公司",
    "总公司",
    "公司",
    "集团",
    "企业",
];
/// What a part of a firm is called. A branch is an establishment of its own and never its head office.
const PARTS: [&str; 6] = ["分公司", "分店", "分厂", "办事处", "分部", "营业部"];
const ALIKE: f64 = 0.92;

/// A name of an organisation, read once.
#[derive(Debug, Clone)]
pub(crate) struct OrganisationName {
    key: String,
    folded: Vec<char>,
    /// Without places and legal form; with the branch, if it is one.
    trade: Vec<char>,
    branch: Option<Vec<char>>,
    sound: String,
}

impl OrganisationName {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let folded = folded(text);
        if folded.is_empty() {
            return None;
        }
        let (head, branch) = head_and_branch(&folded);
        let trade = trade_name(head);
        Some(Self {
            key: record::same_name_key(text),
            branch: branch.map(<[char]>::to_vec),
            sound: sounds(&trade).join(" "),
            trade,
            folded,
        })
    }

    pub(crate) fn term(&self) -> String {
        self.folded.iter().collect()
    }

    pub(crate) fn trade(&self) -> String {
        self.trade.iter().collect()
    }

    pub(crate) fn sound_key(&self) -> String {
        self.sound.clone()
    }

    pub(crate) fn level(&self, other: &Self) -> Level {
        if self.key == other.key {
            Level::Same
        } else if self.folded == other.folded {
            Level::OtherwiseWritten
        } else if self.branch != other.branch {
            Level::Other
        } else if self.trade == other.trade {
            Level::TradeName
        } else if self.sound == other.sound {
            Level::SameSound
        } else if self.is_close(other) {
            Level::Close
        } else {
            Level::Other
        }
    }

    fn is_close(&self, other: &Self) -> bool {
        let (one, two) = (&self.trade, &other.trade);
        let least = one.len().min(two.len());
        (least >= 4 && edits(one, two, 1).is_some()) || (least >= 6 && jaro_winkler(one, two) >= ALIKE)
    }
}

/// 明珠餐饮有限公司张槎分公司 → 明珠餐饮有限公司 and 张槎分公司.
fn head_and_branch(name: &[char]) -> (&[char], Option<&[char]>) {
    if !PARTS.iter().any(|part| ends_with(name, part)) {
        return (name, None);
    }
    let form = FORMS.iter().filter_map(|form| {
        let count = form.chars().count();
        let at = name
            .windows(count)
            .position(|window| window.iter().copied().eq(form.chars()))?;
        (at + count < name.len()).then_some(at + count)
    });
    match form.max() {
        Some(at) => {
            let (head, branch) = name.split_at(at);
            (head, Some(branch))
        }
        None => (name, Some(name)),
    }
}

fn trade_name(name: &[char]) -> Vec<char> {
    let mut rest = without_places(name);
    while let Some(form) = FORMS.iter().find(|form| ends_with(rest, form)) {
        let shorter = rest.get(..rest.len() - form.chars().count()).unwrap_or_default();
        if shorter.is_empty() {
            break;
        }
        rest = shorter;
    }
    // 明珠(佛山)餐饮: folding has taken the brackets, so the place stands bare in the middle.
    let text: String = rest.iter().collect();
    let bare = ["佛山市", "广东省", "佛山", "广东", "中国"]
        .iter()
        .fold(text, |text, place| text.replace(place, ""));
    if bare.is_empty() {
        rest.to_vec()
    } else {
        bare.chars().collect()
    }
}

fn ends_with(text: &[char], end: &str) -> bool {
    let count = end.chars().count();
    text.len() >= count && text.iter().skip(text.len() - count).copied().eq(end.chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn firms_agree_as_far_as_they_do() {
        for (one, other, expect) in [
            ("佛山市明珠餐饮有限公司", "佛山市明珠餐饮有限公司", Level::Same),
            ("明珠餐饮（佛山）有限公司", "明珠餐饮(佛山)有限公司", Level::Same),
            (
                "佛山市明珠餐飲有限公司",
                "佛山市明珠餐饮有限公司",
                Level::OtherwiseWritten,
            ),
            ("佛山市明珠餐饮有限公司", "明珠餐饮有限责任公司", Level::TradeName),
            (
                "广东省佛山市禅城区明珠餐饮有限公司",
                "佛山明珠餐饮有限公司",
                Level::TradeName,
            ),
            (
                "明珠（佛山）餐饮有限公司",
                "佛山市明珠餐饮有限公司",
                Level::TradeName,
            ),
            (
                "佛山市明珠餐饮有限公司",
                "佛山市名珠餐饮有限公司",
                Level::SameSound,
            ),
            ("佛山市明珠餐饮有限公司", "佛山市明珠餐饮店有限公司", Level::Close),
            ("佛山市明珠餐饮有限公司", "佛山市明星餐饮有限公司", Level::Close),
            ("佛山市明珠餐饮有限公司", "佛山市东风机械有限公司", Level::Other),
            (
                "佛山市明珠餐饮有限公司",
                "佛山市明珠餐饮有限公司张槎分公司",
                Level::Other,
            ),
            (
                "佛山市明珠餐饮有限公司张槎分公司",
                "佛山明珠餐饮有限公司张槎分公司",
                Level::TradeName,
            ),
            (
                "佛山市明珠餐饮有限公司张槎分公司",
                "佛山市明珠餐饮有限公司南庄分公司",
                Level::Other,
            ),
        ] {
            let read = |text| OrganisationName::read(text).unwrap();
            assert_eq!(read(one).level(&read(other)), expect, "{one} {other}");
            assert_eq!(read(other).level(&read(one)), expect, "{other} {one}");
        }
        assert!(OrganisationName::read("（）").is_none());
    }
}
