//! A made-up register of a Chinese district, and rows of departments about its people, all from one seed.
//!
//! In it are what goes wrong: many of one name, homophone surnames, traditional forms, pinyin, interpuncts in
//! every variant, birthdays with slips, twins, and father and son at one address.

use linkage::Profile;

/// Someone of the made-up district.
#[derive(Debug, Clone)]
pub(crate) struct Someone {
    pub(crate) name: String,
    pub(crate) born: (i16, u8, u8),
    pub(crate) road: String,
    pub(crate) number: u32,
    pub(crate) door: u32,
    pub(crate) phone: String,
}

impl Someone {
    pub(crate) fn profile(&self) -> Profile {
        let (year, month, day) = self.born;
        Profile::person(&self.name)
            .born(year, month, day)
            .at(&self.address())
            .phone(&self.phone)
    }

    pub(crate) fn address(&self) -> String {
        format!("佛山市禅城区{}{}号{}房", self.road, self.number, self.door)
    }
}

/// Numbers from a seed (Knuth's multiplier), for tests only.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 33).unwrap() % limit
    }

    fn small(&mut self, limit: u8) -> u8 {
        u8::try_from(self.below(u32::from(limit))).unwrap()
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(u32::try_from(all.len()).unwrap()) as usize]
    }

    /// The first are much likelier, as with names.
    fn likelier<'a>(&mut self, all: &[&'a str]) -> &'a str {
        let most = self.below(u32::try_from(all.len()).unwrap()) + 1;
        all[self.below(most) as usize]
    }
}

const SURNAMES: [&str; 44] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "林", "郭",
    "何", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "颜", "闫", "付", "傅",
    "萧", "肖", "于", "余", "单", "曾", "欧阳", "司马", "上官", "诸葛",
];
const GIVEN: [&str; 40] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超",
    "兰", "霞", "平", "刚", "桂英", "建国", "建华", "志强", "秀英", "明月", "晓东", "小红", "文博", "子轩",
    "梓涵", "浩然", "诗琪", "嘉怡", "俊杰", "国庆", "丽华", "海燕", "凤仪",
];
const MINORITY: [&str; 8] = [
    "买买提·艾力",
    "阿卜杜热西提·买买提",
    "古丽娜尔·吐尔逊",
    "努尔兰·哈力克",
    "阿依古丽·麦合木提",
    "扎西·顿珠",
    "艾尔肯·吾甫尔",
    "热依汗古丽·阿不都",
];
const ROADS: [&str; 14] = [
    "汾江中路",
    "汾江南路",
    "建新路",
    "江湾三路",
    "江湾一路",
    "季华五路",
    "同济路",
    "亲仁路",
    "朝安北路",
    "城门头西路",
    "普君北路",
    "澜石二路",
    "张槎一路",
    "吉利大道",
];

/// So many people; the ones after each hundred are twins of, or father to, the one before.
pub(crate) fn register(count: usize, dice: &mut Dice) -> Vec<Someone> {
    let mut all: Vec<Someone> = Vec::new();
    while all.len() < count {
        let mut new = someone(dice);
        if let (Some(last), 0..=4) = (all.last(), all.len() % 100) {
            let last = last.clone();
            new.road = last.road;
            (new.number, new.door) = (last.number, last.door);
            new.phone = last.phone;
            match all.len() % 5 {
                // A twin: the same birthday, and a name that differs in one character.
                0 | 1 => {
                    new.born = last.born;
                    new.name = last
                        .name
                        .chars()
                        .take(1)
                        .chain("双宁".chars().take(1 + all.len() % 2))
                        .collect();
                }
                // Father and son of one name, which happens where names were not written down.
                2 => {
                    new.name = last.name;
                    new.born = (last.born.0 - 27, last.born.1, new.born.2);
                }
                // A married couple.
                _ => {}
            }
        }
        all.push(new);
    }
    all
}

