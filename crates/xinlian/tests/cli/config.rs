//! Settings: what the file, the environment and the command line say, and which goes before.

use crate::support::{FOUND_FAULTS, Home, Kind, Ran, UNREADABLE, command, run, xinlian};

fn in_home(case: impl FnOnce(&Home)) {
    run(Kind::Sqlite, case);
}

/// What `config check` says of a key: the value and who said so.
fn says(ran: &Ran, key: &str) -> (String, String) {
    let report = ran.json();
    let settings = report["settings"].as_array().unwrap();
    let one = settings.iter().find(|one| one["key"] == key).unwrap();
    let text = |name: &str| one[name].as_str().unwrap_or("none").to_owned();
    (text("value"), text("from"))
}

#[test]
fn the_example_is_a_file_without_fault_and_changes_nothing() {
    in_home(|home| {
        let example = xinlian(&["config", "example"]).ok().out;
        let file = home.write("x.toml", example);
        let with = xinlian(&["config", "check", "--json", "--config", &file])
            .ok()
            .json();
        let without = xinlian(&["config", "check", "--json"]).ok().json();
        assert_eq!(with["settings"], without["settings"]);
    });
}

#[test]
fn every_fault_is_told_with_its_place_and_nothing_is_run() {
    in_home(|home| {
        let file = home.write("x.toml", "[store]\ndta = \"x\"\n[listen]\nport = \"8430\"\n");
        let at = |line: u32, what: &str| format!("{file}:{line}: {what}");
        let faults = [
            at(2, "`store.dta` is no setting; did you mean `store.data`?"),
            at(
                4,
                "`listen.port` takes a value without quotation marks; write `port = 8430`",
            ),
        ];
        let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
        xinlian(&["config", "check", "--config", &file])
            .ends(FOUND_FAULTS)
            .complains(&faults)
            .says(&["not used"]);
        xinlian(&["verify", "--config", &file])
            .ends(UNREADABLE)
            .complains(&faults);
        xinlian(&["verify", "--config", &home.at("none.toml")])
            .ends(UNREADABLE)
            .complains(&["none.toml", "cannot be read"]);
    });
}

#[test]
fn the_command_line_goes_before_the_environment_and_that_before_the_file() {
    in_home(|home| {
        home.init_demo();
        let file = home.write("x.toml", format!("[store]\ndata = \"{}\"\n", home.at("data")));
        xinlian(&["verify", "--config", &file])
            .ok()
            .says(&["0 differences"]);
        let with = |args: &[&str]| {
            let mut command = command(args);
            command
                .env("XINLIAN_CONFIG", &file)
                .env("XINLIAN_DATA", home.at("of-environment"));
            Ran::of(command.output().unwrap())
        };
        with(&["verify"]).ends(UNREADABLE).complains(&["of-environment"]);
        with(&["verify", "--data", &home.at("of-line")])
            .ends(UNREADABLE)
            .complains(&["of-line"]);
        with(&["verify", "--data", &home.at("data")]).ok();
        let checked = with(&["config", "check", "--json"]);
        assert_eq!(
            says(&checked, "store.data"),
            (home.at("of-environment"), "environment, XINLIAN_DATA".to_owned())
        );
    });
}

#[test]
fn a_password_is_never_said() {
    in_home(|home| {
        let file = home.write(
            "x.toml",
            "[store]\ndatabase = \"postgres://u:s3cret@127.0.0.1:1/d\"\n",
        );
        let checked = xinlian(&["config", "check", "--config", &file])
            .ends(FOUND_FAULTS)
            .complains(&["holds a password", "chmod"])
            .says(&["postgres://u:…@127.0.0.1:1/d"]);
        assert!(!format!("{checked:?}").contains("s3cret"));
        let help = xinlian(&["verify", "--help", "--config", &file]).ok();
        assert!(!help.out.contains("s3cret"), "{help:#?}");
    });
}

#[test]
fn a_variable_that_nobody_reads_is_named() {
    let mut check = command(&["config", "check"]);
    check.env("XINLIAN_DATABASES", "x").env("XINLIAN_PORT", "high");
    Ran::of(check.output().unwrap()).ends(FOUND_FAULTS).complains(&[
        "environment: XINLIAN_DATABASES: no such variable is read; did you mean `XINLIAN_DATABASE`?",
        "environment: XINLIAN_PORT: `high` is no whole number from 0 to 65535",
    ]);
}
