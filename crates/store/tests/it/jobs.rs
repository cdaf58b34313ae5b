//! Files that another system handed over: kept once, sealed, and gone when they are taken in.

use record::SourceCode;
use store::{Handed, Job, NewJob, Store};

use crate::support::*;

on_both! {
    a_file_is_kept_once_until_it_is_taken_in
    keys_of_other_systems_are_kept_as_hashes
}

fn job(once: &str, body: &[u8]) -> NewJob {
    NewJob {
        source: source("chancheng.market"),
        officer: officer("api-market"),
        once: once.into(),
        layout: None,
        file_name: "十一月.ndjson".into(),
        body: body.to_vec(),
    }
}

async fn kept(store: &Store, new: &NewJob) -> Job {
    match store.put_job(new).await.unwrap() {
        Handed::New(job) => job,
        other => panic!("{other:?} is not new"),
    }
}

async fn a_file_is_kept_once_until_it_is_taken_in(home: &Home) {
    let store = home.create().await;
    let market: SourceCode = source("chancheng.market");
    let new = job("一号", "户口本原件与申请表相符".as_bytes());
    let first = kept(&store, &new).await;
    assert_eq!(store.put_job(&new).await.unwrap(), Handed::Again(first.clone()));
    assert_eq!(
        store.put_job(&job("一号", b"other")).await.unwrap(),
        Handed::OtherFile
    );
    let mut by_other_layout = new.clone();
    by_other_layout.layout = Some("sgs-penalty-2018".parse().unwrap());
    assert_eq!(store.put_job(&by_other_layout).await.unwrap(), Handed::OtherFile);
    // Another department's key is its own.
    let mut police = new.clone();
    police.source = source("chancheng.police");
    let second = kept(&store, &police).await;
    assert!(store.job(&market, second.id).await.is_err());
    assert_eq!(
        store.waiting_jobs().await.unwrap(),
        [first.clone(), second.clone()]
    );
    let lines = home.dump("job").await.join("\n");
    assert!(!lines.contains("户口本") && !lines.contains("一号"), "{lines}");
    store.rotate_keys(&home.keys).await.unwrap();
    for store in [store.clone(), home.open().await] {
        assert_eq!(store.job_body(first.id).await.unwrap(), new.body);
    }
    let begun = submission("chancheng.market", "api-market");
    let id = store.begin_job(first.id, &begun).await.unwrap();
    assert_eq!(store.begin_job(first.id, &begun).await.unwrap(), id);
    assert_eq!(store.cut_off(&begun).await.unwrap(), Some(id));
    let mut other = begun.clone();
    other.officer = officer("chen");
    assert_eq!(store.cut_off(&other).await.unwrap(), None);
    store.finish_job(first.id, Some("{}")).await.unwrap();
    store.finish_job(second.id, None).await.unwrap();
    store.finish_job(second.id, Some("later")).await.unwrap();
    let done = store.job(&market, first.id).await.unwrap();
    assert_eq!(
        (done.finished, done.fault.as_deref(), done.submission),
        (true, Some("{}"), Some(id))
    );
    let police = store.job(&source("chancheng.police"), second.id).await.unwrap();
    assert_eq!(police.fault, None, "what is done stays as it is");
    assert!(store.waiting_jobs().await.unwrap().is_empty());
    assert!(store.job_body(first.id).await.is_err() && store.begin_job(first.id, &begun).await.is_err());
    assert_eq!(store.put_job(&new).await.unwrap(), Handed::Again(done));
}

async fn keys_of_other_systems_are_kept_as_hashes(home: &Home) {
    let store = home.create().await;
    let (name, market) = (officer("api-market"), source("chancheng.market"));
    let until = store.clock().now_ms() + 60_000;
    store
        .put_api_key([7; 32], &name, &market, until, None)
        .await
        .unwrap();
    assert!(
        store
            .put_api_key([8; 32], &name, &market, until, None)
            .await
            .is_err()
    );
    let key = store.use_api_key([7; 32], None).await.unwrap().unwrap();
    assert_eq!(
        (key.officer, key.source, key.last_used_ms),
        (name.clone(), market, None)
    );
    assert_eq!(
        store.api_keys().await.unwrap()[0].last_used_ms,
        Some(store.clock().now_ms())
    );
    assert_eq!(store.use_api_key([8; 32], None).await.unwrap(), None);
    store.revoke_api_key(&name).await.unwrap();
    assert_eq!(store.use_api_key([7; 32], None).await.unwrap(), None);
    let listed = store.api_keys().await.unwrap();
    assert!(listed[0].revoked && listed.len() == 1);
}
