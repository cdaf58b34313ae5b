//! On DataFusion in one process.

use std::collections::BTreeMap;

use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::datatypes::Int64Type;
use xinlian_cluster::{Place, answer, rate};

use crate::city::City;

/// Texts and counts of a table with those two columns.
pub(crate) fn tally(batches: &[RecordBatch]) -> BTreeMap<String, i64> {
    let mut all = BTreeMap::new();
    for batch in batches {
        let (texts, counts) = (
            batch.column(0).as_string::<i32>(),
            batch.column(1).as_primitive::<Int64Type>(),
        );
        for (text, count) in texts.iter().zip(counts) {
            all.insert(text.unwrap_or("none").to_owned(), count.unwrap());
        }
    }
    all
}

/// How often each letter is in what `batch` makes, and none.
pub(crate) fn letters(city: &City) -> BTreeMap<String, i64> {
    let outcomes = batch::rate(&city.bundle, &city.open(), crate::city::ON, 1, |_| ()).unwrap();
    let mut all = BTreeMap::new();
    for outcome in outcomes {
        let letter = outcome
            .rating
            .as_ref()
            .map_or("none", |rated| rated.letter.as_str());
        *all.entry(letter.to_owned()).or_default() += 1;
    }
    all
}

#[tokio::test]
async fn the_file_is_the_same_to_the_byte_however_it_is_divided() {
    let city = City::of(60_000, 400);
    let (expected, out) = (city.expected(), city.path("out.parquet"));
    for (threads, parts) in [(1, Some(1)), (2, None), (2, Some(7)), (3, Some(10_000))] {
        let asked = xinlian_cluster::Asked {
            parts,
            ..city.asked(Place::Here(threads))
        };
        let counts = rate(&asked, Some(&out)).await.unwrap();
        assert_eq!(counts.subjects(), 400);
        assert_eq!(std::fs::read(&out).unwrap(), expected, "{threads} {parts:?}");
    }
}

#[tokio::test]
async fn nobody_is_rated_of_an_empty_mirror() {
    let city = City::of(0, 0);
    let (expected, out) = (city.expected(), city.path("out.parquet"));
    let counts = rate(&city.asked(Place::Here(2)), Some(&out)).await.unwrap();
    assert_eq!(counts.subjects(), 0);
    assert_eq!(std::fs::read(&out).unwrap(), expected);
}

#[tokio::test]
async fn sql_is_answered() {
    let city = City::of(60_000, 400);
    let asked = city.asked(Place::Here(2));
    let sql = "SELECT grade, count(*) FROM ratings GROUP BY grade";
    assert_eq!(tally(&answer(&asked, sql).await.unwrap()), letters(&city));
    let count = answer(&asked, "SELECT count(*) FROM ratings").await.unwrap();
    assert_eq!(count[0].column(0).as_primitive::<Int64Type>().value(0), 400);
    let first = "SELECT subject FROM ratings WHERE grade IS NOT NULL ORDER BY points DESC, subject LIMIT 3";
    let first = answer(&asked, first).await.unwrap();
    assert_eq!(first.iter().map(RecordBatch::num_rows).sum::<usize>(), 3);
    let wrong = answer(&asked, "SELECT name FROM ratings").await.unwrap_err();
    assert!(wrong.to_string().contains("name"), "{wrong}");
}

#[tokio::test]
async fn a_damaged_mirror_leaves_no_file() {
    let city = City::of(60_000, 400);
    let mut bytes = std::fs::read(city.mirror()).unwrap();
    bytes[70_000] ^= 1;
    std::fs::write(city.mirror(), bytes).unwrap();
    let out = city.path("out.parquet");
    let why = rate(&city.asked(Place::Here(2)), Some(&out)).await.unwrap_err();
    assert!(why.to_string().contains("block 1"), "{why}");
    let left = std::fs::read_dir(city.path("")).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        !left.iter().any(|name| name.to_string_lossy().contains("out")),
        "{left:?}"
    );
}
