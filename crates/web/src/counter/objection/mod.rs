//! An objection that a clerk enters for a person who is at the counter. The person says which record, by the number of its
//! document or its own; the clerk is shown what it is and who handed it in, and nothing else of the file.

pub(crate) mod ask;
pub(crate) mod receipt;
pub(crate) mod write;

use assess::{Assessment, Standing};
use record::{CaseNumber, Logged, PurposeCode, RecordNumber, SubjectId, SubjectKind, same_name_key};
use store::{Door, LookPermit, NewLook, SubjectFile, Viewer};

use super::clerk;
use crate::error::Fault;
use crate::view::{RecordContext, day};
use crate::visit::Visit;

/// Where one begins.
pub(crate) const HERE: &str = "/counter/object";

/// An objection at a counter, held between the requests of the clerk's session.
#[derive(Debug, Clone)]
pub(crate) struct CounterObjection {
    /// Whose.
    pub(crate) subject: SubjectId,
    /// What the person says names the record: its document's number, or its own.
    pub(crate) names: String,
    /// Which case of the counter.
    pub(crate) case: CaseNumber,
    /// The objection, once it was entered.
    pub(crate) entered: Option<RecordNumber>,
}

/// The file, opened to enter an objection.
pub(super) struct Opened {
    held: CounterObjection,
    permit: LookPermit,
    file: SubjectFile,
    assessment: Assessment,
}

/// One record that the person may mean, as far as a clerk sees it.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    number: u64,
    item: String,
    document: String,
    source: String,
    occurred: String,
}

/// Writes the look under the case's number, then reads the file.
async fn open(visit: &Visit, token: &str) -> Result<Opened, Fault> {
    let held = visit.app.objections.get(visit.session()?, visit.now, token);
    let held = held.ok_or(Fault::NotFound)?;
    let (officer, source) = clerk(visit)?;
    let look = NewLook {
        viewer: Viewer::staff(officer.clone(), source.clone(), Door::Counter),
        subject: held.subject,
        purpose: visit.permit.purpose().ok_or(Fault::Forbidden)?,
        case: Some(held.case.clone()),
        what: "objection".to_owned(),
    };
    let permit = visit.store().look(&look).await.map_err(Fault::internal)?;
    let file = visit.store().file(&permit, None).await.map_err(Fault::internal)?;
    let assessment = assess::assess(&visit.bundle, &file.all(), visit.as_of);
    Ok(Opened {
        held,
        permit,
        file,
        assessment,
    })
}

impl Opened {
    /// The records that carry the name and can be contested: nothing that the person could not find in their own file.
    fn named(&self, visit: &Visit) -> Result<Vec<&Logged>, Fault> {
        let own = PurposeCode::new("own-file").map_err(Fault::internal)?;
        let wanted = same_name_key(&self.held.names);
        let number = self.held.names.trim().parse().ok().map(RecordNumber);
        let named = |logged: &&Logged| {
            let record = logged.record();
            let by_document = record
                .document
                .as_ref()
                .is_some_and(|document| same_name_key(&document.number) == wanted);
            record.act().is_none() && (by_document || number == Some(logged.number()))
        };
        let found: Vec<RecordNumber> = self
            .file
            .seen_for(&visit.bundle, &own)
            .filter(named)
            .filter(|logged| self.is_contestable(logged.number()))
            .map(Logged::number)
            .collect();
        Ok(self
            .file
            .records
            .iter()
            .filter(|logged| found.contains(&logged.number()))
            .collect())
    }

    /// Whether an objection could still change something: one that is contested already waits for its answer.
    fn is_contestable(&self, number: RecordNumber) -> bool {
        let standing = self.assessment.standing(number).map(|found| found.standing);
        matches!(
            standing,
            Some(Standing::Counts | Standing::Pending | Standing::Underway | Standing::Future)
        )
    }

    fn is_person(&self) -> bool {
        self.file.kind == SubjectKind::Person
    }

    fn name(&self) -> String {
        record::mask_name(&self.file.name)
    }

    fn identifier(&self) -> String {
        let last = self.file.identifiers.last();
        last.map(record::Identifier::masked).unwrap_or_default()
    }

    fn view(&self, visit: &Visit, logged: &Logged) -> Named {
        let context = RecordContext {
            bundle: &visit.bundle,
            assessment: Some(&self.assessment),
            lang: visit.lang,
        };
        let document = logged.record().document.as_ref();
        Named {
            number: logged.number().0,
            item: context.item_name(logged),
            document: document.map_or_else(String::new, |document| document.number.clone()),
            source: context.source_name(logged),
            occurred: day(visit.lang, logged.record().occurred),
        }
    }
}

#[cfg(test)]
impl Named {
    fn sample(number: u64) -> Self {
        Self {
            number,
            item: "行政处罚（一般）".into(),
            document: "佛禅市监处〔2026〕9101号".into(),
            source: "禅城区市场监督管理局".into(),
            occurred: "2026年11月16日".into(),
        }
    }
}
