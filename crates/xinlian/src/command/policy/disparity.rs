//! `xinlian policy disparity`: how groups come out of the scorecards in force, counted over everyone in a store.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use assess::book::Lang;
use record::{AsOf, Date};

use crate::command::say_line;
use crate::disparity_book::disparity;
use crate::place::StoreArgs;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    /// The day asked about [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// Folder to write `disparity.zh.md` and `disparity.en.md` into [default: print in Chinese]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long, conflicts_with = "out")]
    json: bool,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let store = args.store.open().await?;
    let now = store.now_as_of().await?;
    let as_of = AsOf {
        on: args.on.unwrap_or(now.on),
        ..now
    };
    let bundle = store.bundle(as_of).await?;
    let tables = store.disparities(as_of).await?;
    if args.json {
        let found = serde_json::json!({
            "edition": bundle.edition(), "on": as_of.on, "known": as_of.known, "scorecards": tables,
        });
        say_line!("{}", serde_json::to_string_pretty(&found)?);
        return Ok(ExitCode::SUCCESS);
    }
    let Some(out) = &args.out else {
        say_line!("{}", disparity(&bundle, as_of, &tables, Lang::Zh).trim_end());
        return Ok(ExitCode::SUCCESS);
    };
    std::fs::create_dir_all(out).with_context(|| format!("cannot make the folder `{}`", out.display()))?;
    for (name, lang) in [("disparity.zh.md", Lang::Zh), ("disparity.en.md", Lang::En)] {
        let path = out.join(name);
        let text = disparity(&bundle, as_of, &tables, lang);
        std::fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
        say_line!("{}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}
