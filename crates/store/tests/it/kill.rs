//! What was acknowledged outlives its process: another process appends, and is killed at a random moment.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use ledger::{Hash, LogSize, Proofs, Sha256Ed25519, Tile, TileReader};
use record::RecordNumber;
use store::{Clock, Outcome, Page, Place, Seal, Store, SubmissionTotals};

use crate::log;
use crate::support::*;

/// The folder of the store that a child appends to; a test that finds it set is that child.
const FOLDER: &str = "XINLIAN_IT_KILL_FOLDER";
/// The URL of the child's database, on PostgreSQL.
const URL: &str = "XINLIAN_IT_KILL_URL";
/// A store takes so many kills before another is made: verifying it grows with its length.
const KILLS_OF_ONE_STORE: u32 = 20;
/// A child whose parent is gone ends by itself.
const BATCHES_MOST: u32 = 5_000;
const SIGKILL: i32 = 9;

mod an_acknowledged_record_survives {
    use crate::support::Kind;

    #[test]
    fn sqlite() {
        super::child_or_parent(Kind::Sqlite, "kill::an_acknowledged_record_survives::sqlite", 8);
    }
    #[test]
    fn postgres() {
        super::child_or_parent(
            Kind::Postgres,
            "kill::an_acknowledged_record_survives::postgres",
            3,
        );
    }
}

mod a_sealed_record_survives {
    use crate::support::Kind;

    #[test]
    fn sqlite() {
        super::child_or_parent(Kind::Sqlite, "kill::a_sealed_record_survives::sqlite", 6);
    }
    #[test]
    fn postgres() {
        super::child_or_parent(Kind::Postgres, "kill::a_sealed_record_survives::postgres", 3);
    }
}

mod a_published_checkpoint_survives {
    use crate::support::Kind;

    #[test]
    fn sqlite() {
        super::child_or_parent(Kind::Sqlite, "kill::a_published_checkpoint_survives::sqlite", 8);
    }
    #[test]
    fn postgres() {
        super::child_or_parent(
            Kind::Postgres,
            "kill::a_published_checkpoint_survives::postgres",
            3,
        );
    }
}

/// Started by `cargo test` this kills; started by itself, with the folder named, it appends until it is killed.
fn child_or_parent(kind: Kind, test: &str, kills: u32) {
    if let Ok(folder) = std::env::var(FOLDER) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let does = Does {
            seals: test.contains("sealed"),
            logs: test.contains("checkpoint"),
        };
        return runtime.block_on(append_until_killed(kind, Path::new(&folder), does));
    }
    let mut kills = std::env::var("XINLIAN_KILLS").map_or(kills, |text| text.parse().unwrap());
    while kills > 0 {
        let now = kills.min(KILLS_OF_ONE_STORE);
        run(kind, async |home: &Home| kill_and_look(home, test, now).await);
        kills -= now;
    }
}

async fn kill_and_look(home: &Home, test: &str, kills: u32) {
    let store = home.create().await;
    found(&store, company(1, "佛山市南庄餐饮有限公司")).await;
    store.close().await;
    let mut acknowledged_before = 0;
    for kill in 0..kills {
        let mut child = Appending::start(home, test);
        // Every fourth may die while it still opens the store.
        let early = kill % 4 == 3;
        if !early {
            child.wait_for_more_than(acknowledged_before);
        }
        std::thread::sleep(Duration::from_millis(random_below(if early { 400 } else { 80 })));
        child.kill();

        let acknowledged = read_acknowledged(&child.acknowledged);
        assert!(
            early || acknowledged.len() > acknowledged_before,
            "the child appended nothing"
        );
        acknowledged_before = acknowledged.len();
        assert_all_there(home, &acknowledged).await;
        assert_log_goes_on(home).await;
    }
}

/// The log goes on from every checkpoint that anybody has seen, to all that was appended.
async fn assert_log_goes_on(home: &Home) {
    let path = checkpoints_in(home.folder.path());
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let seen: Vec<(LogSize, Hash)> = whole_lines(&text)
        .lines()
        .map(|line| {
            let (size, root) = line.split_once(' ').unwrap();
            (LogSize::parse(size).unwrap(), Hash::parse(root).unwrap())
        })
        .collect();
    std::fs::write(&path, whole_lines(&text)).unwrap();
    if seen.is_empty() {
        return;
    }
    let store = home.open().await;
    let mut writer = log::writer(&store).await;
    while writer.integrate().await.unwrap().is_some() {}
    let reader = LogFiles(log::log_folder(home));
    let mut proofs = Proofs::<Sha256Ed25519, _>::new(&reader, writer.size());
    for (size, root) in seen {
        assert!(size <= writer.size(), "a published checkpoint of {size} is gone");
        assert_eq!(
            proofs.root_at(size).unwrap(),
            root,
            "another history of {size} leaves"
        );
    }
    assert_clean(&store).await;
    store.close().await;
}

