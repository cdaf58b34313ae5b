//! `xinlian staff add`: a member of staff.

use std::io::{BufRead as _, IsTerminal as _};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use record::{OfficerId, SourceCode};

use crate::place::StoreArgs;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Add a member of staff; prints the secret for the one-time code, once
    Add(Add),
}

#[derive(clap::Args)]
pub(crate) struct Add {
    #[command(flatten)]
    store: StoreArgs,
    /// Sign-in name, e.g. `chen`
    officer: OfficerId,
    /// The name that pages show
    #[arg(long)]
    name: String,
    /// The department the person belongs to
    #[arg(long, value_name = "CODE")]
    source: SourceCode,
    /// What the person does: `officer` or `clerk`
    #[arg(long)]
    role: String,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Add(args) = command;
    let store = args.store.open().await?;
    let password = read_password()?;
    let secret = identity::TotpSecret::random()?;
    add(&store, &args.officer, &args.name, &args.source, &args.role, &password, &secret).await?;
    println!("added `{}`; put this secret into an authenticator, it is not shown again:\n{}", args.officer, secret.base32());
    Ok(ExitCode::SUCCESS)
}

/// The password from the first line of standard input, so that it never stands on a command line.
fn read_password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        eprintln!("password (12 characters or more), then Enter; it is shown as you type:");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("cannot read the password from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.chars().count() < 12 {
        bail!("the password has fewer than 12 characters; choose a longer one");
    }
    Ok(password)
}
