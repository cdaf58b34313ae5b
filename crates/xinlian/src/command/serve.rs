//! `xinlian serve`: the desks and pages.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use jiff::civil::Time;

use crate::command::log::Origin;
use crate::command::seal::Recent;
use crate::place::StoreArgs;
use crate::settings::Kind;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    listen: Listen,
}

/// Where to listen, and what is said of the running program.
#[derive(clap::Args, Clone)]
pub(crate) struct Listen {
    /// Address to listen on; put a TLS proxy before any other than loopback
    #[arg(long, default_value = "127.0.0.1", env = "XINLIAN_HOST")]
    pub(crate) host: IpAddr,
    /// Port to listen on; 0 takes any free one and prints it
    #[arg(long, default_value = "8430", env = "XINLIAN_PORT")]
    pub(crate) port: u16,
    /// People reach the desks over TLS: mark cookies so
    #[arg(
        long,
        env = "XINLIAN_BEHIND_TLS",
        value_name = "YES",
        num_args = 0..=1,
        require_equals = true,
        default_value = "false",
        default_missing_value = "true",
        action = clap::ArgAction::Set
    )]
    pub(crate) behind_tls: bool,
    /// When told to end, wait so many seconds for requests that are under way
    #[arg(
        long,
        value_name = "SECONDS",
        default_value = "10",
        env = "XINLIAN_STOP_SECONDS",
        value_parser = clap::value_parser!(u32).range(0..=3_600)
    )]
    pub(crate) stop_seconds: u32,
    /// Address and port of `/metrics` for Prometheus [default: not served]
    #[arg(long, value_name = "ADDRESS:PORT", env = "XINLIAN_METRICS")]
    pub(crate) metrics: Option<SocketAddr>,
    /// Permit another address than loopback for `/metrics`
    #[arg(
        long,
        env = "XINLIAN_METRICS_INTRANET",
        value_name = "YES",
        num_args = 0..=1,
        require_equals = true,
        default_value = "false",
        default_missing_value = "true",
        action = clap::ArgAction::Set
    )]
    pub(crate) metrics_intranet: bool,
    #[command(flatten)]
    pub(crate) otlp: Collector,
    #[command(flatten)]
    pub(crate) tls: Certificates,
    #[command(flatten)]
    pub(crate) disk: Disk,
    #[command(flatten)]
    pub(crate) report: Reports,
    #[command(flatten)]
    pub(crate) evidence: Recent,
    #[command(flatten)]
    pub(crate) ledger: Ledger,
    #[command(flatten)]
    pub(crate) nightly: Nightly,
}

/// How the log is written.
#[derive(clap::Args, Clone)]
pub(crate) struct Ledger {
    #[command(flatten)]
    pub(crate) origin: Origin,
    /// Close a checkpoint of the log this many seconds after the one before, if anything waits
    #[arg(
        long,
        value_name = "SECONDS",
        default_value = "1",
        env = "XINLIAN_LEDGER_EVERY_SECONDS",
        value_parser = clap::value_parser!(u32).range(1..=3_600)
    )]
    pub(crate) ledger_every_seconds: u32,
}

/// When everyone is rated anew.
#[derive(clap::Args, Clone)]
pub(crate) struct Nightly {
    /// Time of day of the nightly run, which rates everyone and works the statistics out; empty for none
    #[arg(
        long,
        value_name = "HH:MM",
        default_value = "02:30",
        env = "XINLIAN_NIGHTLY_AT",
        value_parser = time_of_day
    )]
    pub(crate) nightly_at: TimeOfDay,
}

/// A time of day, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeOfDay(pub(crate) Option<Time>);

fn time_of_day(text: &str) -> Result<TimeOfDay, String> {
    Kind::TimeOfDay.check(text)?;
    Ok(TimeOfDay(crate::settings::time_of_day(text)))
}

/// Who collects traces and figures.
#[derive(clap::Args, Clone)]
pub(crate) struct Collector {
    /// Collector of traces and figures, by OTLP over HTTP [default: nothing is sent]
    #[arg(long, value_name = "ADDRESS", env = "XINLIAN_OTLP_ENDPOINT", value_parser = collector)]
    pub(crate) otlp_endpoint: Option<String>,
}

fn collector(address: &str) -> Result<String, String> {
    Kind::WebAddress.check(address)?;
    Ok(without_slash(address))
}

