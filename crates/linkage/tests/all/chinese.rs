//! Proposals on a made-up register of a Chinese district.

use crate::made::{Dice, Someone, register, row, someone};
use Level::{AsFarAsShown, Missing, OtherwiseWritten, Same, SameSound, Swapped, TradeName};
use linkage::{Block, Index, Level, Linkage, Model, Part, Profile, Training};

/// A row, and what is true of it.
struct Case {
    row: Profile,
    /// The place in the register of the one that is meant; none if the register does not have them.
    meant: Option<usize>,
    /// Somebody else in the register has this name and this birthday. Far more of them than life has.
    has_double: bool,
}

fn cases(people: &[Someone], dice: &mut Dice) -> Vec<Case> {
    let mut cases = Vec::new();
    for (at, meant) in people.iter().enumerate().step_by(2) {
        cases.push(Case {
            row: row(meant, dice),
            meant: Some(at),
            has_double: false,
        });
    }
    for (at, namesake) in people.iter().enumerate().take(1000) {
        let mut other = someone(dice);
        // Of half of them the register has a namesake, a fifth of these born on the same day.
        let has_double = at % 10 == 0;
        if at % 2 == 0 {
            other.name.clone_from(&namesake.name);
        }
        if has_double {
            other.born = namesake.born;
        }
        cases.push(Case {
            row: row(&other, dice),
            meant: None,
            has_double,
        });
    }
    cases
}

#[derive(Debug, Default)]
struct Tally {
    said: usize,
    right: usize,
    certain: usize,
    certain_right: usize,
    first_right: usize,
    among_right: usize,
}

#[test]
fn almost_certain_is_never_wrong_and_the_one_meant_stands_first() {
    let mut all = Tally::default();
    for seed in 1..=3 {
        let mut dice = Dice::new(seed);
        let people = register(3000, &mut dice);
        let index = Index::new(people.iter().enumerate().map(|(at, one)| (at, one.profile()))).unwrap();
        for Case {
            row,
            meant,
            has_double,
        } in cases(&people, &mut dice)
        {
            let proposals = index.propose(&row, 10);
            let of = |id: usize| meant == Some(id);
            for proposal in proposals.iter().filter(|proposal| proposal.almost_certain) {
                all.certain += 1;
                all.certain_right += usize::from(of(proposal.id));
                assert!(
                    of(proposal.id),
                    "{row:?} is not {:?}: {proposal:?}",
                    people[proposal.id]
                );
            }
            let likely = proposals.first().filter(|first| first.probability >= 0.9);
            if let Some(first) = likely.filter(|_| !has_double) {
                all.said += 1;
                all.right += usize::from(of(first.id));
            }
            all.first_right += usize::from(proposals.first().is_some_and(|first| of(first.id)));
            all.among_right += usize::from(proposals.iter().any(|proposal| of(proposal.id)));
        }
    }
    println!("{all:?}");
    let meant = 3 * 1500;
    assert!(
        all.certain * 100 > meant * 50,
        "so strict that it is no help: {all:?}"
    );
    assert!(all.first_right * 1000 > meant * 970, "{all:?}");
    assert!(all.among_right * 1000 > meant * 985, "{all:?}");
    assert!(all.right * 1000 > all.said * 985, "{all:?}");
}

#[test]
fn a_model_trained_on_the_rows_themselves_is_as_careful() {
    let mut dice = Dice::new(11);
    let people = register(3000, &mut dice);
    let cases = cases(&people, &mut dice);
    let model = Model::shipped_for_persons().unwrap();
    let texts = |profile: &Profile| {
        let born = profile.birth_date.map_or_else(String::new, |(year, month, day)| {
            format!("{year:04}{month:02}{day:02}")
        });
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        vec![
            text(&profile.name),
            born,
            text(&profile.address),
            text(&profile.phone),
        ]
    };
    let left = people
        .iter()
        .enumerate()
        .map(|(at, one)| (at, texts(&one.profile())));
    let right = cases.iter().enumerate().map(|(at, case)| (at, texts(&case.row)));
    let mut linkage = Linkage::new(model.fields(), left, right);
    let blocks = ["birth_date", "name"].map(|field| Block::on([(field, Part::Whole)]));
    let trained = linkage.train(&model, &Training::on(blocks.to_vec(), 1)).unwrap();
    let pairs = linkage.pairs(&trained, 0.5).unwrap();
    let certain: Vec<_> = pairs.iter().filter(|pair| pair.almost_certain).collect();
    for pair in &certain {
        assert_eq!(
            cases[pair.right].meant,
            Some(pair.left),
            "{:?} {:?}",
            people[pair.left],
            cases[pair.right].row
        );
    }
    println!(
        "{} of 1500 almost certain, prior {:e}",
        certain.len(),
        trained.prior()
    );
    assert!(certain.len() > 700, "{} of 1500", certain.len());
    // 1,500 of 3,000 × 2,500 pairs: the prior is found within a quarter; twins and couples look like matches.
    let truth = 1500.0 / (3000.0 * 2500.0);
    assert!(
        (trained.prior() / truth - 1.0).abs() < 0.25,
        "{:e} {truth:e}",
        trained.prior()
    );
}

