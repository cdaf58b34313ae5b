//! Trust policies (c2sp.org/tlog-policy): which logs, which witnesses, and how many of them must have cosigned.
//!
//! ```text
//! log <vkey> [<url>]
//! witness city <vkey> [<url>]
//! witness university <vkey>
//! group enough 3 city district town university
//! quorum enough
//! ```

mod read;
mod safety;

use std::fmt;

pub use read::PolicyFault;
pub use safety::Unsafe;

use crate::{NoteFault, PosixSeconds, SignedCheckpoint, VerifierKey, cosigned_at};

/// A name or an address of a policy file: octets, compared as such and shown as UTF-8 as far as they are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Octets(Vec<u8>);

impl Octets {
    /// The octets.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Octets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

/// A log that is accepted. Its key's name is its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyLog {
    /// Its key.
    pub key: VerifierKey,
    /// Where it is reached.
    pub url: Option<Octets>,
}

/// A witness whose cosignatures count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyWitness {
    /// How the policy calls it.
    pub name: Octets,
    /// Its key.
    pub key: VerifierKey,
    /// Where it takes checkpoints.
    pub url: Option<Octets>,
}

/// Who counts in a group or a quorum: a place in [`TrustPolicy::witnesses`] or [`TrustPolicy::groups`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Member {
    /// A witness.
    Witness(usize),
    /// A group, which stands before whoever names it.
    Group(usize),
}

/// Whose cosignature a checkpoint needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quorum {
    /// Nobody's: `quorum none`.
    Nobody,
    /// That of a witness, or of so many of a group.
    Of(Member),
}

/// So many of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// How the policy calls it.
    pub name: Octets,
    /// How many must have witnessed, 1 to the count of members.
    pub threshold: usize,
    /// Of whom. Nobody is a member of two groups.
    pub members: Vec<Member>,
}

/// A policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustPolicy {
    logs: Vec<PolicyLog>,
    witnesses: Vec<PolicyWitness>,
    groups: Vec<Group>,
    quorum: Quorum,
}

impl TrustPolicy {
    /// The logs.
    pub fn logs(&self) -> &[PolicyLog] {
        &self.logs
    }

    /// The witnesses.
    pub fn witnesses(&self) -> &[PolicyWitness] {
        &self.witnesses
    }

    /// The groups, each after its members.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Whose cosignature is asked for.
    pub fn quorum(&self) -> Quorum {
        self.quorum
    }

