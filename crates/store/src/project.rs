//! Projections: one function over records in the order of their numbers, which appending, rebuilding and
//! verifying all call. Nothing else writes a projection.

use std::collections::BTreeMap;

use assess::{Bundle, Item, Publicity};
use record::{
    Act, ItemCode, Record, RecordNumber, Relation, SubjectId, SubmissionId, Target, Value, same_name_key,
};

use crate::act::said;
use crate::bundle::Items;
use crate::columns::Column;
use crate::db::{Arg, Tx, args};
use crate::keys::Generation;
use crate::known::{Identified, Known};
use crate::likeness;
use crate::mandate::mandate_row;
use crate::merger::{is_merging, remerge};
use crate::oversight::project_questions;
use crate::plea::project_pleas;
use crate::public_record::{PUBLIC_COLUMNS, public_row};
use crate::tally::project_tally;
use crate::targets::Targets;
use crate::{Result, Store};

/// The tables that are projections, with their columns; the key comes first.
pub(crate) const PROJECTIONS: [(&str, &[&str]); 20] = [
    ("subject", &["id", "kind"]),
    ("identifier", &["kind", "tag", "subject", "number"]),
    ("subject_name", &["subject", "tag", "number"]),
    (
        "membership",
        &["subject", "number", "from_number", "until_number"],
    ),
    (
        "reference",
        &[
            "number",
            "place",
            "relation",
            "target_number",
            "target_submission",
        ],
    ),
    ("confirmation", &["submission", "number", "officer", "submitter"]),
    ("unlinked", &["number", "source", "why"]),
    ("bundle", &["number", "digest"]),
    (
        "organisation",
        &[
            "subject",
            "kind",
            "name",
            "search_name",
            "uscc",
            "number",
            "initials",
        ],
    ),
    ("organisation_document", &["number", "document"]),
    ("public_record", &PUBLIC_COLUMNS),
    ("linked_adverse", &["number", "submission"]),
    (
        "merger",
        &["number", "subject", "merged", "from_number", "until_number"],
    ),
    ("plea", &["number", "about", "source", "answered_number"]),
    ("likeness", &["mark", "subject"]),
    (
        "look_question",
        &["number", "look", "answered_number", "withdrawn_number"],
    ),
    ("look_review", &["number", "look", "finding"]),
    ("mandate", &["number", "tag", "person"]),
    ("tally", &["month", "source", "item", "records"]),
    ("subject_tally", &["month", "kind", "subjects"]),
];

/// A record that has its number and is in the table `record`.
#[derive(Clone, Copy)]
pub(crate) struct Numbered<'a> {
    pub(crate) number: RecordNumber,
    pub(crate) submission: SubmissionId,
    pub(crate) record: &'a Record,
}

/// Why a record belongs to nobody yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnlinkedWhy {
    /// The source gave no identifier. A name alone never matches.
    NoIdentifier,
    /// No base register has the identifier.
    UnknownIdentifier,
    /// The identifier is known under another name.
    NameDiffers,
    /// A person undid its link.
    Undone,
}

impl UnlinkedWhy {
    /// Its code in SQL, reports and locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoIdentifier => "no_identifier",
            Self::UnknownIdentifier => "unknown_identifier",
            Self::NameDiffers => "name_differs",
            Self::Undone => "undone",
        }
    }

    /// The reason with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        [
            Self::NoIdentifier,
            Self::UnknownIdentifier,
            Self::NameDiffers,
            Self::Undone,
        ]
        .into_iter()
        .find(|why| why.code() == code)
    }
}

/// Where a record came to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Placement {
    Of(SubjectId),
    Unlinked(UnlinkedWhy),
    NoSubject,
}