#[test]
fn a_name_alone_is_never_almost_certain() {
    let index = Index::new([
        (
            1,
            Profile::person("欧阳明月")
                .born(1990, 3, 4)
                .at("汾江中路12号3栋501")
                .phone("13812341234"),
        ),
        (2, Profile::organisation("佛山市明珠餐饮有限公司").at("建新路8号")),
    ])
    .unwrap();
    for row in [
        Profile::person("欧阳明月"),
        Profile::organisation("佛山市明珠餐饮有限公司"),
    ] {
        let proposals = index.propose(&row, 5);
        assert_eq!(proposals.len(), 1);
        assert!(!proposals[0].almost_certain, "{proposals:?}");
    }
}

#[test]
fn a_rare_name_says_more_than_a_frequent_one() {
    let years = (1950_i16..2010).cycle().take(200);
    let frequent = (0..200_u64)
        .zip(years)
        .map(|(at, year)| (at, Profile::person("王伟").born(year, 3, 4)));
    let others = (200..999).map(|at| {
        let mut dice = Dice::new(at);
        (at, someone(&mut dice).profile())
    });
    let rare = [(1000, Profile::person("欧阳明月").born(1990, 3, 4))];
    let index = Index::new(frequent.chain(others).chain(rare)).unwrap();
    let name_bits = |name| {
        let first = index
            .propose(&Profile::person(name).born(1990, 3, 4), 1)
            .remove(0);
        (first.because[0].bits, first.because[0].rarity_bits)
    };
    let (rare, frequent) = (name_bits("欧阳明月"), name_bits("王伟"));
    assert!((rare.0 - frequent.0).abs() < 1e-12, "the level is worth the same");
    assert!(rare.1 > frequent.1 + 5.0, "{rare:?} {frequent:?}");
}

#[test]
fn it_finds_whom_people_mean_and_says_why() {
    let index = Index::new([
        (
            1,
            Profile::person("颜明月")
                .born(1990, 3, 4)
                .at("佛山市禅城区汾江中路12号3栋501房")
                .phone("13812341234"),
        ),
        (
            2,
            Profile::person("吕西安")
                .born(1988, 12, 1)
                .at("建新路8号")
                .phone("13900001111"),
        ),
        (
            3,
            Profile::person("阿卜杜热西提·买买提")
                .born(1979, 5, 6)
                .phone("13700002222"),
        ),
        (
            4,
            Profile::organisation("佛山市明珠餐饮有限公司")
                .at("建新路8号")
                .represented_by("颜明月"),
        ),
        (
            5,
            Profile::organisation("佛山市明珠餐饮有限公司张槎分公司")
                .at("张槎一路3号")
                .represented_by("颜明月"),
        ),
    ])
    .unwrap();
    for (row, id, levels) in [
        (
            Profile::person("閆明月").born(1990, 4, 3).phone("138****1234"),
            1,
            [SameSound, Swapped, Missing, AsFarAsShown, Missing],
        ),
        (
            Profile::person("LYU, Xi An")
                .born(1988, 12, 1)
                .at("佛山市建新路八号"),
            2,
            [SameSound, Same, Same, Missing, Missing],
        ),
        (
            Profile::person("阿卜杜熱西提・買買提")
                .born(1979, 5, 6)
                .phone("13700002222"),
            3,
            [OtherwiseWritten, Same, Missing, Same, Missing],
        ),
        (
            Profile::organisation("明珠（佛山）餐饮有限责任公司")
                .at("佛山市禅城区建新路8号")
                .represented_by("顏明月"),
            4,
            [TradeName, OtherwiseWritten, Same, Missing, Missing],
        ),
    ] {
        let proposals = index.propose(&row, 3);
        let first = proposals.first().unwrap_or_else(|| panic!("nothing for {row:?}"));
        let found: Vec<Level> = first.because.iter().map(|field| field.level).collect();
        assert_eq!((first.id, found.as_slice()), (id, &levels[..]), "{row:?}");
        assert!(first.probability > 0.9, "{row:?}: {first:?}");
    }
}
