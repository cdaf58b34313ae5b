//! Whatever is altered behind the store's back, `verify` names it.

use record::RecordNumber;
use store::{Store, StoreError};

use crate::support::*;

on_both! {
    a_byte_of_a_body
    a_byte_of_a_commitment
    a_body_in_the_place_of_another
    a_deleted_record
    the_last_record_deleted
    a_missing_key
    a_changed_tag
    a_changed_start
    a_changed_item
    an_organisations_name
    a_deleted_membership
    a_membership_made_up
    a_confirmer_made_the_first_officer
    the_first_policy
}

/// Records 1 to 4: a company, a person, a penalty each; then a stray one, its link and unlink, a confirmation.
async fn made(home: &Home) -> Store {
    let store = home.create().await;
    let firm = company(1, "佛山市南庄餐饮有限公司");
    found(&store, firm.clone()).await;
    let subject = found(&store, person(1)).await;
    let rows = [penalty(firm, "处1"), penalty(person(1), "处2")];
    let (id, _) = hand_in_by(&store, "chen", &rows).await;
    let mut stated = person(1);
    stated.name = "骆志明".into();
    let market = source("chancheng.market");
    let stray = append_one(&store, licence(stated, "证1")).await;
    assert_eq!(stray, RecordNumber(5));
    store
        .link(stray, subject, &officer("chen"), &market, "户口本原件相符")
        .await
        .unwrap();
    store
        .unlink(stray, &officer("chen"), &market, "身份证号码录错")
        .await
        .unwrap();
    store.confirm(id, &officer("lin"), Some(&market)).await.unwrap();
    assert_clean(&store).await;
    store
}

/// Alters, and sees that one of the differences is of this table, row and kind; also through a new handle.
async fn named(home: &Home, alter: &[&str], table: &str, row: &str, what: &str) -> Store {
    let store = made(home).await;
    for sql in alter {
        assert!(home.sql(sql).await > 0, "`{sql}` altered nothing");
    }
    for store in [store.clone(), home.open().await] {
        let report = store.verify().await.unwrap();
        let found = report
            .differences
            .iter()
            .any(|one| one.table == table && one.row.contains(row) && one.what.contains(what));
        assert!(found, "no `{table} {row}: {what}` in:\n{report}");
    }
    store
}

fn flip(home: &Home, column: &str, number: u64) -> String {
    match home.kind {
        Kind::Sqlite => format!(
            "UPDATE record SET {column} = CAST(substr({column}, 1, 29) || \
             (CASE substr({column}, 30, 1) WHEN x'41' THEN x'42' ELSE x'41' END) || substr({column}, 31) AS BLOB) \
             WHERE number = {number}"
        ),
        Kind::Postgres => format!(
            "UPDATE record SET {column} = set_byte({column}, 29, (get_byte({column}, 29) + 1) % 256) \
             WHERE number = {number}"
        ),
    }
}

async fn a_byte_of_a_body(home: &Home) {
    if all_is_sealed() {
        return;
    }
    let store = named(home, &[&flip(home, "body", 4)], "record", "4", "does not open").await;
    // And nothing of it is shown.
    let subject = store
        .find_subject(resident(1).kind(), resident(1).value())
        .await
        .unwrap()
        .unwrap();
    let permit = permit(&store, subject).await;
    let refused = store.file(&permit, None).await;
    assert!(matches!(refused, Err(StoreError::DoesNotOpen(_))), "{refused:?}");
}

async fn a_byte_of_a_commitment(home: &Home) {
    named(
        home,
        &[&flip(home, "commitment", 3)],
        "record",
        "3",
        "commitment of record 3",
    )
    .await;
}

async fn a_body_in_the_place_of_another(home: &Home) {
    if all_is_sealed() {
        return;
    }
    let take = |column: &str, table: &str| {
        format!(
            "UPDATE {table} SET {column} = (SELECT o.{column} FROM {table} o WHERE o.number = 3) WHERE number = 4"
        )
    };
    let alter = [
        take("body", "record"),
        take("commitment", "record"),
        take("wrapped", "record_key"),
    ];
    let alter: Vec<&str> = alter.iter().map(String::as_str).collect();
    named(home, &alter, "record", "4", "does not open").await;
}

async fn a_deleted_record(home: &Home) {
    let gone = [
        "DELETE FROM record_key WHERE number = 5",
        "DELETE FROM record WHERE number = 5",
    ];
    named(home, &gone, "record", "5", "missing").await;
}

async fn the_last_record_deleted(home: &Home) {
    let gone = [
        "DELETE FROM record_key WHERE number = 8",
        "DELETE FROM record WHERE number = 8",
    ];
    named(
        home,
        &gone,
        "counter",
        "record",
        "9 records, the last has number 7",
    )
    .await;
}

async fn a_missing_key(home: &Home) {
    if all_is_sealed() {
        return;
    }
    named(
        home,
        &["DELETE FROM record_key WHERE number = 4"],
        "record",
        "4",
        "key is missing",
    )
    .await;
}

async fn a_changed_tag(home: &Home) {
    if all_is_sealed() {
        return;
    }
    named(home, &[&flip(home, "same_tag", 3)], "record", "3", "`same_tag`").await;
}

async fn a_changed_start(home: &Home) {
    let alter = [
        "UPDATE record SET same_start = content_tag WHERE number = 3",
        "UPDATE record SET commitment_start = content_tag WHERE number = 4",
    ];
    let store = named(home, &alter, "record", "3", "`same_start`").await;
    let report = store.verify().await.unwrap();
    assert!(report.to_string().contains("`commitment_start`"), "{report}");
}

async fn a_changed_item(home: &Home) {
    let alter = "UPDATE record SET item = 'licence.general' WHERE number = 3";
    named(home, &[alter], "record", "3", "`item`").await;
}

async fn an_organisations_name(home: &Home) {
    let alter = "UPDATE organisation SET name = '佛山市好人餐饮有限公司'";
    named(
        home,
        &[alter],
        "organisation",
        "好人",
        "stored, and not recomputed",
    )
    .await;
}

async fn a_deleted_membership(home: &Home) {
    let alter = "DELETE FROM membership WHERE number = 4";
    named(
        home,
        &[alter],
        "membership",
        "number=4",
        "recomputed, and not stored",
    )
    .await;
}

async fn a_membership_made_up(home: &Home) {
    let alter = "INSERT INTO membership (subject, number, from_number, until_number) VALUES (1, 5, 7, NULL)";
    named(
        home,
        &[alter],
        "membership",
        "number=5",
        "stored, and not recomputed",
    )
    .await;
}

async fn a_confirmer_made_the_first_officer(home: &Home) {
    let alter = "UPDATE submission SET officer = 'lin' WHERE officer = 'chen' AND pending > 0";
    named(
        home,
        &[alter],
        "confirmation",
        "officer=lin",
        "stored, and not recomputed",
    )
    .await;
}

async fn the_first_policy(home: &Home) {
    named(home, &[&flip(home, "body", 0)], "record", "0", "does not open").await;
}
