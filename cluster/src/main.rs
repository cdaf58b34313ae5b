//! `xinlian-cluster`: everyone rated on several machines.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use datafusion::arrow::json::ArrayWriter;
use datafusion::arrow::util::pretty::pretty_format_batches;
use jiff::civil::Date;
use xinlian_cluster::{Asked, ExecutorOptions, Place, SchedulerOptions, answer, executor, rate, scheduler};

/// Everyone rated on several machines
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// Say what happens, as far as `error`, `warn`, `info` or `debug`
    #[arg(long, global = true, value_name = "LEVEL", default_value = "warn")]
    log: log::LevelFilter,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Divide ratings among executors
    Scheduler(Scheduler),
    /// Rate what a scheduler hands out, from the mirrors in a folder
    Executor(Executor),
    /// Rate everyone in a mirror
    Rate(Rate),
}

#[derive(Args)]
struct Scheduler {
    /// Where to listen. There is no password: whoever reaches it may ask
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50050")]
    listen: SocketAddr,
    /// The name or address by which executors reach it [default: that of --listen]
    #[arg(long, value_name = "HOST")]
    external_host: Option<String>,
    /// After how many seconds without a sign an executor counts as lost
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    lost_after: u64,
}

#[derive(Args)]
struct Executor {
    /// The folder of mirrors, the only one of which it reads
    #[arg(long, value_name = "DIR")]
    mirrors: PathBuf,
    /// The scheduler
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50050")]
    scheduler: String,
    /// Where others fetch what it made; it takes tasks at the next port
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:50060")]
    listen: SocketAddr,
    /// The name or address by which others reach it [default: that of --listen]
    #[arg(long, value_name = "HOST")]
    external_host: Option<String>,
    /// Where what it made lies until it is fetched
    #[arg(long, value_name = "DIR")]
    work: PathBuf,
    /// How many parts it rates at once [default: as many as there are cores]
    #[arg(long)]
    threads: Option<usize>,
    /// Every how many seconds it gives a sign
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    sign_every: u64,
}

#[derive(Args)]
struct Rate {
    /// The scheduler of a cluster, `http://HOST:PORT` [default: in this process]
    #[arg(long, value_name = "URL")]
    cluster: Option<String>,
    /// The mirror; executors read the file of this name in their own folders
    #[arg(long, value_name = "FILE")]
    mirror: PathBuf,
    /// The canonical bytes of the rules, as a bundle is published
    #[arg(long, value_name = "FILE")]
    rules: PathBuf,
    /// The day asked about
    #[arg(long, value_name = "DATE")]
    on: Date,
    /// In how many parts [default: as many as suit the mirror's size]
    #[arg(long)]
    parts: Option<u64>,
    /// On how many threads of this process [default: as many as there are cores]
    #[arg(long, conflicts_with = "cluster")]
    threads: Option<usize>,
    /// Write what came out for each subject, by number, as Parquet
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Answer a question in SQL over the table `ratings`
    #[arg(long, value_name = "QUESTION", conflicts_with = "out")]
    sql: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    env_logger::Builder::new().filter_level(cli.log).init();
    match run(cli.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Scheduler(args) => {
            let options = SchedulerOptions {
                listen: args.listen,
                external_host: args.external_host,
                lost_after: args.lost_after,
            };
            Ok(scheduler(options).await?)
        }
        Command::Executor(args) => Ok(executor(args.options()?).await?),
        Command::Rate(args) => print(args).await,
    }
}

impl Executor {
    fn options(self) -> anyhow::Result<ExecutorOptions> {
        let scheduler = self.scheduler.rsplit_once(':');
        let scheduler = scheduler.and_then(|(host, port)| Some((host.to_owned(), port.parse().ok()?)));
        Ok(ExecutorOptions {
            scheduler: scheduler
                .ok_or_else(|| anyhow::anyhow!("`{}` is no address; write `HOST:PORT`", self.scheduler))?,
            mirrors: self.mirrors,
            listen: self.listen,
            external_host: self.external_host,
            work: self.work,
            threads: self.threads.unwrap_or_else(batch::cores),
            sign_every: self.sign_every,
        })
    }
}

async fn print(args: Rate) -> anyhow::Result<()> {
    let threads = args.threads.unwrap_or_else(batch::cores);
    let asked = Asked {
        mirror: args.mirror,
        rules: args.rules,
        on: args.on,
        place: args.cluster.map_or(Place::Here(threads), Place::Cluster),
        parts: args.parts,
    };
    let mut out = std::io::stdout().lock();
    if let Some(sql) = &args.sql {
        let batches = answer(&asked, sql).await?;
        if args.json {
            let mut json = ArrayWriter::new(&mut out);
            json.write_batches(&batches.iter().collect::<Vec<_>>())?;
            json.finish()?;
            writeln!(out)?;
        } else {
            writeln!(out, "{}", pretty_format_batches(&batches)?)?;
        }
        return Ok(());
    }
    let counts = rate(&asked, args.out.as_deref()).await?;
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&counts)?)?;
    } else {
        writeln!(out, "{counts}")?;
    }
    Ok(())
}
