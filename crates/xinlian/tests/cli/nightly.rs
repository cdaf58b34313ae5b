//! `xinlian nightly` and `xinlian statistics`: everyone rated for the day, counts of ten and more, and the tables behind them.

use crate::support::{Home, on_both};
use crate::tables::{MARKET, POLICE, company, register};

on_both! {
    a_night_is_done_once_and_its_figures_can_be_counted_again
}

fn hand_in(home: &Home, source: &str, table: &str) {
    let file = home.write("handed-in.csv", table);
    assert_eq!(home.ingest(source, &file, &[]).0, 0);
}

fn a_night_is_done_once_and_its_figures_can_be_counted_again(home: &Home) {
    home.init_demo();
    hand_in(home, POLICE, &register(12).csv());
    hand_in(home, MARKET, &company().csv());
    let done = home.run("nightly", &["--json"]).ok().json();
    assert_eq!(done["done"]["rated"], 1, "{done}");
    home.run("nightly", &[])
        .ok()
        .says(&["it was done today, and nothing came in since"]);
    let tables = home.at("tables");
    let told = home
        .run("statistics", &["--json", "--tables", &tables])
        .ok()
        .json();
    for file in ["arrived", "facts", "subjects", "outcome", "towns"] {
        let bytes = std::fs::read(home.path(&format!("tables/{file}.parquet"))).unwrap();
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"), "{file}");
    }
    let rows = told["data"].as_array().unwrap();
    let of = |row: &str, column: &str| {
        let found = rows
            .iter()
            .find(|one| one["table"] == "classes" && one["row"] == row && one["column"] == column);
        found
            .unwrap_or_else(|| panic!("no `{row}` `{column}` in {told}"))
            .clone()
    };
    let firm = of(MARKET, "register");
    assert!(firm["count"].is_null() && firm["told"] == "few", "{told}");
    // Twelve of thirteen would tell of the one.
    let others = of(POLICE, "register");
    assert!(others["count"].is_null() && others["told"] == "hidden", "{told}");
    assert_eq!(of("sum", "register")["count"], 13, "{told}");
    let csv = home.run("statistics", &["--csv", "--lang", "en"]).ok();
    csv.says(&[
        "table,of,row,row_name,column,column_name,count,told",
        "Base registers",
    ]);
    assert_eq!(home.verify_clean(), 14);
}