pub(crate) fn someone(dice: &mut Dice) -> Someone {
    let name = if dice.below(40) == 0 {
        dice.of(&MINORITY).to_owned()
    } else {
        let second = if dice.below(3) == 0 {
            dice.likelier(&GIVEN)
        } else {
            ""
        };
        let given = dice.likelier(&GIVEN);
        let given = if given.chars().count() == 1 {
            [given, second].concat()
        } else {
            given.to_owned()
        };
        let given: String = given.chars().take(2).collect();
        [dice.likelier(&SURNAMES), given.as_str()].concat()
    };
    let born = (
        1945 + i16::from(dice.small(62)),
        1 + dice.small(12),
        1 + dice.small(28),
    );
    Someone {
        name,
        born,
        road: dice.of(&ROADS).to_owned(),
        number: 1 + dice.below(120),
        door: 100 * (1 + dice.below(9)) + 1 + dice.below(4),
        phone: format!("13{}{:08}", dice.below(10), dice.below(100_000_000)),
    }
}

/// A row of a department about someone, written as departments write.
pub(crate) fn row(of: &Someone, dice: &mut Dice) -> Profile {
    let mut row = Profile::person(&written_name(&of.name, dice));
    let (year, month, day) = of.born;
    row = match dice.below(20) {
        0 => row,
        1 => row.born(year, day.min(12), month),
        2 => row.born(year, month, day % 28 + 1),
        3 => row.born(year - 1, month, day),
        _ => row.born(year, month, day),
    };
    row = match dice.below(10) {
        0 | 1 => row,
        2 => row.at(&format!("{}{}号", of.road, of.number)),
        3 => row.at(&format!("广东省佛山市禅城区{}１２２号", of.road)),
        _ => row.at(&format!("禅城区{}{}号{}", of.road, of.number, of.door)),
    };
    match dice.below(10) {
        0..=2 => row,
        3..=5 => row.phone(&format!("{}****{}", &of.phone[..3], &of.phone[7..])),
        6 => row.phone(&format!("139{:08}", dice.below(100_000_000))),
        _ => row.phone(&format!("+86 {}", of.phone)),
    }
}

const TRADITIONAL: &str = "张張 刘劉 陈陳 杨楊 黄黃 赵趙 吴吳 孙孫 马馬 罗羅 郑鄭 谢謝 许許 韩韓 冯馮 邓鄧 颜顏 闫閆 萧蕭 余餘 单單 \
     欧歐 阳陽 诸諸 伟偉 静靜 丽麗 强強 磊磊 军軍 艳艷 杰傑 娟娟 涛濤 兰蘭 霞霞 刚剛 国國 华華 晓曉 东東 红紅 轩軒 诗詩 \
     俊俊 庆慶 凤鳳 仪儀 买買 热熱 丽麗 尔爾 兰蘭 顿頓 汉漢";
const HOMOPHONES: &str =
    "颜闫 闫颜 付傅 傅付 萧肖 肖萧 于余 余于 明名 丽莉 芳方 静靖 晓小 小晓 红虹 国郭 建健 伟维";
const INTERPUNCTS: [&str; 6] = ["·", "•", "・", ".", "‧", " "];

/// How somebody else wrote the name: mostly as it is.
pub(crate) fn written_name(name: &str, dice: &mut Dice) -> String {
    let interpunct: &str = dice.of(&INTERPUNCTS);
    let name = name.replace('·', interpunct);
    match dice.below(12) {
        0 => exchanged(&name, TRADITIONAL, usize::MAX),
        1 => exchanged(&name, HOMOPHONES, 1),
        2 => name.chars().flat_map(|c| [c, ' ']).collect(),
        3 if name.chars().count() >= 3 => {
            let at = dice.below(u32::try_from(name.chars().count()).unwrap()) as usize;
            name.chars()
                .enumerate()
                .filter(|(place, _)| *place != at)
                .map(|(_, c)| c)
                .collect()
        }
        _ => name,
    }
}

fn exchanged(name: &str, pairs: &str, most: usize) -> String {
    let mut left = most;
    let exchange = |c: char| {
        let pair = pairs.split_whitespace().find(|pair| pair.starts_with(c));
        match pair.and_then(|pair| pair.chars().nth(1)) {
            Some(other) if left > 0 => {
                left -= 1;
                other
            }
            _ => c,
        }
    };
    name.chars().map(exchange).collect()
}
