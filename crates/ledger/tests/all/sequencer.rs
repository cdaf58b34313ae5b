//! The writer is cut off at every step, with and without what was not synced yet, and goes on.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{
    Checkpoint, EntryBundle, LogSize, Proofs, RecoveryFault, Sequencer, Sha256Ed25519, SignedCheckpoint,
    Step, Tile, TileLevel, TileReader, TreeFault, UnfitCheckpoint, verify_consistency,
};
use proptest::prelude::*;

use crate::support::{Log, cases, city, entry};

type S = Sha256Ed25519;

/// What becomes of that which was written and not synced when the power goes.
#[derive(Debug, Clone, Copy)]
enum Loss {
    Nothing,
    Everything,
    /// Every other file is gone and the rest is cut in the middle, though the checkpoint came through.
    Torn,
}

/// A disk: what is safe on it, and what has only been written.
#[derive(Default, Clone)]
struct Disk {
    tiles: BTreeMap<Tile, Vec<u8>>,
    checkpoint: Option<SignedCheckpoint>,
    /// As the next sync makes it.
    written: BTreeMap<Tile, Option<Vec<u8>>>,
    next_checkpoint: Option<SignedCheckpoint>,
    published: Vec<SignedCheckpoint>,
}

impl Disk {
    fn run(&mut self, step: Step) {
        match step {
            Step::Write(new) => drop(self.written.insert(new.tile, Some(new.bytes))),
            Step::Remove(tile) => drop(self.written.insert(tile, None)),
            Step::Checkpoint(signed) => self.next_checkpoint = Some(*signed),
            Step::Publish => {
                assert!(
                    self.next_checkpoint.is_none(),
                    "nothing is published that is not on the disk"
                );
                self.published.extend(self.checkpoint.clone());
            }
            Step::Sync => {
                for (tile, bytes) in std::mem::take(&mut self.written) {
                    self.put(tile, bytes);
                }
                self.checkpoint = self.next_checkpoint.take().or(self.checkpoint.take());
            }
        }
    }

    fn put(&mut self, tile: Tile, bytes: Option<Vec<u8>>) {
        match bytes {
            Some(bytes) => drop(self.tiles.insert(tile, bytes)),
            None => drop(self.tiles.remove(&tile)),
        }
    }

    fn cut_off(&mut self, loss: Loss) {
        let written = std::mem::take(&mut self.written);
        let next = self.next_checkpoint.take();
        match loss {
            Loss::Everything => {}
            Loss::Nothing => {
                for (tile, bytes) in written {
                    self.put(tile, bytes);
                }
                self.checkpoint = next.or(self.checkpoint.take());
            }
            Loss::Torn => {
                for (tile, bytes) in written.into_iter().step_by(2) {
                    self.put(tile, bytes.map(|bytes| bytes[..bytes.len() / 2].to_vec()));
                }
                self.checkpoint = next.or(self.checkpoint.take());
            }
        }
    }

    fn recover(&mut self) -> Sequencer<S> {
        let told = self.checkpoint.as_ref().map(SignedCheckpoint::checkpoint);
        let (sequencer, steps) = Sequencer::recover(told, &*self, self.tiles.keys().copied()).unwrap();
        for step in steps {
            self.run(step);
        }
        sequencer
    }

    /// Everything that the checkpoint needs is there, right, and nothing is that no client could place.
    fn check(&self) {
        let Some(checkpoint) = self.checkpoint.as_ref().map(SignedCheckpoint::checkpoint) else {
            assert!(
                self.tiles.is_empty(),
                "files of no checkpoint: {:?}",
                self.tiles.keys()
            );
            return;
        };
        let size = checkpoint.size;
        let log = Log::<S>::of(size.0);
        assert_eq!(log.edge.root(), checkpoint.root, "the entries in their order");
        for (path, bytes) in &log.folder.files {
            let tile = Tile::parse(path).unwrap();
            // The reference wrote all at once, and so has exactly what the size asks for.
            assert_eq!(self.tiles.get(&tile), Some(bytes), "{path}");
        }
        for (tile, bytes) in &self.tiles {
            let now = Tile::of(tile.level(), tile.index(), size).unwrap();
            assert!(
                tile.width() <= now.width() && log.folder.files[&now.to_string()].starts_with(bytes),
                "{tile}"
            );
            assert!(tile.is_full() || !now.is_full(), "{tile} is stale");
        }
    }
}

