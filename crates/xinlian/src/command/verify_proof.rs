//! `xinlian verify-proof`: a proof of logging verified with the log's key alone; no store, no network.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use ledger::{Leaf, LogProof, RecordKind, Sha256Ed25519, Suite as _, TrustPolicy, VerifierKey};

use crate::EXIT_FOUND_FAULTS;
use crate::command::say_line;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The proof, as `xinlian proof` or a record's page gives it
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The log's key, as `xinlian log` says it; get it from somebody you believe
    #[arg(long, value_name = "KEY", value_parser = key)]
    key: VerifierKey,
}

fn key(text: &str) -> Result<VerifierKey, String> {
    VerifierKey::parse(text).map_err(|fault| fault.to_string())
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let path = args.file.display();
    let bytes = std::fs::read(&args.file).with_context(|| format!("`{path}` cannot be read"))?;
    let proof = LogProof::parse(&bytes).with_context(|| format!("`{path}`"))?;
    let entry = proof
        .extra
        .as_deref()
        .ok_or_else(|| anyhow!("`{path}` does not hold the leaf that it proves; make it anew"))?;
    let leaf = Leaf::parse(entry).with_context(|| format!("the leaf in `{path}`"))?;
    // Whoever asks names one log, and witnesses are none yet.
    let policy = format!("log {}\nquorum none\n", args.key);
    let policy = TrustPolicy::parse(policy.as_bytes())?;
    match proof.verify::<Sha256Ed25519>(Sha256Ed25519::leaf(entry), &policy) {
        Ok(_) => {
            let told = proof.checkpoint.checkpoint();
            say_line!(
                "{} stands in the log `{}`, as leaf {} of {}",
                said(&leaf),
                told.origin,
                proof.index,
                told.size
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => {
            eprintln!("`{path}` proves nothing: {fault}");
            Ok(ExitCode::from(EXIT_FOUND_FAULTS))
        }
    }
}

fn said(leaf: &Leaf) -> String {
    match leaf {
        Leaf::Record(leaf) => {
            let kind = match leaf.kind {
                RecordKind::Statement => "a department's statement",
                RecordKind::Act => "an act",
                RecordKind::Rules => "an edition of the rules",
            };
            format!(
                "record {} of hand-in {}, {kind}, committed to by `{}`,",
                leaf.record, leaf.submission, leaf.commitment
            )
        }
        Leaf::Submission(said) => {
            format!("hand-in {} of `{}`", said.submission, said.statement.source)
        }
        Leaf::Erasure { record, .. } => format!("the erasure of record {record}"),
        Leaf::Status { record, .. } => format!("what record {record} is worth"),
        Leaf::Looks(looks) => format!("the log of {} looks", looks.looks),
    }
}