struct LogFiles(PathBuf);

impl TileReader for LogFiles {
    type Error = std::io::Error;

    fn read_tile(&self, tile: Tile) -> std::io::Result<Vec<u8>> {
        std::fs::read(self.0.join(tile.to_string()))
    }
}

fn checkpoints_in(folder: &Path) -> PathBuf {
    folder.join("checkpoints")
}

/// What a child does beside appending.
#[derive(Clone, Copy)]
struct Does {
    seals: bool,
    logs: bool,
}

/// Logs what waits, again and again, and says each checkpoint.
async fn log_until_killed(store: Store, folder: PathBuf) {
    let mut writer = log::writer(&store).await;
    let path = checkpoints_in(&folder);
    let mut said = OpenOptions::new().create(true).append(true).open(path).unwrap();
    loop {
        if writer.integrate().await.unwrap().is_some() {
            let text = store.log_status().await.unwrap().checkpoint.unwrap();
            let lines: Vec<&str> = text.lines().collect();
            say(&mut said, &format!("{} {}\n", lines[1], lines[2]));
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Every acknowledged record is held with its commitment, numbers have no gap, and everything fits together.
async fn assert_all_there(home: &Home, acknowledged: &BTreeMap<u64, Option<String>>) {
    let store = home.open().await;
    assert_clean(&store).await;
    let held = commitments(home).await;
    let size = store.tree_size().await.unwrap().0;
    assert!(held.keys().copied().eq(0..size), "a gap below {size}");
    for (number, commitment) in acknowledged {
        let found = held.get(number);
        assert!(found.is_some(), "record {number} was acknowledged and is gone");
        assert!(
            commitment.is_none() || found == commitment.as_ref(),
            "record {number} is another"
        );
    }
    // And it goes on from there.
    let document = format!("续{size}");
    let next = append_one(&store, licence(company(1, "佛山市南庄餐饮有限公司"), &document)).await;
    assert_eq!(next, RecordNumber(size));
    store.close().await;
}

/// What the table holds, by number.
async fn commitments(home: &Home) -> BTreeMap<u64, String> {
    let between = |line: &str, from: &str, to: &str| -> String {
        let (_, rest) = line.split_once(from).unwrap();
        rest.split_once(to).unwrap().0.to_owned()
    };
    let mut held = BTreeMap::new();
    for line in home.dump("record").await {
        let number = between(&line, "number=Some(", ")").parse().unwrap();
        let hex = between(&line, "commitment=Some([", "]");
        let fresh = held.insert(number, hex.replace(", ", "")).is_none();
        assert!(fresh, "record {number} is there twice");
    }
    held
}

/// Lines of `number`, and of `number commitment` once it was read back.
fn read_acknowledged(path: &Path) -> BTreeMap<u64, Option<String>> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let mut found: BTreeMap<u64, Option<String>> = BTreeMap::new();
    for line in whole_lines(&text).lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let before = match words[..] {
            [number] => found.insert(number.parse().unwrap(), None).map(|_| number),
            [number, commitment] => {
                let read = found.insert(number.parse().unwrap(), Some(commitment.to_owned()));
                (read != Some(None)).then_some(number)
            }
            _ => panic!("`{line}`"),
        };
        assert_eq!(before, None, "a number was given twice");
    }
    found
}

/// Without a line that was cut off.
fn whole_lines(text: &str) -> &str {
    text.rfind('\n').map_or("", |end| &text[..=end])
}

fn random_below(most: u64) -> u64 {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    u64::from_le_bytes(bytes) % most
}

/// A child that appends. It does not outlive this.
struct Appending {
    child: Child,
    acknowledged: PathBuf,
}

impl Appending {
    fn start(home: &Home, test: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", test, "--nocapture", "--quiet"]);
        command.env(FOLDER, home.folder.path());
        if let Place::Url(url) = &home.place {
            command.env(URL, url);
        }
        command.stdout(std::process::Stdio::null());
        Self {
            child: command.spawn().unwrap(),
            acknowledged: acknowledged_in(home.folder.path()),
        }
    }

    fn wait_for_more_than(&mut self, before: usize) {
        for _ in 0..60_000 {
            if read_acknowledged(&self.acknowledged).len() > before {
                return;
            }
            assert!(
                self.child.try_wait().unwrap().is_none(),
                "the child ended by itself"
            );
            std::thread::sleep(Duration::from_millis(1));
        }
        panic!("the child acknowledged nothing in a minute");
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        let ended = self.child.wait().unwrap();
        assert_eq!(
            ended.signal(),
            Some(SIGKILL),
            "the child ended by itself: {ended}"
        );
        // The next child goes on in this file.
        let text = std::fs::read_to_string(&self.acknowledged).unwrap_or_default();
        std::fs::write(&self.acknowledged, whole_lines(&text)).unwrap();
    }
}

impl Drop for Appending {
    fn drop(&mut self) {
        // Nothing to be done if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn acknowledged_in(folder: &Path) -> PathBuf {
    folder.join("acknowledged")
}

async fn append_until_killed(kind: Kind, folder: &Path, Does { seals, logs }: Does) {
    let place = match kind {
        Kind::Sqlite => Place::Folder(folder.join("data")),
        Kind::Postgres => Place::Url(std::env::var(URL).unwrap()),
    };
    let clock = Clock::fixed("2026-11-23T01:41:00Z".parse().unwrap());
    let store = Store::open(&place, Some(&folder.join("keys.toml")), clock)
        .await
        .unwrap();
    if logs {
        tokio::spawn(log_until_killed(store.clone(), folder.to_owned()));
    }
    let path = acknowledged_in(folder);
    let mut said = OpenOptions::new().create(true).append(true).open(path).unwrap();
    for _ in 0..BATCHES_MOST {
        append_batch(&store, &mut said, seals).await;
        if seals {
            store.seal_records(Seal::default(), |_| ()).await.unwrap();
        }
    }
}

/// A hand-in with people, what waits and what belongs to nobody; and its confirmation.
async fn append_batch(store: &Store, said: &mut File, seals: bool) {
    let size = store.tree_size().await.unwrap().0;
    let mut records = Vec::new();
    for n in 0..5 {
        let one = person(u16::try_from((size + n) % 900).unwrap());
        let mut nameless = one.clone();
        nameless.identifier = None;
        records.push(penalty(one, &format!("处{size}-{n}")));
        records.push(licence(nameless, &format!("证{size}-{n}")));
        records.push(penalty(
            company(1, "佛山市南庄餐饮有限公司"),
            &format!("企{size}-{n}"),
        ));
    }
    let founding = [registration(person(u16::try_from(size % 900).unwrap()))];
    if let [Outcome::Accepted(number)] = hand_in(store, &founding).await[..] {
        say(said, &format!("{number}\n"));
    }

    let id = store
        .begin_submission(&submission("chancheng.market", "chen"))
        .await
        .unwrap();
    // Some are sealed after they came, and some come straight into segments.
    let outcomes = if seals && size.is_multiple_of(2) {
        store.append_sealed(id, &records).await.unwrap()
    } else {
        store.append(id, &records).await.unwrap()
    };
    let numbers: Vec<String> = outcomes.iter().map(|o| format!("{}\n", number(*o))).collect();
    say(said, &numbers.concat());
    let rows = store.submission_rows(id, Page::new(1, 200)).await.unwrap().rows;
    let read: Vec<String> = rows.iter().map(|(logged, _)| line_of(logged)).collect();
    say(said, &read.concat());

    let waits = |outcome: &&Outcome| matches!(outcome, Outcome::Pending(_));
    let pending = outcomes.iter().filter(waits).count() as u64;
    let rows = outcomes.len() as u64;
    let totals = SubmissionTotals {
        rows,
        pending,
        unlinked: rows - pending,
        ..SubmissionTotals::default()
    };
    store
        .finish_submission(id, &totals, &store::SubmissionQuality::default(), b"{}")
        .await
        .unwrap();
    let confirmed = store.confirm(id, &officer("lin"), None).await.unwrap();
    say(said, &format!("{confirmed}\n"));
}

fn line_of(logged: &record::Logged) -> String {
    format!("{} {}\n", logged.number(), logged.commitment())
}

/// At once, so that what is killed has said it.
fn say(said: &mut File, lines: &str) {
    said.write_all(lines.as_bytes()).unwrap();
}
