//! `xinlian report`: the credit office's monthly reports, for whoever does not want to wait until somebody opens them.

use std::process::ExitCode;

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
    let made = web::make_reports(&store).await?;
    let made: Vec<String> = made.iter().map(ToString::to_string).collect();
    if args.json {
        say_line!("{}", serde_json::json!({ "made": made }));
    } else if made.is_empty() {
        say_line!("every month that is over has its report");
    } else {
        for month in made {
            say_line!("report of {month} made");
        }
    }
    Ok(ExitCode::SUCCESS)
}
