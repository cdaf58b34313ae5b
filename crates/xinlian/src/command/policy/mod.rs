//! `xinlian policy`: the rules, from a draft to what is in force.

mod book;
mod check;
mod diff;
mod disparity;
mod mutate;
mod publish;
mod show;

use std::process::ExitCode;

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Read the policies, hold them against the guards and run every worked case
    Check(check::Args),
    /// Show one clause: what it says, on which law, and its worked cases
    Show(show::Args),
    /// Say what changes from one edition to another, and for whom it can matter
    Diff(diff::Args),
    /// Count how groups of people come out of the scorecards, over everyone in a store
    Disparity(disparity::Args),
    /// Change whatever decides something by one, and say which changes no worked case notices
    Mutate(mutate::Args),
    /// Write the chapter of the rules from them, in both languages
    Book(book::Args),
    /// Put a checked edition in force: one person drafts, another approves
    Publish(publish::Args),
    /// List the editions that a store has published
    Editions(publish::EditionArgs),
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check(args) => check::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Diff(args) => diff::run(&args).await,
        Command::Disparity(args) => disparity::run(&args).await,
        Command::Mutate(args) => mutate::run(&args),
        Command::Book(args) => book::run(&args),
        Command::Publish(args) => publish::run(args).await,
        Command::Editions(args) => publish::editions(&args).await,
    }
}

/// A language of what is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

impl Lang {
    /// Its code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    fn of(self, text: &assess::Text) -> &str {
        match self {
            Self::Zh => &text.zh,
            Self::En => &text.en,
        }
    }
}
