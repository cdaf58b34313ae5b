//! `xinlian policy book`: the chapter of the rules, in both languages.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use assess::book::{self, Lang};
use record::Realm;

use crate::command::say_line;
use crate::policies;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder to write `rules.zh.md` and `rules.en.md` into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Folder of the policies [default: the built-in ones]
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let bundle = policies::bundle(args.policies.as_deref(), Realm::Demo)?;
    let out = args.out.display();
    std::fs::create_dir_all(&args.out).with_context(|| format!("cannot make the folder `{out}`"))?;
    for (name, lang) in [("rules.zh.md", Lang::Zh), ("rules.en.md", Lang::En)] {
        let path = args.out.join(name);
        let text = book::rules(&bundle, lang);
        std::fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
        say_line!("{}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_book_says_what_the_policies_say() {
        let bundle = policies::bundle(None, Realm::Demo).unwrap();
        for (file, lang) in [("rules.zh.md", Lang::Zh), ("rules.en.md", Lang::En)] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../../docs/book")
                .join(file);
            let written = std::fs::read_to_string(path).unwrap();
            assert!(
                written == book::rules(&bundle, lang),
                "docs/book/{file} is not what the policies say: run `cargo run -p xinlian -- policy book --out docs/book`"
            );
        }
    }
}
