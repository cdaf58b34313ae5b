//! What one may not see cannot be told from what is not there.

use crate::access::{Stage, table};
use crate::support::Answer;

/// The viewers of the access table who get through its door and find nothing of theirs there.
const ZHOU: usize = 2;
const MO: usize = 4;
const OWN: usize = 5;
const OTHER: usize = 6;

/// Every address with a part of somebody's in it, and who may not see that.
const HIDDEN: [(&str, &str, usize); 65] = [
    ("GET", "/department/templates/{file}", ZHOU),
    ("POST", "/department/records/{number}/reveal", ZHOU),
    ("GET", "/department/upload/{token}", ZHOU),
    ("POST", "/department/upload/{token}", ZHOU),
    ("GET", "/department/upload/{token}/columns", ZHOU),
    ("POST", "/department/upload/{token}/columns", ZHOU),
    ("GET", "/department/submissions/{id}", ZHOU),
    ("GET", "/department/submissions/{id}/errors.xlsx", ZHOU),
    ("GET", "/department/submissions/{id}/undo", ZHOU),
    ("POST", "/department/submissions/{id}/undo", ZHOU),
    ("POST", "/department/submissions/{id}/undo/confirm", ZHOU),
    ("POST", "/department/submissions/{id}/undo/drop", ZHOU),
    ("GET", "/department/confirm/{id}", ZHOU),
    ("POST", "/department/confirm/{id}", ZHOU),
    ("POST", "/department/confirm/{id}/reveal/{number}", ZHOU),
    ("POST", "/department/unlinked/{number}/reveal", ZHOU),
    ("GET", "/department/representatives/{number}", ZHOU),
    ("POST", "/department/representatives/{number}/confirm", ZHOU),
    ("POST", "/department/representatives/{number}/take-back", ZHOU),
    ("GET", "/department/due/{number}", ZHOU),
    ("GET", "/department/due/{number}/files/{place}", ZHOU),
    ("POST", "/department/due/{number}", ZHOU),
    ("GET", "/department/unlinked/{number}", ZHOU),
    ("POST", "/department/unlinked/{number}/find", ZHOU),
    ("POST", "/department/unlinked/{number}/open", ZHOU),
    ("POST", "/department/unlinked/{number}/link", ZHOU),
    ("GET", "/department/records/{number}", ZHOU),
    ("POST", "/department/records/{number}/unlink", ZHOU),
    ("POST", "/department/records/{number}/withdraw", ZHOU),
    ("GET", "/department/merges/{number}", ZHOU),
    ("POST", "/department/merges/{number}/confirm", ZHOU),
    ("POST", "/department/merges/{number}/undo", ZHOU),
    ("GET", "/department/sharing/{number}", ZHOU),
    ("POST", "/department/sharing/{number}/answer", ZHOU),
    ("POST", "/department/sharing/{number}/ask", ZHOU),
    ("POST", "/department/sharing/{number}/changes", ZHOU),
    ("POST", "/department/sharing/{number}/end", ZHOU),
    ("GET", "/department/sharing/answers/{token}", ZHOU),
    ("GET", "/department/sharing/answers/{token}/answer.json", ZHOU),
    ("GET", "/counter/check/{token}", MO),
    ("POST", "/counter/check/{token}", MO),
    ("POST", "/counter/check/{token}/consent", MO),
    ("GET", "/counter/check/{token}/receipt", MO),
    ("GET", "/counter/check/{token}/letter", MO),
    ("GET", "/counter/object/{token}", MO),
    ("POST", "/counter/object/{token}", MO),
    ("GET", "/counter/object/{token}/receipt", MO),
    ("GET", "/my/records/{number}", OTHER),
    ("GET", "/my/records/{number}/proof", OTHER),
    ("POST", "/my/records/{number}/object", OTHER),
    ("GET", "/my/records/{number}/repair", OTHER),
    ("POST", "/my/records/{number}/repair", OTHER),
    ("GET", "/my/records/{number}/repair/check", OTHER),
    ("POST", "/my/records/{number}/repair/send", OTHER),
    ("GET", "/my/files/{file}", OTHER),
    ("POST", "/my/consents/{number}/revoke", OTHER),
    ("GET", "/my/looks/{id}/ask", OTHER),
    ("POST", "/my/looks/{id}/ask", OTHER),
    ("POST", "/my/looks/{id}/withdraw", OTHER),
    ("GET", "/my/messages/{key}", OTHER),
    ("POST", "/my/appointments/{number}/accept", OWN),
    ("POST", "/my/appointments/{number}/decline", OWN),
    ("GET", "/my/reports/{code}/report.pdf", OTHER),
    ("GET", "/my/reports/{code}/seal.json", OTHER),
    ("POST", "/my/reports/{code}/withdraw", OTHER),
];

