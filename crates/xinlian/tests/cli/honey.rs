//! `xinlian honey`: planted by an operator, and quiet until somebody asks.

use crate::explain::people;
use crate::support::{Home, UNREADABLE, on_both};

on_both! {
    a_honey_record_is_planted
}

fn a_honey_record_is_planted(home: &Home) {
    let id = people(home);
    home.run("honey hits", &[])
        .ok()
        .says(&["nobody asked about a honey record"]);
    home.run("honey plant", &[&id, "--note", "2026 年第一批"])
        .ok()
        .says(&["is a honey record"]);
    home.run("honey plant", &["440604199001019999", "--note", "x"])
        .ends(UNREADABLE)
        .complains(&["no subject has this identifier"]);
    home.run("honey plant", &[&id, "--note", " "])
        .ends(UNREADABLE)
        .complains(&["say why in `--note`"]);
    home.run("honey hits", &[])
        .ok()
        .says(&["nobody asked about a honey record"]);
    assert_eq!(home.verify_clean(), 14, "it is no record, and changes none");
}
