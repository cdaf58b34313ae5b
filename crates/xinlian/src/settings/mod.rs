//! Settings: what one TOML file, the environment and the command line may say, and which of them wins.
//!
//! The command line goes before the environment, the environment before the file, and the file before what is built in. There is
//! one table, [`SETTINGS`]; `config example` is written from it, the file is read by it, and what the file says becomes the
//! default of the option with the same variable, so that every subcommand reads its settings in one way only.

mod example;
mod file;
mod kind;

pub(crate) use example::example;
pub(crate) use file::{SettingFault, SettingsFile, nearest};
pub(crate) use kind::{Kind, time_of_day};

/// Where the file is looked for if nobody names one.
pub(crate) const USUAL_FILE: &str = "/etc/xinlian/xinlian.toml";

/// One setting.
#[derive(Debug)]
pub(crate) struct Setting {
    /// Its place in the file: `section.name`.
    pub(crate) key: &'static str,
    /// Its variable.
    pub(crate) env: &'static str,
    /// Its option.
    pub(crate) flag: &'static str,
    /// What values it takes.
    pub(crate) kind: Kind,
    /// What holds if nobody says anything.
    pub(crate) default: Option<&'static str>,
    /// What one could say, for the example.
    pub(crate) such_as: &'static str,
    /// What it is for, in lines of the example.
    pub(crate) says: &'static str,
}

