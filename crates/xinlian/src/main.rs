//! The one program of the house. Every subcommand is one file in `command/`.
//!
//! It knows the command line, exit codes and progress; it does **not** know how anything is done.

mod command;
mod disparity_book;
mod fixtures;
mod place;
mod policies;
mod settings;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use crate::settings::SettingsFile;

/// Xinlian 信链: a city district's credit system.
///
/// Departments hand in records, everyone sees what is held and why it counts, and a good file opens doors.
#[derive(Parser)]
#[command(name = "xinlian", version, max_term_width = 100)]
struct Cli {
    /// File of the settings [default: /etc/xinlian/xinlian.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE", env = "XINLIAN_CONFIG")]
    config: Option<PathBuf>,
    #[command(flatten)]
    log: LogArgs,
    #[command(subcommand)]
    command: Command,
}

/// How the log is written.
#[derive(clap::Args, Clone)]
struct LogArgs {
    /// How the log is written to standard error
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        default_value = "text",
        env = "XINLIAN_LOG_FORMAT"
    )]
    log_format: LogFormat,
    /// What is logged: a level, and levels of parts of the program
    #[arg(
        long = "log",
        global = true,
        value_name = "FILTER",
        default_value = "warn,web=info",
        env = "XINLIAN_LOG"
    )]
    log_filter: String,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogFormat {
    /// For people
    Text,
    /// One object a line
    Json,
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
    /// Take in what is new in a view of a department's own PostgreSQL, MySQL or MariaDB
    Pull(command::pull::Args),
    /// Take in whatever is laid into a folder
    Watch(command::watch::Args),
    /// Say what follows from a subject's records, and why
    Explain(command::explain::Args),
    /// Rate everyone on a day, by the rules in force or by a draft of them
    Rate(command::rate::Args),
    /// Try a draft of the rules on everyone before it touches anyone
    Simulate(command::simulate::Args),
    /// Count the district: records by month, how soon they came, grades by town
    Statistics(command::statistics::Args),
    /// Rate everyone for today and work the statistics out, as the server does at night
    Nightly(command::nightly::Args),
    /// Recompute every commitment and projection and name every difference
    Verify(command::verify::Args),
    /// Say how far the log is, and what waits for it
    Log(command::log::Args),
    /// Print the proof that a record stands in the log
    Proof(command::proof::Args),
    /// Verify such a proof by the log's key alone
    VerifyProof(command::verify_proof::Args),
    /// Make every projection anew from the records
    Rebuild(command::rebuild::Args),
    /// Move older records out of the database into sealed segments beside it
    Seal(command::seal::Args),
    /// Make the credit office's reports of the months that are over
    Report(command::report::Args),
    /// Write a backup of the store as it is now, while others go on
    Backup(command::backup::Args),
    /// Bring a backup back where nothing is yet, and show that it has the same records
    Restore(command::restore::Args),
    /// Look whether everything is as it must be, and say what to do where it is not
    Doctor(command::doctor::Args),
    /// Settings: what holds, and a file to begin with
    #[command(subcommand)]
    Config(command::config::Command),
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
    /// Time what the program does, on what is made up
    #[command(subcommand)]
    Bench(command::bench::Command),
    /// Print what a shell needs to finish words
    Completions(command::completions::Args),
    /// Print the manual, or write a page for each subcommand
    Man(command::man::Args),
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
    let cli = Cli::parse();
    // Before there are threads, whose stacks would count against its bounds.
    if let Command::ReadWorkbook { seconds } = cli.command {
        return exchange::serve_reader(seconds);
    }
    let cli = match with_file(cli) {
        Ok(cli) => cli,
        Err(faults) => return faults,
    };
    match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(run(cli)),
        Err(error) => {
            eprintln!("error: no threads can be had: {error}");
            ExitCode::from(EXIT_UNREADABLE)
        }
    }
}

/// The command line read again, on top of the file of settings. `config` reads the file itself, to tell of its faults.
fn with_file(cli: Cli) -> Result<Cli, ExitCode> {
    if matches!(cli.command, Command::Config(_)) {
        return Ok(cli);
    }
    match SettingsFile::find(cli.config.as_deref()) {
        Ok(None) => Ok(cli),
        Ok(Some(file)) => {
            let matches = file.under(Cli::command()).get_matches();
            Cli::from_arg_matches(&matches).map_err(|error| error.exit())
        }
        Err(faults) => {
            for fault in &faults {
                eprintln!("{fault}");
            }
            eprintln!("error: the settings cannot be used; `xinlian config check` says what holds");
            Err(ExitCode::from(EXIT_UNREADABLE))
        }
    }
}

/// Logs go to standard error.
fn begin_log(args: &LogArgs) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&args.log_filter).with_context(|| {
        format!(
            "`{}` is no filter of the log; write e.g. `warn,web=info`",
            args.log_filter
        )
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match args.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).init(),
    }
    Ok(())
}

async fn run(cli: Cli) -> ExitCode {
    let done = match begin_log(&cli.log) {
        Ok(()) => run_command(cli).await,
        Err(error) => Err(error),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(EXIT_UNREADABLE)
    })
}

async fn run_command(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Init(args) => command::init::run(args).await,
        Command::Serve(args) => command::serve::run(args).await,
        Command::Demo(args) => command::demo::run(args).await,
        Command::Ingest(args) => command::ingest::run(args).await,
        Command::Pull(args) => command::pull::run(args).await,
        Command::Watch(args) => command::watch::run(args).await,
        Command::Explain(args) => command::explain::run(args).await,
        Command::Verify(args) => command::verify::run(args).await,
        Command::Log(args) => command::log::run(args).await,
        Command::Proof(args) => command::proof::run(args).await,
        Command::VerifyProof(args) => command::verify_proof::run(&args),
        Command::Rate(args) => command::rate::run(args).await,
        Command::Simulate(args) => command::simulate::run(args).await,
        Command::Statistics(args) => command::statistics::run(args).await,
        Command::Nightly(args) => command::nightly::run(args).await,
        Command::Rebuild(args) => command::rebuild::run(args).await,
        Command::Seal(args) => command::seal::run(args).await,
        Command::Report(args) => command::report::run(args).await,
        Command::Backup(args) => command::backup::run(args).await,
        Command::Restore(args) => command::restore::run(args).await,
        Command::Doctor(args) => command::doctor::run(args, cli.config.as_ref()).await,
        Command::Config(command) => command::config::run(&command, cli.config.as_ref()),
        Command::Policy(command) => command::policy::run(command).await,
        Command::Layout(command) => command::layout::run(&command),
        Command::Keys(command) => command::keys::run(command).await,
        Command::ApiKey(command) => command::api_key::run(command).await,
        Command::Webhook(command) => command::webhook::run(command).await,
        Command::Staff(command) => command::staff::run(command).await,
        Command::Honey(command) => command::honey::run(command).await,
        Command::Fixtures(args) => command::fixtures::run(&args),
        Command::Bench(args) => command::bench::run(args).await,
        Command::Completions(args) => command::completions::run(&args, Cli::command()),
        Command::Man(args) => command::man::run(&args, Cli::command()),
        Command::ReadWorkbook { seconds } => Ok(exchange::serve_reader(seconds)),
    }
}
