//! The tree in tiles is the tree of RFC 6962, at every size.

use ledger::{
    Edge, Frontier, Hash, LeafIndex, LogSize, ProofFault, Proofs, Sha256Ed25519, Sm3Sm2, Suite, Tile,
    TileLevel, TreeFault, verify_consistency, verify_inclusion,
};
use proptest::prelude::*;

use crate::support::{BOUNDARIES, Folder, Log, cases, reference};

/// Leaves and former sizes worth asking about in a tree of that size.
fn places(size: u64) -> Vec<u64> {
    let mut places: Vec<u64> = BOUNDARIES
        .into_iter()
        .flat_map(|at| [at.saturating_sub(1), at])
        .collect();
    places.extend([size / 2, size / 3, size.saturating_sub(1), size]);
    places.retain(|place| *place <= size);
    places.sort_unstable();
    places.dedup();
    places
}

fn check<S: Suite>(log: &Log<S>) {
    let size = log.edge.size();
    let root = reference::mth::<S>(&log.leaves);
    assert_eq!(log.edge.root(), root, "root of {size}");
    assert_eq!(log.proofs().root(), Ok(root));
    let mut frontier = Frontier::<S>::default();
    log.leaves.iter().for_each(|leaf| frontier.push(*leaf));
    assert_eq!((frontier.root(), frontier.size()), (root, size));
    let again = Frontier::<S>::from_roots(size, frontier.roots().to_vec());
    assert_eq!(again, Some(frontier));
    assert_eq!(
        Edge::read(size, &log.folder).as_ref(),
        Ok(&log.edge),
        "the edge of {size} from tiles"
    );
    for place in places(size.0) {
        let at = usize::try_from(place).unwrap();
        if place < size.0 {
            let path = log.proofs().inclusion(LeafIndex(place)).unwrap();
            assert_eq!(
                path,
                reference::path::<S>(at, &log.leaves),
                "leaf {place} of {size}"
            );
            let leaf = log.proofs().leaf(LeafIndex(place)).unwrap();
            assert_eq!(leaf, log.leaves[at]);
            assert_eq!(
                verify_inclusion::<S>(leaf, LeafIndex(place), size, &path, root),
                Ok(())
            );
        }
        let former = reference::mth::<S>(&log.leaves[..at]);
        assert_eq!(log.proofs().root_at(LogSize(place)), Ok(former));
        let proof = log.proofs().consistency(LogSize(place)).unwrap();
        assert_eq!(
            proof,
            reference::proof::<S>(at, &log.leaves),
            "from {place} to {size}"
        );
        assert_eq!(
            verify_consistency::<S>((LogSize(place), former), (size, root), &proof),
            Ok(())
        );
    }
}

#[test]
fn every_boundary_is_right() {
    for size in BOUNDARIES {
        check(&Log::<Sha256Ed25519>::of(size));
    }
    for size in [0, 1, 255, 256, 257] {
        check(&Log::<Sm3Sm2>::of(size));
    }
}

