//! Prints how many microseconds one subject of 300 records takes: assess, and assess with decide.
//! No harness: medians over many rounds, for `make bench` to quote as ratios.

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use assess::{Ask, Bundle, Facts, assess, decide};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use record::{
    Act, AmountFen, AsOf, Commitment, Document, Logged, Realm, Record, RecordNumber, Reference, Relation,
    Stated, SubjectKind, SubmissionId, Target, TreeSize, Value, ValueKind,
};

const RECORDS: u64 = 300;
const ROUNDS: usize = 2_000;
const ON: Date = date(2026, 6, 1);

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = BTreeMap::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    walk(&root, &root, &mut files)?;
    let started = Instant::now();
    let bundle = Bundle::parse(files, Realm::Demo).map_err(|faults| format!("{faults:?}"))?;
    println!("parse a bundle: {} µs", started.elapsed().as_micros());
    for kind in [
        SubjectKind::Person,
        SubjectKind::Organisation,
        SubjectKind::SoleTrader,
    ] {
        time(&bundle, kind)?;
    }
    Ok(())
}

/// The fold alone, everything with reasons, and a decision on top: one subject of 300 records of all items in turn.
fn time(bundle: &Bundle, kind: SubjectKind) -> Result<(), Box<dyn Error>> {
    let records = records(bundle, kind)?;
    let as_of = AsOf {
        on: ON,
        known: TreeSize(records.len() as u64),
    };
    let ask = Ask {
        service: "hygiene-licence-renewal".parse()?,
        purpose: "counter.service".parse()?,
        in_hand: ["application", "inspection-report"].map(str::to_owned).into(),
    };
    let facts = Facts::of(bundle, &records, as_of).ok_or("no scorecard")?;
    let folded = median(|| {
        black_box(black_box(&facts).fold());
    });
    let assessed = median(|| {
        black_box(assess(bundle, black_box(&records), as_of));
    });
    let decided = median(|| {
        let found = assess(bundle, black_box(&records), as_of);
        black_box(decide(bundle, &records, &found, &ask));
    });
    println!(
        "{}, {} records, {} facts, {:?}: median of the fold {:.1} µs, assess {} µs, assess and decide {} µs",
        kind.code(),
        records.len(),
        facts.count(),
        facts.fold(),
        folded.as_secs_f64() * 1e6,
        assessed.as_micros(),
        decided.as_micros(),
    );
    Ok(())
}

fn median(mut round: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let started = Instant::now();
            round();
            started.elapsed()
        })
        .collect();
    times.sort();
    times.get(ROUNDS / 2).copied().unwrap_or_default()
}

fn records(bundle: &Bundle, kind: SubjectKind) -> Result<Vec<Logged>, Box<dyn Error>> {
    let subject = Stated {
        kind,
        name: "样例".into(),
        identifier: None,
    };
    let items: Vec<_> = bundle
        .items()
        .filter(|item| item.subjects.contains(&subject.kind))
        .collect();
    let mut found = Vec::new();
    let mut turn = items.iter().cycle();
    while (found.len() as u64) < RECORDS {
        let Some(item) = turn.next() else { break };
        let number = found.len() as u64;
        let occurred = ON.saturating_sub((i64::try_from(number)? * 3).days());
        let source = bundle
            .sources()
            .find(|source| source.items.contains(&item.code))
            .ok_or("no source")?;
        let mut fields = BTreeMap::new();
        for spec in &item.fields {
            let value = match spec.kind {
                ValueKind::Integer => Value::Integer(6),
                ValueKind::Amount => Value::Amount(AmountFen::new(50_000).ok_or("amount")?),
                ValueKind::Date => Value::Date(date(1980, 1, 1)),
                _ => Value::Text("样例".into()),
            };
            if spec.name.as_str() != "death_date" {
                fields.insert(spec.name.clone(), value);
            }
        }
        let record = Record {
            source: source.code.clone(),
            item: item.code.clone(),
            subject: Some(subject.clone()),
            document: Some(Document {
                number: format!("样例〔2026〕{number}号"),
                authority: "样例".into(),
                date: occurred,
            }),
            occurred,
            ends: None,
            fields,
            references: Vec::new(),
        };
        let confirm = Record {
            item: Act::Confirm.item(),
            document: None,
            fields: BTreeMap::new(),
            references: vec![Reference {
                relation: Relation::Confirms,
                target: Target::Submission(SubmissionId(number)),
            }],
            ..record.clone()
        };
        push(&mut found, record);
        if item.is_adverse() {
            push(&mut found, confirm);
        }
    }
    Ok(found)
}

fn push(found: &mut Vec<Logged>, record: Record) {
    let number = found.len() as u64;
    let mut bytes = [0; 32];
    for (byte, of_number) in bytes.iter_mut().zip(number.to_be_bytes()) {
        *byte = of_number;
    }
    let submission = SubmissionId(number);
    found.push(Logged::danger_from_log(
        RecordNumber(number),
        submission,
        Commitment(bytes),
        record,
    ));
}

fn walk(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> Result<(), Box<dyn Error>> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            walk(root, &path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path)?);
        }
    }
    Ok(())
}
