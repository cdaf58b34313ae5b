//! A folder for each department: what is laid into it is taken in once, and its report lies beside it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::{Home, UNREADABLE, on_both};
use crate::tables::{POLICE, register};

on_both! {
    what_is_laid_into_a_folder_is_taken_in
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn what_is_laid_into_a_folder_is_taken_in(home: &Home) {
    home.init_demo();
    let folder = home.at("in");
    home.run("watch", &[&folder, "--once", "--every", "0"])
        .ends(UNREADABLE)
        .complains(&["is no folder"]);
    let police = PathBuf::from(&folder).join(POLICE);
    std::fs::create_dir_all(&police).unwrap();
    std::fs::create_dir_all(PathBuf::from(&folder).join("nobody.we-know")).unwrap();
    let lay = |name: &str, bytes: &[u8]| std::fs::write(police.join(name), bytes).unwrap();
    lay("a.csv", register(3).csv().as_ref());
    lay("b.csv", register(5).with(5, 2, "1999-01-01").csv().as_ref());
    lay("c.csv", b"\x89PNG\r\n\x1a\n no table");
    lay("d.csv.part", register(9).csv().as_ref());
    lay("~$a.xlsx", b"lock");
    std::fs::write(PathBuf::from(&folder).join("nobody.we-know/e.csv"), "x").unwrap();
    let watch = || home.run("watch", &[&folder, "--once", "--every", "0"]).ok();
    watch().says(&[
        "a.csv: 3 rows = 3 accepted",
        "b.csv: 5 rows = 1 accepted",
        "c.csv: refused",
    ]);
    assert_eq!(
        names(&police),
        ["d.csv.part", "refused", "taken", "~$a.xlsx"],
        "what is half written stays"
    );
    assert_eq!(
        names(&police.join("taken")),
        [
            "a.csv",
            "a.csv.report.json",
            "b.csv",
            "b.csv.report.json",
            "b.csv.returned.xlsx"
        ]
    );
    assert_eq!(names(&police.join("refused")), ["c.csv", "c.csv.fault.txt"]);
    let fault = std::fs::read_to_string(police.join("refused/c.csv.fault.txt")).unwrap();
    assert!(fault.starts_with("FORMAT\n"), "{fault}");
    let report = std::fs::read(police.join("taken/b.csv.report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    assert_eq!((&report["rows"], &report["refused"]), (&5.into(), &1.into()));
    // The same name again is no file lost, and its rows are held already.
    lay("a.csv", register(3).csv().as_ref());
    watch().says(&["a.csv: 3 rows = 0 accepted + 0 pending + 3 duplicate"]);
    assert!(names(&police.join("taken")).contains(&"2-a.csv".to_owned()));
    watch();
    home.verify_clean();
}
