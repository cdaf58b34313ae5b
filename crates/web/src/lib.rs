//! Desks: server-side pages over store, assess and exchange. Real URLs, forms answered by 303, no script
//! that anything depends on.
//!
//! A request comes in at [`mod@serve`], gets its frame (who, which language, which rules) in `visit`, is
//! admitted by `access`, the one authorisation point, and then reaches the one file that is its page.
//! Nothing about a person is shown unless the store has written the look first.
//!
//! It does **not** know: how a grade or verdict is reached (`assess`), how files are read (`exchange`), how
//! anything is kept (`store`), or what role may do what (`policies/access/roles.toml`).

#![warn(missing_docs)]

mod access;
mod acting;
mod api;
mod assets;
mod attached;
mod audit;
mod config;
mod counter;
mod demo;
mod department;
mod download;
mod error;
mod etag;
mod extract;
mod guard;
pub mod intake;
mod lang;
mod my;
mod nightly;
mod office;
mod ops;
mod page;
mod public;
mod push;
mod report;
mod router;
#[cfg(test)]
mod samples;
mod serve;
mod shelf;
mod sign_in;
mod state;
mod statistics;
mod tls;
mod view;
mod visit;

pub use config::{Config, DemoGuide, DemoOrganisation, DemoPersona, DemoStaff, Logging, Running};
pub use nightly::run_nightly;
pub use office::monthly::make_reports;
pub use office::simulation::{
    Simulated, SimulationFault, SimulationStep, as_page as simulation_page,
    as_workbook as simulation_workbook, simulate_rules,
};
pub use ops::otlp::otlp_test;
pub use push::{PushFault, Trust, check_url, push_test, tell_all};
pub use report::{FontFault, ReportFont, ReportSettings};
pub use serve::{serve, told_to_end};
pub use statistics::{RunFault, StatisticRow, StatisticsMade, make_statistics, statistic_rows};
pub use tls::{Expiry, TlsFault, TlsFiles, fingerprint_of_file};

/// Everything that is served, as one service: for [`serve()`] and for tests that drive it in-process.
pub fn router(config: Config) -> axum::Router {
    router::router(state::App::new(config))
}

/// Every page's path with the action it needs: for the test that holds the table of who may see what.
pub fn pages() -> Vec<(&'static str, String)> {
    let page = |route: router::Route| (route.path, format!("{:?}", route.action));
    router::routes().into_iter().map(page).collect()
}
