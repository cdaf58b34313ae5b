//! The desks from outside: requests to the real router over a real store, with real cookies.

mod people;
mod stock;
mod support;

mod access;
mod counter;
mod department;
mod language;
mod looks;
mod my;
mod origin;
mod served;
mod sign_in;
