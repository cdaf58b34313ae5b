//! What values a setting takes.

use std::net::{IpAddr, SocketAddr};

use jiff::civil::Time;

/// The values of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A file or folder.
    Path,
    /// The address of a PostgreSQL database, which may hold a password.
    DatabaseUrl,
    /// An IP address.
    Address,
    /// An IP address with a port.
    Socket,
    /// Where a site is reached: `https://` and a host.
    WebAddress,
    /// A whole number from 0.
    Whole {
        /// The greatest.
        most: u32,
    },
    /// `true` or `false`.
    YesNo,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// What is logged.
    LogFilter,
    /// The name of the log.
    LogName,
    /// `02:30`, or nothing for never.
    TimeOfDay,
}

impl Kind {
    /// Whether it takes this value; what is wrong with it, never with a secret in it.
    pub(crate) fn check(self, value: &str) -> Result<(), String> {
        match self {
            Self::Path if value.trim().is_empty() => Err("an empty path; name a file or folder".to_owned()),
            Self::Path => Ok(()),
            Self::DatabaseUrl if value.starts_with("postgres://") || value.starts_with("postgresql://") => {
                Ok(())
            }
            Self::DatabaseUrl => Err("write `postgres://user@host/database`".to_owned()),
            Self::Address if value.parse::<IpAddr>().is_ok() => Ok(()),
            Self::Address => Err(format!(
                "`{value}` is no IP address; write e.g. `127.0.0.1` or `::1`"
            )),
            Self::Socket if value.parse::<SocketAddr>().is_ok() => Ok(()),
            Self::Socket => Err(format!(
                "`{value}` is no address with a port; write e.g. `127.0.0.1:9430`"
            )),
            Self::WebAddress if is_web_address(value) => Ok(()),
            Self::WebAddress => Err(format!(
                "`{value}` is no address of a site; write e.g. `https://credit.example.gov.cn`"
            )),
            Self::Whole { most } if value.parse::<u32>().is_ok_and(|number| number <= most) => Ok(()),
            Self::Whole { most } => Err(format!("`{value}` is no whole number from 0 to {most}")),
            Self::YesNo if matches!(value, "true" | "false") => Ok(()),
            Self::YesNo => Err(format!("`{value}` is neither `true` nor `false`")),
            Self::OneOf(words) if words.contains(&value) => Ok(()),
            Self::OneOf(words) => Err(format!("`{value}` is none of `{}`", words.join("`, `"))),
            Self::LogName if ledger::KeyName::new(value).is_ok() => Ok(()),
            Self::LogName => Err(format!(
                "`{value}` is no name of a log: it has no space and no plus sign; write e.g. `credit.example.gov.cn/log`"
            )),
            Self::TimeOfDay if value.is_empty() || time_of_day(value).is_some() => Ok(()),
            Self::TimeOfDay => Err(format!(
                "`{value}` is no time of day; write e.g. `02:30`, or nothing for never"
            )),
            Self::LogFilter => match tracing_subscriber::EnvFilter::try_new(value) {
                Ok(_) => Ok(()),
                Err(error) => Err(format!(
                    "`{value}` is no filter: {error}; write e.g. `warn,web=info`"
                )),
            },
        }
    }

    /// Whether the file says it without quotation marks.
    pub(crate) fn is_bare(self) -> bool {
        matches!(self, Self::Whole { .. } | Self::YesNo)
    }

    /// Whether a value may hold what nobody else should read.
    pub(crate) fn is_secret(self) -> bool {
        self == Self::DatabaseUrl
    }

    /// A value for people, without a password.
    pub(crate) fn shown(self, value: &str) -> String {
        if !self.is_secret() {
            return value.to_owned();
        }
        // A password may hold an `@`; a query may hold another password.
        let (address, query) = value.split_once('?').unwrap_or((value, ""));
        let mut shown = match address.rsplit_once('@') {
            Some((before, after)) => {
                let (scheme, user) = before.split_once("://").unwrap_or(("", before));
                let (user, password) = user.split_once(':').map_or((user, ""), |(user, _)| (user, ":…"));
                format!("{scheme}://{user}{password}@{after}")
            }
            None => address.to_owned(),
        };
        if !query.is_empty() {
            shown.push_str("?…");
        }
        shown
    }
}

/// A time of day as hours and minutes.
pub(crate) fn time_of_day(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let number = |part: &str| (part.len() == 2).then(|| part.parse().ok()).flatten();
    Time::new(number(hour)?, number(minute)?, 0, 0).ok()
}

fn is_web_address(value: &str) -> bool {
    let host = ["https://", "http://"]
        .iter()
        .find_map(|scheme| value.strip_prefix(scheme));
    host.is_some_and(|host| {
        let host = host.trim_end_matches('/');
        !host.is_empty()
            && host.len() <= 200
            && host
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-.:/[]_".contains(&b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_taken_or_told_what_is_wrong() {
        let check = |kind: Kind, good: &[&str], bad: &[&str]| {
            for value in good {
                kind.check(value).unwrap();
            }
            for value in bad {
                assert!(kind.check(value).is_err(), "{kind:?} took `{value}`");
            }
        };
        check(Kind::Path, &["/a", "b"], &["", " "]);
        check(Kind::DatabaseUrl, &["postgres://h/d"], &["mysql://h/d", "h"]);
        check(Kind::Address, &["::1", "0.0.0.0"], &["localhost", "1.2.3"]);
        check(
            Kind::Socket,
            &["127.0.0.1:9430", "[::1]:1"],
            &["127.0.0.1", ":9430"],
        );
        check(
            Kind::WebAddress,
            &["https://credit.example", "http://127.0.0.1:8430/"],
            &["credit.example", "https://", "https://a b", "https://a?q=1"],
        );
        check(Kind::Whole { most: 9 }, &["0", "9"], &["10", "-1", "x", "1.0"]);
        check(Kind::YesNo, &["true", "false"], &["yes", "1"]);
        check(Kind::OneOf(&["a"]), &["a"], &["b"]);
        check(
            Kind::TimeOfDay,
            &["", "02:30", "23:59"],
            &["2:30", "24:00", "02:30:00", "x"],
        );
        check(Kind::LogFilter, &["info", "warn,web=debug"], &["web=loud"]);
    }

    #[test]
    fn a_password_is_never_shown() {
        let check = |value: &str, shown: &str| assert_eq!(Kind::DatabaseUrl.shown(value), shown);
        check("postgres://h/d", "postgres://h/d");
        check("postgres://u@h/d", "postgres://u@h/d");
        check("postgres://u:s3@cret@h:5432/d", "postgres://u:…@h:5432/d");
        check("postgres://h/d?password=s3", "postgres://h/d?…");
        assert!(!Kind::DatabaseUrl.check("s3cret").unwrap_err().contains("s3cret"));
    }
}
