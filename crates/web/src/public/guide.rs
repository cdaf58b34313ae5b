//! `GET /guide/rating`: how grades come about and what rights one has, made from the rules in force.

use askama::Template;
use assess::{Bundle, Colour, Dimension, Feature, LegalBasis, Scorecard};
use axum::response::Response;

use crate::error::Fault;
use crate::lang::Lang;
use crate::page::page;
use crate::view::{Desk, Shell};
use crate::visit::Visit;

const RIGHTS: [&str; 8] = [
    "guide-right-1",
    "guide-right-2",
    "guide-right-3",
    "guide-right-4",
    "guide-right-5",
    "guide-right-6",
    "guide-right-7",
    "guide-right-8",
];

#[derive(Template)]
#[template(path = "public/guide.html")]
pub(crate) struct GuidePage {
    shell: Shell,
    rights: Vec<String>,
    scorecards: Vec<ScorecardView>,
    lists: Vec<ListView>,
}

struct ScorecardView {
    name: String,
    base: String,
    letters: Vec<(&'static str, String)>,
    dimensions: Vec<DimensionView>,
    basis: String,
}

struct DimensionView {
    name: String,
    bounds: String,
    features: Vec<FeatureView>,
}

struct FeatureView {
    name: String,
    items: String,
    points: String,
}

struct ListView {
    name: String,
    black: bool,
    exit: String,
    basis: String,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    let lang = visit.lang;
    page(&GuidePage {
        shell: visit.shell(Desk::Public),
        rights: RIGHTS.iter().map(|key| lang.t(key)).collect(),
        scorecards: visit
            .bundle
            .scorecards()
            .map(|card| scorecard(lang, &visit.bundle, card))
            .collect(),
        lists: lists(lang, &visit.bundle),
    })
}

fn lists(lang: Lang, bundle: &Bundle) -> Vec<ListView> {
    bundle
        .lists()
        .map(|list| ListView {
            name: lang.of(&list.name),
            black: list.colour == Colour::Black,
            exit: lang.of(&list.exit_text),
            basis: basis(lang, &list.legal_basis),
        })
        .collect()
}

fn scorecard(lang: Lang, bundle: &Bundle, card: &Scorecard) -> ScorecardView {
    let from = |points: i32| lang.with("guide-letter-from", &[("points", &points.to_string())]);
    let below = lang.with("guide-letter-below", &[("points", &card.letters.c.to_string())]);
    ScorecardView {
        name: lang.of(&card.name),
        base: lang.of(&card.base.text),
        letters: vec![
            ("A", from(card.letters.a)),
            ("B", from(card.letters.b)),
            ("C", from(card.letters.c)),
            ("D", below),
        ],
        dimensions: card
            .dimensions
            .iter()
            .map(|dimension| view(lang, bundle, card, dimension))
            .collect(),
        basis: basis(lang, &card.legal_basis),
    }
}

fn view(lang: Lang, bundle: &Bundle, card: &Scorecard, dimension: &Dimension) -> DimensionView {
    let of_dimension = card
        .features
        .iter()
        .filter(|feature| feature.dimension == dimension.code);
    DimensionView {
        name: lang.of(&dimension.name),
        bounds: range(lang, "guide-bounds", dimension.least, dimension.most),
        features: of_dimension
            .map(|feature| feature_view(lang, bundle, feature))
            .collect(),
    }
}

fn feature_view(lang: Lang, bundle: &Bundle, feature: &Feature) -> FeatureView {
    let points = feature.bins.iter().map(|bin| bin.points).chain([0]);
    let items = feature.items.iter();
    let items = items.filter_map(|code| Some(lang.of(&bundle.item(code)?.name)));
    FeatureView {
        name: lang.of(&feature.name),
        items: lang.list(items),
        points: range(
            lang,
            "guide-points-range",
            points.clone().min().unwrap_or(0),
            points.max().unwrap_or(0),
        ),
    }
}

fn range(lang: Lang, key: &str, least: i32, most: i32) -> String {
    let (least, most) = (crate::view::points(least), crate::view::points(most));
    lang.with(key, &[("least", &least), ("most", &most)])
}

/// The law as it is cited; what still waits to be compared with its text says so.
pub(crate) fn basis(lang: Lang, basis: &[LegalBasis]) -> String {
    let cite = |basis: &LegalBasis| {
        let law = match &basis.article {
            Some(article) => format!("{} {article}", lang.of(&basis.law)),
            None => lang.of(&basis.law),
        };
        if basis.unverified {
            lang.with("guide-unverified", &[("law", &law)])
        } else {
            law
        }
    };
    basis.iter().map(cite).collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
impl crate::page::Samples for GuidePage {
    fn samples(lang: Lang) -> Vec<Self> {
        let feature = FeatureView {
            name: "社会保险".into(),
            items: "社会保险缴纳".into(),
            points: range(lang, "guide-points-range", 0, 8),
        };
        let dimension = DimensionView {
            name: "个人特征".into(),
            bounds: range(lang, "guide-bounds", 0, 15),
            features: vec![feature],
        };
        vec![Self {
            shell: Shell::sample(lang, Desk::Public),
            rights: RIGHTS.iter().map(|key| lang.t(key)).collect(),
            scorecards: vec![ScorecardView {
                name: "自然人信用评价".into(),
                base: "人人从 70 分起步".into(),
                letters: vec![
                    ("A", lang.with("guide-letter-from", &[("points", "85")])),
                    ("D", lang.with("guide-letter-below", &[("points", "50")])),
                ],
                dimensions: vec![dimension],
                basis: "国办发〔2020〕49号".into(),
            }],
            lists: [true, false]
                .map(|black| ListView {
                    name: "名单".into(),
                    black,
                    exit: "…".into(),
                    basis: "…".into(),
                })
                .into(),
        }]
    }
}
