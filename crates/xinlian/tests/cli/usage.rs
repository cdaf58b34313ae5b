//! What the program says of itself.

use crate::support::{USAGE, xinlian};

/// Every subcommand, as `xinlian --help` and those that have their own list them.
const SUBCOMMANDS: [&str; 63] = [
    "init",
    "serve",
    "demo",
    "ingest",
    "pull",
    "watch",
    "explain",
    "rate",
    "simulate",
    "statistics",
    "nightly",
    "verify",
    "log",
    "proof",
    "verify-proof",
    "rebuild",
    "seal",
    "report",
    "backup",
    "restore",
    "doctor",
    "config",
    "config check",
    "config example",
    "policy",
    "policy check",
    "policy show",
    "policy diff",
    "policy disparity",
    "policy mutate",
    "policy book",
    "policy publish",
    "policy editions",
    "layout",
    "layout infer",
    "keys",
    "keys rotate",
    "api-key",
    "api-key add",
    "api-key list",
    "api-key revoke",
    "webhook",
    "webhook add",
    "webhook list",
    "webhook test",
    "webhook events",
    "webhook replay",
    "webhook remove",
    "staff",
    "staff add",
    "staff disable",
    "honey",
    "honey plant",
    "honey hits",
    "fixtures",
    "bench",
    "bench district",
    "bench files",
    "bench generate",
    "bench rate",
    "bench facts",
    "completions",
    "man",
];

/// The subcommands that a help text lists.
fn listed(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .filter(|name| name != "help")
        .collect()
}

#[test]
fn every_subcommand_explains_itself() {
    let mut found = Vec::new();
    for name in listed(&xinlian(&["--help"]).ok().out) {
        let inner = listed(&xinlian(&[&name, "--help"]).ok().out);
        found.push(name.clone());
        found.extend(inner.iter().map(|inner| format!("{name} {inner}")));
    }
    assert_eq!(
        found, SUBCOMMANDS,
        "a subcommand that is new belongs into this list"
    );
    for subcommand in SUBCOMMANDS {
        let mut args: Vec<&str> = subcommand.split(' ').collect();
        args.push("--help");
        let help = xinlian(&args).ok();
        let usage = format!("Usage: xinlian {subcommand}");
        assert!(help.out.contains(&usage), "{help:#?}");
        let said = help.out.lines().next().unwrap();
        assert!(
            said.chars().count() > 8 && !said.starts_with("Usage"),
            "{help:#?}"
        );
        assert!(help.err.is_empty(), "{help:#?}");
    }
}

#[test]
fn options_of_a_store_are_the_same_everywhere() {
    for subcommand in [
        "init",
        "serve",
        "ingest",
        "pull",
        "watch",
        "explain",
        "rate",
        "simulate",
        "statistics",
        "nightly",
        "verify",
        "rebuild",
        "backup",
        "doctor",
        "keys rotate",
        "api-key add",
        "api-key list",
        "api-key revoke",
        "staff add",
        "staff disable",
        "honey plant",
        "honey hits",
    ] {
        let mut args: Vec<&str> = subcommand.split(' ').collect();
        args.push("--help");
        xinlian(&args).ok().says(&[
            "--data <DIR>",
            "XINLIAN_DATA",
            "--database <URL>",
            "--keys <FILE>",
        ]);
    }
}

#[test]
fn what_it_does_not_know_is_a_fault_of_usage() {
    xinlian(&["punish"])
        .ends(USAGE)
        .complains(&["unrecognized subcommand", "punish"]);
    xinlian(&[]).ends(USAGE).complains(&["Usage: xinlian", "ingest"]);
    xinlian(&["verify", "--dta", "x"])
        .ends(USAGE)
        .complains(&["--dta", "--data"]);
    xinlian(&["policy"]).ends(USAGE).complains(&["check"]);
    xinlian(&["staff", "drop"]).ends(USAGE).complains(&["drop"]);
}

#[test]
fn it_says_its_version() {
    let version = concat!("xinlian ", env!("CARGO_PKG_VERSION"), "\n");
    assert_eq!(xinlian(&["--version"]).ok().out, version);
}
