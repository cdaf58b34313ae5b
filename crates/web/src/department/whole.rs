//! A natural person's identifier, where an officer's work may need all of it: masked at first, whole once it was said what for and a look says so.

use record::{Logged, RecordNumber, SubjectId};
use serde::Deserialize;

use super::new_look;
use crate::error::Fault;
use crate::lang::Lang;
use crate::view::{Choice, Masked};
use crate::visit::Visit;

/// What for one may want to see a whole identifier. It stands with the look, where the person reads it.
pub(crate) const OCCASIONS: [&str; 3] = ["compare", "contact", "correct"];

/// What the form brings.
#[derive(Deserialize)]
pub(crate) struct Reveal {
    #[serde(default)]
    purpose: String,
}

impl Reveal {
    /// What for, if it is one of the occasions.
    pub(super) fn occasion(&self) -> Option<&'static str> {
        OCCASIONS.into_iter().find(|known| *known == self.purpose)
    }
}

/// What a look at a whole identifier says that it was at.
pub(super) fn what(occasion: &str, number: RecordNumber) -> String {
    format!("identifier {occasion} {number}")
}

/// Guard 9: that somebody is shown the whole identifier on a record is written first, for whoever it is of.
pub(super) async fn look(
    visit: &Visit,
    subject: SubjectId,
    occasion: &str,
    number: RecordNumber,
) -> Result<(), Fault> {
    let look = new_look(visit, subject, &format!("/{number}"), what(occasion, number))?;
    visit.store().look(&look).await.map_err(Fault::internal)?;
    Ok(())
}

/// The identifier that a record states of a natural person; of an organisation it is public.
pub(super) fn masked(lang: Lang, logged: &Logged, whole: bool, action: String) -> Option<Masked> {
    let stated = logged.record().subject.as_ref()?;
    let identifier = stated.identifier.as_ref()?;
    let value = if whole {
        identifier.value().to_owned()
    } else {
        identifier.masked()
    };
    (!identifier.kind().is_of_organisation()).then(|| Masked {
        id: String::new(),
        label: lang.t(&format!("identifier-{}", identifier.kind().code())),
        value,
        whole,
        action,
    })
}

/// The occasions to choose from.
pub(super) fn purposes(lang: Lang) -> Vec<Choice> {
    let first = (String::new(), lang.t("mask-choose"), true);
    let more = OCCASIONS.map(|code| (code.to_owned(), lang.t(&format!("reveal-{code}")), false));
    std::iter::once(first).chain(more).collect()
}
