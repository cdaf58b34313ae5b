//! `xinlian simulate`: a draft of the rules tried on everyone, against those in force.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use assess::Bundle;
use batch::{SimulationReport, Told};
use record::{Date, OfficerId, SimulationId};
use store::{NewSimulation, Store};
use web::{SimulationStep, simulate_rules, simulation_page, simulation_workbook};

use crate::command::backup::bar;
use crate::command::policy::Lang;
use crate::command::say_line;
use crate::place::StoreArgs;
use crate::{EXIT_FOUND_FAULTS, policies};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    /// Folder of the draft
    #[arg(long, value_name = "DIR")]
    policy: PathBuf,
    /// A day to try it on; several for a back-test [default: today]
    #[arg(long, value_name = "DATE")]
    on: Vec<Date>,
    /// Write the report as `.html` or `.xlsx`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    /// The language of the report
    #[arg(long, value_enum, default_value_t = Lang::Zh)]
    lang: Lang,
    /// Keep the report in the store under this name, where the credit office reads it and `policy publish` asks for it
    #[arg(long, value_name = "NAME", requires_all = ["drafted_by", "why"])]
    keep: Option<String>,
    /// Who drafted it
    #[arg(long, value_name = "NAME", requires = "keep")]
    drafted_by: Option<OfficerId>,
    /// Why the rules should change
    #[arg(long, value_name = "TEXT", requires = "keep")]
    why: Option<String>,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let kind = args.out.as_deref().map(Kind::of).transpose()?;
    let store = args.store.open().await?;
    let draft = Arc::new(policies::bundle(Some(&args.policy), store.realm())?);
    let now = store.now_as_of().await?;
    let in_force = store.bundle(now).await?;
    let days = if args.on.is_empty() {
        vec![now.on]
    } else {
        args.on.clone()
    };
    if let Some(late) = days.iter().find(|day| **day > now.on) {
        bail!("`{late}` is to come; name today or a day before");
    }
    let bar = bar("");
    let moved = bar.clone();
    let made = simulate_rules(
        &store,
        &args.store.mirrors(),
        &draft,
        &days,
        move |step: SimulationStep| {
            moved.set_message(step.what);
            moved.set_length(step.of);
            moved.set_position(step.done);
        },
    )
    .await?;
    bar.finish_and_clear();
    let kept = keep(&args, &store, &draft, days, &made).await?;
    if let Some((out, kind)) = args.out.as_deref().zip(kind) {
        let title = args.keep.clone().unwrap_or_else(|| draft.edition().to_owned());
        let rules = (&*in_force, &*draft);
        let bytes = match kind {
            Kind::Html => simulation_page(&title, &made.report, rules, args.lang.code())?.into_bytes(),
            Kind::Workbook => simulation_workbook(&made.report, rules, args.lang.code())?,
        };
        std::fs::write(out, bytes).with_context(|| format!("cannot write `{}`", out.display()))?;
    }
    if args.json {
        say_line!("{}", serde_json::to_string_pretty(&made.report)?);
    } else {
        say(&made.report, kept)?;
    }
    Ok(if made.report.attention().is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(EXIT_FOUND_FAULTS)
    })
}

/// What is written.
#[derive(Clone, Copy)]
enum Kind {
    Html,
    Workbook,
}

impl Kind {
    fn of(path: &Path) -> anyhow::Result<Self> {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("html") => Ok(Self::Html),
            Some("xlsx") => Ok(Self::Workbook),
            _ => bail!(
                "`{}` is no file of a report; let it end in .html or .xlsx",
                path.display()
            ),
        }
    }
}

async fn keep(
    args: &Args,
    store: &Store,
    draft: &Bundle,
    days: Vec<Date>,
    made: &web::Simulated,
) -> anyhow::Result<Option<SimulationId>> {
    let (Some(name), Some(by), Some(why)) = (&args.keep, &args.drafted_by, &args.why) else {
        return Ok(None);
    };
    let new = NewSimulation {
        name: name.clone(),
        why: why.clone(),
        by: by.clone(),
        source: None,
        bundle: draft.clone(),
        days,
    };
    let id = store.draft_simulation(&new).await?;
    let figures = serde_json::to_string(&made.report)?;
    store
        .finish_simulation(id, made.known, &figures, &made.examples)
        .await?;
    Ok(Some(id))
}

fn say(report: &SimulationReport, kept: Option<SimulationId>) -> anyhow::Result<()> {
    say_line!(
        "edition `{}` against `{}`, digest {}",
        report.after.edition,
        report.before.edition,
        report.after.digest
    );
    for day in &report.days {
        for card in &day.cards {
            let [better, same, worse, _, _] = card.moved.map(said);
            say_line!(
                "  {} {}: {} rated; better {better}, same {same}, worse {worse}; stability {}.{:03}",
                day.on,
                card.card,
                said(card.people),
                card.stability_points / 1000,
                card.stability_points % 1000
            );
        }
    }
    for one in report.lists.iter().flatten() {
        say_line!(
            "  {}: {} come, {} leave",
            one.clause,
            said(one.gained),
            said(one.lost)
        );
    }
    for one in report.attention() {
        say_line!("look at: {}", serde_json::to_string(one)?);
    }
    if let Some(id) = kept {
        say_line!("kept as simulation {id}; whoever approves reads `/office/simulations/{id}` first");
    }
    Ok(())
}

fn said(count: Told) -> String {
    match count {
        Told::Count(count) => count.to_string(),
        Told::Few => format!("<{}", batch::TOLD_LEAST),
        Told::Hidden => "-".to_owned(),
        Told::AtLeast(count) => format!(">={count}"),
    }
}
