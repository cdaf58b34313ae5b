//! Proposals on a made-up register of firms.

use crate::made::{Dice, someone};
use linkage::{Index, Profile};

#[derive(Debug, Clone)]
struct Firm {
    place: &'static str,
    trade: String,
    branch: &'static str,
    head: String,
    address: String,
    phone: String,
}

impl Firm {
    fn name(&self) -> String {
        format!("{}{}有限公司{}", self.place, self.trade, self.branch)
    }

    fn profile(&self) -> Profile {
        let firm = Profile::organisation(&self.name());
        firm.represented_by(&self.head)
            .at(&self.address)
            .phone(&self.phone)
    }
}

const PLACES: [&str; 3] = ["佛山市", "佛山市禅城区", "佛山市南海区"];
const FIRST: [&str; 10] = ["明", "金", "华", "东", "永", "鸿", "瑞", "德", "兴", "宏"];
const SECOND: [&str; 10] = ["珠", "辉", "达", "盛", "泰", "丰", "源", "信", "通", "联"];
const TRADES: [&str; 8] = ["餐饮", "陶瓷", "机械设备", "建材", "纺织", "物流", "电器", "食品"];

fn pick(all: &[&'static str], dice: &mut Dice) -> &'static str {
    all[dice.below(u32::try_from(all.len()).unwrap()) as usize]
}

/// Each third firm has a branch at its address, and each third a sister of the same owner in the next district.
fn register(dice: &mut Dice) -> Vec<Firm> {
    let mut firms = Vec::new();
    for at in 0..700 {
        let owner = someone(dice);
        let firm = Firm {
            place: pick(&PLACES[..2], dice),
            trade: [pick(&FIRST, dice), pick(&SECOND, dice), pick(&TRADES, dice)].concat(),
            branch: "",
            address: owner.address(),
            phone: format!("0757-8{:07}", dice.below(10_000_000)),
            head: owner.name,
        };
        let mut other = firm.clone();
        match at % 3 {
            0 => other.branch = "张槎分公司",
            1 => other.place = PLACES[2],
            _ => other.trade = "第二".to_owned() + &other.trade,
        }
        firms.extend([firm, other]);
    }
    firms
}

/// A row about a firm, as departments write; or, one time in eight, with its place left out.
fn row(of: &Firm, dice: &mut Dice) -> Profile {
    let written = match dice.below(8) {
        0 => format!("{}有限公司{}", of.trade, of.branch),
        1 => of.name().replace("有限公司", "有限责任公司"),
        2 => of
            .name()
            .replace('东', "東")
            .replace('华', "華")
            .replace('达', "達"),
        3 => of.name().replace("佛山市", "广东省佛山市"),
        _ => of.name(),
    };
    let mut row = Profile::organisation(&written);
    if dice.below(4) > 0 {
        row = row.represented_by(&of.head);
    }
    if dice.below(4) > 0 {
        row = row.at(&of.address.replace("佛山市", ""));
    }
    if dice.below(2) > 0 {
        row = row.phone(&of.phone.replace('-', ""));
    }
    row
}

#[test]
fn a_branch_a_sister_and_the_second_works_are_other_firms() {
    let mut dice = Dice::new(3);
    let firms = register(&mut dice);
    let index = Index::new(firms.iter().enumerate().map(|(at, firm)| (at, firm.profile()))).unwrap();
    let (mut first, mut certain) = (0, 0);
    for (meant, firm) in firms.iter().enumerate() {
        let row = row(firm, &mut dice);
        let proposals = index.propose(&row, 10);
        first += usize::from(proposals.first().is_some_and(|first| first.id == meant));
        for proposal in proposals.iter().filter(|proposal| proposal.almost_certain) {
            // Two of one name, owner and house do not occur: the made-up owners are all others.
            assert_eq!(
                proposal.id, meant,
                "{row:?} is not {:?}: {proposal:?}",
                firms[proposal.id]
            );
            certain += 1;
        }
    }
    println!("{first} first, {certain} almost certain, of {}", firms.len());
    assert!(first * 100 > firms.len() * 90, "{first} of {}", firms.len());
    assert!(certain * 100 > firms.len() * 35, "{certain} of {}", firms.len());
}