/// TLS of our own, where no proxy speaks it.
#[derive(clap::Args, Clone)]
pub(crate) struct Certificates {
    /// The server's certificate and those above it, as PEM [default: plain HTTP, for a proxy before it]
    #[arg(
        id = "tls_certificate",
        long = "tls-certificate",
        value_name = "FILE",
        env = "XINLIAN_TLS_CERTIFICATE"
    )]
    pub(crate) certificate: Option<PathBuf>,
    /// Its private key, as PEM
    #[arg(
        id = "tls_key",
        long = "tls-key",
        value_name = "FILE",
        env = "XINLIAN_TLS_KEY"
    )]
    pub(crate) key: Option<PathBuf>,
    /// Authorities whose certificates clients may show, as PEM; keys of the API can be bound to one
    #[arg(
        id = "tls_client_ca",
        long = "tls-client-ca",
        value_name = "FILE",
        env = "XINLIAN_TLS_CLIENT_CA"
    )]
    pub(crate) client_ca: Option<PathBuf>,
}

impl Certificates {
    /// Where they lie, if the program is to speak TLS itself.
    pub(crate) fn files(&self) -> anyhow::Result<Option<web::TlsFiles>> {
        match (&self.certificate, &self.key, &self.client_ca) {
            (Some(certificate), Some(key), client_ca) => Ok(Some(web::TlsFiles {
                certificate: certificate.clone(),
                key: key.clone(),
                client_ca: client_ca.clone(),
            })),
            (None, None, None) => Ok(None),
            _ => bail!("TLS needs both `--tls-certificate` and `--tls-key`"),
        }
    }
}

/// How sealed reports are made.
#[derive(clap::Args, Clone)]
pub(crate) struct Reports {
    #[command(flatten)]
    pub(crate) font: ReportFont,
    /// For how many days a report can be verified
    #[arg(
        long,
        value_name = "DAYS",
        default_value = "90",
        env = "XINLIAN_REPORT_VALID_DAYS",
        value_parser = clap::value_parser!(u16).range(1..=3_660)
    )]
    pub(crate) report_valid_days: u16,
    /// Where the public reaches the pages, for the square code of reports [default: none]
    #[arg(long, value_name = "ADDRESS", env = "XINLIAN_REPORT_ADDRESS")]
    pub(crate) report_address: Option<String>,
}

/// The font of reports.
#[derive(clap::Args, Clone)]
pub(crate) struct ReportFont {
    /// Font with Chinese characters for reports [default: one of the system's]
    #[arg(long, value_name = "FILE", env = "XINLIAN_REPORT_FONT")]
    pub(crate) report_font: Option<PathBuf>,
}

/// How much of the disk must be free.
#[derive(clap::Args, Clone, Copy)]
pub(crate) struct Disk {
    /// With less than so many MiB free, the server is not ready
    #[arg(
        long,
        value_name = "MIB",
        default_value = "512",
        env = "XINLIAN_FREE_MIB_LEAST",
        value_parser = clap::value_parser!(u32).range(0..=1_048_576)
    )]
    pub(crate) free_mib_least: u32,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = args.store.open().await?;
    serve(store, &args.listen, None, args.store.mirrors()).await
}

/// An address to which paths are joined.
fn without_slash(address: &str) -> String {
    address.trim_end_matches('/').to_owned()
}

/// Serves until a signal ends it.
pub(crate) async fn serve(
    store: store::Store,
    listen: &Listen,
    demo: Option<web::DemoGuide>,
    mirrors: PathBuf,
) -> anyhow::Result<ExitCode> {
    let metrics = listen.metrics.filter(|addr| !addr.ip().is_loopback());
    if let Some(addr) = metrics.filter(|_| !listen.metrics_intranet) {
        bail!(
            "`/metrics` on `{addr}` could be read from other machines; say `--metrics-intranet` if it may be"
        );
    }
    let tls = listen.tls.files()?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let logging = listen.ledger.origin.of(store.realm()).map(|origin| web::Logging {
        origin,
        every: Duration::from_secs(listen.ledger.ledger_every_seconds.into()),
    });
    let config = web::Config {
        reader: exchange::Reader::of_this_program()?,
        store,
        addr: SocketAddr::new(listen.host, listen.port),
        secure_cookies: listen.behind_tls || tls.is_some(),
        tls,
        demo,
        running: web::Running {
            metrics: listen.metrics,
            otlp_endpoint: listen.otlp.otlp_endpoint.clone(),
            free_bytes_least: u64::from(listen.disk.free_mib_least) * 1024 * 1024,
            recent_records: listen.evidence.recent.into(),
            nightly: listen.nightly.nightly_at.0,
            logging,
            last_words: Duration::from_secs(listen.stop_seconds.into()),
            ..web::Running::default()
        },
        report: web::ReportSettings {
            font: listen.report.font.report_font.clone(),
            valid_days: listen.report.report_valid_days,
            address: listen.report.report_address.as_deref().map(without_slash),
        },
        mirrors,
    };
    let start = if config.demo.is_some() { "demo" } else { "" };
    web::serve(config, |addr| {
        println!("Xinlian is ready: {scheme}://{addr}/{start}");
    })
    .await?;
    Ok(ExitCode::SUCCESS)
}
