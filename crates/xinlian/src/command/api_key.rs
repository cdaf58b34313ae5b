//! `xinlian api-key`: keys by which other systems hand in for their departments.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::ensure;
use identity::ApiKey;
use jiff::Timestamp;
use record::{OfficerId, SourceCode};

use crate::command::{known_source, say_line};
use crate::place::StoreArgs;

const DAY_MS: i64 = 86_400_000;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make a key for another system; prints it, once
    Add(Add),
    /// List the keys, without the keys
    List(List),
    /// Take a key back: from now on it opens nothing
    Revoke(Revoke),
}

#[derive(clap::Args)]
pub(crate) struct Add {
    #[command(flatten)]
    store: StoreArgs,
    /// The name under which it hands in, e.g. `api-market`
    name: OfficerId,
    /// The department that it speaks for
    #[arg(long, value_name = "CODE")]
    source: SourceCode,
    /// For how many days it is good
    #[arg(long, value_name = "N", default_value_t = 365, value_parser = clap::value_parser!(i64).range(1..=730))]
    days: i64,
    /// Client certificate (PEM) without which it opens nothing; the server must speak TLS itself
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    store: StoreArgs,
}

#[derive(clap::Args)]
pub(crate) struct Revoke {
    #[command(flatten)]
    store: StoreArgs,
    /// The name under which it hands in
    name: OfficerId,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add(args) => add(args).await?,
        Command::List(args) => list(args).await?,
        Command::Revoke(args) => {
            let revoked = args.store.open().await?.revoke_api_key(&args.name).await;
            ensure!(
                revoked.is_ok(),
                "there is no key called `{}`; `xinlian api-key list` shows them",
                args.name
            );
            say_line!("`{}` is taken back", args.name);
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(args: Add) -> anyhow::Result<()> {
    let store = args.store.open().await?;
    known_source(&store, &args.source).await?;
    let certificate = args
        .certificate
        .as_deref()
        .map(web::fingerprint_of_file)
        .transpose()?;
    let key = ApiKey::generate()?;
    let until = store.clock().now_ms() + args.days * DAY_MS;
    store
        .put_api_key(key.hash(), &args.name, &args.source, until, certificate)
        .await?;
    say_line!("keep this key where the other system finds it; it is not shown again:");
    say_line!("{}", key.to_text());
    Ok(())
}

async fn list(args: List) -> anyhow::Result<()> {
    let store = args.store.open().await?;
    let now = store.clock().now_ms();
    let day = |ms: i64| Timestamp::from_millisecond(ms).map(|at| at.strftime("%Y-%m-%d").to_string());
    for key in store.api_keys().await? {
        let state = match (key.revoked, key.expires_ms > now) {
            (true, _) => "taken back",
            (false, true) => "good",
            (false, false) => "ended",
        };
        let used = match key.last_used_ms {
            Some(ms) => format!("used last {}", day(ms)?),
            None => "never used".to_owned(),
        };
        let until = day(key.expires_ms)?;
        let bound = key
            .certificate
            .map(|certificate| format!(", with certificate {certificate}"));
        say_line!(
            "{} of {}: {state}, until {until}, {used}{}",
            key.officer,
            key.source,
            bound.unwrap_or_default()
        );
    }
    Ok(())
}
