//! `xinlian rate --cluster`: the mirror is made here, and handed to the program that rates it on many machines.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, bail};
use assess::{Bundle, Plan};
use record::AsOf;
use store::Store;

use super::{Args, telling};
use crate::command::backup::bar;

/// The program that speaks to clusters. Its engine is as large as all else together, so it is built by itself (`make cluster`).
const PROGRAM: &str = "xinlian-cluster";

/// Files that are of use while the other program runs.
struct Leftovers(Vec<PathBuf>);

impl Drop for Leftovers {
    fn drop(&mut self) {
        for place in &self.0 {
            // One that is gone, or was never made, is what is wanted.
            let _ = std::fs::remove_file(place);
        }
    }
}

/// Rates everyone by the second bundle on the cluster at an address. The first is in force.
pub(super) async fn rate(
    args: &Args,
    url: &str,
    store: &Store,
    (in_force, bundle): (&Bundle, &Bundle),
    as_of: AsOf,
) -> anyhow::Result<ExitCode> {
    let program = program();
    let folder = args.store.mirrors();
    let mut leftovers = Leftovers(Vec::new());
    let (place, of) = if Plan::serves(in_force, bundle) {
        (Store::lasting_mirror_place(&folder), in_force)
    } else {
        let place = Store::draft_mirror_place(&folder, bundle);
        leftovers.0.push(place.clone());
        (place, bundle)
    };
    let bar = bar("subjects");
    store.mirror(&place, of, as_of.known, telling(&bar)).await?;
    bar.finish_and_clear();
    let rules = folder.join(format!("rules-{}.bundle", std::process::id()));
    leftovers.0.push(rules.clone());
    std::fs::write(&rules, bundle.to_bytes())
        .with_context(|| format!("cannot write `{}`", rules.display()))?;
    let mut command = Command::new(&program);
    command.arg("rate").args(["--cluster", url]);
    command.arg("--mirror").arg(&place).arg("--rules").arg(&rules);
    command.args(["--on", &as_of.on.to_string()]);
    if let Some(out) = &args.out {
        command.arg("--out").arg(out);
    }
    if args.json {
        command.arg("--json");
    }
    let ended = command.status().with_context(|| {
        format!(
            "cannot run `{}`; put it beside this program or on the path (`make cluster` builds it)",
            program.display()
        )
    })?;
    match ended.code().map(u8::try_from) {
        Some(Ok(code)) => Ok(ExitCode::from(code)),
        _ => bail!("`{PROGRAM}` was ended; nothing was written"),
    }
}

/// The program beside this one, or the one on the path.
fn program() -> PathBuf {
    let beside = std::env::current_exe().map(|own| own.with_file_name(PROGRAM));
    beside
        .ok()
        .filter(|beside| beside.is_file())
        .unwrap_or_else(|| Path::new(PROGRAM).to_owned())
}
