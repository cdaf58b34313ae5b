//! What everyone may open, and the doors to the desks.

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::{Route, route};
use crate::access::Action;
use crate::{demo, public, sign_in, statistics};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = open_routes();
    routes.extend(public_routes());
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
        route("/log/checkpoint", Open, get(public::log::show)),
        route("/log/tile/{*path}", Open, get(public::log::show)),
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
    for path in ["/statistics", "/statistics.json", "/statistics.csv"] {
        routes.push(route(path, ReadGuide, get(statistics::show::public)));
    }
    for path in ["/announcements", "/announcements.json", "/announcements.atom"] {
        routes.push(route(path, ReadGuide, get(announcements::show)));
    }
    routes.push(route("/announcements/{id}", ReadGuide, get(announcements::one)));
    routes
}
