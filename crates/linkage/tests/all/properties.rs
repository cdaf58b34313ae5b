//! What holds for any rows.

use std::collections::{BTreeMap, BTreeSet};

use linkage::{
    Block, Certain, Compare, Field, Index, Level, Linkage, Model, Part, Profile, Register, Training,
};
use proptest::prelude::*;

const ALL: [Compare; 9] = [
    Compare::Exact,
    Compare::Text,
    Compare::Code,
    Compare::Date,
    Compare::Person,
    Compare::Organisation,
    Compare::Address,
    Compare::Phone,
    Compare::Number,
];

/// Texts that the comparisons can read, short and from few characters, so that they often nearly agree.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[张張章王伟偉维小明名]{1,4}",
        "[买買麦艾力提]{2,4}[·•.][买麦艾力提尔]{2,4}",
        "(wang|zhang|Wei|MING| |,){1,4}",
        "[abc ]{0,8}",
        "(佛山市|禅城区)?[明名珠株]{1,2}(餐饮|饮)?(有限公司|有限责任公司)?(张槎分公司)?",
        "(佛山市)?(汾江中路|建新路)([1-3]|[一二三])?号?([1-2]栋)?(50[12])?",
        "19[89][01]-?[01][12]-?[012][12]",
        "13[89][0-1*]{4}123[34]",
        "\\PC{0,12}",
    ]
}

fn profile() -> impl Strategy<Value = Profile> {
    let name = "[张章王颜闫][伟维小][明名]?";
    let born = prop::option::of((1980_i16..1983, 1_u8..4, 1_u8..4));
    let address = prop::option::of("(汾江中路|建新路)[1-3]号");
    let phone = prop::option::of("138(\\*{4}|0000)12[0-3]4");
    let number = prop::option::of("4406(04198[0-2]0[1-3]0[1-3]|\\*{10})12[12]4");
    let rest = (address, phone, number);
    (any::<bool>(), name, born, rest).prop_map(|(person, name, born, rest)| {
        let mut profile = if person {
            Profile::person(&name)
        } else {
            Profile::organisation(&name)
        };
        profile.birth_date = born;
        (profile.address, profile.phone, profile.number) = rest;
        if !person {
            profile.representative = Some(name.chars().rev().collect());
        }
        profile
    })
}

/// Two plain fields and a third, so that pairs can be counted by hand.
fn plain() -> Model {
    let fields = vec![
        Field::new("one", Compare::Exact).by_rarity(),
        Field::new("two", Compare::Exact),
        Field::new("name", Compare::Person).by_rarity(),
    ];
    let blocks = vec![
        Block::on([("one", Part::Whole)]),
        Block::on([("two", Part::Whole), ("name", Part::Start(1))]),
        Block::on([("one", Part::Whole), ("two", Part::Whole)]),
    ];
    Model::new(
        0.01,
        fields,
        blocks,
        Certain {
            bits: 14.0,
            agreeing: 2,
        },
    )
    .unwrap()
}

fn rows() -> impl Strategy<Value = Vec<(usize, Vec<String>)>> {
    let row = ("[abc]?", "[xy]?", "[张王][伟明]{1,2}").prop_map(|(one, two, name)| vec![one, two, name]);
    prop::collection::vec(row, 0..20).prop_map(|rows| rows.into_iter().enumerate().collect())
}

