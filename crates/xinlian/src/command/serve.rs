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
#[derive(clap::Args, Clone, Copy)]
pub(crate) struct Listen {
    /// Address to listen on; put a TLS proxy before any other than loopback
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) host: IpAddr,
    /// Port to listen on; 0 takes any free one and prints it
    #[arg(long, default_value_t = 8430)]
    pub(crate) port: u16,
}

impl Listen {
    pub(crate) fn addr(self) -> SocketAddr {
        SocketAddr::new(self.host, self.port)
    }
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = args.store.open().await?;
    serve(store, args.listen, None).await
}

/// Serves until a signal ends it.
pub(crate) async fn serve(
    store: store::Store,
    listen: Listen,
    demo: Option<web::DemoGuide>,
) -> anyhow::Result<ExitCode> {
    let listener = tokio::net::TcpListener::bind(listen.addr()).await?;
    let start = if demo.is_some() { "demo" } else { "" };
    println!("Xinlian is ready: http://{}/{start}", listener.local_addr()?);
    web::serve(listener, web::Config { store, demo }).await?;
    Ok(ExitCode::SUCCESS)
}
