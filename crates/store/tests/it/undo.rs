//! A whole hand-in taken back by two officers, and handed in again.

use assess::{Standing, assess};
use record::{AsOf, RecordNumber, SubjectId, SubmissionId};
use store::{ActFault, Outcome, Page, Store, StoreError, SubmissionState};

use crate::support::*;

on_both! {
    a_hand_in_is_taken_back_by_two
    what_was_taken_back_is_new_when_it_comes_again
    taking_back_is_the_departments_own_and_takes_two
    a_proposal_can_be_dropped
    rows_that_belong_to_nobody_leave_the_queue
    quality_counts_what_stayed
    a_row_taken_back_alone_is_new_again
}

const MARKET: &str = "chancheng.market";
const WHY: &str = "整批报错了年度";

fn fault<T: std::fmt::Debug>(result: store::Result<T>) -> ActFault {
    match result {
        Err(StoreError::Act(fault)) => fault,
        other => panic!("not refused by a guard: {other:?}"),
    }
}

async fn undo(store: &Store, id: SubmissionId) {
    let market = source(MARKET);
    store
        .propose_undo(id, &officer("chen"), &market, WHY)
        .await
        .unwrap();
    store.confirm_undo(id, &officer("lin"), &market).await.unwrap();
}

async fn standing(store: &Store, subject: SubjectId, of: RecordNumber) -> Standing {
    let file = file(store, subject).await;
    let as_of = AsOf {
        on: store.clock().today(),
        known: file.known,
    };
    let bundle = store.bundle(as_of).await.unwrap();
    let assessment = assess(&bundle, &file.all(), as_of);
    assessment.standing(of).unwrap().standing
}

async fn a_hand_in_is_taken_back_by_two(home: &Home) {
    let store = home.create().await;
    let one = found(&store, person(1)).await;
    let rows = [penalty(person(1), "罚1"), licence(person(1), "证1")];
    let (id, outcomes) = hand_in_by(&store, "chen", &rows).await;
    let (fine, paper) = (number(outcomes[0]), number(outcomes[1]));
    store
        .confirm(id, &officer("lin"), Some(&source(MARKET)))
        .await
        .unwrap();
    assert_eq!(standing(&store, one, fine).await, Standing::Counts);

    let market = source(MARKET);
    let act = store
        .propose_undo(id, &officer("chen"), &market, WHY)
        .await
        .unwrap();
    // A proposal alone changes nothing.
    assert_eq!(standing(&store, one, fine).await, Standing::Counts);
    let info = store.submission(id).await.unwrap();
    assert_eq!(
        info.state,
        SubmissionState::Undoing {
            by: officer("chen"),
            number: act
        }
    );
    assert_eq!(store.undo_ground(id).await.unwrap(), WHY);
    let waits = store.pending_submissions(&market).await.unwrap();
    assert_queues(&store).await;
    assert_eq!(waits.iter().map(|info| info.id).collect::<Vec<_>>(), [id]);
    let before = file(&store, one).await.known;
    store.confirm_undo(id, &officer("lin"), &market).await.unwrap();
    for number in [fine, paper] {
        assert_eq!(
            standing(&store, one, number).await,
            Standing::Withdrawn { by: act }
        );
    }
    assert!(matches!(
        store.submission(id).await.unwrap().state,
        SubmissionState::Undone { .. }
    ));
    assert!(store.pending_submissions(&market).await.unwrap().is_empty());
    // What was known before is still told so.
    let look = desk_permit(&store, "lin", MARKET, one).await;
    let then = store.file(&look, Some(before)).await.unwrap();
    let as_of = AsOf {
        on: store.clock().today(),
        known: before,
    };
    let bundle = store.bundle(as_of).await.unwrap();
    assert_eq!(
        assess(&bundle, &then.all(), as_of)
            .standing(fine)
            .unwrap()
            .standing,
        Standing::Counts
    );
    // Both acts are in the file.
    let acts = numbers(&file(&store, one).await.acts);
    assert!(acts.contains(&act.0), "{acts:?}");
    assert_clean(&store).await;
}

async fn what_was_taken_back_is_new_when_it_comes_again(home: &Home) {
    let store = home.create().await;
    let one = found(&store, person(1)).await;
    let rows = [penalty(person(1), "罚1"), licence(person(1), "证1")];
    let market = source(MARKET);
    let (id, _) = hand_in_by(&store, "chen", &rows).await;
    undo(&store, id).await;
    // They wait again; handed in once more they are held.
    let (again, outcomes) = hand_in_by(&store, "chen", &rows).await;
    assert!(
        matches!(outcomes.as_slice(), [Outcome::Pending(_), Outcome::Accepted(_)]),
        "{outcomes:?}"
    );
    assert_eq!(
        standing(&store, one, number(outcomes[0])).await,
        Standing::Pending
    );
    let (_, held) = hand_in_by(&store, "chen", &rows).await;
    assert_eq!(
        held,
        [
            Outcome::Duplicate(number(outcomes[0])),
            Outcome::Duplicate(number(outcomes[1]))
        ]
    );
    store
        .confirm(again, &officer("lin"), Some(&market))
        .await
        .unwrap();
    assert_eq!(standing(&store, one, number(outcomes[0])).await, Standing::Counts);
    assert_clean(&store).await;
}

