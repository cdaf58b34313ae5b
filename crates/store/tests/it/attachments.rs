//! Files that go with an objection or an application: sealed with their act, held against what it says of them, and carried by backups.

use record::{RecordNumber, SubjectId};
use store::{
    Attachment, Attachments, ObjectionGround, Place, RepairApplication, RestoreTo, Store, StoreError,
    attachments_of,
};

use crate::support::*;

on_both! {
    a_file_goes_with_an_objection
    what_is_changed_or_taken_away_is_named
    a_backup_carries_them
    without_the_acts_key_it_is_gone
}

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n%%EOF\n";

fn files(contents: &[&[u8]]) -> Attachments {
    let files = contents
        .iter()
        .map(|bytes| Attachment::new("收据.pdf", bytes.to_vec()).unwrap());
    Attachments::new(files.collect()).unwrap()
}

async fn objected(store: &Store) -> (SubjectId, RecordNumber) {
    let subject = found(store, person(1)).await;
    let record = append_one(store, licence(person(1), "证1")).await;
    let own = own_permit(store, subject).await;
    let ground = ObjectionGround::new("这张证不是我的，请核对").unwrap();
    let ground = ground.with_files(files(&[PDF, b"%PDF-1.4\n%%EOF"]));
    (subject, store.object(&own, record, &ground).await.unwrap())
}

async fn a_file_goes_with_an_objection(home: &Home) {
    let store = home.create().await;
    let (subject, objection) = objected(&store).await;
    let file = file(&store, subject).await;
    let act = file
        .all()
        .into_iter()
        .find(|one| one.number() == objection)
        .unwrap();
    assert_eq!(attachments_of(act.record()).len(), 2);
    let look = permit(&store, subject).await;
    let found_one = store.attachment(&look, objection, 1).await.unwrap();
    assert_eq!((found_one.name(), found_one.bytes()), ("收据.pdf", PDF));
    for (number, place) in [(objection, 3), (objection, 0), (RecordNumber(1), 1)] {
        let none = store.attachment(&look, number, place).await;
        assert!(matches!(none, Err(StoreError::NotFound)), "{number} {place}");
    }
    let other = found(&store, person(2)).await;
    let others = permit(&store, other).await;
    let none = store.attachment(&others, objection, 1).await;
    assert!(
        matches!(none, Err(StoreError::NotFound)),
        "it is in nobody else's file"
    );
    let rows = home.dump("attachment").await.join("\n");
    assert!(
        !rows.contains("收据") && !rows.contains("PDF"),
        "nothing is in clear"
    );
    assert_clean(&store).await;
}

async fn what_is_changed_or_taken_away_is_named(home: &Home) {
    let store = home.create().await;
    let (subject, objection) = objected(&store).await;
    for (sql, row) in [
        (
            "UPDATE attachment SET body = (SELECT a.body FROM attachment a WHERE a.place = 2) WHERE place = 1",
            format!("{objection}/1"),
        ),
        ("DELETE FROM attachment WHERE place = 2", format!("{objection}/2")),
        (
            "UPDATE attachment SET place = 4 WHERE place = 1",
            format!("{objection}/4"),
        ),
    ] {
        assert_eq!(home.sql(sql).await, 1, "{sql}");
        let report = store.verify().await.unwrap();
        let named = report.differences.iter();
        let mut named = named.filter(|found| found.table == "attachment");
        assert!(named.any(|found| found.row == row), "{sql}: {report}");
    }
    let look = permit(&store, subject).await;
    assert!(store.attachment(&look, objection, 1).await.is_err());
}

async fn a_backup_carries_them(home: &Home) {
    let store = home.create().await;
    let (subject, objection) = objected(&store).await;
    let (from, _) = store
        .backup(&home.folder.path().join("backups"), |_| {})
        .await
        .unwrap();
    let folder = home.folder.path().join("brought-back");
    let to = RestoreTo {
        folder: folder.clone(),
        database: None,
        keys_from: home.keys.clone(),
    };
    Store::restore(&from, &to, home.clock.clone(), |_| {})
        .await
        .unwrap();
    let back = Store::open(&Place::Folder(folder), Some(&home.keys), home.clock.clone())
        .await
        .unwrap();
    let look = permit(&back, subject).await;
    let file = back.attachment(&look, objection, 1).await.unwrap();
    assert_eq!(file.bytes(), PDF);
    assert_clean(&back).await;
}

/// An application for repair has them in the same way; what destroys the key of the act destroys its files.
async fn without_the_acts_key_it_is_gone(home: &Home) {
    let store = home.create().await;
    let (subject, objection) = objected(&store).await;
    let said = RepairApplication::new("今后依法经营，不再发生同类行为", None).unwrap();
    assert!(format!("{:?}", said.with_files(files(&[PDF]))).contains("Attachment"));
    let look = permit(&store, subject).await;
    assert_eq!(
        home.sql(&format!("DELETE FROM record_key WHERE number = {objection}"))
            .await,
        1
    );
    assert!(store.attachment(&look, objection, 1).await.is_err());
}
