//! `xinlian webhook`: where departments' own systems are told what became of records that they hold.

use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use record::SourceCode;
use store::{Clock, Reach};

use crate::command::{known_source, say_line};
use crate::place::StoreArgs;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Register a department's endpoint; prints the secret of its signatures, once
    Add(Add),
    /// List the endpoints, without their secrets
    List(List),
    /// Send a telling of nothing, and say what is answered
    Test(Of),
    /// Take an endpoint away, with what waits for it
    Remove(Of),
}

#[derive(clap::Args)]
pub(crate) struct Add {
    #[command(flatten)]
    store: StoreArgs,
    /// The department
    #[arg(long, value_name = "CODE")]
    source: SourceCode,
    /// Its endpoint, `https://host/path`
    #[arg(long)]
    url: String,
    /// It lies in the internal network or on this machine
    #[arg(long)]
    intranet: bool,
    /// It is called over `http` too, in the internal network only
    #[arg(long, requires = "intranet")]
    plain: bool,
}

#[derive(clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    store: StoreArgs,
}

#[derive(clap::Args)]
pub(crate) struct Of {
    #[command(flatten)]
    store: StoreArgs,
    /// The department
    #[arg(long, value_name = "CODE")]
    source: SourceCode,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add(args) => add(args).await?,
        Command::List(args) => list(args).await?,
        Command::Test(args) => test(args).await?,
        Command::Remove(args) => {
            let removed = args.store.open().await?.remove_webhook(&args.source).await;
            ensure!(removed.is_ok(), "{}", none(&args.source));
            say_line!(
                "`{}` is told no more; desk and API show it all the same",
                args.source
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn none(source: &SourceCode) -> String {
    format!("`{source}` has no endpoint; `xinlian webhook list` shows them")
}

async fn add(args: Add) -> anyhow::Result<()> {
    let store = args.store.open().await?;
    known_source(&store, &args.source).await?;
    let reach = match (args.intranet, args.plain) {
        (_, true) => Reach::Plain,
        (true, false) => Reach::Intranet,
        (false, false) => Reach::Public,
    };
    web::check_url(&args.url, reach, store.realm()).await?;
    let secret = store.put_webhook(&args.source, &args.url, reach).await?;
    say_line!("keep this secret where the other system finds it; it is not shown again:");
    say_line!("{secret}");
    Ok(())
}

async fn list(args: List) -> anyhow::Result<()> {
    let store = args.store.open().await?;
    for webhook in store.webhooks().await? {
        let told = match webhook.delivered_ms {
            Some(ms) => format!("told last {}", Clock::minute_of(ms)),
            None => "never told".to_owned(),
        };
        let fault = webhook.fault.map(|fault| format!("; last fault: {fault}"));
        say_line!(
            "{} at {} ({}): {told}, {} wait, {} given up{}",
            webhook.source,
            webhook.url,
            webhook.reach.code(),
            webhook.waiting,
            webhook.given_up,
            fault.unwrap_or_default()
        );
    }
    Ok(())
}

async fn test(args: Of) -> anyhow::Result<()> {
    let store = args.store.open().await?;
    ensure!(
        store.test_push(&args.source).await.is_ok(),
        "{}",
        none(&args.source)
    );
    let trust = web::Trust::of_machine()?;
    let status = web::push_test(&store, &trust, &args.source).await;
    let status = status.with_context(|| format!("the endpoint of `{}` was not told", args.source))?;
    say_line!("it answered with status `{status}`");
    Ok(())
}
