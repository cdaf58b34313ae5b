//! The desks of departments.

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::{Route, UPLOAD_BYTES_MOST, route};
use crate::access::Action;
use crate::department;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = department_routes();
    routes.extend(confirm_routes());
    routes.extend(merge_routes());
    routes.extend(representative_routes());
    routes.extend(sharing_routes());
    routes.extend(upload_routes());
    routes
}

fn department_routes() -> Vec<Route> {
    use Action::{Answer, Confirm, Link, ReadDepartment, Upload, Withdraw};
    use department::{home, link, owed, own_record, plea, quality, submission, submissions, undo, unlinked};
    vec![
        route("/department", ReadDepartment, get(home::show)),
        route("/department/submissions", ReadDepartment, get(submissions::show)),
        route(
            "/department/submissions/{id}",
            ReadDepartment,
            get(submission::show),
        ),
        route(
            "/department/submissions/{id}/errors.xlsx",
            ReadDepartment,
            get(submission::workbook),
        ),
        route(
            "/department/submissions/{id}/undo",
            Upload,
            get(undo::show).post(undo::propose),
        ),
        route(
            "/department/submissions/{id}/undo/confirm",
            Confirm,
            post(undo::confirm),
        ),
        route("/department/submissions/{id}/undo/drop", Upload, post(undo::drop)),
        route("/department/quality", ReadDepartment, get(quality::show)),
        route("/department/due", ReadDepartment, get(owed::show)),
        route(
            "/department/due/{number}",
            Answer,
            get(plea::show).post(plea::answer),
        ),
        route("/department/due/{number}/files/{place}", Answer, get(plea::file)),
        route("/department/unlinked", Link, get(unlinked::show)),
        route("/department/unlinked/{number}", Link, get(link::show)),
        route("/department/unlinked/{number}/find", Link, post(link::find)),
        route("/department/unlinked/{number}/reveal", Link, post(link::reveal)),
        route("/department/unlinked/{number}/open", Link, post(link::open)),
        route("/department/unlinked/{number}/link", Link, post(link::link)),
        route("/department/records", Link, get(own_record::list)),
        route("/department/records/{number}", Link, get(own_record::show)),
        route(
            "/department/records/{number}/reveal",
            Link,
            post(own_record::reveal),
        ),
        route(
            "/department/records/{number}/unlink",
            Link,
            post(own_record::unlink),
        ),
        route(
            "/department/records/{number}/withdraw",
            Withdraw,
            post(own_record::withdraw),
        ),
    ]
}

/// What a second officer looks at before it has effect.
fn confirm_routes() -> Vec<Route> {
    use Action::Confirm;
    use department::{confirm, confirm_list};
    vec![
        route("/department/confirm", Confirm, get(confirm_list::show)),
        route(
            "/department/confirm/{id}",
            Confirm,
            get(confirm::show).post(confirm::confirm),
        ),
        route(
            "/department/confirm/{id}/reveal/{number}",
            Confirm,
            post(confirm::reveal),
        ),
    ]
}

/// Two files that are of one.
fn merge_routes() -> Vec<Route> {
    use Action::Merge;
    use department::{merge, merges};
    vec![
        route("/department/merges", Merge, get(merges::show)),
        route("/department/merges/find", Merge, post(merges::find)),
        route(
            "/department/merges/new",
            Merge,
            get(merge::compare).post(merge::propose),
        ),
        route("/department/merges/{number}", Merge, get(merge::show)),
        route("/department/merges/{number}/confirm", Merge, post(merge::confirm)),
        route("/department/merges/{number}/undo", Merge, post(merge::undo)),
    ]
}

/// Who represents an organisation, where the register's file cannot say so.
fn representative_routes() -> Vec<Route> {
    use Action::NameRepresentative;
    use department::{representative as one, representatives as list};
    let below = |path, methods| route(path, NameRepresentative, methods);
    vec![
        below("/department/representatives", get(list::show)),
        below("/department/representatives/find", post(list::find)),
        below(
            "/department/representatives/new",
            get(one::compare).post(one::name),
        ),
        below("/department/representatives/{number}", get(one::show)),
        below("/department/representatives/{number}/confirm", post(one::confirm)),
        below(
            "/department/representatives/{number}/take-back",
            post(one::take_back),
        ),
    ]
}

/// Between departments.
fn sharing_routes() -> Vec<Route> {
    use Action::{AnswerShare, ApplyShare, AskShared, Open, ReadShares, ReplayEvents};
    use department::sharing;
    use sharing::{answer, catalogue, changes, events, matrix, new, one};
    vec![
        route("/sharing/keys.json", Open, get(answer::keys)),
        route("/department/sharing", ReadShares, get(sharing::show)),
        route("/department/sharing/catalogue", ReadShares, get(catalogue::show)),
        route("/department/sharing/matrix", ReadShares, get(matrix::show)),
        route("/department/sharing/events", ReadShares, get(events::show)),
        route("/department/sharing/events.csv", ReadShares, get(events::export)),
        route(
            "/department/sharing/events/replay",
            ReplayEvents,
            post(events::replay),
        ),
        route(
            "/department/sharing/new",
            ApplyShare,
            get(new::show).post(new::apply),
        ),
        route("/department/sharing/changes", AskShared, post(changes::put_right)),
        route(
            "/department/sharing/answers/{token}",
            AskShared,
            get(answer::show),
        ),
        route(
            "/department/sharing/answers/{token}/answer.json",
            AskShared,
            get(answer::file),
        ),
        route("/department/sharing/{number}", ReadShares, get(one::show)),
        route(
            "/department/sharing/{number}/answer",
            AnswerShare,
            post(one::answer),
        ),
        route("/department/sharing/{number}/end", ApplyShare, post(one::end)),
        route("/department/sharing/{number}/ask", AskShared, post(one::ask)),
        route(
            "/department/sharing/{number}/changes",
            AskShared,
            post(one::follow),
        ),
    ]
}

/// From a file to a hand-in.
fn upload_routes() -> Vec<Route> {
    use Action::Upload;
    use department::{columns, preview, upload};
    let file = DefaultBodyLimit::max(UPLOAD_BYTES_MOST);
    vec![
        route(
            "/department/upload",
            Upload,
            get(upload::show).post(upload::receive).layer(file),
        ),
        route(
            "/department/upload/{token}",
            Upload,
            get(preview::show).post(preview::commit),
        ),
        route(
            "/department/upload/{token}/columns",
            Upload,
            get(columns::show).post(columns::save),
        ),
        route("/department/templates/{file}", Upload, get(upload::template)),
    ]
}
