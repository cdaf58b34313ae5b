//! What the two doors to a share have in common, the desk and the API: whose share it is, what is asked, and how much at once.

use record::{CaseNumber, Identifier, IdentifierKind, RecordNumber};
use store::{Door, Question, Share, Way};

use crate::department::officer;
use crate::error::Fault;
use crate::view::identifier_fault;
use crate::visit::Visit;

/// How many numbers are asked about at once.
pub(crate) const MOST: usize = 200;

/// The share of this number, if the visitor's department is one of its sides; another's and none look the same.
pub(crate) async fn own_share(visit: &Visit, number: u64) -> Result<Share, Fault> {
    let (_, source) = officer(visit)?;
    let share = visit.store().share(RecordNumber(number), source).await;
    share.map_err(Fault::of_store)
}

/// A question under a share, unless the case is none.
pub(crate) fn question(
    visit: &Visit,
    share: &Share,
    case: &str,
    door: Door,
) -> Result<Option<Question>, Fault> {
    let (by, source) = officer(visit)?;
    Ok(CaseNumber::new(case).ok().map(|case| Question {
        share: share.number,
        officer: by.clone(),
        recipient: source.clone(),
        case,
        door,
    }))
}

/// What is wrong with the numbers asked about.
pub(crate) struct WrongNumber {
    /// Which of them, from nought; of all together, none.
    pub(crate) place: Option<usize>,
    /// What is wrong, in the visitor's language.
    pub(crate) says: String,
}

/// Reads numbers, each with the code of its kind; names each that cannot be one. Whether anybody has it is not asked.
pub(crate) fn numbers(
    visit: &Visit,
    share: &Share,
    asked: &[(&str, &str)],
) -> Result<Vec<Identifier>, Vec<WrongNumber>> {
    let lang = visit.lang;
    let batch = share.asks.ways.contains(&Way::Batch);
    let of_all = match asked.len() {
        0 => Some(lang.t("share-numbers-missing")),
        2.. if !batch => Some(lang.t("share-numbers-one")),
        count if count > MOST => Some(lang.with("share-numbers-most", &[("most", &MOST.to_string())])),
        _ => None,
    };
    let of_all = of_all.map(|says| WrongNumber { place: None, says });
    let mut wrong: Vec<WrongNumber> = of_all.into_iter().collect();
    let mut found = Vec::with_capacity(asked.len());
    for (place, (kind, number)) in asked.iter().take(MOST).enumerate() {
        match self::number(visit, kind, number) {
            Ok(identifier) => found.push(identifier),
            Err(says) => wrong.push(WrongNumber {
                place: Some(place),
                says,
            }),
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

/// Reads a number with the code of its kind, or says why it cannot be one.
pub(crate) fn number(visit: &Visit, kind: &str, number: &str) -> Result<Identifier, String> {
    let lang = visit.lang;
    let kind = IdentifierKind::from_code(kind).ok_or_else(|| lang.t("share-kind-unknown"))?;
    let parsed = Identifier::parse(kind, number, visit.store().realm());
    let (identifier, _) = parsed.map_err(|fault| identifier_fault(lang, &fault))?;
    Ok(identifier)
}
