//! Whom a record is about, by what the base registers have taught of identifiers and names.

use std::collections::{HashMap, HashSet};

use assess::Bundle;
use record::{IdentifierKind, Record, SubjectId, SubjectKind, Value, same_name_key, tidy_text};

use crate::Result;
use crate::db::{Arg, Tx, args};
use crate::keys::Generation;
use crate::merger::{Groups, NOW};
use crate::project::{Numbered, Placement, Rows, UnlinkedWhy};
use crate::tags::{self, Tag};

/// What the database knows of the identifiers that a part names.
pub(crate) struct Known {
    subjects: HashMap<(IdentifierKind, Tag), SubjectId>,
    /// Whose file is whose.
    groups: Groups,
    /// The names in a file, by the subject whose file it is.
    names: HashSet<(SubjectId, Tag)>,
}

impl Known {
    pub(crate) async fn load(tx: &mut Tx, keys: &Generation, part: &[Numbered<'_>]) -> Result<Self> {
        let wanted: HashSet<(IdentifierKind, Tag)> = part
            .iter()
            .flat_map(|one| [identifier_of(keys, one.record), former_of(keys, one.record)])
            .flatten()
            .collect();
        let mut subjects = HashMap::new();
        let mut said: Vec<(SubjectId, Tag)> = Vec::new();
        // By kind, or every identifier there is would be read each time: the table is in the order of kind and tag.
        for kind in IdentifierKind::ALL {
            let of_kind = wanted.iter().filter(|(one, _)| *one == kind);
            let tags: Vec<Arg> = of_kind.map(|(_, tag)| Arg::from(*tag)).collect();
            let sql = format!(
                "SELECT i.tag, i.subject, n.tag FROM identifier i LEFT JOIN subject_name n ON n.subject = i.subject \
                 WHERE i.kind = '{}' AND i.tag IN ({{in}})",
                kind.code()
            );
            for row in tx.rows_in(&sql, &[], &tags).await? {
                let subject = SubjectId::from_i64(row.int(1)?);
                subjects.insert((kind, row.hash(0)?), subject);
                said.extend(row.hash_or_none(2)?.map(|name| (subject, name)));
            }
        }
        let found: HashSet<SubjectId> = subjects.values().copied().collect();
        let ids: Vec<SubjectId> = found.iter().copied().collect();
        let groups = Groups::load(tx, &ids, NOW).await?;
        // The names of those with whom they were merged.
        let others = groups.all().filter(|one| !found.contains(one));
        let others: Vec<Arg> = others.map(Arg::from).collect();
        let sql = "SELECT subject, tag FROM subject_name WHERE subject IN ({in})";
        for row in tx.rows_in(sql, &[], &others).await? {
            said.push((SubjectId::from_i64(row.int(0)?), row.hash(1)?));
        }
        let names = said
            .into_iter()
            .map(|(one, name)| (groups.root(one), name))
            .collect();
        Ok(Self {
            subjects,
            groups,
            names,
        })
    }

    /// Whom a record is about. Exact identifier and a known name, or no effect (guard 5); only the base
    /// registers make a subject or teach a new name.
    pub(crate) fn place(
        &mut self,
        keys: &Generation,
        bundle: Option<&Bundle>,
        one: Numbered<'_>,
        rows: &mut Rows,
    ) -> Placement {
        let Some(stated) = &one.record.subject else {
            return Placement::NoSubject;
        };
        let Some((kind, tag)) = identifier_of(keys, one.record) else {
            return Placement::Unlinked(UnlinkedWhy::NoIdentifier);
        };
        let founds = bundle
            .and_then(|bundle| bundle.item(&one.record.item))
            .is_some_and(|item| item.founds);
        let name = tags::of_name(keys, &stated.name);
        let knows = |subject: SubjectId| self.names.contains(&(self.groups.root(subject), name));
        let former = former_of(keys, one.record).filter(|_| founds);
        let subject = match self.subjects.get(&(kind, tag)) {
            Some(subject) if founds || knows(*subject) => *subject,
            Some(_) => return Placement::Unlinked(UnlinkedWhy::NameDiffers),
            // A changed identifier founds nobody: it is one more of the subject that had the former one.
            None if let Some(former) = former => match self.subjects.get(&former).copied() {
                Some(subject) if knows(subject) => {
                    self.subjects.insert((kind, tag), subject);
                    rows.identifier.push(args![kind.code(), tag, subject, one.number]);
                    subject
                }
                Some(_) => return Placement::Unlinked(UnlinkedWhy::NameDiffers),
                None => return Placement::Unlinked(UnlinkedWhy::UnknownIdentifier),
            },
            None if founds => {
                let subject = SubjectId(one.number.0);
                self.subjects.insert((kind, tag), subject);
                rows.subject.push(args![subject, stated.kind.code()]);
                rows.identifier.push(args![kind.code(), tag, subject, one.number]);
                subject
            }
            None => return Placement::Unlinked(UnlinkedWhy::UnknownIdentifier),
        };
        if founds {
            self.names.insert((self.groups.root(subject), name));
            rows.subject_name.push(args![subject, name, one.number]);
        }
        // A sole trader may be named by its owner's resident number, which is nobody else's business.
        let public = stated.identifier.as_ref().filter(|identifier| {
            founds && stated.kind != SubjectKind::Person && identifier.kind().is_of_organisation()
        });
        if let Some(identifier) = public {
            let line = args![
                subject,
                stated.kind.code(),
                stated.name.as_str(),
                same_name_key(&stated.name),
                identifier.value(),
                one.number
            ];
            rows.organisation.insert(subject, line);
        }
        Placement::Of(subject)
    }
}

fn identifier_of(keys: &Generation, record: &Record) -> Option<(IdentifierKind, Tag)> {
    let identifier = record.subject.as_ref()?.identifier.as_ref()?;
    Some((
        identifier.kind(),
        tags::of_identifier(keys, identifier.kind(), identifier.value()),
    ))
}

/// The identifier that a base register says the subject had before.
fn former_of(keys: &Generation, record: &Record) -> Option<(IdentifierKind, Tag)> {
    let (Some(Value::Text(kind)), Some(Value::Text(value))) = (
        record.field("former_identifier_kind"),
        record.field("former_identifier"),
    ) else {
        return None;
    };
    let kind = IdentifierKind::from_code(kind)?;
    let value: String = tidy_text(value)
        .chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_uppercase)
        .collect();
    Some((kind, tags::of_identifier(keys, kind, &value)))
}
