//! The desks from outside: requests to the real router over a real store, with real cookies.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

mod people;
mod statistics;
mod stock;
mod support;

mod access;
mod announcements;
mod api;
mod api_around;
mod api_bulk;
mod api_shares;
mod attached;
mod company;
mod company_page;
mod counter;
mod counter_object;
mod department;
mod hidden;
mod language;
mod log;
mod looks;
mod messages;
mod monthly;
mod my;
mod open_data;
mod openapi;
mod origin;
mod oversight;
mod push;
mod repair;
mod report;
mod representatives;
mod running;
mod served;
mod sign_in;
mod simulation;