proptest! {
    #[test]
    fn comparing_does_not_depend_on_the_order(one in text(), other in text()) {
        for compare in ALL {
            prop_assert_eq!(compare.level(&one, &other), compare.level(&other, &one), "{:?}", compare);
        }
    }

    #[test]
    fn a_value_agrees_with_itself_and_nothing_is_no_evidence(text in text()) {
        for compare in ALL {
            let itself = compare.level(&text, &text);
            prop_assert!(
                [Level::Same, Level::AsFarAsShown, Level::Missing].contains(&itself),
                "{:?} {:?}", compare, itself
            );
            prop_assert_eq!(compare.level(&text, ""), Level::Missing);
        }
    }

    #[test]
    fn a_level_is_one_of_its_comparison(one in text(), other in text()) {
        for compare in ALL {
            let level = compare.level(&one, &other);
            prop_assert!(level == Level::Missing || compare.levels().contains(&level), "{:?} {:?}", compare, level);
        }
    }

    #[test]
    fn reasons_sum_to_the_total_and_what_is_missing_adds_nothing(
        register in prop::collection::vec(profile(), 0..30),
        row in profile(),
    ) {
        let count = register.len();
        let index = Index::new(register.into_iter().enumerate()).unwrap();
        let proposals = index.propose(&row, 100);
        let ids: BTreeSet<usize> = proposals.iter().map(|proposal| proposal.id).collect();
        prop_assert_eq!(ids.len(), proposals.len(), "each once");
        prop_assert!(count >= ids.len());
        prop_assert!(proposals.is_sorted_by(|one, next| one.bits >= next.bits));
        for proposal in &proposals {
            let because: f64 = proposal.because.iter().map(|field| field.bits + field.rarity_bits).sum();
            prop_assert!((proposal.prior_bits + because - proposal.bits).abs() < 1e-9);
            let odds = proposal.probability / (1.0 - proposal.probability);
            prop_assert!(proposal.bits > 40.0 || (odds.log2() - proposal.bits).abs() < 1e-3);
            for field in proposal.because.iter().filter(|field| field.level == Level::Missing) {
                prop_assert_eq!((field.bits, field.rarity_bits), (0.0, 0.0));
            }
        }
    }

    #[test]
    fn a_register_that_lies_elsewhere_proposes_the_same(
        register in prop::collection::vec(profile(), 0..30),
        row in profile(),
    ) {
        let models = Register::shipped().unwrap();
        let mut kept: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (id, profile) in register.iter().enumerate() {
            for mark in models.marks(profile) {
                kept.entry(mark).or_default().insert(id);
            }
        }
        let sharing = models.found_by(&row).into_iter().filter_map(|mark| kept.get(&mark)).flatten();
        let sharing: BTreeSet<usize> = sharing.copied().collect();
        let held: Vec<(usize, Profile)> = sharing.iter().map(|id| (*id, register[*id].clone())).collect();
        let mut counted = models.counted_by(&row);
        counted.extend(held.iter().flat_map(|(_, profile)| models.counted_by(profile)));
        let count = |mark: &str| {
            assert!(counted.contains(mark), "nobody said that `{mark}` is counted");
            kept.get(mark).map_or(0, |ids| ids.len() as u64)
        };
        let found = models.propose(&row, &held, count, 100).unwrap();
        let index = Index::new(register.into_iter().enumerate()).unwrap();
        prop_assert_eq!(found, index.propose(&row, 100));
    }

    #[test]
    fn the_order_of_the_register_changes_nothing(
        register in prop::collection::vec(profile(), 0..30),
        row in profile(),
        turn in 0_usize..30,
    ) {
        let mut numbered: Vec<(usize, Profile)> = register.into_iter().enumerate().collect();
        let before = Index::new(numbered.clone()).unwrap().propose(&row, 100);
        numbered.reverse();
        let turn = turn.min(numbered.len());
        numbered.rotate_left(turn);
        prop_assert_eq!(Index::new(numbered).unwrap().propose(&row, 100), before);
    }

    #[test]
    fn pairs_come_once_and_are_those_that_share_a_key(left in rows(), right in rows()) {
        let model = plain();
        let mut linkage = Linkage::new(model.fields(), left.clone(), right.clone());
        let pairs = linkage.pairs(&model, 0.0).unwrap();
        let found: Vec<(usize, usize)> = pairs.iter().map(|pair| (pair.left, pair.right)).collect();
        let mut expect = Vec::new();
        for (a, one) in &left {
            for (b, other) in &right {
                let same = |at: usize| !one[at].is_empty() && one[at] == other[at];
                if same(0) || (same(1) && one[2].chars().next() == other[2].chars().next()) {
                    expect.push((*a, *b));
                }
            }
        }
        prop_assert_eq!(found, expect);
    }

    #[test]
    fn training_does_not_depend_on_the_order_and_gives_a_valid_model(left in rows(), right in rows(), seed: u64) {
        let model = plain();
        let mut training = Training::on(vec![Block::on([("one", Part::Whole)]), Block::on([("two", Part::Whole)])], seed);
        training.random_pairs = 500;
        let train = |left: Vec<_>, right: Vec<_>| {
            let mut linkage = Linkage::new(model.fields(), left, right);
            let trained = linkage.train(&model, &training).unwrap();
            let pairs = linkage.pairs(&trained, 0.0).unwrap();
            (trained, pairs)
        };
        let reversed = |rows: &[(usize, Vec<String>)]| rows.iter().rev().cloned().collect::<Vec<_>>();
        let backwards = train(reversed(&left), reversed(&right));
        let (trained, pairs) = train(left, right);
        prop_assert_eq!(&backwards.0, &trained);
        prop_assert_eq!(&backwards.1, &pairs);
        for field in trained.fields() {
            let weights: Vec<f64> = field.weights().map(|(_, bits)| bits).collect();
            prop_assert!(weights.iter().all(|bits| bits.is_finite()));
            prop_assert!(weights.is_sorted_by(|one, next| *one >= next - 1e-9), "{:?}", weights);
        }
        for pair in &pairs {
            let because: f64 = pair.because.iter().map(|field| field.bits + field.rarity_bits).sum();
            prop_assert!((trained.prior_bits() + because - pair.bits).abs() < 1e-9);
        }
    }
}
