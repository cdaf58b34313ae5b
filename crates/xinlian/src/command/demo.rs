//! `xinlian demo`: a lively made-up district, taken in through the same door as any file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, bail};
use exchange::{Layouts, SourceFile};
use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressStyle};
use record::{OfficerId, Realm, SourceCode};
use store::{Clock, Store};

use crate::command::serve::Listen;
use crate::command::staff;
use crate::fixtures::{self, FixtureFile};
use crate::place::StoreArgs;
use crate::policies;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many made-up persons; organisations are 3 for 20 persons
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(20..=2_000_000))]
    subjects: u32,
    /// The same seed gives the same district
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    listen: Listen,
    /// Folder of the demo; a finished one is served again at once
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
    /// Only make it, do not serve
    #[arg(long)]
    no_serve: bool,
}

/// The one password of the demo's staff. Demo stores hold made-up people only.
const DEMO_PASSWORD: &str = "demo-xinlian";
/// The one TOTP secret of the demo's staff, in base32.
const DEMO_TOTP: &str = "XINLIANDEMOXINLIANDEMOXINLIANDEM";
/// Written when everything is taken in, with what was asked for.
const READY: &str = "demo-ready";

/// The demo's staff: sign-in name, name on pages, source, role.
const STAFF: [(&str, &str, &str, &str); 5] = [
    ("chen", "陈科员", "chancheng.market", "officer"),
    ("lin", "林科长", "chancheng.market", "officer"),
    ("he", "何书记员", "chancheng.court", "officer"),
    ("zhou", "周科员", "foshan.hrss", "officer"),
    ("li", "李窗口", "nanzhuang.service-centre", "clerk"),
];

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let place = StoreArgs { data: args.data.clone(), database: None, keys: None };
    let wanted = format!("subjects = {}\nseed = {}\n", args.subjects, args.seed);
    let ready = args.data.join(READY);
    if std::fs::read_to_string(&ready).is_ok_and(|found| found == wanted) {
        println!("the demo in `{}` is ready from before; remove the folder to make it anew", args.data.display());
    } else {
        clear(&args.data)?;
        make(&args, &place).await?;
        std::fs::write(&ready, wanted)?;
    }
    if args.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    let store = place.open().await?;
    if store.realm() != Realm::Demo {
        bail!("the store in `{}` is not a demo; use `xinlian serve`", args.data.display());
    }
    super::serve::serve(store, args.listen, Some(guide())).await
}

/// Removes what an interrupted or differently sized demo left, and nothing else.
fn clear(data: &Path) -> anyhow::Result<()> {
    if !data.exists() || std::fs::read_dir(data)?.next().is_none() {
        return Ok(());
    }
    let ours = data.join("demo-begun");
    if !ours.exists() && !data.join(READY).exists() {
        bail!("`{}` holds something that is no demo; name another folder with --data", data.display());
    }
    std::fs::remove_dir_all(data).with_context(|| format!("cannot remove the old demo in `{}`", data.display()))
}

async fn make(args: &Args, place: &StoreArgs) -> anyhow::Result<()> {
    let begun = Instant::now();
    std::fs::create_dir_all(&args.data)?;
    std::fs::write(args.data.join("demo-begun"), "")?;
    let bundle = policies::bundle(None, Realm::Demo)?;
    let clock = Clock::System;
    println!("writing the files of a made-up district with {} persons", HumanCount(args.subjects.into()));
    let written = fixtures::write(&args.data.join("files"), args.subjects, args.seed, clock.today())?;
    let store = Store::create(&place.place(), Some(&place.keys_file()), Realm::Demo, &bundle, clock).await?;
    for (officer, name, source, role) in STAFF {
        let secret = identity::TotpSecret::from_base32(DEMO_TOTP)?;
        staff::add(&store, &OfficerId::new(officer)?, name, &SourceCode::new(source)?, role, DEMO_PASSWORD, &secret).await?;
    }
    let records = take_in_all(&store, &bundle, &written.files).await?;
    println!("{} records taken in, ready in {}", HumanCount(records), HumanDuration(begun.elapsed()));
    Ok(())
}

/// Takes every file in and lets a second officer confirm it, but for the newest penalties, which wait
/// for whoever tries the demo.
async fn take_in_all(store: &Store, bundle: &assess::Bundle, files: &[FixtureFile]) -> anyhow::Result<u64> {
    let layouts = match Layouts::from_bundle(bundle) {
        Ok(layouts) => layouts,
        Err(faults) => bail!("the layouts cannot be read:\n{}", policies::list(&faults)),
    };
    let (first, second) = (OfficerId::new("intake")?, OfficerId::new("intake-second")?);
    let bar = ProgressBar::new(files.len().try_into()?).with_style(
        ProgressStyle::with_template("[{elapsed_precise}] {bar:30} {pos}/{len} files  {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let mut records = 0;
    for file in files {
        bar.set_message(format!("{} {}", file.source, file.layout));
        let report = web::intake::take_in(
            store,
            &layouts,
            &web::intake::HandIn {
                source: file.source.clone(),
                officer: first.clone(),
                layout: Some(file.layout.clone()),
                dry_run: false,
            },
            SourceFile::open(&file.path)?,
            |_| {},
        )
        .await
        .with_context(|| format!("`{}` was not taken in", file.path.display()))?;
        records += u64::from(report.accepted + report.pending + report.unlinked);
        if let Some(submission) = report.submission.filter(|_| report.pending > 0 && file.confirm) {
            store.confirm(submission, &second).await?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(records)
}

fn guide() -> web::DemoGuide {
    web::DemoGuide {
        staff: STAFF
            .map(|(officer, name, source, role)| web::DemoStaff {
                officer: officer.to_owned(),
                name: name.to_owned(),
                source: source.to_owned(),
                role: role.to_owned(),
            })
            .to_vec(),
        password: DEMO_PASSWORD.to_owned(),
        totp_secret: DEMO_TOTP.to_owned(),
        personas: Vec::new(),
    }
}
