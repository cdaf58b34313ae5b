//! The counter, one's own file, and the files of companies that one acts for.

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::{Route, route};
use crate::access::Action;
use crate::{attached, counter, my};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = counter_routes();
    routes.extend(my_routes());
    routes
}

fn counter_routes() -> Vec<Route> {
    use Action::{CheckAtCounter, EnterObjection, ReadLedger, TakeConsent};
    use counter::{check, decision, ledger, letter, objection, receipt};
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
        route(
            objection::HERE,
            EnterObjection,
            get(objection::ask::show).post(objection::ask::ask),
        ),
        route(
            "/counter/object/{token}",
            EnterObjection,
            get(objection::write::show)
                .post(objection::write::enter)
                .layer(DefaultBodyLimit::max(attached::FORM_BYTES_MOST)),
        ),
        route(
            "/counter/object/{token}/receipt",
            EnterObjection,
            get(objection::receipt::show),
        ),
        route("/counter/ledger", ReadLedger, get(ledger::show)),
    ]
}

/// The pages of one's own file, which begin at `/my`, or at the organisation that one acts for.
macro_rules! own_file {
    ($base:literal) => {{
        use Action::{AskLook, Object, OwnConsent, ReadMessages, ReadOwn, ReadOwnLooks, Repair};
        use my::{
            consents, file, home, looks, messages, proof, question, record, repair, repair_check, report,
            reports,
        };
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
                concat!($base, "/records/{number}/proof"),
                ReadOwn,
                get(proof::show),
            ),
            route(
                concat!($base, "/records/{number}/object"),
                Object,
                post(record::object).layer(DefaultBodyLimit::max(attached::FORM_BYTES_MOST)),
            ),
            route(
                concat!($base, "/records/{number}/repair"),
                Repair,
                get(repair::show)
                    .post(repair::draft)
                    .layer(DefaultBodyLimit::max(attached::FORM_BYTES_MOST)),
            ),
            route(
                concat!($base, "/records/{number}/repair/check"),
                Repair,
                get(repair_check::show),
            ),
            route(
                concat!($base, "/records/{number}/repair/send"),
                Repair,
                post(repair_check::send),
            ),
            route(concat!($base, "/files/{file}"), ReadOwn, get(file::show)),
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
