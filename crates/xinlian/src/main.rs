//! The one program of the house. Every subcommand is one file in `command/`.
//!
//! It knows the command line, exit codes and progress; it does **not** know how anything is done.

mod book;
mod command;
mod fixtures;
mod place;
mod policies;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Rows are made by one thread and dropped by another, which the system's own allocator has them queue for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Xinlian 信链: a city district's credit system.
///
/// Departments hand in records, everyone sees what is held and why it counts, and a good file opens doors.
#[derive(Parser)]
#[command(name = "xinlian", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a new store: database, keys and the first policy bundle
    Init(command::init::Args),
    /// Serve the desks and pages
    Serve(command::serve::Args),
    /// Make a lively made-up district, take in its departments' files and serve it
    Demo(command::demo::Args),
    /// Take in files of a department
    Ingest(command::ingest::Args),
    /// Read a view in a department's own PostgreSQL, MySQL or MariaDB, and take in what is new
    Pull(command::pull::Args),
    /// Take in whatever is laid into a folder
    Watch(command::watch::Args),
    /// Say what follows from a subject's records, and why
    Explain(command::explain::Args),
    /// Recompute every commitment and projection and name every difference
    Verify(command::verify::Args),
    /// Make every projection anew from the records
    Rebuild(command::rebuild::Args),
    /// Check and read policies
    #[command(subcommand)]
    Policy(command::policy::Command),
    /// Layouts of departments' files
    #[command(subcommand)]
    Layout(command::layout::Command),
    /// Turn keys over
    #[command(subcommand)]
    Keys(command::keys::Command),
    /// Keys by which other systems hand in
    #[command(subcommand)]
    ApiKey(command::api_key::Command),
    /// Endpoints of departments' own systems, which are told of changes
    #[command(subcommand)]
    Webhook(command::webhook::Command),
    /// Members of staff
    #[command(subcommand)]
    Staff(command::staff::Command),
    /// Honey records: made-up subjects whom nobody has cause to ask about
    #[command(subcommand)]
    Honey(command::honey::Command),
    /// Write the files that the departments of a made-up district would hand in
    Fixtures(command::fixtures::Args),
    /// Time ingest, explanation and counter decisions on a made-up district
    Bench(command::bench::Args),
    /// Read a workbook on standard input, under bounds. The program starts itself so
    #[command(name = exchange::READER_COMMAND, hide = true)]
    ReadWorkbook {
        /// Processor seconds
        seconds: u64,
    },
}

/// What a command ends with, beside plain success.
pub(crate) const EXIT_FOUND_FAULTS: u8 = 3;
/// Something could not be read or done.
pub(crate) const EXIT_UNREADABLE: u8 = 1;

fn main() -> ExitCode {
    let command = Cli::parse().command;
    // Before there are threads, whose stacks would count against its bounds.
    if let Command::ReadWorkbook { seconds } = command {
        return exchange::serve_reader(seconds);
    }
    match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(run(command)),
        Err(error) => {
            eprintln!("error: no threads can be had: {error}");
            ExitCode::from(EXIT_UNREADABLE)
        }
    }
}

async fn run(command: Command) -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_env("XINLIAN_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,web=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let done = match command {
        Command::Init(args) => command::init::run(args).await,
        Command::Serve(args) => command::serve::run(args).await,
        Command::Demo(args) => command::demo::run(args).await,
        Command::Ingest(args) => command::ingest::run(args).await,
        Command::Pull(args) => command::pull::run(args).await,
        Command::Watch(args) => command::watch::run(args).await,
        Command::Explain(args) => command::explain::run(args).await,
        Command::Verify(args) => command::verify::run(args).await,
        Command::Rebuild(args) => command::rebuild::run(args).await,
        Command::Policy(command) => command::policy::run(command).await,
        Command::Layout(command) => command::layout::run(&command),
        Command::Keys(command) => command::keys::run(command).await,
        Command::ApiKey(command) => command::api_key::run(command).await,
        Command::Webhook(command) => command::webhook::run(command).await,
        Command::Staff(command) => command::staff::run(command).await,
        Command::Honey(command) => command::honey::run(command).await,
        Command::Fixtures(args) => command::fixtures::run(&args),
        Command::Bench(args) => command::bench::run(args).await,
        Command::ReadWorkbook { seconds } => return exchange::serve_reader(seconds),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(EXIT_UNREADABLE)
    })
}