/// All of them, in the order of the example.
pub(crate) const SETTINGS: [Setting; 25] = [
    Setting {
        key: "store.data",
        env: "XINLIAN_DATA",
        flag: "--data",
        kind: Kind::Path,
        default: Some("xinlian-data"),
        such_as: "/var/lib/xinlian",
        says: "Folder of the store: the SQLite database, and the keys unless they lie elsewhere.",
    },
    Setting {
        key: "store.database",
        env: "XINLIAN_DATABASE",
        flag: "--database",
        kind: Kind::DatabaseUrl,
        default: None,
        such_as: "postgres://xinlian@127.0.0.1/xinlian",
        says: "PostgreSQL to use in place of SQLite. If a password stands in it, let nobody but the\n\
               service read this file, or set the variable in a file that only it reads.",
    },
    Setting {
        key: "store.keys",
        env: "XINLIAN_KEYS",
        flag: "--keys",
        kind: Kind::Path,
        default: None,
        such_as: "/var/lib/xinlian/keys.toml",
        says: "File of the keys; `keys.toml` in the folder of the store if nothing is said.",
    },
    Setting {
        key: "listen.host",
        env: "XINLIAN_HOST",
        flag: "--host",
        kind: Kind::Address,
        default: Some("127.0.0.1"),
        such_as: "127.0.0.1",
        says: "Address to listen on. Put a proxy that speaks TLS before any other than loopback.",
    },
    Setting {
        key: "listen.port",
        env: "XINLIAN_PORT",
        flag: "--port",
        kind: Kind::Whole { most: 65_535 },
        default: Some("8430"),
        such_as: "8430",
        says: "Port to listen on; 0 takes any free one and prints it.",
    },
    Setting {
        key: "listen.behind_tls",
        env: "XINLIAN_BEHIND_TLS",
        flag: "--behind-tls",
        kind: Kind::YesNo,
        default: Some("false"),
        such_as: "true",
        says: "People reach the desks over TLS: mark cookies so.",
    },
    Setting {
        key: "listen.stop_seconds",
        env: "XINLIAN_STOP_SECONDS",
        flag: "--stop-seconds",
        kind: Kind::Whole { most: 3_600 },
        default: Some("10"),
        such_as: "10",
        says: "When told to end, wait so many seconds for requests that are under way.",
    },
    Setting {
        key: "tls.certificate",
        env: "XINLIAN_TLS_CERTIFICATE",
        flag: "--tls-certificate",
        kind: Kind::Path,
        default: None,
        such_as: "/etc/xinlian/tls/server.pem",
        says: "The server's certificate and those above it, as PEM: with it the program speaks TLS itself, and\n\
               listens in place of a proxy. Read again when it changes, and on SIGHUP.",
    },
    Setting {
        key: "tls.key",
        env: "XINLIAN_TLS_KEY",
        flag: "--tls-key",
        kind: Kind::Path,
        default: None,
        such_as: "/etc/xinlian/tls/server.key",
        says: "Its private key, as PEM; readable by the service alone.",
    },
    Setting {
        key: "tls.client_ca",
        env: "XINLIAN_TLS_CLIENT_CA",
        flag: "--tls-client-ca",
        kind: Kind::Path,
        default: None,
        such_as: "/etc/xinlian/tls/clients.pem",
        says: "Authorities whose certificates clients may show, as PEM. A key of the API that is bound to a\n\
               certificate (`xinlian api-key add --certificate`) opens nothing without it.",
    },
    Setting {
        key: "metrics.listen",
        env: "XINLIAN_METRICS",
        flag: "--metrics",
        kind: Kind::Socket,
        default: None,
        such_as: "127.0.0.1:9430",
        says: "Address and port of `/metrics` for Prometheus. Nothing is served if nothing is said.",
    },
    Setting {
        key: "metrics.intranet",
        env: "XINLIAN_METRICS_INTRANET",
        flag: "--metrics-intranet",
        kind: Kind::YesNo,
        default: Some("false"),
        such_as: "false",
        says: "Permit another address than loopback for `/metrics`. It names nobody, but says how busy\n\
               the desks are.",
    },
    Setting {
        key: "otlp.endpoint",
        env: "XINLIAN_OTLP_ENDPOINT",
        flag: "--otlp-endpoint",
        kind: Kind::WebAddress,
        default: None,
        such_as: "http://127.0.0.1:4318",
        says: "Collector that traces of requests and the figures are sent to, by OTLP over HTTP (JSON). They name\n\
               nobody. Nothing is sent if nothing is said.",
    },
    Setting {
        key: "log.format",
        env: "XINLIAN_LOG_FORMAT",
        flag: "--log-format",
        kind: Kind::OneOf(&["text", "json"]),
        default: Some("text"),
        such_as: "json",
        says: "How the log is written to standard error: `text`, or `json` with one object a line.",
    },
    Setting {
        key: "log.filter",
        env: "XINLIAN_LOG",
        flag: "--log",
        kind: Kind::LogFilter,
        default: Some("warn,web=info"),
        such_as: "warn,web=info",
        says: "What is logged: a level, and levels of parts of the program.",
    },
    Setting {
        key: "disk.free_mib_least",
        env: "XINLIAN_FREE_MIB_LEAST",
        flag: "--free-mib-least",
        kind: Kind::Whole { most: 1_048_576 },
        default: Some("512"),
        such_as: "512",
        says: "With less than so many MiB free, the server says that it is not ready.",
    },
    Setting {
        key: "report.font",
        env: "XINLIAN_REPORT_FONT",
        flag: "--report-font",
        kind: Kind::Path,
        default: None,
        such_as: "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
        says: "Font with Chinese characters by which reports are made as PDF; one of the system's if nothing is\n\
               said. `xinlian doctor` tells which.",
    },
    Setting {
        key: "report.valid_days",
        env: "XINLIAN_REPORT_VALID_DAYS",
        flag: "--report-valid-days",
        kind: Kind::Whole { most: 3_660 },
        default: Some("90"),
        such_as: "90",
        says: "For how many days a report can be verified.",
    },
    Setting {
        key: "report.address",
        env: "XINLIAN_REPORT_ADDRESS",
        flag: "--report-address",
        kind: Kind::WebAddress,
        default: None,
        such_as: "https://credit.example.gov.cn",
        says: "Where the public reaches the pages: the square code of a report leads there. It holds the report's\n\
               code alone if nothing is said.",
    },
    Setting {
        key: "evidence.recent",
        env: "XINLIAN_EVIDENCE_RECENT",
        flag: "--recent",
        kind: Kind::Whole { most: u32::MAX },
        default: Some("1000000"),
        such_as: "1000000",
        says: "So many of the newest records stay in the database. Older ones are sealed into segments, files beside it, by\n\
               the server from time to time or by `xinlian seal`.",
    },
    Setting {
        key: "ledger.origin",
        env: "XINLIAN_LEDGER_ORIGIN",
        flag: "--ledger-origin",
        kind: Kind::LogName,
        default: None,
        such_as: "credit.example.gov.cn/log",
        says: "Name of the log, for good: a host of yours and a path, without its scheme. Its checkpoints are signed under it.\n\
               A live store logs nothing before it has one; a demo has one built in.",
    },
    Setting {
        key: "ledger.every_seconds",
        env: "XINLIAN_LEDGER_EVERY_SECONDS",
        flag: "--ledger-every-seconds",
        kind: Kind::Whole { most: 3_600 },
        default: Some("1"),
        such_as: "1",
        says: "A checkpoint of the log closes this many seconds after the one before, if anything was appended.",
    },
    Setting {
        key: "nightly.at",
        env: "XINLIAN_NIGHTLY_AT",
        flag: "--nightly-at",
        kind: Kind::TimeOfDay,
        default: Some("02:30"),
        such_as: "02:30",
        says: "Time of day, in Asia/Shanghai, at which the server rates everyone anew and works the statistics out; nothing\n\
               (`\"\"`) for never, e.g. where a timer runs `xinlian nightly`. A run that was missed is made up for at the start.",
    },
    Setting {
        key: "backup.folder",
        env: "XINLIAN_BACKUP_FOLDER",
        flag: "--backup-folder",
        kind: Kind::Path,
        default: None,
        such_as: "/var/backups/xinlian",
        says: "Folder into which `xinlian backup` writes, and in which `xinlian doctor` looks.",
    },
    Setting {
        key: "backup.age_hours_most",
        env: "XINLIAN_BACKUP_AGE_HOURS_MOST",
        flag: "--backup-age-hours-most",
        kind: Kind::Whole { most: 8_760 },
        default: Some("26"),
        such_as: "26",
        says: "`xinlian doctor` warns if the newest backup is older than so many hours.",
    },
];

