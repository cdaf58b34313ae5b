//! The auditor and the credit office.

use axum::routing::{get, post};

use super::{Route, route};
use crate::access::Action;
use crate::{audit, office, statistics};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = audit_routes();
    routes.extend(office_routes());
    routes.extend(announcement_routes());
    routes.extend(simulation_routes());
    for path in [
        "/office/statistics",
        "/office/statistics.json",
        "/office/statistics.csv",
    ] {
        routes.push(route(path, Action::ReadOffice, get(statistics::show::office)));
    }
    routes
}

fn audit_routes() -> Vec<Route> {
    use Action::{AnswerQuestion, ReadAudit, ReviewLook};
    use audit::{acts, file, home, looks, question, questions, unusual, unusual_one};
    vec![
        route("/audit", ReadAudit, get(home::show)),
        route("/audit/looks", ReadAudit, get(looks::show)),
        route("/audit/looks.csv", ReadAudit, get(looks::export)),
        route("/audit/looks/find", ReadAudit, post(looks::find)),
        route(
            "/audit/files/{token}/{number}/{place}",
            ReadAudit,
            get(file::show),
        ),
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

/// From a draft of the rules to what it would do to everyone.
fn simulation_routes() -> Vec<Route> {
    use office::simulation::{draft, example, list, one};
    let below = |path, methods| route(path, Action::Simulate, methods);
    vec![
        below("/office/simulations", get(list::show)),
        below("/office/simulations/new", get(draft::new).post(draft::create)),
        below("/office/simulations/{id}", get(one::show)),
        below("/office/simulations/{id}/report.html", get(one::html)),
        below("/office/simulations/{id}/report.xlsx", get(one::xlsx)),
        route(
            "/office/simulations/{id}/examples/{number}",
            Action::OpenExample,
            get(example::show).post(example::open),
        ),
    ]
}
