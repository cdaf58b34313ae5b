//! Reading a policy file.

use std::collections::{BTreeMap, BTreeSet};

use super::{Group, Member, Octets, PolicyLog, PolicyWitness, Quorum, TrustPolicy};
use crate::VerifierKey;

/// The longest policy file that is read.
const MAX_POLICY_BYTES: usize = 1 << 20;

/// Why a file is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the trust policy: {why}; c2sp.org/tlog-policy says how it is written")]
pub struct PolicyFault {
    /// Which line, from 1; the last one if something is missing.
    pub line: usize,
    /// What is wrong with it.
    pub why: String,
}

impl TrustPolicy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// When it is none, with the first line that is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, PolicyFault> {
        let whole = |why: &str| PolicyFault {
            line: 1,
            why: why.to_owned(),
        };
        if bytes.len() > MAX_POLICY_BYTES {
            return Err(whole("the file is longer than 1 MiB"));
        }
        let lines = bytes
            .strip_suffix(b"\n")
            .ok_or_else(|| whole("the file does not end in a newline"))?;
        let mut reading = Reading::default();
        let mut last = 0;
        for (number, line) in (1..).zip(lines.split(|byte| *byte == b'\n')) {
            reading
                .take(line)
                .map_err(|why| PolicyFault { line: number, why })?;
            last = number;
        }
        let missing = || PolicyFault {
            line: last,
            why: "no line `quorum` stands in the file".to_owned(),
        };
        let quorum = reading.quorum.ok_or_else(missing)?;
        Ok(Self {
            logs: reading.logs,
            witnesses: reading.witnesses,
            groups: reading.groups,
            quorum,
        })
    }
}

#[derive(Default)]
struct Reading {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    quorum: Option<Quorum>,
    names: BTreeMap<Octets, Member>,
    /// Names that are members of some group.
    taken: BTreeSet<Octets>,
}

impl Reading {
    fn take(&mut self, line: &[u8]) -> Result<(), String> {
        let allowed = |byte: u8| byte == b'\t' || (b' '..=b'~').contains(&byte) || byte >= 0x80;
        if let Some(byte) = line.iter().find(|byte| !allowed(**byte)) {
            return Err(format!("it has the control character {byte:#04x}"));
        }
        let items: Vec<&[u8]> = line
            .split(|byte| matches!(byte, b' ' | b'\t'))
            .filter(|item| !item.is_empty())
            .collect();
        match items.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with(b"#") => Ok(()),
            [b"log", key] => self.log(key, None),
            [b"log", key, url] => self.log(key, Some(url)),
            [b"witness", name, key] => self.witness(name, key, None),
            [b"witness", name, key, url] => self.witness(name, key, Some(url)),
            [b"group", name, threshold, members @ ..] => self.group(name, threshold, members),
            [b"quorum", name] => self.set_quorum(name),
            [word @ (b"log" | b"witness" | b"group" | b"quorum"), ..] => Err(format!(
                "`{}` has too many or too few words after it",
                String::from_utf8_lossy(word)
            )),
            [word, ..] => Err(format!("`{}` begins no line", String::from_utf8_lossy(word))),
        }
    }

    fn log(&mut self, key: &[u8], url: Option<&&[u8]>) -> Result<(), String> {
        let key = read_key(key)?;
        if key.signs().is_cosignature() {
            return Err(format!(
                "the key of `{}` is a witness's and signs no checkpoints",
                key.name()
            ));
        }
        if self.logs.iter().any(|other| other.key.public() == key.public()) {
            return Err(format!("the key of `{}` stands for a log already", key.name()));
        }
        self.logs.push(PolicyLog {
            key,
            url: octets(url),
        });
        Ok(())
    }

    fn witness(&mut self, name: &[u8], key: &[u8], url: Option<&&[u8]>) -> Result<(), String> {
        let key = read_key(key)?;
        if !key.signs().is_cosignature() {
            return Err(format!(
                "the key of `{}` is a log's and cosigns nothing",
                key.name()
            ));
        }
        if self
            .witnesses
            .iter()
            .any(|other| other.key.public() == key.public())
        {
            return Err(format!(
                "the key of `{}` stands for a witness already",
                key.name()
            ));
        }
        let name = self.define(name, Member::Witness(self.witnesses.len()))?;
        self.witnesses.push(PolicyWitness {
            name,
            key,
            url: octets(url),
        });
        Ok(())
    }

    fn group(&mut self, name: &[u8], threshold: &[u8], names: &[&[u8]]) -> Result<(), String> {
        let mut members = Vec::with_capacity(names.len());
        for name in names {
            let name = Octets(name.to_vec());
            let member = self.names.get(&name).copied();
            members.push(member.ok_or_else(|| format!("`{name}` is not defined before this line"))?);
            if !self.taken.insert(name.clone()) {
                return Err(format!("`{name}` is a member already"));
            }
        }
        let threshold = match threshold {
            b"any" => 1,
            b"all" => members.len(),
            digits => decimal(digits).ok_or_else(|| {
                format!(
                    "`{}` is not `any`, `all` or a number",
                    String::from_utf8_lossy(digits)
                )
            })?,
        };
        if !(1..=members.len()).contains(&threshold) {
            return Err(format!(
                "{threshold} of {} members cannot be asked for",
                members.len()
            ));
        }
        let name = self.define(name, Member::Group(self.groups.len()))?;
        self.groups.push(Group {
            name,
            threshold,
            members,
        });
        Ok(())
    }

    fn set_quorum(&mut self, name: &[u8]) -> Result<(), String> {
        if self.quorum.is_some() {
            return Err("there is a line `quorum` already".to_owned());
        }
        let name = Octets(name.to_vec());
        let defined = self.names.get(&name).copied().map(Quorum::Of);
        let quorum = defined.or((name.as_bytes() == b"none").then_some(Quorum::Nobody));
        self.quorum = Some(quorum.ok_or_else(|| format!("`{name}` is not defined before this line"))?);
        Ok(())
    }

    fn define(&mut self, name: &[u8], member: Member) -> Result<Octets, String> {
        let name = Octets(name.to_vec());
        if name.as_bytes() == b"none" || self.names.insert(name.clone(), member).is_some() {
            return Err(format!("the name `{name}` is taken"));
        }
        Ok(name)
    }
}

fn octets(url: Option<&&[u8]>) -> Option<Octets> {
    url.map(|url| Octets(url.to_vec()))
}

fn read_key(key: &[u8]) -> Result<VerifierKey, String> {
    let text = std::str::from_utf8(key).map_err(|_| "the key is not UTF-8".to_owned())?;
    VerifierKey::parse(text).map_err(|fault| fault.to_string())
}

fn decimal(digits: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(digits).ok()?;
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}
