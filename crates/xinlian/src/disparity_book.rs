//! The tables of disparity that go with the scorecards, as a page beside the chapter of the rules.

use std::fmt::Write as _;

use assess::book::{Lang, Words};
use assess::{Bundle, Disparity, GroupShare};
use record::AsOf;
use store::DisparityOf;

/// The page, as Markdown: one table for each scorecard and trait.
pub(crate) fn disparity(bundle: &Bundle, as_of: AsOf, tables: &[DisparityOf], lang: Lang) -> String {
    let say = |words: &'static Words| words.of(lang);
    let mut text = format!("# {}\n\n", say(&DISPARITY));
    let _ = writeln!(
        text,
        "{} · {} · {}\n\n{}\n",
        bundle.edition(),
        as_of.on,
        bundle.digest(),
        say(&DISPARITY_HOW)
    );
    for table in tables {
        let card = bundle.scorecards().find(|card| card.code == table.scorecard);
        let name = card.map_or(table.scorecard.as_str(), |card| match lang {
            Lang::Zh => &card.name.zh,
            Lang::En => &card.name.en,
        });
        let _ = writeln!(
            text,
            "## {name} `rating.{}`\n\n{}{}\n",
            table.scorecard,
            say(&HOW_MANY_RATED),
            table.rated
        );
        for (name, groups) in &table.traits {
            let _ = writeln!(text, "### {}\n", of_trait(name).of(lang));
            rows(&mut text, groups, lang);
        }
    }
    format!("{}\n", text.trim_end())
}

fn rows(text: &mut String, table: &Disparity, lang: Lang) {
    let heads = [&GROUP, &COUNT, &AT_LEAST_B, &MEAN_POINTS, &RATIO, &FLAG];
    let heads: Vec<&str> = heads.iter().map(|words| words.of(lang)).collect();
    let _ = writeln!(text, "| {} |\n|{}", heads.join(" | "), "---|".repeat(heads.len()));
    for group in &table.groups {
        let _ = writeln!(text, "| {} |", row(group, lang).join(" | "));
    }
    text.push('\n');
}

fn row(group: &GroupShare, lang: Lang) -> [String; 6] {
    let flag = match (group.few, group.flagged) {
        (true, _) => FEW.of(lang),
        (_, true) => FLAGGED.of(lang),
        _ => "",
    };
    let permille = |share: u64| format!("{}.{}%", share / 10, share % 10);
    let points = group.mean_points_hundredths;
    [
        of_group(&group.group)
            .map_or(group.group.as_str(), |words| words.of(lang))
            .to_owned(),
        group.count.to_string(),
        permille(group.share_permille),
        format!("{}.{:02}", points / 100, (points % 100).abs()),
        format!(
            "{}.{:03}",
            group.ratio_permille / 1000,
            group.ratio_permille % 1000
        ),
        flag.to_owned(),
    ]
}

static DISPARITY: Words = Words {
    zh: "差异表：各群体的等级",
    en: "Tables of disparity: how groups come out",
};
static DISPARITY_HOW: Words = Words {
    zh: "群体的标签只用于本表：评价不读取年龄、性别和户籍，任何结论也不读取本表。“比例”是一个群体 B 级以上的占比与最高群体之比；低于 0.8 的加以标注，须说明原因或修改规则。不足 30 人的群体不作比较。本页由合成城区（`make demo`）算出，说明的是规则，不是任何真实的人；正式上线后用本区数据重新生成。",
    en: "The labels exist for this table only: no grade reads age, sex or household, and no conclusion reads this table. The ratio is a group's share of B and above over that of the best group; under 0.8 it is marked, and the rule is explained or changed. Groups of fewer than 30 are no yardstick. This page was counted over the made-up district of `make demo`: it tells of the rules and of no real person, and is made anew from the district's own data when it goes live.",
};
static HOW_MANY_RATED: Words = Words {
    zh: "评价人数：",
    en: "rated: ",
};
static GROUP: Words = Words {
    zh: "群体",
    en: "group",
};
static COUNT: Words = Words {
    zh: "人数",
    en: "count",
};
static AT_LEAST_B: Words = Words {
    zh: "B 级以上",
    en: "B and above",
};
static MEAN_POINTS: Words = Words {
    zh: "平均分",
    en: "mean points",
};
static RATIO: Words = Words {
    zh: "比例",
    en: "ratio",
};
static FLAG: Words = Words {
    zh: "标注",
    en: "mark",
};
static FEW: Words = Words {
    zh: "人数少",
    en: "few",
};
static FLAGGED: Words = Words {
    zh: "低于 0.8",
    en: "under 0.8",
};
static TRAIT_AGE: Words = Words {
    zh: "年龄（成立年限）",
    en: "Age, or years since establishment",
};
static TRAIT_SEX: Words = Words {
    zh: "性别",
    en: "Sex",
};
static TRAIT_HOUSEHOLD: Words = Words {
    zh: "户籍（身份证首次登记地）",
    en: "Household (place of first registration)",
};
static MALE: Words = Words { zh: "男", en: "men" };
static FEMALE: Words = Words {
    zh: "女",
    en: "women",
};
static HERE: Words = Words {
    zh: "本市",
    en: "this city",
};
static ELSEWHERE: Words = Words {
    zh: "外地",
    en: "elsewhere",
};
static UNKNOWN: Words = Words {
    zh: "不详",
    en: "not known",
};

/// The words of a trait, by its code.
fn of_trait(code: &str) -> &'static Words {
    match code {
        "sex" => &TRAIT_SEX,
        "household" => &TRAIT_HOUSEHOLD,
        _ => &TRAIT_AGE,
    }
}

/// The words of a group, by its code; bands of years stand as they are.
fn of_group(code: &str) -> Option<&'static Words> {
    match code {
        "male" => Some(&MALE),
        "female" => Some(&FEMALE),
        "here" => Some(&HERE),
        "elsewhere" => Some(&ELSEWHERE),
        "?" => Some(&UNKNOWN),
        _ => None,
    }
}
