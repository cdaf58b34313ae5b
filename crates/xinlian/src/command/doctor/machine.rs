//! What is looked at without the database: settings, files, disks, backups, fonts.

use std::path::Path;

use indicatif::HumanBytes;
use store::{Clock, Keys, Manifest};
use web::Expiry;

use super::Finding;
use crate::command::backup::BackupFolder;
use crate::command::config;
use crate::command::serve::{Certificates, Collector, Disk, ReportFont};
use crate::place::StoreArgs;

const DAY_MS: i64 = 86_400_000;
/// With fewer days left, it is time to get new certificates.
const CERTIFICATE_DAYS_LEAST: i64 = 30;

/// The file of settings and the environment.
pub(super) fn settings(named: Option<&Path>) -> Vec<Finding> {
    let checked = config::checked(named);
    if checked.faults.is_empty() {
        let file = checked.file.map_or_else(
            || "no file of settings; the command line, the environment and what is built in".to_owned(),
            |file| format!("`{}`", file.path.display()),
        );
        return vec![Finding::ok("settings", file)];
    }
    let faults = checked.faults.into_iter();
    faults
        .map(|fault| {
            Finding::fault(
                "settings",
                fault.to_string(),
                "mend it; `xinlian config check` says what holds",
            )
        })
        .collect()
}

/// The key file: there, whole, and read by its owner alone.
pub(super) fn key_file(store: &StoreArgs) -> Vec<Finding> {
    let path = store.keys_file();
    let said = path.display();
    if let Err(error) = Keys::load(&path) {
        return vec![Finding::fault(
            "keys",
            error.to_string(),
            "bring back the key file that belongs to this store",
        )];
    }
    let mut found = Vec::new();
    if others_may(&path, 0o077) {
        found.push(Finding::fault(
            "keys",
            format!("`{said}` can be read by others than its owner"),
            format!("chmod 600 {said}"),
        ));
    }
    if store.database.is_none() && others_may(&store.data, 0o077) {
        let data = store.data.display();
        found.push(Finding::warn(
            "keys",
            format!("the folder `{data}` is open to others than its owner"),
            format!("chmod 700 {data}"),
        ));
    }
    if found.is_empty() {
        found.push(Finding::ok("keys", format!("`{said}`, read by its owner alone")));
    }
    found
}

/// Whether the rights of a file have any of these bits.
fn others_may(path: &Path, bits: u32) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::metadata(path).is_ok_and(|data| data.permissions().mode() & bits != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = (path, bits);
        false
    }
}

/// What is free where the store and its backups lie.
pub(super) fn disk(store: &StoreArgs, backups: &BackupFolder, least: Disk) -> Vec<Finding> {
    let folders = [Some(store.data.as_path()), backups.backup_folder.as_deref()];
    let least = u64::from(least.free_mib_least) * 1024 * 1024;
    folders
        .into_iter()
        .flatten()
        .filter_map(|folder| Some((folder, store::free_bytes(folder)?)))
        .map(|(folder, free)| {
            let says = format!("{} free in `{}`", HumanBytes(free), folder.display());
            if free < least {
                Finding::fault(
                    "disk",
                    says,
                    format!("make room: {} must be free", HumanBytes(least)),
                )
            } else if free < least.saturating_mul(4) {
                Finding::warn("disk", says, "make room soon")
            } else {
                Finding::ok("disk", says)
            }
        })
        .collect()
}

/// The newest backup and its age.
pub(super) fn backups(folder: &BackupFolder, age_hours_most: u32) -> Vec<Finding> {
    let Some(folder) = &folder.backup_folder else {
        let help = "set `folder` below `[backup]`, and run `xinlian backup` every night";
        return vec![Finding::warn("backup", "nobody said where backups lie", help)];
    };
    let Some((path, manifest)) = Manifest::newest(folder) else {
        let says = format!("there is no backup in `{}`", folder.display());
        return vec![Finding::fault(
            "backup",
            says,
            "run `xinlian backup`, and every night from now on",
        )];
    };
    let hours = (Clock::System.now_ms() - manifest.made_ms) / 3_600_000;
    let says = format!(
        "`{}`, {hours} hours old, {} records",
        path.display(),
        manifest.records
    );
    vec![if hours > i64::from(age_hours_most) {
        Finding::warn("backup", says, "run `xinlian backup`, and see why none was made")
    } else {
        Finding::ok("backup", says)
    }]
}

