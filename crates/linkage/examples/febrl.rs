//! Links FEBRL4: reads the two files that `bench/linkage/febrl4.py` writes, trains, predicts, and prints one line
//! of JSON. What counts as its time is reading rows that are in memory, training and predicting; the files are
//! read before. CPU seconds and memory are those that Linux counts for this process.
//!
//! usage: febrl FOLDER with|without [SEED]

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "an example that ends at the first fault"
)]

use std::collections::HashSet;
use std::path::Path;

use linkage::{Block, Certain, Compare, Field, Linkage, Model, ModelFault, Pair, Part, Training};

/// The columns of the files that are used, in the order of the model's fields.
const COLUMNS: [&str; 8] = [
    "given_name",
    "surname",
    "date_of_birth",
    "postcode",
    "suburb",
    "address_1",
    "street_number",
    "soc_sec_id",
];

fn model(with_number: bool) -> Result<Model, ModelFault> {
    let mut fields = vec![
        Field::new("given_name", Compare::Text).by_rarity(),
        Field::new("surname", Compare::Text).by_rarity(),
        Field::new("date_of_birth", Compare::Date),
        Field::new("postcode", Compare::Code).by_rarity(),
        Field::new("suburb", Compare::Text).by_rarity(),
        Field::new("address_1", Compare::Text).by_rarity(),
        Field::new("street_number", Compare::Code).by_rarity(),
    ];
    let whole = |names: &[&'static str]| Block::on(names.iter().map(|name| (*name, Part::Whole)));
    let mut blocks = vec![
        whole(&["given_name", "surname"]),
        whole(&["given_name", "postcode"]),
        whole(&["surname", "postcode"]),
        whole(&["date_of_birth"]),
        whole(&["surname", "street_number"]),
        whole(&["given_name", "suburb"]),
        whole(&["address_1"]),
    ];
    if with_number {
        fields.push(Field::new("soc_sec_id", Compare::Code));
        blocks.push(whole(&["soc_sec_id"]));
    }
    let certain = Certain {
        bits: 14.0,
        agreeing: 3,
    };
    Model::new(1e-4, fields, blocks, certain)
}

type Row = (u32, Vec<String>);

/// The rows, numbered from the top, and which person each is about: the middle of `rec-1070-dup-0`.
fn rows(path: &Path) -> (Vec<Row>, Vec<String>) {
    let text = std::fs::read_to_string(path).expect("the file is there; run bench/linkage/run.sh");
    let mut lines = text.lines().map(|line| line.split('\t').collect::<Vec<&str>>());
    let header = lines.next().expect("the file has a header");
    let place = |name: &str| header.iter().position(|column| *column == name);
    let places: Vec<usize> = COLUMNS.iter().filter_map(|name| place(name)).collect();
    let mut persons = Vec::new();
    let rows = lines.zip(0..).map(|(cells, number)| {
        let id = cells.first().copied().unwrap_or_default();
        persons.push(id.split('-').nth(1).unwrap_or_default().to_owned());
        let values = places
            .iter()
            .map(|at| (*cells.get(*at).unwrap_or(&"")).to_owned());
        (number, values.collect())
    });
    (rows.collect(), persons)
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("usage: febrl FOLDER with|without");
    let with_number = arguments.next().as_deref() == Some("with");
    let seed = arguments.next().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let folder = Path::new(&folder);
    let (left, left_persons) = rows(&folder.join("febrl4-a.tsv"));
    let (right, right_persons) = rows(&folder.join("febrl4-b.tsv"));
    let untrained = model(with_number).expect("the model is valid");

    let (wall, cpu) = (std::time::Instant::now(), cpu_seconds());
    let mut linkage = Linkage::new(untrained.fields(), left, right);
    let whole = |names: &[&'static str]| Block::on(names.iter().map(|name| (*name, Part::Whole)));
    let training = Training::on(
        vec![whole(&["date_of_birth"]), whole(&["given_name", "surname"])],
        seed,
    );
    let trained = linkage
        .train(&untrained, &training)
        .expect("the blocks are the model's");
    let train_cpu = cpu_seconds() - cpu;
    let pairs = linkage.pairs(&trained, 0.01).expect("the blocks are the model's");
    let (cpu, wall) = (cpu_seconds() - cpu, wall.elapsed().as_secs_f64());

    let is_right = |pair: &Pair<u32>| {
        let of = |persons: &[String], row: u32| persons.get(row as usize).cloned();
        of(&left_persons, pair.left) == of(&right_persons, pair.right)
    };
    let count = |chosen: &dyn Fn(&Pair<u32>) -> bool| {
        let said: Vec<&Pair<u32>> = pairs.iter().filter(|pair| chosen(pair)).collect();
        (said.len(), said.iter().filter(|pair| is_right(pair)).count())
    };
    let (said, right) = count(&|pair| pair.probability >= 0.9);
    let (certain_said, certain_right) = count(&|pair| pair.almost_certain);
    let of_left: HashSet<&String> = left_persons.iter().collect();
    let truth = right_persons
        .iter()
        .filter(|person| of_left.contains(person))
        .count();
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let share = |part: usize, whole: usize| number(part) / number(whole.max(1));
    let (precision, recall) = (share(right, said), share(right, truth));
    if std::env::var_os("SHOW").is_some() {
        show(&trained, &pairs, &is_right);
    }
    println!(
        "{{\"cpu_s\": {cpu:.4}, \"train_cpu_s\": {train_cpu:.4}, \"wall_s\": {wall:.4}, \"memory_peak_mib\": {:.1}, \
         \"precision\": {precision:.4}, \"recall\": {recall:.4}, \"f1\": {:.4}, \"said\": {said}, \"right\": {right}, \
         \"certain_said\": {certain_said}, \"certain_right\": {certain_right}}}",
        memory_peak_mib(),
        2.0 * precision * recall / (precision + recall),
    );
}

/// The weights, and pairs on the wrong side, to standard error.
fn show(model: &Model, pairs: &[Pair<u32>], is_right: &dyn Fn(&Pair<u32>) -> bool) {
    eprintln!("prior {:.3e}, {:.1} bits", model.prior(), model.prior_bits());
    for field in model.fields() {
        let weights: Vec<String> = field
            .weights()
            .map(|(level, bits)| format!("{level:?} {bits:.1}"))
            .collect();
        eprintln!("{}: {}", field.name(), weights.join(", "));
    }
    for pair in pairs
        .iter()
        .filter(|pair| is_right(pair) != (pair.probability >= 0.9))
    {
        eprintln!("{pair:?}");
    }
}

/// What the scheduler has counted for this thread, which is the only one.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text
        .split_whitespace()
        .next()
        .and_then(|first| first.parse::<f64>().ok());
    nanoseconds.unwrap_or(f64::NAN) / 1e9
}

fn memory_peak_mib() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}