#[test]
fn roots_are_those_of_others() {
    // The leaves and roots that implementations of RFC 6962 are usually tested with.
    let hex = |text: &str| -> Vec<u8> {
        (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
            .collect()
    };
    let leaves = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut frontier = Frontier::<Sha256Ed25519>::default();
    for (count, root) in roots.into_iter().enumerate() {
        assert_eq!(frontier.root().0.to_vec(), hex(root), "of {count}");
        if let Some(leaf) = leaves.get(count) {
            frontier.push(Sha256Ed25519::leaf(&hex(leaf)));
        }
    }
    // GB/T 32905: SM3("abc").
    let sm3 = hex("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    assert_eq!(<sm3::Sm3 as sm3::Digest>::digest(b"abc").to_vec(), sm3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(24, 600), ..ProptestConfig::default() })]

    #[test]
    fn any_growth_is_right(steps in prop::collection::vec(0_u64..400, 1..6)) {
        let mut log = Log::<Sha256Ed25519>::of(0);
        for step in steps {
            let size = log.edge.size().0 + step;
            log.grow(size, crate::support::entry);
            check(&log);
        }
    }

    #[test]
    fn any_pair_of_sizes_is_joined(former in 0_u64..900, more in 0_u64..900, leaf in 0_u64..900) {
        let log = Log::<Sha256Ed25519>::of(former + more);
        let size = log.edge.size();
        let at = usize::try_from(former).unwrap();
        let proof = log.proofs().consistency(LogSize(former)).unwrap();
        prop_assert_eq!(&proof, &reference::proof::<Sha256Ed25519>(at, &log.leaves));
        if leaf < size.0 {
            let path = log.proofs().inclusion(LeafIndex(leaf)).unwrap();
            let at = usize::try_from(leaf).unwrap();
            prop_assert_eq!(path, reference::path::<Sha256Ed25519>(at, &log.leaves));
        }
    }

    #[test]
    fn no_altered_proof_is_believed(
        size in 2_u64..1_000, place in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), bit in 0_usize..256,
    ) {
        let log = Log::<Sha256Ed25519>::of(size);
        let (size, root) = (log.edge.size(), log.edge.root());
        let index = LeafIndex(place.index(usize::try_from(size.0).unwrap()) as u64);
        let leaf = log.proofs().leaf(index).unwrap();
        let path = log.proofs().inclusion(index).unwrap();
        let believed = |path: &[Hash]| verify_inclusion::<Sha256Ed25519>(leaf, index, size, path, root).is_ok();
        prop_assert!(believed(&path));
        altered(&path, at.index(path.len()), bit, believed)?;
        for other in [index.0 ^ 1, index.0 + 1, size.0] {
            prop_assert!(verify_inclusion::<Sha256Ed25519>(leaf, LeafIndex(other), size, &path, root).is_err());
        }

        let former = LogSize(index.0 + 1);
        let was = log.proofs().root_at(former).unwrap();
        let proof = log.proofs().consistency(former).unwrap();
        let believed = |proof: &[Hash]| verify_consistency::<Sha256Ed25519>((former, was), (size, root), proof).is_ok();
        prop_assert!(believed(&proof));
        if !proof.is_empty() {
            altered(&proof, at.index(proof.len()), bit, believed)?;
        }
        let mut other = was;
        other.0[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(verify_consistency::<Sha256Ed25519>((former, other), (size, root), &proof).is_err());
    }
}

/// A bit flipped, a hash too few, one too many, two exchanged.
fn altered(
    path: &[Hash],
    at: usize,
    bit: usize,
    believed: impl Fn(&[Hash]) -> bool,
) -> Result<(), TestCaseError> {
    let mut flipped = path.to_vec();
    flipped[at].0[bit / 8] ^= 1 << (bit % 8);
    prop_assert!(!believed(&flipped), "bit {} of hash {}", bit, at);
    let mut fewer = path.to_vec();
    fewer.remove(at);
    prop_assert!(!believed(&fewer));
    let mut more = path.to_vec();
    more.insert(at, path[at]);
    prop_assert!(!believed(&more));
    let mut exchanged = path.to_vec();
    exchanged.swap(0, at);
    prop_assert!(exchanged == path || !believed(&exchanged));
    Ok(())
}

#[test]
fn tiles_are_written_once_and_partial_ones_only_where_something_is_new() {
    let mut edge = Edge::<Sha256Ed25519>::default();
    let leaf = |index: u64| Sha256Ed25519::leaf(&index.to_be_bytes());
    let mut names = |from: u64, to: u64| -> Vec<String> {
        edge.append((from..to).map(leaf))
            .iter()
            .map(|new| new.tile.to_string())
            .collect()
    };
    assert_eq!(names(0, 0), [""; 0]);
    assert_eq!(names(0, 5), ["tile/0/000.p/5"]);
    assert_eq!(names(5, 256), ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(names(256, 257), ["tile/0/001.p/1"]);
    assert_eq!(
        names(257, 600),
        ["tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"]
    );
    assert_eq!(names(600, 600), [""; 0]);
}

#[test]
fn a_proof_reads_few_tiles() {
    let log = Log::<Sha256Ed25519>::of(65_537);
    log.proofs().inclusion(LeafIndex(12_345)).unwrap();
    assert!(
        *log.folder.read.borrow() <= 4,
        "{} tiles",
        log.folder.read.borrow()
    );
}

/// Gives a hash that lacks a byte.
struct Short;

impl ledger::TileReader for Short {
    type Error = String;

    fn read_tile(&self, _: Tile) -> Result<Vec<u8>, String> {
        Ok(vec![0; 31])
    }
}

#[test]
fn what_cannot_be_read_is_told() {
    let mut log = Log::<Sha256Ed25519>::of(300);
    let tile = Tile::of(TileLevel::Hashes(0), 1, LogSize(300)).unwrap();
    log.folder.files.remove(&tile.to_string());
    assert_eq!(
        log.proofs().inclusion(LeafIndex(299)),
        Err(TreeFault::Reader(tile, "absent".to_owned()))
    );
    assert!(
        log.proofs().inclusion(LeafIndex(3)).is_err(),
        "its path goes over that tile"
    );
    assert_eq!(
        log.proofs().inclusion(LeafIndex(300)),
        Err(TreeFault::Beyond {
            size: LogSize(300),
            asked: 300
        })
    );
    assert_eq!(
        log.proofs().consistency(LogSize(301)),
        Err(TreeFault::Beyond {
            size: LogSize(300),
            asked: 301
        })
    );

    let root = Proofs::<Sha256Ed25519, Short>::new(&Short, LogSize(300)).root();
    let text = "`tile/1/000.p/1` has 31 bytes and should have 32; fetch it again from a mirror";
    assert_eq!(root.unwrap_err().to_string(), text);
}

#[test]
fn trees_without_leaves_and_of_one_size() {
    type S = Sha256Ed25519;
    let root = Log::<S>::of(7).edge.root();
    let other = S::leaf(b"other");
    let (none, seven) = (LogSize(0), LogSize(7));
    for (former, later, path, ok) in [
        ((none, S::empty()), (none, S::empty()), vec![], true),
        ((none, S::empty()), (seven, root), vec![], true),
        ((none, S::empty()), (seven, root), vec![root], false),
        ((none, other), (seven, root), vec![], false),
        ((seven, root), (seven, root), vec![], true),
        ((seven, root), (seven, root), vec![root], false),
        ((seven, root), (seven, other), vec![], false),
        ((seven, root), (LogSize(8), other), vec![], false),
        ((LogSize(8), other), (seven, root), vec![], false),
    ] {
        assert_eq!(
            verify_consistency::<S>(former, later, &path).is_ok(),
            ok,
            "{former:?} {later:?}"
        );
    }
    let beyond = ProofFault::Beyond {
        index: LeafIndex(0),
        size: none,
    };
    assert_eq!(
        verify_inclusion::<S>(root, LeafIndex(0), none, &[], root),
        Err(beyond)
    );
    // Sizes at the end of what a number can say do not overflow.
    for size in [u64::MAX, u64::MAX - 1, 1 << 63, i64::MAX as u64] {
        let path = vec![other; 70];
        assert!(verify_inclusion::<S>(other, LeafIndex(size - 1), LogSize(size), &path, root).is_err());
        assert!(verify_consistency::<S>((LogSize(size - 1), other), (LogSize(size), root), &path).is_err());
        assert!(
            Proofs::<S, Folder>::new(&Folder::default(), LogSize(size))
                .inclusion(LeafIndex(size / 3))
                .is_err()
        );
        assert!(Edge::<S>::read(LogSize(size), &Folder::default()).is_err());
    }
}
