//! `xinlian pull`: a view of another database, taken in as a file, read and never written.

use mysql_async::prelude::Queryable as _;
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
    let elsewhere = ["--source", POLICE, "--from", "oracle://10.0.0.7/x", "--view", "a"];
    home.run("pull", &elsewhere)
        .ends(UNREADABLE)
        .complains(&["write `postgres://…` or `mysql://…`"]);
    let often = ["--source", POLICE, "--from", &url, "--view", "a", "--every", "1s"];
    home.run("pull", &often)
        .ends(2)
        .complains(&["a minute is the least"]);
    assert_eq!(home.verify_clean(), 3);
    department.clear();
    home.clear();
}

/// The throw-away MariaDB, as its root.
fn mariadb() -> String {
    std::env::var("XINLIAN_TEST_MARIADB_URL").unwrap_or_else(|_| {
        panic!(
            "XINLIAN_TEST_MARIADB_URL is not set: run `make test`, or \
             `scripts/with-mariadb.sh scripts/with-postgres.sh cargo test -p xinlian --test cli`"
        )
    })
}

/// Runs statements in a MariaDB of the department's own, and gives back the first number of the last.
fn theirs_in_mariadb(statements: &[&str]) -> Option<u64> {
    wait(async {
        let mut raw = mysql_async::Conn::from_url(mariadb()).await.unwrap();
        let (last, before) = statements.split_last().unwrap();
        for sql in before {
            raw.query_drop(*sql).await.unwrap();
        }
        let number = raw.query_first(*last).await.unwrap();
        raw.disconnect().await.unwrap();
        number
    })
}

/// As a department that keeps its residents in MariaDB has them: a view over columns of every kind, in the old encoding, with the
/// zero days of old programs, and a user who may read it. What its view does on the side is not done.
#[test]
fn a_view_of_a_mariadb_is_taken_in_and_nothing_is_written() {
    let home = Home::new(Kind::Sqlite);
    home.init_demo();
    let (one, two, three, four) = (person_id(1), person_id(2), person_id(3), person_id(4));
    theirs_in_mariadb(&[
        "CREATE DATABASE export CHARACTER SET gbk",
        "CREATE TABLE export.t (`姓名` VARCHAR(20), `公民身份号码` CHAR(18), `出生日期` DATE, `登记日期` DATETIME(3), `备注` DECIMAL(20,2))",
        "SET sql_mode = ''",
        &format!(
            "INSERT INTO export.t VALUES ('罗志明1', '{one}', '1960-03-08', '2015-06-01', 1.50), ('罗志明2', '{two}', NULL, '2015-06-01', NULL),
             ('罗志明3', '{three}', '0000-00-00', '2015-06-01', NULL), ('罗志明4', '{four}', '1960-03-08', '2015-06-01 08:30:00.5', NULL)"
        ),
        "CREATE VIEW export.`人口` AS SELECT * FROM export.t",
        "CREATE FUNCTION export.f() RETURNS INT BEGIN DELETE FROM export.t; RETURN 1; END",
        "CREATE VIEW export.sly AS SELECT export.f() AS `姓名`",
        "CREATE VIEW export.photo AS SELECT x'89504E47' AS `照片`",
        "CREATE USER reader@'127.0.0.1' IDENTIFIED BY 's3cret!'",
        "GRANT SELECT ON export.* TO reader@'127.0.0.1'",
        "GRANT EXECUTE ON export.* TO reader@'127.0.0.1'",
    ]);
    let url = mariadb()
        .replace("root@", "reader:s3cret!@")
        .replace("/mysql", "/export");
    let url = url.replace("mysql://", "mariadb://");
    let pull = |view| {
        let args = ["--json", "--source", POLICE, "--from", &url, "--view", view];
        home.run("pull", &args)
    };
    // Two lack a day of birth: the one has none, the other the zero day.
    let first = pull("人口").ends(FOUND_FAULTS);
    assert_eq!(counts(&first.json()), [4, 2, 0, 0, 0, 2], "{first:?}");
    let codes: Vec<String> = first.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["code"].to_string())
        .collect();
    assert_eq!(codes, ["\"REQUIRED\"", "\"REQUIRED\""]);
    let second = pull("export.人口").ends(FOUND_FAULTS);
    assert_eq!(counts(&second.json()), [4, 0, 0, 2, 0, 2], "{second:?}");
    pull("sly")
        .ends(UNREADABLE)
        .complains(&["the view `sly` cannot be read", "READ ONLY"]);
    pull("车辆")
        .ends(UNREADABLE)
        .complains(&["the view `车辆` cannot be read"]);
    pull("photo")
        .ends(UNREADABLE)
        .complains(&["the column `照片` holds bytes that are no text"]);
    let wrong = url.replace("s3cret!", "wr0ng!");
    let refused = home
        .run("pull", &["--source", POLICE, "--from", &wrong, "--view", "人口"])
        .ends(UNREADABLE);
    assert!(!refused.err.contains("wr0ng!"), "{refused:?}");
    assert_eq!(theirs_in_mariadb(&["SELECT COUNT(*) FROM export.t"]), Some(4));
    assert_eq!(home.verify_clean(), 3);
    home.clear();
}