async fn taking_back_is_the_departments_own_and_takes_two(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let (id, _) = hand_in_by(&store, "chen", &[licence(person(1), "证1")]).await;
    let (market, police) = (source(MARKET), source("chancheng.police"));
    let (chen, lin) = (officer("chen"), officer("lin"));
    assert_eq!(
        fault(store.propose_undo(id, &chen, &police, WHY).await),
        ActFault::OtherSource
    );
    assert_eq!(
        fault(store.propose_undo(id, &chen, &market, "错").await),
        ActFault::NoReason
    );
    assert_eq!(
        fault(store.confirm_undo(id, &lin, &market).await),
        ActFault::WrongKind
    );
    store.propose_undo(id, &chen, &market, WHY).await.unwrap();
    assert_eq!(
        fault(store.propose_undo(id, &lin, &market, WHY).await),
        ActFault::AlreadyUndone
    );
    assert_eq!(
        fault(store.confirm_undo(id, &chen, &market).await),
        ActFault::SameOfficer
    );
    assert_eq!(
        fault(store.confirm_undo(id, &lin, &police).await),
        ActFault::OtherSource
    );
    store.confirm_undo(id, &lin, &market).await.unwrap();
    assert_eq!(
        fault(store.confirm_undo(id, &lin, &market).await),
        ActFault::AlreadyUndone
    );
    assert_eq!(
        fault(store.drop_undo(id, &lin, &market, WHY).await),
        ActFault::AlreadyUndone
    );
    assert_eq!(
        fault(store.propose_undo(id, &chen, &market, WHY).await),
        ActFault::AlreadyUndone
    );
    // One that is under way cannot be taken back.
    let open = store.begin_submission(&submission(MARKET, "chen")).await.unwrap();
    assert_eq!(
        fault(store.propose_undo(open, &chen, &market, WHY).await),
        ActFault::WrongKind
    );
    assert_clean(&store).await;
}

async fn a_proposal_can_be_dropped(home: &Home) {
    let store = home.create().await;
    let one = found(&store, person(1)).await;
    let (id, outcomes) = hand_in_by(&store, "chen", &[licence(person(1), "证1")]).await;
    let market = source(MARKET);
    store
        .propose_undo(id, &officer("chen"), &market, WHY)
        .await
        .unwrap();
    store
        .drop_undo(id, &officer("lin"), &market, "文件没有错误")
        .await
        .unwrap();
    assert_eq!(store.submission(id).await.unwrap().state, SubmissionState::Done);
    assert_eq!(
        fault(store.confirm_undo(id, &officer("lin"), &market).await),
        ActFault::WrongKind
    );
    assert_eq!(standing(&store, one, number(outcomes[0])).await, Standing::Counts);
    // It may be proposed anew.
    undo(&store, id).await;
    assert!(matches!(
        standing(&store, one, number(outcomes[0])).await,
        Standing::Withdrawn { .. }
    ));
    assert_clean(&store).await;
}

async fn rows_that_belong_to_nobody_leave_the_queue(home: &Home) {
    let store = home.create().await;
    let (id, outcomes) = hand_in_by(&store, "chen", &[licence(person(9), "证1")]).await;
    assert!(matches!(outcomes[0], Outcome::Unlinked(..)));
    let queue = async || {
        store
            .unlinked(&source(MARKET), Page::new(1, 10))
            .await
            .unwrap()
            .total
    };
    assert_eq!(queue().await, 1);
    undo(&store, id).await;
    assert_eq!(queue().await, 0);
}

async fn quality_counts_what_stayed(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let market = source(MARKET);
    assert!(store.quality(&market).await.unwrap().is_empty());
    let id = store.begin_submission(&submission(MARKET, "chen")).await.unwrap();
    store.append(id, &[licence(person(1), "证1")]).await.unwrap();
    let totals = store::SubmissionTotals {
        rows: 12,
        accepted: 7,
        refused: 3,
        duplicate: 2,
        ..Default::default()
    };
    let quality = store::SubmissionQuality {
        timed: 9,
        late: 2,
        faults: [("DATE-INVALID".to_owned(), 4), ("REQUIRED".to_owned(), 1)].into(),
    };
    store
        .finish_submission(id, &totals, &quality, b"{}")
        .await
        .unwrap();
    let (other, _) = hand_in_by(&store, "chen", &[licence(person(1), "证2")]).await;
    let months = store.quality(&market).await.unwrap();
    let today = store.clock().today();
    assert_eq!(months.len(), 1);
    assert_eq!((months[0].year, months[0].month), (today.year(), today.month()));
    assert_eq!(
        (
            months[0].files,
            months[0].undone,
            months[0].rows,
            months[0].taken,
            months[0].refused
        ),
        (2, 0, 11, 8, 3)
    );
    assert_eq!((months[0].score(), months[0].timeliness()), (Some(72), Some(77)));
    assert_eq!(months[0].faults[0], ("DATE-INVALID".to_owned(), 4));
    undo(&store, other).await;
    let months = store.quality(&market).await.unwrap();
    assert_eq!(
        (months[0].files, months[0].undone, months[0].rows, months[0].taken),
        (2, 1, 11, 7)
    );
    assert!(
        store
            .quality(&source("chancheng.police"))
            .await
            .unwrap()
            .iter()
            .all(|month| month.late == 0)
    );
}

async fn a_row_taken_back_alone_is_new_again(home: &Home) {
    let store = home.create().await;
    found(&store, person(1)).await;
    let row = [licence(person(1), "证1")];
    let (_, outcomes) = hand_in_by(&store, "chen", &row).await;
    store
        .withdraw(number(outcomes[0]), &officer("chen"), &source(MARKET), WHY)
        .await
        .unwrap();
    let (_, again) = hand_in_by(&store, "chen", &row).await;
    assert!(matches!(again[0], Outcome::Accepted(_)), "{again:?}");
    let (_, held) = hand_in_by(&store, "chen", &row).await;
    assert_eq!(held, [Outcome::Duplicate(number(again[0]))]);
}
