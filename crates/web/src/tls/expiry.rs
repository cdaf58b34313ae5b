//! Until when certificates hold: of all that X.509 says (RFC 5280, 4.1), the one day that an operator must not miss.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

use super::{TlsFault, TlsFiles, certificates};

const SEQUENCE: u8 = 0x30;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// The version of a certificate, which those of version 1 leave out.
const VERSION: u8 = 0xa0;

/// A file of certificates and the last moment at which all of them hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiry {
    /// Which.
    pub path: PathBuf,
    /// That of the first certificate in it to run out.
    pub until: Timestamp,
}

impl TlsFiles {
    /// Until when the server's certificates hold, and those of the authorities whose certificates clients show.
    ///
    /// # Errors
    /// When a file cannot be read, or a certificate does not say it.
    pub fn expiries(&self) -> Result<Vec<Expiry>, TlsFault> {
        let paths = [Some(&self.certificate), self.client_ca.as_ref()];
        paths.into_iter().flatten().map(|path| expiry(path)).collect()
    }
}

fn expiry(path: &Path) -> Result<Expiry, TlsFault> {
    let all = certificates(path)?;
    let all: Option<Vec<Timestamp>> = all.iter().map(|one| not_after(one)).collect();
    let first = all.and_then(|all| all.into_iter().min());
    let until =
        first.ok_or_else(|| super::fault(path, "certificates")("one does not say until when it holds"))?;
    Ok(Expiry {
        path: path.to_owned(),
        until,
    })
}

/// `notAfter` of a certificate in DER:
///
/// ```text
/// Certificate     SEQUENCE { TBSCertificate, … }
/// TBSCertificate  SEQUENCE { [0] version?, serialNumber, signature, issuer, Validity, … }
/// Validity        SEQUENCE { notBefore, notAfter }
/// ```
fn not_after(certificate: &[u8]) -> Option<Timestamp> {
    let within = |bytes| {
        let (tag, content, _) = element(bytes)?;
        (tag == SEQUENCE).then_some(content)
    };
    let mut rest = within(within(certificate)?)?;
    if rest.first() == Some(&VERSION) {
        rest = element(rest)?.2;
    }
    for _ in ["serialNumber", "signature", "issuer"] {
        rest = element(rest)?.2;
    }
    let (_, _, after) = element(within(rest)?)?;
    let (tag, text, _) = element(after)?;
    moment(tag, std::str::from_utf8(text).ok()?)
}

/// The first element: its tag, its content and what follows it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (usize::from(*length), rest),
        // So many bytes of length follow; four are more than any certificate has.
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
            let length = digits
                .iter()
                .fold(0, |length, digit| length << 8 | usize::from(*digit));
            (length, rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

/// `YYMMDDhhmmssZ`, of 1950 to 2049, or `YYYYMMDDhhmmssZ`.
fn moment(tag: u8, text: &str) -> Option<Timestamp> {
    let digits = text.strip_suffix('Z')?;
    let (year, rest) = match tag {
        UTC_TIME => {
            let (year, rest) = digits.split_at_checked(2)?;
            let year: i16 = year.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        GENERALIZED_TIME => {
            let (year, rest) = digits.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let part = |at: usize| rest.get(at..at + 2)?.parse::<i8>().ok();
    let day = Date::new(year, part(0)?, part(2)?).ok()?;
    let time = Time::new(part(4)?, part(6)?, part(8)?, 0).ok()?;
    Offset::UTC.to_timestamp(DateTime::from_parts(day, time)).ok()
}

#[cfg(test)]
mod tests {
    use tokio_rustls::rustls::pki_types::CertificateDer;
    use tokio_rustls::rustls::pki_types::pem::PemObject as _;

    use super::*;

    #[test]
    fn a_certificate_says_until_when_it_holds() {
        let made_up = CertificateDer::from_pem_slice(include_bytes!("../push/made_up/end.pem")).unwrap();
        let expected = "2126-11-03T07:07:15Z".parse().unwrap();
        assert_eq!(not_after(&made_up), Some(expected));
    }

    #[test]
    fn moments_are_of_either_form() {
        for (tag, text, expected) in [
            (UTC_TIME, "261227235959Z", Some("2026-12-27T23:59:59Z")),
            (UTC_TIME, "490101000000Z", Some("2049-01-01T00:00:00Z")),
            (UTC_TIME, "500101000000Z", Some("1950-01-01T00:00:00Z")),
            (GENERALIZED_TIME, "21261103070715Z", Some("2126-11-03T07:07:15Z")),
            (UTC_TIME, "261327235959Z", None),
            (UTC_TIME, "2612272359Z", None),
            (UTC_TIME, "261227235959", None),
            (GENERALIZED_TIME, "号号号号", None),
            (SEQUENCE, "261227235959Z", None),
        ] {
            let expected = expected.map(|moment| moment.parse().unwrap());
            assert_eq!(moment(tag, text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_cut_off_or_no_certificate_says_nothing() {
        let whole = CertificateDer::from_pem_slice(include_bytes!("../push/made_up/end.pem")).unwrap();
        for end in 0..whole.len() {
            assert_eq!(not_after(whole.get(..end).unwrap()), None);
        }
        for bytes in [&[0x30, 0x80][..], &[0x30, 0x85, 1, 1, 1, 1, 1], &[0x31, 0], &[]] {
            assert_eq!(not_after(bytes), None);
        }
    }
}
