//! What the binary hands in.

use std::net::SocketAddr;
use std::path::PathBuf;

use assess::Text;
use identity::{Role, TotpSecret};
use store::Store;

/// How to serve.
pub struct Config {
    /// The store, opened.
    pub store: Store,
    /// Where to listen.
    pub addr: SocketAddr,
    /// Where uploaded files wait between preview and commit; created if absent, emptied at the start.
    pub uploads: PathBuf,
    /// Whether cookies are marked `Secure`: set it wherever the desks are reached over TLS.
    pub secure_cookies: bool,
    /// The demo's guide. Its doors open only if the store is a demo store too.
    pub demo: Option<DemoGuide>,
}

/// What the demo's start page says and lets one enter as.
#[derive(Debug, Clone)]
pub struct DemoGuide {
    /// The password of all demo staff.
    pub password: String,
    /// The shared secret of their one-time codes.
    pub totp: TotpSecret,
    /// The staff one can sign in as.
    pub staff: Vec<DemoStaff>,
    /// The persons one can enter as.
    pub persons: Vec<DemoPersona>,
    /// Organisations worth looking up.
    pub organisations: Vec<DemoOrganisation>,
    /// How many persons there are.
    pub person_count: u64,
    /// How many organisations there are.
    pub organisation_count: u64,
}

/// A member of the demo's staff.
#[derive(Debug, Clone)]
pub struct DemoStaff {
    /// The sign-in name, as the store has it.
    pub name: String,
    /// The name shown, e.g. 陈科员.
    pub shown: Text,
    /// The role.
    pub role: Role,
    /// What one can try.
    pub what: Text,
}

/// A person of the demo.
#[derive(Debug, Clone)]
pub struct DemoPersona {
    /// The name as the register has it.
    pub name: String,
    /// The demo resident ID, whole: it is made up, and one types it at the counter.
    pub identifier: String,
    /// What is special.
    pub what: Text,
}

/// An organisation of the demo.
#[derive(Debug, Clone)]
pub struct DemoOrganisation {
    /// The social credit code.
    pub uscc: String,
    /// The name.
    pub name: String,
    /// What is special.
    pub what: Text,
}
