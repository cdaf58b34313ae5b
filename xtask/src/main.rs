//! The house's own checks. `cargo run -p xtask -- tidy` names every place that breaks a rule which no
//! compiler or lint sees; the same check runs as a test of this crate.
//!
//! `cargo run -p xtask -- sbom` writes the list of components that is shipped with the program.
//!
//! It reads the files of the repository and knows **nothing** of the crates it looks at: it depends on none.

mod house;
mod sbom;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::house::House;

fn main() -> anyhow::Result<ExitCode> {
    match std::env::args().nth(1).as_deref() {
        Some("tidy") => tidy(),
        Some("sbom") => {
            print!("{}", sbom::sbom(&root())?);
            Ok(ExitCode::SUCCESS)
        }
        _ => {
            eprintln!("usage: cargo run -p xtask -- tidy | sbom");
            Ok(ExitCode::from(2))
        }
    }
}

fn tidy() -> anyhow::Result<ExitCode> {
    let house = House::read(&root())?;
    let faults = tidy::faults(&house);
    for fault in &faults {
        println!("{fault}");
    }
    if faults.is_empty() {
        println!("tidy: {} files keep to {} rules", house.len(), tidy::RULES.len());
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "tidy: {} to mend; what each rule is for stands in xtask/src/tidy/",
        faults.len()
    );
    Ok(ExitCode::FAILURE)
}

/// The repository, whose `xtask/` this is.
fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_is_tidy() {
        let faults = tidy::faults(&House::read(&root()).unwrap());
        let said: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert!(said.is_empty(), "\n{}", said.join("\n"));
    }
}
