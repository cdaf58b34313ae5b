//! `xinlian log`: how far the log is, and what waits for it.

use std::process::ExitCode;

use indicatif::HumanCount;
use record::Realm;
use serde_json::json;
use store::{LogOrigin, LogStatus, Store};

use crate::command::backup::{bar, show};
use crate::command::say_line;
use crate::place::StoreArgs;
use crate::settings::Kind;

/// Under which name the log of a made-up district is signed if nothing is said.
const DEMO_ORIGIN: &str = "demo.xinlian.example/log";

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    origin: Origin,
    /// Put what waits into the log now, where no server does it
    #[arg(long)]
    close: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// What the log is called.
#[derive(clap::Args, Clone)]
pub(crate) struct Origin {
    /// Name of the log, for good: a host of yours and a path [default: none, and nothing is logged; a demo has one]
    #[arg(long, value_name = "NAME", env = "XINLIAN_LEDGER_ORIGIN", value_parser = origin)]
    pub(crate) ledger_origin: Option<LogOrigin>,
}

impl Origin {
    /// What was said, or what a demo is called.
    pub(crate) fn of(&self, realm: Realm) -> Option<LogOrigin> {
        let demo = || LogOrigin::new(DEMO_ORIGIN).ok().filter(|_| realm == Realm::Demo);
        self.ledger_origin.clone().or_else(demo)
    }
}

fn origin(text: &str) -> Result<LogOrigin, String> {
    Kind::LogName.check(text)?;
    LogOrigin::new(text).map_err(|fault| fault.to_string())
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = args.store.open().await?;
    if args.close {
        let Some(origin) = args.origin.of(store.realm()) else {
            anyhow::bail!(
                "the log has no name yet; say `--ledger-origin`, e.g. `credit.example.gov.cn/log`: it keeps it for good"
            );
        };
        close(&store, &origin).await?;
    }
    let status = store.log_status().await?;
    store.close().await;
    if args.json {
        say_line!("{}", json!(status));
    } else {
        say(&status)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Logs all that waits.
async fn close(store: &Store, origin: &LogOrigin) -> anyhow::Result<()> {
    let bar = bar("leaves");
    let closed = async {
        let mut writer = store.write_the_log(origin, |done| show(&bar, done)).await?;
        while let Some(done) = writer.integrate().await? {
            let of = done.size.0 + done.waiting;
            show(
                &bar,
                store::Progress {
                    done: done.size.0,
                    of,
                },
            );
        }
        store::Result::Ok(())
    };
    let closed = closed.await;
    bar.finish_and_clear();
    Ok(closed?)
}

fn say(status: &LogStatus) -> std::io::Result<()> {
    say_line!(
        "{} leaves are in the log, {} wait; {} of all are records",
        HumanCount(status.size),
        HumanCount(status.waiting),
        HumanCount(status.records)
    );
    match (&status.key, &status.checkpoint) {
        (Some(key), Some(checkpoint)) => {
            say_line!("its key: {key}\n\n{}", checkpoint.trim_end());
        }
        _ => say_line!("nothing was signed yet; a server does, or `xinlian log --close`"),
    }
    Ok(())
}
