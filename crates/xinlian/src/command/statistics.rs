//! `xinlian statistics`: what is told of the district in counts, and the tables that anyone comes to the same by.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use exchange::{CsvEncoding, csv_bytes};
use serde_json::json;
use web::{StatisticRow, make_statistics, statistic_rows};

use crate::command::backup::bar;
use crate::command::policy::Lang;
use crate::command::{say_bytes, say_line};
use crate::place::StoreArgs;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    /// Print one JSON object, the statements among it
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print CSV, a row for each count
    #[arg(long)]
    csv: bool,
    /// The language of names
    #[arg(long, value_enum, default_value_t = Lang::Zh)]
    lang: Lang,
    /// Write the tables that the statements read as Parquet into this folder. They tell of single subjects by number: they are for whoever may
    /// read the folder of the store
    #[arg(long, value_name = "DIR")]
    tables: Option<PathBuf>,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = args.store.open().await?;
    let bar = bar("");
    let made = make_statistics(&store, &args.store.mirrors(), |share| {
        bar.set_length(share.of);
        bar.set_position(share.done);
    })
    .await?;
    bar.finish_and_clear();
    if let Some(folder) = &args.tables {
        made.write_tables(folder)
            .with_context(|| format!("cannot write into `{}`", folder.display()))?;
    }
    let statistics = &made.statistics;
    let rows = statistic_rows(statistics, &made.bundle, args.lang.code());
    if args.json {
        let whole = json!({
            "as_of": statistics.on,
            "known": statistics.known,
            "edition": statistics.edition,
            "statements": statistics.queries,
            "data": rows,
        });
        say_line!("{}", serde_json::to_string_pretty(&whole)?);
    } else if args.csv {
        let lines: Vec<[String; 8]> = rows.iter().map(StatisticRow::cells).collect();
        let lines = lines
            .iter()
            .map(|cells| cells.iter().map(String::as_str).collect::<Vec<_>>());
        let head = std::iter::once(StatisticRow::FIELDS.to_vec());
        say_bytes(&csv_bytes(head.chain(lines), CsvEncoding::Utf8))?;
    } else {
        say(&rows)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A line for each row of a table.
fn say(rows: &[StatisticRow]) -> anyhow::Result<()> {
    for line in rows.chunk_by(|one, next| (one.table, &one.of, &one.row) == (next.table, &next.of, &next.row))
    {
        let Some(first) = line.first() else { continue };
        let cells: Vec<String> = line
            .iter()
            .map(|one| match (one.count, one.told) {
                (Some(count), _) => format!("{} {count}", one.column_name),
                (None, "few") => format!("{} <{}", one.column_name, batch::TOLD_LEAST),
                (None, _) => format!("{} -", one.column_name),
            })
            .collect();
        say_line!(
            "{} {} {}: {}",
            first.table,
            first.of,
            first.row_name,
            cells.join(", ")
        );
    }
    Ok(())
}