/// Writes the projections of a run of records, in the order of their numbers. The bundle is the one
/// published before the run; a publication ends a run.
pub(crate) async fn project(
    store: &Store,
    tx: &mut Tx,
    keys: &Generation,
    bundle: Option<&Bundle>,
    run: &[Numbered<'_>],
    known: &mut Known,
) -> Result<Vec<Placement>> {
    let mut placements = Vec::with_capacity(run.len());
    // A link, unlink or merge looks at what the records before it wrote, so it is a run of its own.
    let alone = |record: &Record| is_linking(record) || is_merging(record);
    for part in run.chunk_by(|a, b| !alone(a.record) && !alone(b.record)) {
        match part {
            [one] if is_linking(one.record) => placements.push(relink(tx, bundle, *one).await?),
            [one] if is_merging(one.record) => {
                *known = Known::default();
                placements.push(remerge(tx, *one).await?);
            }
            part => {
                let (placed, rows) = place(tx, keys, bundle, part, known).await?;
                project_placed(store, tx, keys, bundle, part, (&placed, rows)).await?;
                placements.extend(placed);
            }
        }
    }
    project_tally(tx, run, &placements).await?;
    Ok(placements)
}

/// Where a run of records, none of which is an act that links, comes to stand, and the rows of the subjects, identifiers and names that
/// the base registers teach by it. Nothing is written.
pub(crate) async fn place(
    tx: &mut Tx,
    keys: &Generation,
    bundle: Option<&Bundle>,
    run: &[Numbered<'_>],
    known: &mut Known,
) -> Result<(Vec<Placement>, Rows)> {
    let mut identified: Vec<Identified> = run.iter().map(|one| Identified::of(keys, one.record)).collect();
    known.learn(tx, &mut identified).await?;
    let mut items = Items::of(bundle);
    let mut rows = Rows::default();
    let placements = run
        .iter()
        .zip(&identified)
        .map(|(one, identified)| {
            let founds = items.item(&one.record.item).is_some_and(|item| item.founds);
            known.place(keys, founds, *one, identified, &mut rows)
        })
        .collect();
    Ok((placements, rows))
}

fn is_linking(record: &Record) -> bool {
    matches!(record.act(), Some(Act::Link | Act::Unlink))
}

/// Writes the projections of a run that was placed, but for the tally.
pub(crate) async fn project_placed(
    store: &Store,
    tx: &mut Tx,
    keys: &Generation,
    bundle: Option<&Bundle>,
    part: &[Numbered<'_>],
    (placements, mut rows): (&[Placement], Rows),
) -> Result<()> {
    let mut items = Items::of(bundle);
    for (one, placement) in part.iter().zip(placements) {
        rows.take_placed(keys, items.item(&one.record.item), *one, *placement);
    }
    let targets = Targets::load(store, tx, part).await?;
    for one in part {
        rows.take_references(*one, &targets);
    }
    rows.take_confirmations(tx, part).await?;
    rows.write(tx).await?;
    project_pleas(tx, bundle, part).await?;
    project_questions(tx, part).await
}

/// Rows to be written, by table.
#[derive(Default)]
pub(crate) struct Rows {
    pub(crate) subject: Vec<Vec<Arg>>,
    pub(crate) identifier: Vec<Vec<Arg>>,
    pub(crate) subject_name: Vec<Vec<Arg>>,
    likeness: Vec<Vec<Arg>>,
    /// Subjects, and the records that are about them from their own number on.
    membership: Vec<(SubjectId, RecordNumber)>,
    /// Whether those lie in segments under these subjects.
    pub(crate) at_home: bool,
    reference: Vec<Vec<Arg>>,
    /// By submission; the newest last.
    confirmation: Vec<(SubmissionId, Vec<Arg>)>,
    unlinked: Vec<Vec<Arg>>,
    bundle: Vec<Vec<Arg>>,
    pub(crate) organisation: BTreeMap<SubjectId, Vec<Arg>>,
    organisation_document: Vec<Vec<Arg>>,
    public_record: Vec<Vec<Arg>>,
    mandate: Vec<Vec<Arg>>,
}

impl Rows {
    fn take_placed(
        &mut self,
        keys: &Generation,
        item: Option<&Item>,
        one: Numbered<'_>,
        placement: Placement,
    ) {
        self.organisation_document.extend(public_document(item, one));
        self.public_record.extend(public_row(one));
        self.mandate.extend(mandate_row(keys, item, one));
        match placement {
            Placement::Of(subject) => {
                if item.is_some_and(|item| item.founds) {
                    let marks = likeness::marks(keys, one.record).into_iter();
                    self.likeness.extend(marks.map(|mark| args![mark, subject]));
                }
                self.membership.push((subject, one.number));
            }
            Placement::Unlinked(why) => {
                self.unlinked
                    .push(args![one.number, one.record.source.as_str(), why.code()]);
            }
            Placement::NoSubject => {}
        }
        if let (Some(Act::PublishPolicy), Some(Value::Text(digest))) =
            (one.record.act(), one.record.field("digest"))
        {
            self.bundle.push(args![one.number, digest.as_str()]);
        }
    }

    pub(crate) fn take_references(&mut self, one: Numbered<'_>, targets: &Targets) {
        for (place, reference) in one.record.references.iter().enumerate() {
            let (number, submission) = match reference.target {
                Target::Number(number) => (Some(number), None),
                Target::Commitment(commitment) => (targets.number(&commitment), None),
                Target::Submission(submission) => (None, Some(submission)),
            };
            // A reference forward, or to nothing, is kept in the record and bears on nothing.
            let number = number.filter(|number| *number < one.number);
            let place = i64::try_from(place).unwrap_or(i64::MAX);
            let relation = i64::from(reference.relation.number());
            self.reference
                .push(args![one.number, place, relation, number, submission]);
        }
    }

    pub(crate) async fn take_confirmations(&mut self, tx: &mut Tx, part: &[Numbered<'_>]) -> Result<()> {
        for one in part.iter().filter(|one| one.record.act() == Some(Act::Confirm)) {
            let Some(officer) = said(one.record, "officer") else {
                continue;
            };
            for reference in one
                .record
                .references
                .iter()
                .filter(|r| r.relation == Relation::Confirms)
            {
                let Target::Submission(submission) = reference.target else {
                    continue;
                };
                let submitter = tx
                    .row("SELECT officer FROM submission WHERE id = $1", args![submission])
                    .await?;
                if let Some(submitter) = submitter {
                    let submitter = submitter.text(0)?;
                    if submitter == *officer {
                        continue; // the first officer's own confirms nothing, whoever altered the table
                    }
                    let line = args![submission, one.number, officer, submitter];
                    self.confirmation.push((submission, line));
                }
            }
        }
        Ok(())
    }

    pub(crate) async fn write(self, tx: &mut Tx) -> Result<()> {
        for (table, columns, rows) in [
            ("subject", &["id", "kind"][..], self.subject),
            (
                "identifier",
                &["kind", "tag", "subject", "number"],
                self.identifier,
            ),
            ("subject_name", &["subject", "tag", "number"], self.subject_name),
            (
                "reference",
                &[
                    "number",
                    "place",
                    "relation",
                    "target_number",
                    "target_submission",
                ],
                self.reference,
            ),
            ("unlinked", &["number", "source", "why"], self.unlinked),
            ("bundle", &["number", "digest"], self.bundle),
            ("mandate", &["number", "tag", "person"], self.mandate),
            (
                "organisation_document",
                &["number", "document"],
                self.organisation_document,
            ),
            ("public_record", &PUBLIC_COLUMNS, self.public_record),
        ] {
            tx.insert(table, columns, rows, "").await?;
        }
        let numbers = Column::Ints(
            self.membership
                .iter()
                .map(|(_, number)| number.to_i64())
                .collect(),
        );
        let subjects = self.membership.iter().map(|(subject, _)| subject.to_i64());
        let columns = vec![
            ("subject", Column::Ints(subjects.collect())),
            ("number", numbers.clone()),
            ("from_number", numbers),
            ("at_home", Column::One(self.at_home.into())),
        ];
        tx.insert_columns("membership", columns, self.membership.len())
            .await?;
        // A register that says the same once more adds nothing. Marks are anywhere in the table: in order, each of its pages is
        // come to once.
        let known = " ON CONFLICT (mark, subject) DO NOTHING";
        let mut likeness = self.likeness;
        likeness.sort_by_cached_key(|line| match line.as_slice() {
            [Arg::Int(mark), Arg::Int(subject)] => (*mark, *subject),
            _ => (0, 0),
        });
        tx.insert("likeness", &["mark", "subject"], likeness, known)
            .await?;
        for (submission, line) in self.confirmation {
            // What was linked since an earlier confirmation waited for this one.
            let newer = " ON CONFLICT (submission) DO UPDATE SET number = excluded.number, \
                officer = excluded.officer, submitter = excluded.submitter";
            let columns = ["submission", "number", "officer", "submitter"];
            tx.insert("confirmation", &columns, vec![line], newer).await?;
            tx.execute(
                "DELETE FROM linked_adverse WHERE submission = $1",
                args![submission],
            )
            .await?;
        }
        write_organisations(tx, self.organisation.into_values().collect()).await
    }
}

/// An organisation's row is that of the newest record that founds it.
async fn write_organisations(tx: &mut Tx, rows: Vec<Vec<Arg>>) -> Result<()> {
    let columns = [
        "subject",
        "kind",
        "name",
        "search_name",
        "uscc",
        "number",
        "initials",
    ];
    let newer = " ON CONFLICT (subject) DO UPDATE SET kind = excluded.kind, name = excluded.name, \
        search_name = excluded.search_name, uscc = excluded.uscc, number = excluded.number, \
        initials = excluded.initials";
    tx.insert("organisation", &columns, rows, newer).await
}

/// The document number of a published record about an organisation, by which the public finds it. An adverse
/// record is not found so: it may be pending, ended or contested, which only an assessment can tell.
fn public_document(item: Option<&Item>, one: Numbered<'_>) -> Option<Vec<Arg>> {
    let identifier = one.record.subject.as_ref()?.identifier.as_ref()?;
    let item = item?;
    let public = item.publicity == Publicity::Public && !item.is_adverse();
    let document = one.record.document.as_ref()?;
    // A sole trader may be named by the number of a person, whose documents lie in clear nowhere.
    (public && identifier.kind().is_of_organisation())
        .then(|| args![one.number, same_name_key(&document.number)])
}

/// A link joins a record to a subject from the act's number on; an unlink ends that.
async fn relink(tx: &mut Tx, bundle: Option<&Bundle>, one: Numbered<'_>) -> Result<Placement> {
    let target =
        one.record
            .references
            .iter()
            .find_map(|reference| match (reference.relation, reference.target) {
                (Relation::Links | Relation::Unlinks, Target::Number(number)) if number < one.number => {
                    Some(number)
                }
                _ => None,
            });
    let targets = Targets::none();
    let mut rows = Rows::default();
    rows.take_references(one, &targets);
    rows.write(tx).await?;
    let sql = "SELECT source, item, submission FROM record WHERE number = $1";
    let row = match target {
        Some(target) => tx.row(sql, args![target]).await?.map(|row| (target, row)),
        None => None,
    };
    // A record that is gone has been named by what looks for gaps; nothing follows from it.
    let Some((target, row)) = row else {
        return Ok(Placement::NoSubject);
    };
    match (one.record.act(), one.record.field("subject")) {
        (Some(Act::Link), Some(Value::Integer(subject))) => {
            let columns = ["subject", "number", "from_number", "until_number"];
            let line = args![SubjectId::from_i64(*subject), target, one.number, None::<i64>];
            tx.insert("membership", &columns, vec![line], "").await?;
            tx.execute("DELETE FROM unlinked WHERE number = $1", args![target])
                .await?;
            let item = ItemCode::new(row.text(1)?).ok();
            let item = item.and_then(|item| bundle?.item(&item));
            if item.is_some_and(Item::is_adverse) {
                let line = args![target, row.int(2)?];
                tx.insert("linked_adverse", &["number", "submission"], vec![line], "")
                    .await?;
            }
        }
        (Some(Act::Unlink), _) => {
            let sql = "UPDATE membership SET until_number = $1 WHERE number = $2 AND until_number IS NULL";
            tx.execute(sql, args![one.number, target]).await?;
            tx.execute("DELETE FROM linked_adverse WHERE number = $1", args![target])
                .await?;
            let line = args![target, row.text(0)?, UnlinkedWhy::Undone.code()];
            tx.insert("unlinked", &["number", "source", "why"], vec![line], "")
                .await?;
        }
        _ => {}
    }
    Ok(Placement::NoSubject)
}