/// Variables that are read and stand in no file: where the file is, and the address of another department's database.
pub(crate) const VARIABLES_ONLY: [&str; 2] = ["XINLIAN_CONFIG", "XINLIAN_PULL_URL"];

/// The setting of a key of the file.
pub(crate) fn of_key(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}

/// What holds, and who said so.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Effective {
    /// Which setting.
    pub(crate) key: &'static str,
    /// Its value, without a password.
    pub(crate) value: Option<String>,
    /// Who said so.
    pub(crate) from: String,
}

/// What holds without a command line: the environment, the file, what is built in.
pub(crate) fn effective(
    file: Option<&SettingsFile>,
    variable: impl Fn(&str) -> Option<String>,
) -> (Vec<Effective>, Vec<SettingFault>) {
    let mut faults = Vec::new();
    let mut hold = Vec::new();
    for setting in &SETTINGS {
        let (value, from) = match (variable(setting.env), file.and_then(|file| file.value(setting))) {
            (Some(value), _) => {
                if let Err(what) = setting.kind.check(&value) {
                    faults.push(SettingFault {
                        place: format!("environment: {}", setting.env),
                        what,
                    });
                }
                (Some(value), format!("environment, {}", setting.env))
            }
            (None, Some((value, place))) => (Some(value.to_owned()), place),
            (None, None) => (setting.default.map(str::to_owned), "built in".to_owned()),
        };
        hold.push(Effective {
            key: setting.key,
            value: value.map(|value| setting.kind.shown(&value)),
            from,
        });
    }
    (hold, faults)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::CommandFactory as _;

    use super::*;

    /// Every option with a variable, of every subcommand.
    fn options(command: &clap::Command, found: &mut Vec<(String, String, Option<String>)>) {
        for arg in command.get_arguments() {
            let Some(env) = arg.get_env() else { continue };
            let flag = format!("--{}", arg.get_long().unwrap());
            let default = arg.get_default_values().first();
            let default = default.map(|value| value.to_str().unwrap().to_owned());
            found.push((env.to_str().unwrap().to_owned(), flag, default));
        }
        for inner in command.get_subcommands() {
            options(inner, found);
        }
    }

    #[test]
    fn every_setting_is_an_option_and_every_option_with_a_variable_a_setting() {
        let mut found = Vec::new();
        options(&crate::Cli::command(), &mut found);
        for setting in &SETTINGS {
            let of: Vec<_> = found.iter().filter(|(env, ..)| env == setting.env).collect();
            assert!(!of.is_empty(), "no option reads `{}`", setting.env);
            for (_, flag, default) in of {
                assert_eq!(flag, setting.flag, "{}", setting.key);
                assert_eq!(default.as_deref(), setting.default, "{}", setting.key);
            }
        }
        for (env, flag, _) in &found {
            let known =
                SETTINGS.iter().any(|setting| setting.env == env) || VARIABLES_ONLY.contains(&env.as_str());
            assert!(known, "`{flag}` reads `{env}`, which stands in no table");
        }
    }

    #[test]
    fn the_values_of_the_table_are_taken() {
        for setting in &SETTINGS {
            setting.kind.check(setting.such_as).unwrap();
            setting
                .kind
                .check(setting.default.unwrap_or(setting.such_as))
                .unwrap();
        }
    }

    #[test]
    fn the_environment_goes_before_the_file_and_the_file_before_what_is_built_in() {
        let text = "[listen]\nport = 1\nhost = \"127.0.0.2\"\n\
                    [store]\ndatabase = \"postgres://a:secret@h/b\"\n";
        let file = SettingsFile::parse(Path::new("x.toml"), text).unwrap();
        let variable = |name: &str| (name == "XINLIAN_PORT").then(|| "2".to_owned());
        let (hold, faults) = effective(Some(&file), variable);
        assert!(faults.is_empty());
        let of = |key: &str| hold.iter().find(|one| one.key == key).unwrap();
        let says = |key: &str| (of(key).value.as_deref(), of(key).from.as_str());
        assert_eq!(says("listen.port"), (Some("2"), "environment, XINLIAN_PORT"));
        assert_eq!(says("listen.host"), (Some("127.0.0.2"), "x.toml:3"));
        assert_eq!(says("log.format"), (Some("text"), "built in"));
        assert_eq!(says("store.keys"), (None, "built in"));
        assert_eq!(says("store.database"), (Some("postgres://a:…@h/b"), "x.toml:5"));
        let wrong = |name: &str| (name == "XINLIAN_PORT").then(|| "x".to_owned());
        let (_, faults) = effective(None, wrong);
        assert_eq!(
            faults[0].to_string(),
            "environment: XINLIAN_PORT: `x` is no whole number from 0 to 65535"
        );
    }
}
