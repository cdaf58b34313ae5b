//! Figures of the ledger's core, for docs/performance.md: `bench/ledger/run.sh`.
//!
//! `cargo run --release --example figures -- [LEAVES]`, in memory, on one core.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use ledger::{
    Hash, KeyTree, Leaf, LeafIndex, LogSize, Proofs, RecordKind, RecordLeaf, Sequencer, Sha256Ed25519,
    Signer, Sm3Sm2, Step, Suite, Tile, TileReader, verify_consistency, verify_inclusion,
};
use record::{Commitment, RecordNumber, SubmissionId};

const BATCH: u64 = 10_000;
const PROOFS: u64 = 10_000;

#[derive(Default)]
struct Folder {
    tiles: BTreeMap<Tile, Vec<u8>>,
    bytes_written: u64,
    reads: Cell<u64>,
}

impl TileReader for Folder {
    type Error = &'static str;

    fn read_tile(&self, tile: Tile) -> Result<Vec<u8>, &'static str> {
        self.reads.set(self.reads.get() + 1);
        self.tiles.get(&tile).cloned().ok_or("absent")
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let leaves = std::env::args()
        .nth(1)
        .map_or(Ok(10_000_000), |leaves| leaves.parse::<u64>())?;
    println!("| figure | |\n|---|---|");
    let folder = append(leaves)?;
    proofs(&folder, LogSize(leaves))?;
    signatures::<Sha256Ed25519>()?;
    signatures::<Sm3Sm2>()?;
    Ok(())
}

fn row(figure: &str, value: f64, unit: &str) {
    println!("| {figure} | {value:.3} {unit} |");
}

#[expect(clippy::cast_precision_loss, reason = "a figure to read")]
fn per(count: u64, begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() / count as f64
}

fn append(leaves: u64) -> Result<Folder, Box<dyn std::error::Error>> {
    let begun = Instant::now();
    let keys = KeyTree::from_random([7; 32], 24)?;
    let made = keys.keys_from(0).take(usize::try_from(leaves.min(1 << 20))?);
    let count = made.fold(0, |count, key| {
        count + u64::from(black_box(key.expose())[0] < u8::MAX || count == 0)
    });
    row(
        "record keys derived in a row",
        1.0 / per(count.max(1), begun),
        "a second",
    );

    let mut folder = Folder::default();
    let mut sequencer = Sequencer::<Sha256Ed25519>::default();
    let signer = ledger::LogSigner::new(
        ledger::KeyName::new("city.example/log")?,
        Box::new(Sha256Ed25519::signer(&[1; 32])?),
    )?;
    let begun = Instant::now();
    while sequencer.size().0 < leaves {
        let from = sequencer.size().0;
        let entries: Vec<Vec<u8>> = (from..leaves.min(from + BATCH)).map(entry).collect();
        let batch = sequencer.append(&entries)?;
        let checkpoint = signer.sign(batch.size(), batch.root())?;
        for step in batch.steps(checkpoint)? {
            match step {
                Step::Write(new) => {
                    folder.bytes_written += new.bytes.len() as u64;
                    folder.tiles.insert(new.tile, new.bytes);
                }
                Step::Remove(tile) => drop(folder.tiles.remove(&tile)),
                Step::Sync | Step::Checkpoint(_) | Step::Publish => {}
            }
        }
    }
    row(
        "leaves encoded, hashed, tiled and signed for in batches of 10,000",
        1.0 / per(leaves, begun),
        "a second",
    );
    let hashes = folder.tiles.iter().filter(|(tile, _)| tile.bytes().is_some());
    let of_tree: usize = hashes.map(|(_, bytes)| bytes.len()).sum();
    #[expect(clippy::cast_precision_loss, reason = "a figure to read")]
    row(
        "disk beyond the entry",
        of_tree as f64 / leaves as f64 + 2.0,
        "bytes a leaf",
    );
    Ok(folder)
}

fn entry(number: u64) -> Vec<u8> {
    let mut commitment = [7; 32];
    let (first, _) = commitment.split_at_mut(8);
    first.copy_from_slice(&number.to_be_bytes());
    let leaf = RecordLeaf {
        record: RecordNumber(number),
        submission: SubmissionId(number / 1_000),
        kind: RecordKind::Statement,
        commitment: Commitment(commitment),
    };
    Leaf::Record(leaf).to_bytes()
}

fn proofs(folder: &Folder, size: LogSize) -> Result<(), Box<dyn std::error::Error>> {
    let proofs = || Proofs::<Sha256Ed25519, Folder>::new(folder, size);
    let fault = |fault: ledger::TreeFault<&str>| fault.to_string();
    let root = proofs().root().map_err(fault)?;
    let spread = |place: u64| place.wrapping_mul(0x9e37_79b9_7f4a_7c15) % size.0;
    let begun = Instant::now();
    let mut made: Vec<(LeafIndex, Hash, Vec<Hash>)> = Vec::new();
    for index in (0..PROOFS).map(|place| LeafIndex(spread(place))) {
        let mut proofs = proofs();
        made.push((
            index,
            proofs.leaf(index).map_err(fault)?,
            proofs.inclusion(index).map_err(fault)?,
        ));
    }
    row("inclusion proof, tiles in memory", per(PROOFS, begun) * 1e3, "ms");
    let begun = Instant::now();
    for (index, leaf, path) in &made {
        verify_inclusion::<Sha256Ed25519>(*leaf, *index, size, path, root)?;
    }
    row("inclusion proof verified", per(PROOFS, begun) * 1e3, "ms");
    let begun = Instant::now();
    let mut made: Vec<(LogSize, Vec<Hash>)> = Vec::new();
    for former in (0..PROOFS).map(|place| LogSize(spread(place) + 1)) {
        made.push((former, proofs().consistency(former).map_err(fault)?));
    }
    row(
        "consistency proof, tiles in memory",
        per(PROOFS, begun) * 1e3,
        "ms",
    );
    for (former, path) in made.iter().take(100) {
        let was = proofs().root_at(*former).map_err(fault)?;
        verify_consistency::<Sha256Ed25519>((*former, was), (size, root), path)?;
    }
    Ok(())
}

fn signatures<S: Suite>() -> Result<(), Box<dyn std::error::Error>> {
    const COUNT: u64 = 1_000;
    let signer = S::signer(&[3; 32])?;
    let begun = Instant::now();
    let mut last = [0; 64];
    for number in 0..COUNT {
        last = signer.sign(&number.to_be_bytes())?;
    }
    row(
        &format!("signature made, {}", S::NAME),
        per(COUNT, begun) * 1e3,
        "ms",
    );
    let public = signer.public_key();
    let begun = Instant::now();
    for _ in 0..COUNT {
        if !S::verify(&public, black_box(&(COUNT - 1).to_be_bytes()), &last) {
            return Err("a signature of ours does not verify".into());
        }
    }
    row(
        &format!("signature verified, {}", S::NAME),
        per(COUNT, begun) * 1e3,
        "ms",
    );
    Ok(())
}
