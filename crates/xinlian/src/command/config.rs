//! `xinlian config`: what holds and where it was said, and a file to begin with.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use crate::EXIT_FOUND_FAULTS;
use crate::command::say_line;
use crate::settings::{
    Effective, SETTINGS, SettingFault, SettingsFile, VARIABLES_ONLY, effective, example, nearest,
};

#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Name every fault of the file and the environment, and say what holds
    Check(Check),
    /// Print a whole file with every setting, each commented out and explained
    Example,
}

#[derive(clap::Args)]
pub(crate) struct Check {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(command: &Command, named: Option<&PathBuf>) -> anyhow::Result<ExitCode> {
    let Command::Check(args) = command else {
        print!("{}", example());
        return Ok(ExitCode::SUCCESS);
    };
    let Checked { file, hold, faults } = checked(named.map(PathBuf::as_path));
    if args.json {
        let hold: Vec<_> = hold
            .iter()
            .map(|one| json!({ "key": one.key, "value": one.value, "from": one.from }))
            .collect();
        let faults: Vec<_> = faults
            .iter()
            .map(|fault| json!({ "place": fault.place, "what": fault.what }))
            .collect();
        let file = file.as_ref().map(|file| file.path.display().to_string());
        let report = json!({ "file": file, "settings": hold, "faults": faults });
        say_line!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        for fault in &faults {
            eprintln!("{fault}");
        }
        match &file {
            Some(file) => say_line!("file: {}", file.path.display()),
            None if faults.is_empty() => say_line!("file: none"),
            None => say_line!("file: not used, for its faults"),
        }
        for one in &hold {
            let value = one.value.as_deref().unwrap_or("not set");
            say_line!("{:<22} {value:<28} {}", one.key, one.from);
        }
    }
    Ok(if faults.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(EXIT_FOUND_FAULTS)
    })
}

/// What holds, and every fault.
pub(crate) struct Checked {
    /// The file, if it is there and without fault.
    pub(crate) file: Option<SettingsFile>,
    hold: Vec<Effective>,
    /// Of the file and of the environment.
    pub(crate) faults: Vec<SettingFault>,
}

/// Reads the file and the environment.
pub(crate) fn checked(named: Option<&Path>) -> Checked {
    let (file, mut faults) = match SettingsFile::find(named) {
        Ok(file) => (file, Vec::new()),
        Err(faults) => (None, faults),
    };
    if let Some(file) = &file
        && file.holds_secret()
        && is_read_by_others(&file.path)
    {
        let path = file.path.display();
        faults.push(SettingFault {
            place: path.to_string(),
            what: format!("holds a password, and everyone on this machine can read it; do: chmod o= {path}"),
        });
    }
    let (hold, of_environment) = effective(file.as_ref(), |name| std::env::var(name).ok());
    faults.extend(of_environment);
    let variables = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    faults.extend(unknown_variables(variables));
    Checked { file, hold, faults }
}

/// Variables that look like ours and are not read.
fn unknown_variables(names: impl Iterator<Item = String>) -> Vec<SettingFault> {
    let known = || {
        let settings = SETTINGS.iter().map(|setting| setting.env);
        settings.chain(VARIABLES_ONLY)
    };
    names
        .filter(|name| name.starts_with("XINLIAN_") && !name.starts_with("XINLIAN_TEST_"))
        .filter(|name| !known().any(|known| known == name))
        .map(|name| {
            let help = nearest(&name, known()).map_or_else(
                || "it has no effect; remove it".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            SettingFault {
                place: format!("environment: {name}"),
                what: format!("no such variable is read; {help}"),
            }
        })
        .collect()
}

#[cfg(unix)]
fn is_read_by_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn is_read_by_others(_: &Path) -> bool {
    false
}
