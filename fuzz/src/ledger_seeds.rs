//! A small ledger, in every format that is read from outside.

use std::slice::from_ref;

use ledger::{
    AddCheckpoint, Answer, Decision, Edge, EntryBundle, ErasureGround, Fork, Hash, KeyName, KeyTree, Leaf,
    LeafIndex, LogProof, LogSigner, LogSize, LookRoot, PosixSeconds, Proofs, RecordKind, RecordLeaf,
    Sha256Ed25519, Status, Suite, Tile, TileLevel, TileReader, WitnessSigner, decide,
};
use record::{Commitment, RecordNumber, SubmissionId};

/// Up to 256 leaves are one tile, kept here.
struct OneTile(Vec<Hash>);

impl TileReader for OneTile {
    type Error = String;

    fn read_tile(&self, tile: Tile) -> Result<Vec<u8>, String> {
        let of_leaves = tile.level() == TileLevel::Hashes(0);
        let hashes = of_leaves
            .then(|| self.0.get(..tile.width()))
            .flatten()
            .ok_or("absent")?;
        Ok(hashes.iter().flat_map(|hash| hash.0).collect())
    }
}

const NOTE: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

/// Target, name and bytes of each seed.
pub fn of_ledger() -> Vec<(&'static str, &'static str, Vec<u8>)> {
    let name = |text: &str| KeyName::new(text).expect("a name");
    let signer = |seed| Box::new(Sha256Ed25519::signer(&[seed; 32]).expect("a secret"));
    let log = LogSigner::new(name("city.example/log"), signer(1)).expect("a log");
    let witness = WitnessSigner::new(name("w.example/w"), signer(2)).expect("a witness");
    let leaves = leaves();
    let hashes: Vec<Hash> = leaves.iter().map(Leaf::hash::<Sha256Ed25519>).collect();
    let signed = |hashes: &[Hash]| {
        let mut edge = Edge::<Sha256Ed25519>::default();
        edge.append(hashes.iter().copied());
        log.sign(edge.size(), edge.root()).expect("a checkpoint")
    };
    let (now, tile) = (signed(&hashes), OneTile(hashes.clone()));
    let mut proofs = Proofs::<Sha256Ed25519, _>::new(&tile, LogSize(hashes.len() as u64));
    let path = proofs.inclusion(LeafIndex(3)).expect("a proof");
    let consistency = proofs.consistency(LogSize(5)).expect("a proof");
    let request = AddCheckpoint {
        old: LogSize(5),
        proof: consistency,
        checkpoint: now.clone(),
    };
    let Decision::Accept(accepted) =
        decide::<Sha256Ed25519>(&request, from_ref(log.key()), Some(&signed(&hashes[..5])))
    else {
        panic!("growth is accepted")
    };
    let answer = accepted
        .cosign(&witness, PosixSeconds(1_800_000_000))
        .expect("a cosignature");
    let Answer::Cosigned(lines) = &answer else {
        panic!("an accepted checkpoint is cosigned")
    };
    let cosigned = now.clone().with(lines[0].clone()).expect("room for it");
    let other = signed(&hashes.iter().rev().take(5).copied().collect::<Vec<_>>());
    let fork = Fork::from_tiles::<Sha256Ed25519, _>(&other, &now, &tile)
        .expect("tiles")
        .expect("a fork");
    let proof = LogProof {
        extra: Some(vec![1]),
        index: LeafIndex(3),
        path,
        checkpoint: cosigned.clone(),
    };
    let mut bundle = EntryBundle::default();
    leaves
        .iter()
        .for_each(|leaf| bundle.push(&leaf.to_bytes()).expect("room for it"));
    let mut keys = KeyTree::from_random([3; 32], 10).expect("a tree");
    keys.puncture(77).expect("a key");
    let policy = format!(
        "log {} http://a\nwitness w {}\ngroup g any w\nquorum g\n",
        log.key(),
        witness.key()
    );
    let mut seeds = vec![
        ("note", "note", NOTE.as_bytes().to_vec()),
        ("note", "key", log.key().to_string().into_bytes()),
        ("checkpoint", "cosigned", cosigned.to_string().into_bytes()),
        ("checkpoint", "request", request.to_string().into_bytes()),
        ("checkpoint", "answer", answer.body().into_bytes()),
        ("log_proof", "proof", proof.to_string().into_bytes()),
        ("log_proof", "fork", fork.to_string().into_bytes()),
        (
            "entry_bundle",
            "bundle",
            [&[leaves.len() as u8 - 1], bundle.as_bytes()].concat(),
        ),
        ("entry_bundle", "path", b"tile/0/x001/234.p/5".to_vec()),
        ("trust_policy", "one", policy.into_bytes()),
        ("leaf", "keys", keys.to_bytes().to_vec()),
    ];
    let names = ["record", "erasure", "status", "looks"];
    seeds.extend(
        names
            .iter()
            .zip(&leaves)
            .map(|(name, leaf)| ("leaf", *name, leaf.to_bytes())),
    );
    seeds
}

fn leaves() -> Vec<Leaf> {
    let record = RecordNumber(7);
    let first = Leaf::Record(RecordLeaf {
        record,
        submission: SubmissionId(1),
        kind: RecordKind::Statement,
        commitment: Commitment([1; 32]),
    });
    let mut leaves = vec![
        first,
        Leaf::Erasure {
            record,
            ground: ErasureGround::Order,
        },
        Leaf::Status {
            record,
            status: Status::Repaired,
        },
        Leaf::Looks(LookRoot {
            looks: LogSize(3),
            root: Hash([2; 32]),
        }),
    ];
    leaves.extend((0..5).map(|record| Leaf::Status {
        record: RecordNumber(record),
        status: Status::Counts,
    }));
    leaves
}
