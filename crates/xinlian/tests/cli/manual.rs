//! What shells and `man` are given.

use crate::support::{Home, Kind, USAGE, files_below, run, xinlian};

#[test]
fn shells_are_given_every_subcommand() {
    for shell in ["bash", "zsh", "fish"] {
        let ran = xinlian(&["completions", shell]).ok();
        ran.says(&["backup", "restore", "doctor", "backup-folder"]);
    }
    xinlian(&["completions", "tcsh"])
        .ends(USAGE)
        .complains(&["bash", "zsh", "fish"]);
}

#[test]
fn there_is_a_page_for_each_subcommand() {
    run(Kind::Sqlite, |home: &Home| {
        xinlian(&["man", "--out", &home.at("man")]).ok();
        let pages = files_below(&home.path("man"));
        for page in [
            "xinlian.1",
            "xinlian-serve.1",
            "xinlian-backup.1",
            "xinlian-config-check.1",
        ] {
            let text = pages
                .get(page)
                .unwrap_or_else(|| panic!("no `{page}` in {:?}", pages.keys()));
            assert!(String::from_utf8_lossy(text).contains(".SH NAME"), "{page}");
        }
        assert!(
            pages.keys().all(|name| !name.contains("read-workbook")),
            "{:?}",
            pages.keys()
        );
        xinlian(&["man"]).ok().says(&[".TH xinlian 1"]);
    });
}