    /// The policy as a file: logs, witnesses, groups, quorum.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut file = Vec::new();
        let mut line = |words: &[&[u8]]| {
            file.extend(words.join(&b' '));
            file.push(b'\n');
        };
        for log in &self.logs {
            let key = log.key.to_string();
            let words = [b"log".as_slice(), key.as_bytes()].into_iter();
            line(
                &words
                    .chain(log.url.as_ref().map(Octets::as_bytes))
                    .collect::<Vec<_>>(),
            );
        }
        for witness in &self.witnesses {
            let key = witness.key.to_string();
            let words = [b"witness".as_slice(), witness.name.as_bytes(), key.as_bytes()].into_iter();
            line(
                &words
                    .chain(witness.url.as_ref().map(Octets::as_bytes))
                    .collect::<Vec<_>>(),
            );
        }
        for group in &self.groups {
            let threshold = group.threshold.to_string();
            let words = [b"group".as_slice(), group.name.as_bytes(), threshold.as_bytes()].into_iter();
            line(
                &words
                    .chain(group.members.iter().map(|member| self.name_of(*member)))
                    .collect::<Vec<_>>(),
            );
        }
        let quorum = match self.quorum {
            Quorum::Nobody => b"none",
            Quorum::Of(member) => self.name_of(member),
        };
        line(&[b"quorum", quorum]);
        file
    }

    fn name_of(&self, member: Member) -> &[u8] {
        let name = match member {
            Member::Witness(place) => self.witnesses.get(place).map(|witness| &witness.name),
            Member::Group(place) => self.groups.get(place).map(|group| &group.name),
        };
        name.map_or(b"none", Octets::as_bytes)
    }

    /// Who has signed a checkpoint, and whether that is enough.
    ///
    /// # Errors
    /// When no log of the policy has signed it, or a signature names a known key and is not of it.
    pub fn weigh(&self, signed: &SignedCheckpoint) -> Result<Weighed, NoteFault> {
        let origin = signed.checkpoint().origin.as_str();
        let of_log = self.logs.iter().map(|log| &log.key);
        let of_log: Vec<_> = of_log.filter(|key| key.name().as_str() == origin).collect();
        if of_log.is_empty() {
            let wanted = self.logs.iter().map(|log| log.key.name().clone()).collect();
            return Err(NoteFault::OtherLog {
                found: origin.to_owned(),
                wanted,
            });
        }
        let by_log = signed.note().verified(of_log)?;
        let Some((log, _)) = by_log.first() else {
            return Err(NoteFault::Unsigned(Vec::new()));
        };
        let mut cosigned = Vec::new();
        for (place, witness) in self.witnesses.iter().enumerate() {
            match signed.note().verified([&witness.key]) {
                Err(NoteFault::Unsigned(_)) => {}
                Err(fault) => return Err(fault),
                Ok(verified) => {
                    let at = verified
                        .first()
                        .and_then(|(key, signature)| cosigned_at(key, signature));
                    cosigned.extend(at.map(|at| (place, at)));
                }
            }
        }
        let is_witnessed = self.is_met(&cosigned);
        let missing =
            (0..self.witnesses.len()).filter(|place| cosigned.iter().all(|(other, _)| other != place));
        let name_of = |place: usize| self.witnesses.get(place).map(|witness| witness.name.clone());
        Ok(Weighed {
            log: (*log).clone(),
            missing: missing.filter_map(name_of).collect(),
            cosigned: cosigned
                .iter()
                .filter_map(|(place, at)| Some((name_of(*place)?, *at)))
                .collect(),
            is_witnessed,
        })
    }

    fn is_met(&self, cosigned: &[(usize, PosixSeconds)]) -> bool {
        let of_witness = |place: usize| cosigned.iter().any(|(other, _)| *other == place);
        let met =
            |members: &[bool], group: &Group| members.iter().filter(|met| **met).count() >= group.threshold;
        self.fold(of_witness, met).unwrap_or(true)
    }

    /// Works something out for the quorum from its witnesses up. `None` if nobody is asked.
    fn fold<T: Copy>(
        &self,
        of_witness: impl Fn(usize) -> T,
        of_group: impl Fn(&[T], &Group) -> T,
    ) -> Option<T> {
        let mut groups: Vec<T> = Vec::with_capacity(self.groups.len());
        for group in &self.groups {
            let members = group.members.iter().filter_map(|member| match member {
                Member::Witness(place) => Some(of_witness(*place)),
                // A group stands after its members.
                Member::Group(place) => groups.get(*place).copied(),
            });
            let members: Vec<T> = members.collect();
            groups.push(of_group(&members, group));
        }
        match self.quorum {
            Quorum::Nobody => None,
            Quorum::Of(Member::Witness(place)) => Some(of_witness(place)),
            Quorum::Of(Member::Group(place)) => groups.get(place).copied(),
        }
    }
}

/// Who has signed a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    log: VerifierKey,
    cosigned: Vec<(Octets, PosixSeconds)>,
    missing: Vec<Octets>,
    is_witnessed: bool,
}

impl Weighed {
    /// The log that signed.
    pub fn log(&self) -> &VerifierKey {
        &self.log
    }

    /// The witnesses that cosigned, and when.
    pub fn cosigned(&self) -> &[(Octets, PosixSeconds)] {
        &self.cosigned
    }

    /// The witnesses that did not.
    pub fn missing(&self) -> &[Octets] {
        &self.missing
    }

    /// Whether the quorum is met.
    pub fn is_witnessed(&self) -> bool {
        self.is_witnessed
    }
}

impl fmt::Display for Weighed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = |names: Vec<&Octets>| {
            let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
            names.join(", ")
        };
        let have = listed(self.cosigned.iter().map(|(name, _)| name).collect());
        f.write_str("cosigned by ")?;
        f.write_str(if have.is_empty() { "nobody" } else { &have })?;
        if !self.missing.is_empty() {
            write!(f, ", not by {}", listed(self.missing.iter().collect()))?;
        }
        f.write_str(if self.is_witnessed {
            ": the quorum is met"
        } else {
            ": the quorum is not met; ask those who lack"
        })
    }
}
