//! `xinlian staff add`: a member of staff.

use std::io::{BufRead as _, IsTerminal as _};
use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use identity::{PasswordHash, Role, TotpSecret};
use record::{OfficerId, SourceCode};
use store::{NewStaff, Store};

use crate::command::{known_source, say_line};
use crate::place::StoreArgs;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Add a member of staff; prints the secret for the one-time code, once
    Add(Add),
    /// Close sign-in to a member of staff; what they did stays theirs
    Disable(Disable),
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
    /// What the person does: `officer`, `clerk`, `auditor` or `office`
    #[arg(long, value_name = "ROLE", value_parser = role)]
    role: Role,
}

/// The roles that staff can have, as messages name them.
const STAFF_ROLES: &str = "`officer`, `clerk`, `auditor` or `office`";

#[derive(clap::Args)]
pub(crate) struct Disable {
    #[command(flatten)]
    store: StoreArgs,
    /// Sign-in name
    officer: OfficerId,
}

fn role(text: &str) -> Result<Role, String> {
    Role::ALL
        .into_iter()
        .find(|role| role.code() == text)
        .ok_or_else(|| format!("it is {STAFF_ROLES}"))
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    let args = match command {
        Command::Add(args) => args,
        Command::Disable(args) => {
            let disabled = args.store.open().await?.disable_staff(&args.officer).await;
            ensure!(disabled.is_ok(), "there is nobody called `{}`", args.officer);
            say_line!("`{}` can sign in no more, and is signed out", args.officer);
            return Ok(ExitCode::SUCCESS);
        }
    };
    let store = args.store.open().await?;
    let password = read_password()?;
    let secret = TotpSecret::generate()?;
    let new = NewMember {
        officer: args.officer,
        name: &args.name,
        source: args.source,
        role: args.role,
    };
    add(&store, new, &password, &secret).await?;
    println!(
        "added; put this secret into an authenticator, it is not shown again:\n{}",
        secret.to_base32()
    );
    Ok(ExitCode::SUCCESS)
}

/// Who is to be added.
pub(crate) struct NewMember<'a> {
    pub(crate) officer: OfficerId,
    pub(crate) name: &'a str,
    pub(crate) source: SourceCode,
    pub(crate) role: Role,
}

/// Adds a member of staff: a person of a known department, in a role that staff can have.
pub(crate) async fn add(
    store: &Store,
    new: NewMember<'_>,
    password: &str,
    secret: &TotpSecret,
) -> anyhow::Result<()> {
    known_source(store, &new.source).await?;
    if !new.role.is_staff() {
        bail!("`{}` is no role of staff; it is {STAFF_ROLES}", new.role.code());
    }
    let staff = NewStaff {
        officer: new.officer,
        name: new.name.to_owned(),
        source: new.source,
        role: new.role.code().to_owned(),
        password: PasswordHash::of(password)?.as_str().to_owned(),
        totp: secret.expose().to_vec(),
    };
    store.put_staff(&staff).await?;
    Ok(())
}

/// The password from the first line of standard input, so that it never stands on a command line.
fn read_password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        eprintln!("password (12 characters or more), then Enter; it is shown as you type:");
    }
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .context("cannot read the password from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.chars().count() < 12 {
        bail!("the password has fewer than 12 characters; choose a longer one");
    }
    Ok(password)
}
