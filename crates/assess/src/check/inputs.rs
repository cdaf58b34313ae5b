//! Guard 3: only allow-listed inputs, and a person's characteristics are four things and no more.

use record::SubjectKind;

use super::{Findings, Severity, banned};
use crate::policy::{Bundle, Item, Scorecard};

const RULE: &str = "guard-3-inputs";

/// What no rating may ever look at, in names of items, fields and features.
const NEVER: &[&str] = &[
    "ethnicity",
    "ethnic",
    "nationality",
    "race",
    "religion",
    "religious",
    "belief",
    "sex",
    "gender",
    "age",
    "health",
    "medical",
    "illness",
    "disease",
    "disability",
    "gene",
    "genes",
    "genetic",
    "blood",
    "fingerprint",
    "birth",
    "birthplace",
    "birthday",
    "hukou",
    "household",
    "residence",
    "neighbourhood",
    "neighborhood",
    "community",
    "village",
    "address",
    "district",
    "grid",
    "kin",
    "relative",
    "relatives",
    "family",
    "spouse",
    "marriage",
    "parent",
    "parents",
    "child",
    "children",
    "name",
    "surname",
    "language",
    "dialect",
    "accent",
    "comment",
    "remark",
    "impression",
    "behaviour",
    "behavior",
    "wechat",
    "weibo",
    "location",
    "movement",
    "travel",
    "metro",
    "trajectory",
    "party",
    "political",
    "petition",
    "donation",
    "民族",
    "种族",
    "宗教",
    "信仰",
    "性别",
    "年龄",
    "健康",
    "病史",
    "疾病",
    "残疾",
    "基因",
    "血型",
    "献血",
    "指纹",
    "出生",
    "籍贯",
    "户籍",
    "户口",
    "社区",
    "住址",
    "地址",
    "亲属",
    "家庭",
    "配偶",
    "婚姻",
    "子女",
    "父母",
    "姓名",
    "姓氏",
    "语言",
    "方言",
    "口音",
    "评语",
    "备注",
    "印象",
    "微信",
    "微博",
    "轨迹",
    "位置",
    "乘车",
    "地铁",
    "政治",
    "党员",
    "信访",
    "上访",
];

/// The classes that a natural person's characteristics may be of. The law of this house, not of a bundle.
const CHARACTERISTICS: &[&str] = &["career", "social-insurance", "housing-fund", "tax-registration"];

pub(super) fn check(bundle: &Bundle, found: &mut Findings) {
    for item in bundle.items().filter(|item| item.rateable) {
        check_item(item, found);
    }
    for class in bundle.classes().filter(|class| class.characteristic_of_persons) {
        if !CHARACTERISTICS.contains(&class.code.as_str()) {
            let help = "only qualifications, social insurance, housing fund and tax registration are";
            found.add(
                Severity::Error,
                RULE,
                &class.code,
                "is no characteristic of a person",
                help,
            );
        }
    }
    for card in bundle.scorecards() {
        check_card(bundle, card, found);
    }
}

fn check_item(item: &Item, found: &mut Findings) {
    let fields = item.fields.iter().map(|field| field.name.as_str());
    let texts = [item.code.as_str(), &item.name.zh, &item.name.en]
        .into_iter()
        .chain(fields);
    for text in texts {
        if let Some(word) = banned(text, NEVER) {
            let message = format!("`{word}` in `{text}` is never rated");
            found.add(
                Severity::Error,
                RULE,
                item.code.as_str(),
                message,
                "take `rateable` out",
            );
        }
    }
    if item.legal_basis.is_empty() {
        let help = "name the catalogue edition and the law";
        found.add(
            Severity::Error,
            RULE,
            item.code.as_str(),
            "is rated without a legal basis",
            help,
        );
    }
}

fn check_card(bundle: &Bundle, card: &Scorecard, found: &mut Findings) {
    let of_persons = card.subjects.contains(&SubjectKind::Person);
    for feature in &card.features {
        let about = format!("rating.{}.{}", card.code, feature.code);
        for text in [feature.code.as_str(), &feature.name.zh, &feature.name.en] {
            if let Some(word) = banned(text, NEVER) {
                found.add(
                    Severity::Error,
                    RULE,
                    &about,
                    format!("`{word}` is never rated"),
                    "take it out",
                );
            }
        }
        if !of_persons || feature.dimension != "characteristics" {
            continue;
        }
        for item in feature.items.iter().filter_map(|code| bundle.item(code)) {
            let allowed = bundle
                .class(&item.class)
                .is_some_and(|class| class.characteristic_of_persons);
            if !allowed || item.is_adverse() {
                let message = format!("item `{}` is no characteristic of a person", item.code);
                let help = "only qualifications, social insurance, housing fund and tax registration are";
                found.add(Severity::Error, RULE, &about, message, help);
            }
        }
    }
    if of_persons {
        let outside = card
            .features
            .iter()
            .filter(|feature| feature.dimension != "characteristics");
        for feature in outside {
            let neutral = feature
                .items
                .iter()
                .filter_map(|code| bundle.item(code))
                .find(|item| {
                    bundle
                        .class(&item.class)
                        .is_some_and(|class| class.code == "registration")
                });
            if let Some(item) = neutral {
                let message = format!("item `{}` says who someone is", item.code);
                found.add(
                    Severity::Error,
                    RULE,
                    &feature.code,
                    message,
                    "who one is, is never rated",
                );
            }
        }
    }
}
