//! `xinlian policy show CLAUSE`: one clause in words.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use assess::{Bundle, Clause, Statement, statements};
use record::{ClauseId, Realm};

use super::Lang;
use crate::command::say_line;
use crate::policies;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The clause, e.g. `rating.person.honour`
    clause: String,
    /// Folder of the policies [default: the built-in ones]
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,
    /// The language of names and laws
    #[arg(long, value_enum, default_value = "zh")]
    lang: Lang,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let files = policies::read(args.policies.as_deref())?;
    let bundle = policies::bundle(args.policies.as_deref(), Realm::Demo)?;
    let all = statements(&bundle);
    let Some(statement) = all.get(&args.clause) else {
        let near = nearest(&args.clause, all.keys());
        bail!("no clause `{}`; near it: {}", args.clause, near.join(", "));
    };
    say(
        &args.clause,
        statement,
        clause_of(&bundle, &args.clause),
        args.lang,
    )?;
    let mut cited = false;
    for (other, of) in &all {
        if *other != args.clause && of.keys.values().any(|value| cites(value, &args.clause)) {
            say_line!(
                "{}used by {other}: {}",
                if cited { "" } else { "\n" },
                name(of, args.lang)
            );
            cited = true;
        }
    }
    for case in assess::run_cases(&bundle, &files.cases) {
        let how = match (
            case.shows.contains(&args.clause),
            case.near.contains(&args.clause),
        ) {
            (true, _) => "applies",
            (_, true) => "just does not apply",
            _ => continue,
        };
        let outcome = if case.passed() { "passes" } else { "FAILS" };
        say_line!("case, {how}, {outcome}: {} ({})", case.name, case.file);
    }
    Ok(ExitCode::SUCCESS)
}

fn clause_of<'b>(bundle: &'b Bundle, id: &str) -> Option<&'b Clause> {
    bundle.clause(&ClauseId::new(id).ok()?)
}

fn name(statement: &Statement, lang: Lang) -> &str {
    match lang {
        Lang::Zh => &statement.zh,
        Lang::En => &statement.en,
    }
}

fn say(id: &str, statement: &Statement, clause: Option<&Clause>, lang: Lang) -> anyhow::Result<()> {
    say_line!("{id}: {}", name(statement, lang));
    say_line!("in policies/{}", statement.file);
    if !statement.subjects.is_empty() {
        say_line!("about {}", statement.subjects.join(", "));
    }
    for law in clause
        .map(|clause| clause.legal_basis.as_slice())
        .unwrap_or_default()
    {
        let article = law.article.as_deref().unwrap_or_default();
        let mark = if law.unverified { ", not yet verified" } else { "" };
        say_line!("law: {} {article}{mark}", lang.of(&law.law));
    }
    if clause.is_some_and(|clause| clause.unverified) {
        say_line!("not yet verified: it restricts nobody outside a demo");
    }
    say_line!("");
    let other = match lang {
        Lang::Zh => ".en",
        Lang::En => ".zh",
    };
    let keys = statement.keys.iter();
    for (key, value) in keys.filter(|(key, _)| !key.ends_with(other) && !key.starts_with("legal_basis")) {
        say_line!("  {key} = {value}");
    }
    Ok(())
}

/// The kinds of clause that others name by their code.
const CITED: [&str; 6] = ["catalogue", "lists", "measures", "services", "sources", "class"];

/// Whether a value names a clause by its code, alone or among others.
fn cites(value: &str, clause: &str) -> bool {
    let Some((kind, code)) = clause.split_once('.') else {
        return false;
    };
    CITED.contains(&kind) && value.split(", ").any(|part| part == code)
}

/// The clauses that share most with what was typed.
fn nearest<'k>(typed: &str, known: impl Iterator<Item = &'k String>) -> Vec<String> {
    let parts: Vec<&str> = typed.split(['.', '-']).filter(|part| !part.is_empty()).collect();
    let mut found: Vec<(usize, &String)> = known
        .map(|id| (parts.iter().filter(|part| id.contains(**part)).count(), id))
        .filter(|(shared, _)| *shared > 0)
        .collect();
    found.sort_by(|(one, a), (other, b)| other.cmp(one).then(a.len().cmp(&b.len())).then(a.cmp(b)));
    found
        .into_iter()
        .take(5)
        .map(|(_, id)| format!("`{id}`"))
        .collect()
}
