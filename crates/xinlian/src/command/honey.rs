//! `xinlian honey`: made-up subjects whom nobody has cause to ask about, and who did.

use std::process::ExitCode;

use anyhow::ensure;
use jiff::Timestamp;

use crate::EXIT_FOUND_FAULTS;
use crate::command::{explain, say_line};
use crate::place::StoreArgs;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Make a made-up subject a honey record; nobody else is told
    Plant(Plant),
    /// List who asked about one under a share; ends with 3 if somebody did
    Hits(Hits),
}

#[derive(clap::Args)]
pub(crate) struct Plant {
    #[command(flatten)]
    store: StoreArgs,
    /// An identifier, `kind:identifier`, or a subject's number as `#12`; it must be made up
    subject: String,
    /// Why it is planted, for whoever reads the list
    #[arg(long, value_name = "TEXT")]
    note: String,
}

#[derive(clap::Args)]
pub(crate) struct Hits {
    #[command(flatten)]
    store: StoreArgs,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Plant(args) => {
            ensure!(!args.note.trim().is_empty(), "say why in `--note`");
            let store = args.store.open().await?;
            let subject = explain::find(&store, &args.subject).await?;
            store.plant_honey(subject, args.note.trim()).await?;
            say_line!("subject #{subject} is a honey record");
            Ok(ExitCode::SUCCESS)
        }
        Command::Hits(args) => {
            let hits = args.store.open().await?.honey_hits().await?;
            for hit in &hits {
                let at = Timestamp::from_millisecond(hit.at_ms)?;
                say_line!(
                    "{at} {} of {} asked about subject #{} under share {}",
                    hit.officer,
                    hit.source,
                    hit.subject,
                    hit.share
                );
            }
            if hits.is_empty() {
                say_line!("nobody asked about a honey record");
                return Ok(ExitCode::SUCCESS);
            }
            Ok(ExitCode::from(EXIT_FOUND_FAULTS))
        }
    }
}
