//! `xinlian serve`: the desks and pages.

use std::net::{IpAddr, SocketAddr};
use std::process::ExitCode;

use crate::place::StoreArgs;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    listen: Listen,
}

/// Where to listen.
#[derive(clap::Args, Clone)]
pub(crate) struct Listen {
    /// Address to listen on; put a TLS proxy before any other than loopback
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,
    /// Port to listen on; 0 takes any free one and prints it
    #[arg(long, default_value_t = 8430)]
    pub(crate) port: u16,
    /// People reach the desks over TLS: mark cookies so
    #[arg(long)]
    pub(crate) behind_tls: bool,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = args.store.open().await?;
    serve(store, &args.listen, None).await
}

/// Serves until a signal ends it.
pub(crate) async fn serve(
    store: store::Store,
    listen: &Listen,
    demo: Option<web::DemoGuide>,
) -> anyhow::Result<ExitCode> {
    let config = web::Config {
        reader: exchange::Reader::of_this_program()?,
        store,
        addr: SocketAddr::new(listen.host, listen.port),
        secure_cookies: listen.behind_tls,
        demo,
    };
    let start = if config.demo.is_some() { "demo" } else { "" };
    web::serve(config, |addr| println!("Xinlian is ready: http://{addr}/{start}")).await?;
    Ok(ExitCode::SUCCESS)
}
