//! The store on both databases: every case runs on SQLite and on PostgreSQL.

mod support;

mod acts;
mod files;
mod intake;
mod keys;
mod kill;
mod organisations;
mod privacy;
mod rebuild;
mod staff;
mod tamper;
