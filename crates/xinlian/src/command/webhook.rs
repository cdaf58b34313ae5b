//! `xinlian webhook`: where departments' own systems are told what became of records that they hold.

use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use record::{Date, SourceCode};
use serde_json::json;
use store::{Clock, EventFilter, EventId, EventState, Page, PushEvent, Reach, Replayed};

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
    /// List what was sent to an endpoint in the last 30 days, the newest first
    Events(Events),
    /// Send events again, whether they were taken or not; the running server does, within seconds
    Replay(Replay),
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

/// Which events.
#[derive(clap::Args)]
struct Which {
    /// Only in this state: `waiting`, `sent`, `given-up` or `settled`
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Option<EventState>,
    /// Only of changes from this day on
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// Only of changes up to this day
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,
}

#[derive(clap::Args)]
pub(crate) struct Events {
    #[command(flatten)]
    of: Of,
    #[command(flatten)]
    which: Which,
    /// One JSON object for each event, a line each
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
pub(crate) struct Replay {
    #[command(flatten)]
    of: Of,
    /// Only the event of this id
    #[arg(long, required_unless_present_any = ["from", "state"])]
    id: Option<EventId>,
    #[command(flatten)]
    which: Which,
    /// Say how many there are, and send none
    #[arg(long)]
    dry_run: bool,
}

fn state(code: &str) -> Result<EventState, String> {
    EventState::from_code(code).ok_or_else(|| "one of `waiting`, `sent`, `given-up`, `settled`".to_owned())
}

impl Which {
    fn filter(&self, id: Option<EventId>) -> EventFilter {
        let after = self.to.and_then(|day| day.tomorrow().ok());
        EventFilter {
            id,
            state: self.state,
            from_ms: self.from.map(Clock::midnight_ms),
            until_ms: after.map(Clock::midnight_ms),
            ..EventFilter::default()
        }
    }
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Add(args) => add(args).await?,
        Command::List(args) => list(args).await?,
        Command::Test(args) => test(args).await?,
        Command::Events(args) => events(args).await?,
        Command::Replay(args) => replay(args).await?,
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

/// Events read at once.
const BLOCK: u32 = 500;

async fn events(args: Events) -> anyhow::Result<()> {
    let store = args.of.store.open().await?;
    known_source(&store, &args.of.source).await?;
    let filter = args.which.filter(None);
    let mut after = None;
    loop {
        let block = store.events_after(&args.of.source, &filter, after, BLOCK).await?;
        for event in &block {
            if args.json {
                say_line!("{}", as_json(event));
            } else {
                say_line!("{}", as_line(event));
            }
        }
        after = block.last().map(|last| last.id.0);
        if block.len() < BLOCK as usize {
            return Ok(());
        }
    }
}

fn as_json(event: &PushEvent) -> serde_json::Value {
    json!({
        "id": event.id.to_string(),
        "kind": event.kind.code(),
        "at": Clock::minute_of(event.at_ms),
        "state": event.state.code(),
        "tries": event.tries,
        "sent": event.delivered_ms.map(Clock::minute_of),
        "next_try": event.next_ms.map(Clock::minute_of),
        "status": event.status,
        "fault": event.fault,
        "replays": event.replays,
    })
}

fn as_line(event: &PushEvent) -> String {
    let status = event.status.map(|status| format!(", status {status}"));
    let fault = event.fault.as_ref().map(|fault| format!(", {fault}"));
    format!(
        "{} {} {}: {}, {} tries{}{}",
        event.id,
        Clock::minute_of(event.at_ms),
        event.kind.code(),
        event.state.code(),
        event.tries,
        status.unwrap_or_default(),
        fault.unwrap_or_default()
    )
}

async fn replay(args: Replay) -> anyhow::Result<()> {
    let store = args.of.store.open().await?;
    let source = &args.of.source;
    let filter = args.which.filter(args.id);
    if args.dry_run {
        let found = store.events(source, &filter, Page::new(1, 1)).await?;
        say_line!("{} events would be sent again", found.total);
        return Ok(());
    }
    let done = store.replay_events(source, "cli", &filter, None).await;
    let Ok(Replayed::Now(events)) = done else {
        anyhow::bail!("{}", none(source));
    };
    say_line!("{events} events are sent again by the running server");
    Ok(())
}
