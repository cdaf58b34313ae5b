//! What the binary hands in.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use assess::Text;
use identity::TotpSecret;
use record::OfficerId;
use store::{LogOrigin, Store};

use crate::report::ReportSettings;
use crate::tls::TlsFiles;

/// How to serve.
pub struct Config {
    /// The store, opened.
    pub store: Store,
    /// Where to listen.
    pub addr: SocketAddr,
    /// Who reads workbooks: another process, unless it is a test.
    pub reader: exchange::Reader,
    /// TLS of our own, where no proxy speaks it.
    pub tls: Option<TlsFiles>,
    /// Whether cookies are marked `Secure`: set it wherever the desks are reached over TLS.
    pub secure_cookies: bool,
    /// The demo's guide. Its doors open only if the store is a demo store too.
    pub demo: Option<DemoGuide>,
    /// How it is watched, how slow a client may be, and how it ends.
    pub running: Running,
    /// How sealed reports are made.
    pub report: ReportSettings,
    /// The folder of packed mirrors, for simulations.
    pub mirrors: PathBuf,
}

/// How the running program is watched, how slow a client may be, and how it ends.
#[derive(Debug, Clone)]
pub struct Running {
    /// Where `/metrics` is served, apart from the desks.
    pub metrics: Option<SocketAddr>,
    /// The collector that traces and figures are sent to by OTLP over HTTP, e.g. `http://127.0.0.1:4318`.
    pub otlp_endpoint: Option<String>,
    /// With fewer bytes free on the store's disk it is not ready.
    pub free_bytes_least: u64,
    /// When nobody could write for so long, it is not ready. An import lets others in between its blocks; `verify` and `rebuild`
    /// of a large store do not for a while.
    pub writer_stuck: Duration,
    /// A client that has not sent its headers by then is gone.
    pub header_time: Duration,
    /// How long a client may be silent in the middle of a body.
    pub body_silence: Duration,
    /// The least pace of a body.
    pub body_bytes_per_second: u64,
    /// Requests under way at the end have so long to finish.
    pub last_words: Duration,
    /// So many of the newest records stay in the database; older ones are sealed into segments.
    pub recent_records: u64,
    /// Under which name the log is written and how often, if it is.
    pub logging: Option<Logging>,
    /// At which time of day, in Asia/Shanghai, the nightly run begins, if it does.
    pub nightly: Option<jiff::civil::Time>,
    /// So often the files of certificates are looked at, whether they have changed.
    pub certificates_every: Duration,
}

impl Default for Running {
    fn default() -> Self {
        Self {
            metrics: None,
            otlp_endpoint: None,
            free_bytes_least: 0,
            writer_stuck: Duration::from_mins(5),
            header_time: Duration::from_secs(10),
            body_silence: Duration::from_secs(30),
            body_bytes_per_second: 16 * 1024,
            last_words: Duration::from_secs(10),
            recent_records: 1_000_000,
            logging: None,
            nightly: None,
            certificates_every: Duration::from_secs(30),
        }
    }
}

/// How the log is written.
#[derive(Debug, Clone)]
pub struct Logging {
    /// Its name, for good.
    pub origin: LogOrigin,
    /// A checkpoint closes this long after the one before, if anything waits.
    pub every: Duration,
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