/// A font with Chinese characters, by which reports are made, and who prints from a browser on this machine needs one.
pub(super) fn fonts(named: &ReportFont) -> Finding {
    match web::ReportFont::find(named.report_font.as_deref()) {
        Ok(font) => Finding::ok("fonts", format!("`{}`", font.path().display())),
        Err(fault) => Finding::warn(
            "fonts",
            format!("no report can be made as a PDF: {fault}"),
            "install `fonts-wqy-microhei`, or set `font` below `[report]`; pages can still be printed from the browser",
        ),
    }
}

/// Certificates and keys, where the program speaks TLS itself: whether they would be taken, which new ones that are broken are not, and
/// whether they run out.
pub(super) fn certificates(tls: &Certificates) -> Vec<Finding> {
    let files = match tls.files() {
        Ok(Some(files)) => files,
        Ok(None) => return Vec::new(),
        Err(fault) => {
            let help = "set both `certificate` and `key` below `[tls]`, or neither";
            return vec![Finding::fault("tls", fault.to_string(), help)];
        }
    };
    match files.acceptor().and_then(|_| files.expiries()) {
        Ok(all) => all
            .iter()
            .map(|expiry| running_out(expiry, Clock::System.now_ms()))
            .collect(),
        Err(fault) => vec![Finding::fault(
            "tls",
            fault.to_string(),
            "mend the files: a server that runs goes on with those it has read, and would not start again",
        )],
    }
}

/// Whether the certificates of a file still hold, and for long enough to get new ones in peace.
fn running_out(expiry: &Expiry, now_ms: i64) -> Finding {
    let path = expiry.path.display();
    let until = expiry.until.as_millisecond();
    let (day, days) = (Clock::minute_of(until), (until - now_ms) / DAY_MS);
    let help =
        "get new ones and put them in the same files: they are read within a minute, and connections stay";
    if until <= now_ms {
        Finding::fault("tls", format!("`{path}` ran out at {day}"), help)
    } else if days < CERTIFICATE_DAYS_LEAST {
        Finding::warn("tls", format!("`{path}` runs out at {day}, in {days} days"), help)
    } else {
        Finding::ok("tls", format!("`{path}`, until {day}"))
    }
}

/// Whether the collector of traces takes nothing, sent to it.
pub(super) async fn collector(otlp: &Collector) -> Option<Finding> {
    let endpoint = otlp.otlp_endpoint.as_deref()?;
    let sent = match web::Trust::of_machine() {
        Ok(trust) => web::otlp_test(&trust, endpoint).await,
        Err(fault) => Err(fault),
    };
    Some(match sent {
        Ok(()) => Finding::ok("otlp", format!("`{endpoint}` takes traces")),
        Err(fault) => Finding::warn(
            "otlp",
            format!("`{endpoint}` takes no traces: {fault}"),
            "start the collector, or correct `endpoint` below `[otlp]`; without it nothing else suffers",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::doctor::State;

    #[test]
    fn certificates_are_told_of_a_month_before_they_run_out() {
        let expiry = Expiry {
            path: "server.pem".into(),
            until: "2026-12-31T00:00:00Z".parse().unwrap(),
        };
        for (now, state, says) in [
            ("2026-12-01T00:00:00Z", State::Ok, "until 2026-12-31 08:00"),
            ("2026-12-01T00:00:01Z", State::Warn, "in 29 days"),
            ("2026-12-30T23:59:59Z", State::Warn, "in 0 days"),
            (
                "2026-12-31T00:00:00Z",
                State::Fault,
                "ran out at 2026-12-31 08:00",
            ),
        ] {
            let now: jiff::Timestamp = now.parse().unwrap();
            let found = running_out(&expiry, now.as_millisecond());
            assert_eq!(found.state, state, "{now}");
            assert!(found.says.contains(says), "{}", found.says);
        }
    }
}
