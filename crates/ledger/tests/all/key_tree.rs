//! The puncturable function: a destroyed key is gone, and all others are as they were.

use ledger::{KeyTree, KeyTreeFault};
use proptest::prelude::*;

use crate::support::cases;

fn all(tree: &KeyTree) -> Vec<Option<[u8; 32]>> {
    (0..1 << tree.height())
        .map(|index| tree.key(index).ok().map(|key| *key.expose()))
        .collect()
}

/// Whether bytes are anywhere in what is stored.
fn holds(tree: &KeyTree, key: &[u8; 32]) -> bool {
    tree.to_bytes().windows(32).any(|window| window == key)
}

#[test]
fn keys_are_known_and_differ() {
    let tree = KeyTree::from_random([7; 32], 3).unwrap();
    let keys = all(&tree);
    let mut different = keys.clone();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), 8);
    // Worked out by another program from the definition at the head of the module.
    let known = include_str!("../known/key-tree.hex");
    let told: Vec<String> = keys
        .iter()
        .map(|key| {
            key.unwrap()
                .iter()
                .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
        })
        .collect();
    assert_eq!(told, known.lines().collect::<Vec<_>>());
    assert_eq!(
        tree.to_bytes().len(),
        3 + 1 + 1 + 1 + 34,
        "an unpunctured segment costs one seed"
    );
}

#[test]
fn bounds_are_told() {
    let tree = KeyTree::from_random([7; 32], 3).unwrap();
    assert_eq!(
        tree.key(8).unwrap_err(),
        KeyTreeFault::Beyond { index: 8, height: 3 }
    );
    assert_eq!(
        tree.key(u64::MAX).unwrap_err(),
        KeyTreeFault::Beyond {
            index: u64::MAX,
            height: 3
        }
    );
    assert_eq!(
        KeyTree::from_random([7; 32], 33).unwrap_err(),
        KeyTreeFault::TooHigh(33)
    );
    let mut one = KeyTree::from_random([7; 32], 0).unwrap();
    assert!(one.key(0).is_ok());
    one.puncture(0).unwrap();
    assert_eq!(one.key(0).unwrap_err(), KeyTreeFault::Destroyed(0));
    assert_eq!(one.puncture(0), Err(KeyTreeFault::Destroyed(0)));
    assert_eq!(KeyTree::parse(&one.to_bytes()), Ok(one));
    let high = KeyTree::from_random([7; 32], 32).unwrap();
    assert!(high.key((1 << 32) - 1).is_ok() && high.key(1 << 32).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(48, 5_000), ..ProptestConfig::default() })]

    #[test]
    fn what_is_destroyed_is_gone_and_the_rest_is_as_it_was(
        seed in any::<[u8; 32]>(), height in 0_u8..8, destroyed in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
    ) {
        let whole = KeyTree::from_random(seed, height).unwrap();
        let keys = all(&whole);
        let mut tree = whole.clone();
        let mut gone = std::collections::BTreeSet::new();
        for index in destroyed {
            let index = index.index(keys.len()) as u64;
            prop_assert_eq!(tree.puncture(index).is_ok(), gone.insert(index));
            prop_assert_eq!(tree.destroyed(), gone.len() as u64);
        }
        for (index, key) in (0..).zip(&keys) {
            if gone.contains(&index) {
                prop_assert_eq!(tree.key(index).unwrap_err(), KeyTreeFault::Destroyed(index));
                prop_assert!(!holds(&tree, &key.unwrap()));
            } else {
                prop_assert_eq!(tree.key(index).ok().map(|key| *key.expose()), *key);
            }
            let walked: Vec<_> = tree.keys_from(index).map(|key| Some(*key.expose())).collect();
            let until = gone.range(index..).next().map_or(keys.len(), |next| usize::try_from(*next).unwrap());
            prop_assert_eq!(walked, keys[usize::try_from(index).unwrap()..until].to_vec());
        }
        prop_assert_eq!(KeyTree::parse(&tree.to_bytes()), Ok(tree.clone()));
        if !gone.is_empty() {
            prop_assert!(!holds(&tree, &seed), "the seed above a destroyed key is gone");
        }
        // The state is a function of what is destroyed, whatever the order.
        let mut other = whole;
        for index in gone.iter().rev() {
            other.puncture(*index).unwrap();
        }
        prop_assert_eq!(other.to_bytes(), tree.to_bytes());
    }

    #[test]
    fn altered_bytes_are_another_tree_or_none(at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut tree = KeyTree::from_random([7; 32], 6).unwrap();
        tree.puncture(20).unwrap();
        let mut bytes = tree.to_bytes().to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(other) = KeyTree::parse(&bytes) {
            prop_assert!(other != tree && *other.to_bytes() == bytes);
        }
    }
}

#[test]
fn nodes_have_one_order() {
    let node = |height: u8, first: u8, seed: u8| [vec![height, first, 0x58, 0x20], vec![seed; 32]].concat();
    let tree = |height: u8, nodes: &[Vec<u8>]| {
        let count = u8::try_from(nodes.len() * 3).unwrap();
        [vec![0x83, 1, height, 0x80 + count], nodes.concat()].concat()
    };
    for (bytes, ok) in [
        (tree(2, &[node(2, 0, 1)]), true),
        (tree(2, &[node(0, 1, 1), node(1, 2, 2)]), true),
        (tree(2, &[node(0, 1, 1), node(0, 2, 2)]), true),
        // Out of order, overlapping, beyond, not where such a node begins, siblings.
        (tree(2, &[node(1, 2, 2), node(0, 1, 1)]), false),
        (tree(2, &[node(1, 0, 2), node(0, 1, 1)]), false),
        (tree(2, &[node(0, 4, 1)]), false),
        (tree(2, &[node(1, 1, 1)]), false),
        (tree(2, &[node(3, 0, 1)]), false),
        (tree(2, &[node(1, 0, 1), node(1, 2, 2)]), false),
        (tree(2, &[]), true),
        (tree(2, &[node(2, 0, 1)[..20].to_vec()]), false),
    ] {
        assert_eq!(KeyTree::parse(&bytes).is_ok(), ok, "{bytes:?}");
    }
    let text = format!("{:?}", KeyTree::from_random([7; 32], 3).unwrap());
    assert_eq!(text, "KeyTree(height 3, 0 destroyed)");
}