impl TileReader for Disk {
    type Error = String;

    fn read_tile(&self, tile: Tile) -> Result<Vec<u8>, String> {
        self.tiles.get(&tile).cloned().ok_or_else(|| "absent".to_owned())
    }
}

/// Appends up to each size in turn; dies at the given step if there is one, and says whether it did.
fn run(disk: &mut Disk, sizes: &[u64], die_at: Option<usize>) -> bool {
    let signer = city();
    let mut sequencer = disk.recover();
    let mut done = 0;
    for size in sizes {
        let from = sequencer.size().0;
        if from >= *size {
            continue;
        }
        let entries: Vec<Vec<u8>> = (from..*size).map(entry).collect();
        let batch = sequencer.append(&entries).unwrap();
        let checkpoint = signer.sign(batch.size(), batch.root()).unwrap();
        for step in batch.steps(checkpoint).unwrap() {
            if die_at == Some(done) {
                return true;
            }
            disk.run(step);
            done += 1;
        }
    }
    disk.run(Step::Sync);
    false
}

fn cut_off_everywhere(sizes: &[u64]) {
    for loss in [Loss::Nothing, Loss::Everything, Loss::Torn] {
        for die_at in 0.. {
            let mut disk = Disk::default();
            if !run(&mut disk, sizes, Some(die_at)) {
                break;
            }
            disk.cut_off(loss);
            // Dies once more, at once after it began again, and then goes on in other steps than before.
            drop(disk.recover());
            disk.cut_off(loss);
            drop(disk.recover());
            disk.run(Step::Sync);
            disk.check();
            let last = *sizes.last().unwrap();
            let from = disk
                .checkpoint
                .as_ref()
                .map_or(0, |signed| signed.checkpoint().size.0);
            run(
                &mut disk,
                &[from + 1, last.saturating_sub(1), last, last + 3],
                None,
            );
            disk.check();
            let now = disk.checkpoint.clone().unwrap();
            assert!(now.checkpoint().size >= LogSize(last), "{loss:?} at {die_at}");
            nothing_published_was_taken_back(&disk, now.checkpoint());
        }
    }
}

fn nothing_published_was_taken_back(disk: &Disk, now: &Checkpoint) {
    let mut sizes = BTreeSet::new();
    for published in &disk.published {
        let told = published.checkpoint();
        let proof = Proofs::<S, Disk>::new(disk, now.size)
            .consistency(told.size)
            .unwrap();
        assert_eq!(
            verify_consistency::<S>((told.size, told.root), (now.size, now.root), &proof),
            Ok(())
        );
        assert!(sizes.insert(told.size), "one checkpoint of each size");
    }
}

#[test]
fn a_writer_that_is_cut_off_at_any_step_goes_on() {
    cut_off_everywhere(&[1, 5, 255, 256, 257, 600]);
    cut_off_everywhere(&[256]);
    cut_off_everywhere(&[512, 513]);
}

#[test]
fn a_tile_of_tiles_is_closed_as_well() {
    let mut disk = Disk::default();
    assert!(!run(&mut disk, &[65_535, 65_537], None));
    disk.check();
    assert!(disk.tiles.keys().any(|tile| tile.to_string() == "tile/2/000.p/1"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(12, 200), ..ProptestConfig::default() })]

    #[test]
    fn any_batches_can_be_cut_off(steps in prop::collection::vec(1_u64..300, 1..5)) {
        let sizes: Vec<u64> = steps.iter().scan(0, |size, step| { *size += step; Some(*size) }).collect();
        cut_off_everywhere(&sizes);
    }
}

/// Takes over what a log has beyond a mirror, as far as its checkpoint goes.
fn follow(mirror: &mut Disk, log: &Disk) -> Result<(), UnfitCheckpoint> {
    let mut sequencer = mirror.recover();
    let signed = log.checkpoint.clone().unwrap();
    let size = signed.checkpoint().size;
    let mut entries = Vec::new();
    for index in sequencer.size().0 / 256..size.0.div_ceil(256) {
        let tile = Tile::of(TileLevel::Entries, index, size).unwrap();
        let bundle = EntryBundle::parse(&log.tiles[&tile], tile.width()).unwrap();
        let known = sequencer.size().0.saturating_sub(index * 256);
        entries.extend(
            bundle
                .entries()
                .skip(usize::try_from(known).unwrap())
                .map(<[u8]>::to_vec),
        );
    }
    let batch = sequencer.append(&entries).unwrap();
    for step in batch.steps(signed)? {
        mirror.run(step);
    }
    mirror.run(Step::Sync);
    Ok(())
}