/// The same address of something that never was.
fn absent(path: &str) -> String {
    path.replace("{file}", "no-such-layout.xlsx")
        .replace("{token}", &"0".repeat(32))
        .replace("{place}", "1")
        .replace("{id}", "909090")
        .replace("{number}", "909090")
        .replace("{code}", "0000-0000-0000-0000")
        .replace("{key}", "record_in-909090")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_foreign_and_what_is_absent_look_the_same() {
    let stage = Stage::new().await;
    for (method, path, column) in HIDDEN {
        let own = stage.address(path);
        let foreign = stage.ask_at(method, path, &own, column).await;
        let unseen = stage.ask_at(method, path, &absent(path), column).await;
        assert_eq!(
            plain(&foreign, &own),
            plain(&unseen, &absent(path)),
            "{method} {path}"
        );
    }
}

/// An answer without what its own address puts into it.
fn plain(answer: &Answer, address: &str) -> String {
    if answer.status.is_redirection() {
        let stem = address.trim_end_matches("/link");
        return answer.goes_to().replace(stem, "HERE");
    }
    assert_eq!(answer.status.as_u16(), 404, "{address}");
    answer.without_instance().replace(address, "HERE")
}

#[test]
fn nothing_that_can_be_hidden_is_forgotten() {
    let public = [
        "/organisations/{uscc}",
        "/o/{code}",
        "/guide/{topic}",
        "/announcements/{id}",
        "/log/tile/{*path}",
    ];
    // What a key opens is tested beside it, in `api.rs`; a session opens nothing of it.
    // The auditor and the credit office see the whole district: to them nothing of it is foreign. A company is closed as a whole:
    // the test below.
    let apart = |path: &str| {
        ["/api/", "/audit/", "/office/", "/company/"]
            .iter()
            .any(|desk| path.starts_with(desk))
    };
    let rows = table().into_iter().filter(|row| !apart(row.path));
    for row in rows.filter(|row| row.path.contains('{')) {
        let listed = HIDDEN
            .iter()
            .any(|(method, path, _)| *method == row.method && *path == row.path);
        assert!(
            listed || public.contains(&row.path),
            "{} {}",
            row.method,
            row.path
        );
    }
}

/// Somebody else's company and one that is none are closed alike, at every address of its desk.
#[tokio::test(flavor = "multi_thread")]
async fn a_company_of_others_is_as_one_that_is_not() {
    const NONE: &str = "91440604DEM000000X";
    let stage = Stage::new().await;
    for row in table()
        .iter()
        .filter(|row| row.path.starts_with("/company/{uscc}"))
    {
        let own = stage.address(row.path);
        let uscc = own.split('/').nth(2).unwrap().to_owned();
        let foreign = stage.ask_at(row.method, row.path, &own, OTHER).await;
        let none = own.replace(&uscc, NONE);
        let unseen = stage.ask_at(row.method, row.path, &none, OTHER).await;
        assert_eq!(
            (foreign.status.as_u16(), unseen.status.as_u16()),
            (403, 403),
            "{own}"
        );
        assert_eq!(
            foreign.without_instance().replace(&uscc, NONE),
            unseen.without_instance(),
            "{own}"
        );
    }
}
