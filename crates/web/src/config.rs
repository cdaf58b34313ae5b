//! What the binary hands in.

use std::net::SocketAddr;

use assess::Text;
use identity::TotpSecret;
use record::OfficerId;
use store::Store;

/// How to serve.
pub struct Config {
    /// The store, opened.
    pub store: Store,
    /// Where to listen.
    pub addr: SocketAddr,
    /// Who reads workbooks: another process, unless it is a test.
    pub reader: exchange::Reader,
    /// Whether cookies are marked `Secure`: set it wherever the desks are reached over TLS.
    pub secure_cookies: bool,
    /// The demo's guide. Its doors open only if the store is a demo store too.
    pub demo: Option<DemoGuide>,
}

/// What the demo's start page says and lets one enter as.
#[derive(Debug, Clone)]
pub struct DemoGuide {
    /// The staff one can sign in as.
    pub staff: Vec<DemoStaff>,
    /// The password of all of them.
    pub password: String,
    /// The secret of their one-time codes.
    pub totp: TotpSecret,
    /// The persons one can enter as; Mr Luo first.
    pub persons: Vec<DemoPersona>,
    /// Organisations worth looking up.
    pub organisations: Vec<DemoOrganisation>,
}

/// A member of the demo's staff.
#[derive(Debug, Clone)]
pub struct DemoStaff {
    /// The sign-in name, as the store has it. Name, office and role are read there.
    pub officer: OfficerId,
    /// What one can try.
    pub what: Text,
}

/// A person of the demo.
#[derive(Debug, Clone)]
pub struct DemoPersona {
    /// The name as the register has it.
    pub name: String,
    /// The made-up resident ID number, whole: one types it at the counter.
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
