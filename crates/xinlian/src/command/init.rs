//! `xinlian init`: a new store.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use record::Realm;
use store::{Clock, Store};

use crate::place::StoreArgs;
use crate::policies;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    /// Begin with the policies in this folder, not the built-in ones
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,
    /// For made-up identities only; can never be changed
    #[arg(long)]
    demo: bool,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let realm = if args.demo { Realm::Demo } else { Realm::Live };
    let bundle = policies::bundle(args.policies.as_deref(), realm)?;
    if let Err(faults) = exchange::Layouts::from_bundle(&bundle) {
        bail!("the layouts cannot be read:\n{}", policies::list(&faults));
    }
    Store::create(
        &args.store.place(),
        Some(&args.store.keys_file()),
        realm,
        &bundle,
        Clock::System,
    )
    .await
    .with_context(|| format!("cannot make a store in {}", args.store.said()))?;
    println!(
        "made a new {} store in {}, with policies `{}` in force from {}\nkeys: {} (keep a copy apart from the database: without them nothing can be read)",
        if args.demo { "demo" } else { "live" },
        args.store.said(),
        bundle.edition(),
        bundle.in_force_from(),
        args.store.keys_file().display(),
    );
    Ok(ExitCode::SUCCESS)
}
