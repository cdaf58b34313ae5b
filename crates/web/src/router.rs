//! Every route, with the action that it needs. A route that is not in this table does not exist.

use std::convert::Infallible;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::routing::{MethodRouter, get, post};
use tower_http::compression::CompressionLayer;
use tower_http::decompression::RequestDecompressionLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::access::Action;
use crate::error::Fault;
use crate::ops::{body, health, log, metrics};
use crate::state::App;
use crate::{api, assets, audit, counter, demo, department, guard, my, office, public, sign_in, visit};

/// A form is small.
const FORM_BYTES_MOST: usize = 64 * 1024;
/// A file of a department, with what multipart puts around it.
const UPLOAD_BYTES_MOST: usize = department::upload::FILE_BYTES_MOST + 64 * 1024;

/// One page: its path, the action it needs, its handlers.
pub(crate) struct Route {
    /// As axum writes it.
    pub(crate) path: &'static str,
    /// What one must be permitted.
    pub(crate) action: Action,
    methods: MethodRouter<App>,
}

fn route(path: &'static str, action: Action, methods: MethodRouter<App>) -> Route {
    Route {
        path,
        action,
        methods,
    }
}

/// The table.
pub(crate) fn routes() -> Vec<Route> {
    let mut routes = open_routes();
    routes.extend(public_routes());
    routes.extend(upload_routes());
    routes.extend(department_routes());
    routes.extend(merge_routes());
    routes.extend(sharing_routes());
    routes.extend(api_routes());
    routes.extend(counter_routes());
    routes.extend(my_routes());
    routes.extend(audit_routes());
    routes.extend(office_routes());
    routes.extend(announcement_routes());
    routes
}

fn open_routes() -> Vec<Route> {
    use Action::{Open, ReadGuide, ReadOrganisation, SearchOrganisations, VerifyReport};
    let file = DefaultBodyLimit::max(public::verify::FILE_BYTES_MOST + 64 * 1024);
    vec![
        route("/", SearchOrganisations, get(public::home::show)),
        route(
            "/organisations",
            SearchOrganisations,
            get(public::organisations::show),
        ),
        route(
            "/organisations/{uscc}",
            ReadOrganisation,
            get(public::organisation::show),
        ),
        route("/o/{code}", ReadOrganisation, get(public::share::go)),
        route(
            "/verify",
            VerifyReport,
            get(public::verify::show).post(public::verify::check).layer(file),
        ),
        route("/guide", ReadGuide, get(public::guides::show)),
        route("/guide/{topic}", ReadGuide, get(public::guides::one)),
        route("/guide/rating", ReadGuide, get(public::guide::show)),
        route("/guide/api", ReadGuide, get(public::reference::show)),
        route(
            "/gallery",
            ReadGuide,
            get(public::gallery::show).post(public::gallery::reveal),
        ),
        route("/sign-in", Open, get(sign_in::show).post(sign_in::enter)),
        route("/sign-out", Open, post(sign_in::leave)),
        route("/demo", Open, get(demo::show)),
        route("/demo/enter", Open, post(demo::enter)),
    ]
}

/// The public lists, and open data beside the pages.
fn public_routes() -> Vec<Route> {
    use Action::{ReadGuide, ReadOrganisation, SearchOrganisations};
    use public::{announcements, list, open_data, organisations};
    let lists = [
        "/licences",
        "/licences.json",
        "/licences.csv",
        "/licences.atom",
        "/penalties",
        "/penalties.json",
        "/penalties.csv",
        "/penalties.atom",
    ];
    let mut routes: Vec<Route> = lists
        .map(|path| route(path, ReadOrganisation, get(list::show)))
        .into();
    for path in ["/organisations.json", "/organisations.csv"] {
        routes.push(route(path, SearchOrganisations, get(organisations::show)));
    }
    routes.push(route("/open-data", ReadGuide, get(open_data::show)));
    for path in ["/announcements", "/announcements.json", "/announcements.atom"] {
        routes.push(route(path, ReadGuide, get(announcements::show)));
    }
    routes.push(route("/announcements/{id}", ReadGuide, get(announcements::one)));
    routes
}

