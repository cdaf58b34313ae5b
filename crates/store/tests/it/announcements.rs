//! Announcements on both databases.

use record::Date;
use store::{AdminFilter, AdminKind, AnnouncementState, AnnouncementText, Page};

use crate::support::*;

on_both! {
    one_goes_from_draft_to_over
    what_is_done_is_noted_and_only_once
}

fn text(from: &str, until: &str) -> AnnouncementText {
    AnnouncementText {
        title_zh: "提醒".into(),
        title_en: "Reminder".into(),
        body_zh: "一\n\n二".into(),
        body_en: "one\n\ntwo".into(),
        from: day(from),
        until: day(until),
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

async fn one_goes_from_draft_to_over(home: &Home) {
    use AnnouncementState::{Draft, Over, Shown, Upcoming};
    let store = home.create().await;
    let (guan, office) = (officer("guan"), source("chancheng.credit-office"));
    home.at("2026-11-23T01:00:00Z");
    let id = store
        .draft_announcement(&guan, &text("2026-11-25", "2026-11-26"))
        .await
        .unwrap();
    let state = async || store.announcement(id).await.unwrap().unwrap().state;
    assert_eq!(state().await, Draft);
    assert!(store.publish_announcement(&guan, &office, id).await.unwrap());
    for (at, expect) in [
        ("2026-11-24T15:59:59Z", Upcoming),
        ("2026-11-24T16:00:00Z", Shown),
        ("2026-11-26T15:59:59Z", Shown),
        ("2026-11-26T16:00:00Z", Over),
    ] {
        home.at(at);
        assert_eq!(state().await, expect, "{at}");
        for of in AnnouncementState::ALL {
            let found = store.announcements(Some(of), Page::new(1, 10)).await.unwrap();
            assert_eq!(found.total == 1, of == expect, "{at} {of:?}");
        }
    }
    let late = store
        .draft_announcement(&guan, &text("2026-11-01", "2026-11-02"))
        .await
        .unwrap();
    assert!(
        !store.publish_announcement(&guan, &office, late).await.unwrap(),
        "its day is over"
    );
    assert_eq!(store.announcements(None, Page::new(1, 1)).await.unwrap().pages, 2);
}

async fn what_is_done_is_noted_and_only_once(home: &Home) {
    let store = home.create().await;
    let (guan, office) = (officer("guan"), source("chancheng.credit-office"));
    home.at("2026-11-23T01:00:00Z");
    let until = text("2026-11-23", "2026-12-31");
    let id = store.draft_announcement(&guan, &until).await.unwrap();
    assert!(store.change_announcement(&guan, id, &until).await.unwrap());
    assert!(
        !store
            .take_back_announcement(&guan, &office, id, "错了")
            .await
            .unwrap(),
        "a draft"
    );
    assert!(store.publish_announcement(&guan, &office, id).await.unwrap());
    assert!(
        !store.publish_announcement(&guan, &office, id).await.unwrap(),
        "twice"
    );
    assert!(!store.change_announcement(&guan, id, &until).await.unwrap());
    assert!(!store.drop_announcement(id).await.unwrap());
    assert!(
        store
            .take_back_announcement(&guan, &office, id, "错了")
            .await
            .unwrap()
    );
    assert!(
        !store
            .take_back_announcement(&guan, &office, id, "错了")
            .await
            .unwrap()
    );
    let dropped = store.draft_announcement(&guan, &until).await.unwrap();
    assert!(store.drop_announcement(dropped).await.unwrap());
    assert!(store.announcement(dropped).await.unwrap().is_none());
    let acts = store
        .administration(&AdminFilter::default(), Page::new(1, 50))
        .await
        .unwrap();
    let kinds = [AdminKind::AnnouncementPublished, AdminKind::AnnouncementTakenBack];
    for kind in kinds {
        let done: Vec<_> = acts.rows.iter().filter(|act| act.kind == kind).collect();
        assert_eq!(done.len(), 1, "{kind:?}");
        assert_eq!((done[0].officer.as_str(), done[0].about.as_str()), ("guan", "1"));
        assert_eq!(done[0].source.as_ref(), Some(&office));
    }
}
