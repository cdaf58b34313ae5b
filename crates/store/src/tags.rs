//! Tags: keyed hashes by which equal things are found without being stored in clear. One area code holds
//! about 36.5 million possible ID numbers, so an unkeyed hash would protect nobody.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use hmac::{Hmac, KeyInit as _, Mac as _};
use record::{IdentifierKind, LayoutCode, Record, Reference, Relation, same_name};
use sha2::Sha256;

use crate::keys::Generation;

pub(crate) type Tag = [u8; 32];

/// Things by tags.
pub(crate) type TagMap<K, V> = HashMap<K, V, BuildHasherDefault<Drawn>>;
/// Tags, or things with one.
pub(crate) type TagSet<K> = HashSet<K, BuildHasherDefault<Drawn>>;

/// The hash of a tag is its beginning: nobody without the key can choose it.
#[derive(Default)]
pub(crate) struct Drawn(u64);

impl Hasher for Drawn {
    fn write(&mut self, bytes: &[u8]) {
        let first = bytes.first_chunk().map_or(0, |first| u64::from_le_bytes(*first));
        self.0 = self.0.rotate_left(5) ^ first;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Parts are length-prefixed, so that no two lists of parts run together.
fn tag(keyed: &Hmac<Sha256>, what: &str, parts: &[&[u8]]) -> Tag {
    let mut mac = keyed.clone();
    take_in(
        &mut mac,
        std::iter::once(what.as_bytes()).chain(parts.iter().copied()),
    );
    mac.finalize().into_bytes().into()
}

fn take_in<'p>(mac: &mut Hmac<Sha256>, parts: impl Iterator<Item = &'p [u8]>) {
    let mut gathered = Gathered::default();
    for part in parts {
        gathered.push(mac, &u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        gathered.push(mac, part);
    }
    mac.update(gathered.bytes());
}

/// Small parts, which are hashed together: to take one in costs more than to copy it.
struct Gathered {
    bytes: [u8; 256],
    length: usize,
}

impl Default for Gathered {
    fn default() -> Self {
        Self {
            bytes: [0; 256],
            length: 0,
        }
    }
}

impl Gathered {
    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    fn push(&mut self, mac: &mut Hmac<Sha256>, part: &[u8]) {
        let end = self.length + part.len();
        if let Some(place) = self.bytes.get_mut(self.length..end) {
            place.copy_from_slice(part);
            self.length = end;
        } else {
            mac.update(self.bytes());
            mac.update(part);
            self.length = 0;
        }
    }
}

/// A hash under a key, which has taken the key in: a quarter of the work of hashing something short.
pub(crate) fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes keys of any length")
    };
    mac
}

pub(crate) fn of_identifier(keys: &Generation, kind: IdentifierKind, value: &str) -> Tag {
    tag(
        &keys.indexed,
        "identifier/v1",
        &[kind.code().as_bytes(), value.as_bytes()],
    )
}

/// The seed of the key that answers are signed with.
pub(crate) fn of_signing(keys: &Generation) -> Tag {
    tag(&keyed(&keys.wrap), "answer signing/v1", &[])
}

pub(crate) fn of_name(keys: &Generation, name: &str) -> Tag {
    tag(&keys.indexed, "name/v1", &[same_name(name).as_bytes()])
}

/// What a register is searched by: a name, its sound, a birthday.
pub(crate) fn of_mark(keys: &Generation, mark: &str) -> Tag {
    tag(&keys.indexed, "mark/v1", &[mark.as_bytes()])
}

/// What makes two rows "the same": source, layout, document number, item, subject's identifier; and, where
/// there is no document, the day. Source and layout are those of the whole hand-in, and taken in once.
pub(crate) struct Sameness(Hmac<Sha256>);

impl Sameness {
    pub(crate) fn of(keys: &Generation, source: &str, layout: Option<&LayoutCode>) -> Self {
        let layout = layout.map_or("", LayoutCode::as_str);
        let mut mac = keys.indexed.clone();
        take_in(
            &mut mac,
            ["same/v1", source, layout].into_iter().map(str::as_bytes),
        );
        Self(mac)
    }

    pub(crate) fn tag(&self, record: &Record) -> Tag {
        let identifier = record
            .subject
            .as_ref()
            .and_then(|subject| subject.identifier.as_ref());
        let name = match (identifier, &record.subject) {
            (None, Some(subject)) => same_name(&subject.name),
            _ => Cow::default(),
        };
        let (document, day) = match &record.document {
            Some(document) => (document.number.as_str(), String::new()),
            None => ("", record.occurred.to_string()),
        };
        let (kind, value) = identifier.map_or(("name", &*name), |id| (id.kind().code(), id.value()));
        let parts = [document, record.item.as_str(), kind, value, &day];
        let mut mac = self.0.clone();
        take_in(&mut mac, parts.into_iter().map(str::as_bytes));
        mac.finalize().into_bytes().into()
    }
}

/// What a row says. That it corrects another record is not part of it: a row handed in as a correction says
/// the same as when it is handed in again.
pub(crate) fn of_content(keys: &Generation, record: &Record, canonical_bytes: &[u8]) -> Tag {
    let corrects = |reference: &Reference| reference.relation == Relation::Corrects;
    if !record.references.iter().any(corrects) {
        return tag(&keys.indexed, "content/v1", &[canonical_bytes]);
    }
    let mut bare = record.clone();
    bare.references.retain(|reference| !corrects(reference));
    tag(&keys.indexed, "content/v1", &[&bare.canonical_bytes()])
}

/// What somebody typed as a sign-in name, which may be anything, a resident number too.
pub(crate) fn of_attempt(keys: &Generation, name: &str) -> Tag {
    tag(&keys.indexed, "attempt/v1", &[name.as_bytes()])
}

/// By what an auditor tells one subject from another without knowing either.
pub(crate) fn of_pseudonym(keys: &Generation, subject: i64) -> Tag {
    tag(&keys.indexed, "pseudonym/v1", &[&subject.to_le_bytes()])
}

/// By which a key file is known to belong to a database; it tells nothing of the keys.
pub(crate) fn of_keys(keys: &Generation) -> Tag {
    tag(&keyed(&keys.wrap), "keys/v1", &[&keys.index])
}

/// An act is the same as no other: its number sets it apart.
pub(crate) fn of_act(keys: &Generation, number: record::RecordNumber) -> Tag {
    tag(&keys.indexed, "act/v1", &[&number.0.to_le_bytes()])
}
