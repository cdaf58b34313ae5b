//! `xinlian pull`: a view of another database, taken in as a file, read and never written.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::ingest::counts;
use crate::support::{FOUND_FAULTS, Home, Kind, UNREADABLE, wait};
use crate::tables::{POLICE, person_id};

/// Runs statements in a database of the department's own.
fn theirs(url: &str, statements: &[String]) {
    wait(async {
        let mut raw = PgConnection::connect(url).await.unwrap();
        for sql in statements {
            sqlx::raw_sql(AssertSqlSafe(sql.clone()))
                .execute(&mut raw)
                .await
                .unwrap();
        }
    });
}

/// One resident as the department's own table holds one.
fn resident(n: u32, born: &str) -> String {
    let id = person_id(n);
    format!("INSERT INTO export.\"人口\" VALUES ('罗志明{n}', '{id}', {born}, '2015-06-01T00:00:00', NULL)")
}

#[test]
fn a_view_is_taken_in_and_taken_in_once() {
    // Their PostgreSQL, and our own store of the other kind.
    let department = Home::new(Kind::Postgres);
    let url = department.database_url();
    let home = Home::new(Kind::Sqlite);
    home.init_demo();
    theirs(
        &url,
        &[
            "CREATE SCHEMA export".to_owned(),
            "CREATE TABLE export.\"人口\" (\"姓名\" TEXT, \"公民身份号码\" TEXT, \"出生日期\" DATE, \"登记日期\" TIMESTAMP, \"备注\" TEXT)".to_owned(),
            resident(1, "'1960-03-08'"),
            resident(2, "NULL"),
        ],
    );
    let args = [
        "--json",
        "--source",
        POLICE,
        "--from",
        &url,
        "--view",
        "export.人口",
    ];
    let first = home.run("pull", &args).ends(FOUND_FAULTS);
    assert_eq!(counts(&first.json()), [2, 1, 0, 0, 0, 1], "{first:?}");
    theirs(&url, &[resident(3, "'1960-03-08'")]);
    let second = home.run("pull", &args).ends(FOUND_FAULTS);
    assert_eq!(counts(&second.json()), [3, 1, 0, 1, 0, 1], "{second:?}");
    theirs(&url, &["DELETE FROM export.\"人口\"".to_owned()]);
    home.run("pull", &args).ok().says(&["no rows"]);
    let nowhere = ["--source", POLICE, "--from", &url, "--view", "export.车辆"];
    home.run("pull", &nowhere)
        .ends(UNREADABLE)
        .complains(&["the view `export.车辆` cannot be read"]);
    let no_database = [
        "--source",
        POLICE,
        "--from",
        "postgres://127.0.0.1:9/x",
        "--view",
        "a",
    ];
    home.run("pull", &no_database)
        .ends(UNREADABLE)
        .complains(&["the department’s database does not answer"]);
    let often = ["--source", POLICE, "--from", &url, "--view", "a", "--every", "1s"];
    home.run("pull", &often)
        .ends(2)
        .complains(&["a minute is the least"]);
    assert_eq!(home.verify_clean(), 3);
    department.clear();
    home.clear();
}
