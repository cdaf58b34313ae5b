//! One cell as a day, an amount, a whole number, the number of a document: what is taken is within bounds and is read again as the same.
#![no_main]

use exchange::fuzzing::{amount, date, integer, number};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((how, rest)) = bytes.split_first() else {
        return;
    };
    let Ok(cell) = std::str::from_utf8(rest) else {
        return;
    };
    match date(cell) {
        Ok(day) => {
            assert!((1900..=2100).contains(&day.year()));
            assert_eq!(date(&day.to_string()), Ok(day));
        }
        Err(said) => both(&said),
    }
    let ask = (how & 2 != 0).then_some(10_000_000);
    match amount(cell, how & 1 != 0, ask) {
        Ok(fen) => {
            assert!(fen.fen() >= 0);
            let written = format!("{}.{:02}元", fen.fen() / 100, fen.fen() % 100);
            assert_eq!(amount(&written, how & 1 != 0, ask), Ok(fen), "{written}");
        }
        Err(said) => both(&said),
    }
    match integer(cell, -12, i64::from(*how) << 8) {
        Ok(whole) => assert!((-12..=i64::from(*how) << 8).contains(&whole)),
        Err(said) => both(&said),
    }
    let (document, case, _) = number(cell);
    assert_eq!(number(&document).0, document, "tidied once is tidied");
    assert_eq!(number(&case).1, case, "tidied once is tidied");
});

fn both((zh, en): &(String, String)) {
    assert!(!zh.is_empty() && !en.is_empty());
}
