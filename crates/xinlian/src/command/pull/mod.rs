//! `xinlian pull`: a view in a department's own PostgreSQL, MySQL or MariaDB, read at times and taken in as a file would be.

mod mysql;
mod postgres;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::bail;
use exchange::{Reader, SourceFile};
use jiff::SignedDuration;
use record::{LayoutCode, OfficerId, SourceCode};
use store::Store;
use web::intake::{Continues, HandIn, take_in};

use crate::command::ingest::say;
use crate::command::{known_source, say_line};
use crate::place::StoreArgs;
use crate::{EXIT_FOUND_FAULTS, EXIT_UNREADABLE};

/// The most that one reading of a view may come to, in bytes; it lies in memory, for it names people.
const BYTES_MOST: usize = 256 << 20;
/// No statement of ours holds another's database longer.
const STATEMENT_MOST: Duration = Duration::from_mins(10);

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    /// The department whose database it is, e.g. `chancheng.market`
    #[arg(long, value_name = "CODE")]
    source: SourceCode,
    /// The view or table to read, e.g. `export.penalties`; its columns are the layout's codes or names
    #[arg(long, value_name = "NAME")]
    view: String,
    /// The department's database, `postgres://…` or `mysql://…` (MariaDB too), best by a user who may read this view and nothing else
    #[arg(long, value_name = "URL", env = "XINLIAN_PULL_URL", hide_env_values = true)]
    from: String,
    /// The layout of the rows [default: found by the columns]
    #[arg(long, value_name = "NAME")]
    layout: Option<LayoutCode>,
    /// Who hands them in; a person confirms adverse records
    #[arg(long, value_name = "NAME", default_value = "pull")]
    officer: OfficerId,
    /// Read it again and again, so long apart, e.g. `12h` [default: once]
    #[arg(long, value_name = "SPAN", value_parser = span)]
    every: Option<Duration>,
    /// Print one JSON object for each reading
    #[arg(long)]
    json: bool,
}

fn span(text: &str) -> Result<Duration, String> {
    let span: SignedDuration = text
        .parse()
        .map_err(|_| "write it as `12h` or `30m`".to_owned())?;
    let span = Duration::try_from(span).unwrap_or_default();
    if span < Duration::from_mins(1) {
        return Err("a minute is the least".to_owned());
    }
    Ok(span)
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = args.store.open().await?;
    known_source(&store, &args.source).await?;
    let Some(every) = args.every else {
        return once(&store, &args).await;
    };
    let mut end = std::pin::pin!(web::told_to_end());
    loop {
        // Their database may be down tonight and up tomorrow.
        if let Err(error) = once(&store, &args).await {
            eprintln!("{}: {error:#}; it will be tried again", args.view);
        }
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            () = &mut end => return Ok(ExitCode::SUCCESS),
        }
    }
}

async fn once(store: &Store, args: &Args) -> anyhow::Result<ExitCode> {
    let rows = read(&args.from, &args.view).await?;
    if rows.is_empty() {
        say_line!("{}: no rows", args.view);
        return Ok(ExitCode::SUCCESS);
    }
    let file = SourceFile::from_bytes(
        &format!("{}.ndjson", args.view),
        rows,
        &Reader::of_this_program()?,
    )?;
    let hand_in = HandIn {
        source: args.source.clone(),
        officer: args.officer.clone(),
        layout: args.layout.clone(),
        dry_run: false,
        corrects: false,
        continues: Continues::CutOff,
    };
    let report = match take_in(store, &hand_in, file, |_| {}).await {
        Ok(taken) => taken.report,
        Err(fault) => {
            eprintln!("{}: {fault}", args.view);
            return Ok(ExitCode::from(EXIT_UNREADABLE));
        }
    };
    say(&report, args.json)?;
    Ok(if report.refused > 0 {
        ExitCode::from(EXIT_FOUND_FAULTS)
    } else {
        ExitCode::SUCCESS
    })
}

/// Every row as one JSON object a line.
async fn read(url: &str, view: &str) -> anyhow::Result<Vec<u8>> {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    match scheme {
        "postgres" | "postgresql" => postgres::read(url, view).await,
        "mysql" | "mariadb" => mysql::read(url, view).await,
        _ => bail!("`--from` is no address of a database that is read; write `postgres://…` or `mysql://…`"),
    }
}

/// Rows as one JSON object a line, of which there may be so many.
struct Lines<'v> {
    view: &'v str,
    text: Vec<u8>,
}

impl<'v> Lines<'v> {
    fn new(view: &'v str) -> Self {
        Self {
            view,
            text: Vec::new(),
        }
    }

    fn push(&mut self, object: &[u8]) -> anyhow::Result<()> {
        self.text.extend(object);
        self.text.push(b'\n');
        if self.text.len() > BYTES_MOST {
            bail!(
                "the view `{}` comes to more than 256 MiB; make it of the newest rows, e.g. of this year",
                self.view
            );
        }
        Ok(())
    }
}

/// Each part of a name between quotes of this kind, so that a name can be nothing else.
fn quoted(view: &str, quote: char) -> String {
    let twice = format!("{quote}{quote}");
    let parts = view
        .split('.')
        .map(|part| format!("{quote}{}{quote}", part.replace(quote, &twice)));
    parts.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_nothing_but_a_name() {
        for (view, quote, expect) in [
            ("penalties", '"', "\"penalties\""),
            ("export.处罚", '"', "\"export\".\"处罚\""),
            ("a\"; DROP TABLE b; --", '"', "\"a\"\"; DROP TABLE b; --\""),
            ("export.处罚", '`', "`export`.`处罚`"),
            ("a`; DROP TABLE b; --", '`', "`a``; DROP TABLE b; --`"),
        ] {
            assert_eq!(quoted(view, quote), expect);
        }
    }

    #[test]
    fn a_span_is_a_minute_at_least() {
        assert_eq!(span("12h"), Ok(Duration::from_hours(12)));
        assert!(span("59s").is_err() && span("soon").is_err() && span("-5h").is_err());
    }
}
