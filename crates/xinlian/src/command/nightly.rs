//! `xinlian nightly`: the nightly run by hand, or by a timer in place of the server.

use std::process::ExitCode;

use serde_json::json;
use web::run_nightly;

use crate::command::backup::bar;
use crate::command::say_line;
use crate::place::StoreArgs;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = args.store.open().await?;
    let bar = bar("");
    let done = run_nightly(&store, &args.store.mirrors(), |share| {
        bar.set_length(share.of);
        bar.set_position(share.done);
    })
    .await?;
    bar.finish_and_clear();
    if args.json {
        let said = done.as_ref().map(|done| {
            json!({ "known": done.known.0, "rated": done.rated, "since": done.since, "moved_by_time": done.moved })
        });
        say_line!("{}", json!({ "done": said }));
        return Ok(ExitCode::SUCCESS);
    }
    match done {
        None => say_line!("it was done today, and nothing came in since"),
        Some(done) => {
            let moved = done
                .moved
                .map_or_else(|| format!("<{}", batch::TOLD_LEAST), |moved| moved.to_string());
            say_line!(
                "{} rated on the first {} records; {moved} moved by time alone since {}; statistics and monthly reports are up to date",
                done.rated,
                done.known.0,
                done.since
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}
