//! `xinlian policy diff A B`: what changes, in words, and whether the ordinary path gets worse.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use assess::{Bundle, Change, ClauseChange, Finding, KeyChange, Severity};
use record::Realm;
use store::Moves;

use super::Lang;
use crate::command::say_line;
use crate::place::StoreArgs;
use crate::{EXIT_FOUND_FAULTS, policies};

/// Stands for what the store of `--data` has in force today.
const IN_FORCE: &str = "in-force";
/// Stands for the policies built into this program.
const BUILT_IN: &str = "built-in";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// A folder of policies, `built-in`, or `in-force` for what the store has in force today
    #[arg(value_name = "A")]
    from: String,
    /// The same, for what it becomes
    #[arg(value_name = "B")]
    to: String,
    /// The store of `in-force`, and of `--count`
    #[command(flatten)]
    store: StoreArgs,
    /// Count as well for how many in the store it matters; only counts are told
    #[arg(long)]
    count: bool,
    /// The language of names
    #[arg(long, value_enum, default_value = "zh")]
    lang: Lang,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (from, to) = (read(args, &args.from).await?, read(args, &args.to).await?);
    let changes = assess::diff(&from, &to);
    let worse: Vec<Finding> = assess::check_change(&from, &to)
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    let moves = if args.count {
        let store = args.store.open().await?;
        Some(store.moves(&from, &to, store.now_as_of().await?).await?)
    } else {
        None
    };
    if args.json {
        let worse: Vec<String> = worse.iter().map(ToString::to_string).collect();
        let both = serde_json::json!({
            "from": from.edition(), "to": to.edition(), "changes": changes, "worse": worse, "moves": moves,
        });
        say_line!("{}", serde_json::to_string_pretty(&both)?);
    } else {
        say(&from, &to, &changes, args.lang)?;
        for (kind, moves) in moves.iter().flatten() {
            say_moves(kind, moves)?;
        }
        for finding in &worse {
            say_line!("{finding}");
        }
    }
    Ok(if worse.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(EXIT_FOUND_FAULTS)
    })
}

async fn read(args: &Args, what: &str) -> anyhow::Result<Arc<Bundle>> {
    Ok(match what {
        IN_FORCE => {
            let store = args.store.open().await?;
            store.bundle(store.now_as_of().await?).await?
        }
        BUILT_IN => policies::bundle(None, Realm::Demo)?.into(),
        folder => policies::bundle(Some(Path::new(folder)), Realm::Demo)?.into(),
    })
}

fn say(from: &Bundle, to: &Bundle, changes: &[ClauseChange], lang: Lang) -> anyhow::Result<()> {
    for one in changes {
        let subjects: Vec<&str> = one.subjects.iter().map(String::as_str).collect();
        let about = if subjects.is_empty() {
            String::new()
        } else {
            format!(" [{}]", subjects.join(", "))
        };
        let name = lang.of(&one.name);
        match &one.change {
            Change::Added => say_line!("+ {}: {name}{about}", one.clause),
            Change::Removed => say_line!("- {}: {name}{about}", one.clause),
            Change::Changed { keys } => {
                say_line!("~ {}: {name}{about}", one.clause);
                for key in keys {
                    say_line!("    {}", in_words(key, lang));
                }
            }
        }
    }
    say_line!(
        "`{}` to `{}`: {} clauses differ",
        from.edition(),
        to.edition(),
        changes.len()
    );
    Ok(())
}

fn in_words(key: &KeyChange, lang: Lang) -> String {
    let label = lang.of(&key.label);
    let name = if label == key.key {
        label.to_owned()
    } else {
        format!("{label} ({})", key.key)
    };
    match (&key.from, &key.to, lang) {
        (Some(from), Some(to), Lang::Zh) => format!("{name}：由 `{from}` 改为 `{to}`"),
        (Some(from), Some(to), Lang::En) => format!("{name}: `{from}` becomes `{to}`"),
        (None, Some(to), Lang::Zh) => format!("{name}：新增 `{to}`"),
        (None, Some(to), Lang::En) => format!("{name}: `{to}` is new"),
        (Some(from), None, Lang::Zh) => format!("{name}：删去 `{from}`"),
        (Some(from), None, Lang::En) => format!("{name}: `{from}` is gone"),
        (None, None, _) => name,
    }
}

/// For how many it matters, and how.
fn say_moves(kind: &str, moves: &Moves) -> anyhow::Result<()> {
    let Moves {
        subjects,
        touched,
        better,
        worse,
        ..
    } = moves;
    say_line!(
        "{kind}: {touched} of {subjects} are touched; {better} get a better letter, {worse} a worse one"
    );
    for (from, row) in &moves.letters {
        let row: Vec<String> = row.iter().map(|(to, count)| format!("{to} {count}")).collect();
        say_line!("    from {from}: {}", row.join(", "));
    }
    for (what, codes) in [
        ("come under", &moves.gained),
        ("are no longer under", &moves.lost),
    ] {
        for (code, count) in codes {
            say_line!("    {count} {what} {code}");
        }
    }
    Ok(())
}