#[test]
fn a_mirror_has_the_same_files_and_a_node_comes_back_from_it() {
    let mut log = Disk::default();
    let mut mirror = Disk::default();
    for size in [3, 200, 256, 700, 701] {
        run(&mut log, &[size], None);
        assert_eq!(follow(&mut mirror, &log), Ok(()));
        mirror.check();
        assert_eq!((&mirror.tiles, &mirror.checkpoint), (&log.tiles, &log.checkpoint));
    }
    // The node is lost, and goes on from what the mirror has.
    let mut node = Disk {
        tiles: mirror.tiles.clone(),
        checkpoint: mirror.checkpoint.clone(),
        ..Disk::default()
    };
    run(&mut node, &[900], None);
    node.check();
    assert_eq!(follow(&mut mirror, &node), Ok(()));
}

#[test]
fn a_mirror_takes_no_entry_that_was_not_signed_for() {
    let mut log = Disk::default();
    let mut mirror = Disk::default();
    run(&mut log, &[300], None);
    follow(&mut mirror, &log).unwrap();
    run(&mut log, &[310], None);
    let last = Tile::of(TileLevel::Entries, 1, LogSize(310)).unwrap();
    let bytes = log.tiles.get_mut(&last).unwrap();
    let at = bytes.len() - 1;
    bytes[at] ^= 1;
    let before = mirror.tiles.clone();
    assert!(follow(&mut mirror, &log).is_err());
    assert_eq!(mirror.tiles, before);
}

#[test]
fn damage_at_the_edge_is_told() {
    let mut whole = Disk::default();
    run(&mut whole, &[300], None);
    let fault = |alter: &dyn Fn(&mut Disk)| {
        let mut disk = whole.clone();
        alter(&mut disk);
        let told = disk.checkpoint.as_ref().map(SignedCheckpoint::checkpoint);
        Sequencer::<S>::recover(told, &disk, disk.tiles.keys().copied()).unwrap_err()
    };
    let tile = |level, index| Tile::of(level, index, LogSize(300)).unwrap();
    let (hashes, entries) = (tile(TileLevel::Hashes(0), 1), tile(TileLevel::Entries, 1));
    let flip = |tile: Tile| move |disk: &mut Disk| disk.tiles.get_mut(&tile).unwrap()[9] ^= 1;
    assert!(matches!(fault(&flip(hashes)), RecoveryFault::OtherRoot { .. }));
    assert_eq!(fault(&flip(entries)), RecoveryFault::Entries(entries));
    let gone = fault(&|disk| drop(disk.tiles.remove(&hashes)));
    assert_eq!(
        gone,
        RecoveryFault::Tree(TreeFault::Reader(hashes, "absent".to_owned()))
    );
    let cut = fault(&|disk| disk.tiles.get_mut(&entries).unwrap().truncate(40));
    assert_eq!(cut, RecoveryFault::Entries(entries));
}

#[test]
fn only_the_tree_of_the_batch_is_signed_for() {
    let mut sequencer = Sequencer::<S>::default();
    let batch = sequencer.append(&["a"]).unwrap();
    let other = city().sign(LogSize(2), batch.root()).unwrap();
    assert_eq!(
        batch.steps(other),
        Err(UnfitCheckpoint {
            found: LogSize(2),
            wanted: LogSize(1)
        })
    );
    // An entry that is too long gives no place to any.
    let before = sequencer.clone();
    assert!(sequencer.append(&[vec![1], vec![0; 65_536]]).is_err());
    assert_eq!(sequencer, before);
    // A batch of nothing writes nothing.
    let none: [&str; 0] = [];
    let batch = sequencer.append(&none).unwrap();
    let signed = city().sign(batch.size(), batch.root()).unwrap();
    let steps = batch.steps(signed).unwrap();
    assert!(
        !steps
            .iter()
            .any(|step| matches!(step, Step::Write(_) | Step::Remove(_)))
    );
}
