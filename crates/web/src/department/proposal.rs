//! Whom an unlinked record may concern, as an officer reads it: how far each thing agrees, and nothing about anybody.

use record::SubjectId;
use store::{FieldEvidence, Level, Proposal};

use crate::lang::Lang;
use crate::view::Tone;

/// So many are shown beside one record.
pub(super) const PROPOSED_MOST: usize = 5;

/// Below one in a thousand a proposal is not shown.
const LEAST_BITS: f64 = -10.0;

/// In a register of fewer than some eight thousand every name looks frequent.
const SMALL_REGISTER: f64 = -13.0;

/// Odds of nine to one.
const LIKELY: f64 = 0.9;

/// The proposals worth showing.
pub(super) fn shown(proposals: &[Proposal<SubjectId>]) -> impl Iterator<Item = &Proposal<SubjectId>> {
    proposals.iter().filter(|proposal| proposal.bits > LEAST_BITS)
}

/// What a proposal is called.
pub(super) fn band(lang: Lang, proposal: &Proposal<SubjectId>) -> (String, Tone) {
    match proposal {
        certain if certain.almost_certain => (lang.t("proposal-certain"), Tone::Good),
        likely if likely.probability >= LIKELY => (lang.t("proposal-likely"), Tone::Good),
        _ => (lang.t("proposal-possible"), Tone::Off),
    }
}

/// One proposal.
pub(crate) struct ProposalView {
    /// From 1.
    pub(super) place: usize,
    pub(super) band: String,
    pub(super) tone: Tone,
    pub(super) parts: Vec<PartView>,
    /// The fields that one of the two does not have.
    pub(super) missing: String,
    pub(super) prior: String,
    pub(super) sum: String,
}

/// What one field says.
pub(super) struct PartView {
    pub(super) field: String,
    pub(super) says: String,
    pub(super) bits: String,
    pub(super) speaks_for: bool,
}

pub(super) fn proposal_views(lang: Lang, proposals: &[Proposal<SubjectId>]) -> Vec<ProposalView> {
    let numbered = shown(proposals).zip(1..);
    numbered
        .map(|(proposal, place)| view(lang, proposal, place))
        .collect()
}

fn view(lang: Lang, proposal: &Proposal<SubjectId>, place: usize) -> ProposalView {
    let (band, tone) = band(lang, proposal);
    let compared = |said: &&FieldEvidence| said.level != Level::Missing;
    let field = |said: &FieldEvidence| lang.t(&format!("proposal-field-{}", said.field));
    let missing = proposal.because.iter().filter(|said| !compared(said)).map(field);
    ProposalView {
        place,
        band,
        tone,
        parts: proposal
            .because
            .iter()
            .filter(compared)
            .map(|said| part(lang, said, proposal.prior_bits))
            .collect(),
        missing: missing.collect::<Vec<_>>().join(" · "),
        prior: signed(proposal.prior_bits),
        sum: signed(proposal.bits),
    }
}

fn part(lang: Lang, said: &FieldEvidence, prior_bits: f64) -> PartView {
    let bits = said.bits + said.rarity_bits;
    let level = lang.t(&format!("proposal-level-{}", said.level.code()));
    let says = if prior_bits > SMALL_REGISTER {
        level
    } else if said.rarity_bits >= 1.0 {
        lang.with("proposal-rare", &[("level", &level)])
    } else if said.rarity_bits <= -1.0 {
        lang.with("proposal-frequent", &[("level", &level)])
    } else {
        level
    };
    PartView {
        field: lang.t(&format!("proposal-field-{}", said.field)),
        says,
        bits: signed(bits),
        speaks_for: bits > 0.0,
    }
}

/// With its sign and one place, the minus as it is printed.
fn signed(bits: f64) -> String {
    format!("{bits:+.1}").replace('-', "−")
}

#[cfg(test)]
impl ProposalView {
    pub(super) fn samples(lang: Lang) -> Vec<Self> {
        let part = |field: &str, level: Level, bits: f64| PartView {
            field: lang.t(&format!("proposal-field-{field}")),
            says: lang.t(&format!("proposal-level-{}", level.code())),
            bits: signed(bits),
            speaks_for: bits > 0.0,
        };
        let sample = |place, band: &str, parts: Vec<PartView>| Self {
            place,
            band: lang.t(&format!("proposal-{band}")),
            tone: Tone::Good,
            parts,
            missing: lang.t("proposal-field-address"),
            prior: signed(-13.2),
            sum: signed(18.4),
        };
        let name = || part("name", Level::OtherwiseWritten, 17.3);
        vec![
            sample(1, "certain", vec![name(), part("birth_date", Level::Same, 14.4)]),
            sample(2, "possible", vec![name(), part("phone", Level::Other, -2.0)]),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_and_field_has_words_in_both_languages() {
        for lang in Lang::ALL {
            let fields = [
                "name",
                "birth_date",
                "address",
                "phone",
                "number",
                "representative",
            ];
            let fields = fields.map(|field| format!("proposal-field-{field}"));
            let levels = Level::ALL.map(|level| format!("proposal-level-{}", level.code()));
            for key in fields.iter().chain(&levels) {
                assert_ne!(lang.t(key), *key, "{lang:?}");
            }
        }
    }
}