fn department_routes() -> Vec<Route> {
    use Action::{Answer, Confirm, Link, ReadDepartment, Upload, Withdraw};
    use department::{
        confirm, confirm_list, home, link, owed, own_record, plea, quality, submission, submissions, undo,
        unlinked,
    };
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
        route("/department/confirm", Confirm, get(confirm_list::show)),
        route(
            "/department/confirm/{id}",
            Confirm,
            get(confirm::show).post(confirm::confirm),
        ),
        route("/department/due", ReadDepartment, get(owed::show)),
        route(
            "/department/due/{number}",
            Answer,
            get(plea::show).post(plea::answer),
        ),
        route("/department/unlinked", Link, get(unlinked::show)),
        route("/department/unlinked/{number}", Link, get(link::show)),
        route("/department/unlinked/{number}/find", Link, post(link::find)),
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

/// Between departments.
fn sharing_routes() -> Vec<Route> {
    use Action::{AnswerShare, ApplyShare, AskShared, Open, ReadShares};
    use department::sharing;
    use sharing::{answer, catalogue, changes, matrix, new, one};
    vec![
        route("/sharing/keys.json", Open, get(answer::keys)),
        route("/department/sharing", ReadShares, get(sharing::show)),
        route("/department/sharing/catalogue", ReadShares, get(catalogue::show)),
        route("/department/sharing/matrix", ReadShares, get(matrix::show)),
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

/// What another system may ask by a key. A browser's session opens nothing here, and a key nothing elsewhere.
fn api_routes() -> Vec<Route> {
    use Action::{AskShared, Open, ReadDepartment, ReadShares, Upload};
    let file = DefaultBodyLimit::max(UPLOAD_BYTES_MOST);
    let mut routes = vec![
        route("/api/v1/shares", ReadShares, get(api::shares::list)),
        route("/api/v1/shares/{number}", ReadShares, get(api::shares::show)),
        route("/api/v1/shares/{number}/ask", AskShared, post(api::ask::ask)),
        route(
            "/api/v1/shares/{number}/changes",
            AskShared,
            post(api::ask::follow),
        ),
        route("/api/v1/changes", ReadShares, get(api::changes::list)),
        route(
            "/api/v1/changes/acknowledgements",
            AskShared,
            post(api::changes::acknowledge),
        ),
        route(
            "/api/v1/submissions",
            Upload,
            post(api::submissions::hand_in)
                .layer::<_, Infallible>(RequestDecompressionLayer::new())
                .layer(file),
        ),
        route(
            "/api/v1/submissions/{id}",
            ReadDepartment,
            get(api::submissions::show),
        ),
        route("/api/v1/jobs/{id}", ReadDepartment, get(api::jobs::show)),
    ];
    for Route { methods, .. } in &mut routes {
        *methods = std::mem::take(methods).layer(from_fn(api::around::around));
    }
    routes.push(route("/api/openapi.json", Open, get(api::openapi::show)));
    routes
}

fn counter_routes() -> Vec<Route> {
    use Action::{CheckAtCounter, ReadLedger, TakeConsent};
    use counter::{check, decision, ledger, letter, receipt};
    vec![
        route("/counter", CheckAtCounter, get(check::show)),
        route(
            "/counter/check",
            CheckAtCounter,
            get(check::back).post(check::check),
        ),
        route(
            "/counter/check/{token}",
            CheckAtCounter,
            get(decision::show).post(decision::materials),
        ),
        route(
            "/counter/check/{token}/consent",
            TakeConsent,
            post(decision::consent),
        ),
        route("/counter/check/{token}/receipt", TakeConsent, get(receipt::show)),
        route("/counter/check/{token}/letter", CheckAtCounter, get(letter::show)),
        route("/counter/ledger", ReadLedger, get(ledger::show)),
    ]
}

/// The pages of one's own file, which begin at `/my`, or at the organisation that one acts for.
macro_rules! own_file {
    ($base:literal) => {{
        use Action::{AskLook, Object, OwnConsent, ReadMessages, ReadOwn, ReadOwnLooks, Repair};
        use my::{consents, home, looks, messages, question, record, repair, report, reports};
        vec![
            route(concat!($base, "/messages"), ReadMessages, get(messages::show)),
            route(
                concat!($base, "/messages/read"),
                ReadMessages,
                post(messages::read_all),
            ),
            route(
                concat!($base, "/messages/{key}"),
                ReadMessages,
                get(messages::follow),
            ),
            route(concat!($base, ""), ReadOwn, get(home::show)),
            route(concat!($base, "/notice"), OwnConsent, post(home::acknowledge)),
            route(concat!($base, "/records/{number}"), ReadOwn, get(record::show)),
            route(
                concat!($base, "/records/{number}/object"),
                Object,
                post(record::object),
            ),
            route(
                concat!($base, "/records/{number}/repair"),
                Repair,
                get(repair::show).post(repair::apply),
            ),
            route(concat!($base, "/looks"), ReadOwnLooks, get(looks::show)),
            route(
                concat!($base, "/looks/{id}/ask"),
                AskLook,
                get(question::show).post(question::ask),
            ),
            route(
                concat!($base, "/looks/{id}/withdraw"),
                AskLook,
                post(question::withdraw),
            ),
            route(
                concat!($base, "/report"),
                ReadOwn,
                get(report::show).post(report::make),
            ),
            route(concat!($base, "/reports"), ReadOwn, get(reports::show)),
            route(
                concat!($base, "/reports/{code}/report.pdf"),
                ReadOwn,
                get(reports::file),
            ),
            route(
                concat!($base, "/reports/{code}/seal.json"),
                ReadOwn,
                get(reports::seal),
            ),
            route(
                concat!($base, "/reports/{code}/withdraw"),
                ReadOwn,
                post(reports::withdraw),
            ),
            route(concat!($base, "/consents"), OwnConsent, get(consents::show)),
            route(
                concat!($base, "/consents/{number}/revoke"),
                OwnConsent,
                post(consents::revoke),
            ),
        ]
    }};
}

fn my_routes() -> Vec<Route> {
    use Action::{Appoint, ChooseCompany, ReadAgents};
    use my::{agents, companies};
    let mut routes = own_file!("/my");
    routes.extend(own_file!("/company/{uscc}"));
    routes.extend([
        route(companies::HERE, ChooseCompany, get(companies::show)),
        route(
            "/my/appointments/{number}/accept",
            ChooseCompany,
            post(companies::accept),
        ),
        route(
            "/my/appointments/{number}/decline",
            ChooseCompany,
            post(companies::decline),
        ),
        route("/company/{uscc}/agents", ReadAgents, get(agents::show)),
        route("/company/{uscc}/agents/appoint", Appoint, post(agents::appoint)),
        route(
            "/company/{uscc}/agents/{number}/revoke",
            Appoint,
            post(agents::revoke),
        ),
    ]);
    routes
}
fn audit_routes() -> Vec<Route> {
    use Action::{AnswerQuestion, ReadAudit, ReviewLook};
    use audit::{acts, home, looks, question, questions, unusual, unusual_one};
    vec![
        route("/audit", ReadAudit, get(home::show)),
        route("/audit/looks", ReadAudit, get(looks::show)),
        route("/audit/looks.csv", ReadAudit, get(looks::export)),
        route("/audit/looks/find", ReadAudit, post(looks::find)),
        route("/audit/unusual", ReadAudit, get(unusual::show)),
        route(
            "/audit/unusual/{id}",
            ReviewLook,
            get(unusual_one::show).post(unusual_one::review),
        ),
        route("/audit/unusual/{id}/who", ReadAudit, post(unusual_one::who)),
        route("/audit/questions", ReadAudit, get(questions::show)),
        route(
            "/audit/questions/{number}",
            AnswerQuestion,
            get(question::show).post(question::answer),
        ),
        route("/audit/acts", ReadAudit, get(acts::show)),
        route("/audit/acts.csv", ReadAudit, get(acts::export)),
    ]
}

fn office_routes() -> Vec<Route> {
    use Action::ReadOffice;
    use office::{editions, health, home, monthly, queue, rules, sources, staff};
    vec![
        route("/office", ReadOffice, get(home::show)),
        route("/office/queue", ReadOffice, get(queue::show)),
        route("/office/reports", ReadOffice, get(monthly::show)),
        route("/office/reports/{month}", ReadOffice, get(monthly::one::show)),
        route(
            "/office/reports/{month}/report.xlsx",
            ReadOffice,
            get(monthly::one::as_workbook),
        ),
        route(
            "/office/reports/{month}/report.csv",
            ReadOffice,
            get(monthly::one::as_csv),
        ),
        route("/office/rules", ReadOffice, get(rules::show)),
        route("/office/editions", ReadOffice, get(editions::show)),
        route("/office/editions/{number}", ReadOffice, get(editions::one)),
        route("/office/sources", ReadOffice, get(sources::show)),
        route("/office/staff", ReadOffice, get(staff::show)),
        route("/office/health", ReadOffice, get(health::show)),
    ]
}

/// From a draft of the credit office to the day on which it goes.
fn announcement_routes() -> Vec<Route> {
    use Action::WriteAnnouncement;
    use office::{announcement as one, announcements};
    let below = |path, methods| route(path, WriteAnnouncement, methods);
    vec![
        below("/office/announcements", get(announcements::show)),
        below("/office/announcements/new", get(one::new).post(one::create)),
        below("/office/announcements/{id}", get(one::show)),
        below("/office/announcements/{id}/edit", get(one::edit).post(one::save)),
        below("/office/announcements/{id}/publish", post(one::publish)),
        below("/office/announcements/{id}/take-back", post(one::take_back)),
        below("/office/announcements/{id}/drop", post(one::drop)),
    ]
}

/// The whole of what is served.
pub(crate) fn router(app: App) -> Router {
    let mut pages = Router::new();
    for Route {
        path,
        action,
        methods,
    } in routes()
    {
        let admit = move |request: Request, next: Next| visit::admit(action, request, next);
        pages = pages.route(path, methods.layer(from_fn(admit)));
    }
    let pages = pages
        .fallback(|| async { Fault::NotFound })
        .method_not_allowed_fallback(|| async { Fault::WrongMethod })
        .layer(from_fn(guard::same_origin))
        .layer(from_fn_with_state(app.clone(), visit::frame));
    Router::new()
        .route("/assets/{name}", get(assets::serve))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .merge(pages)
        .layer(DefaultBodyLimit::max(FORM_BYTES_MOST))
        .layer(RequestBodyTimeoutLayer::new(app.running.body_silence))
        .layer(from_fn_with_state(app.clone(), body::in_time))
        .layer(CompressionLayer::new())
        .layer(from_fn(guard::headers))
        .layer(from_fn_with_state(app.clone(), log::answered))
        .with_state(app)
}

/// What is said of the running program, to whoever runs it; not where the desks are.
pub(crate) fn figures(app: App) -> Router {
    Router::new()
        .route("/metrics", get(metrics::show))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .with_state(app)
}
