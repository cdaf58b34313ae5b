//! Whether what the catalogue names can arrive at all, and whether what is rated can be explained.

use super::{Findings, Severity};
use crate::policy::{Bundle, Reading};

pub(super) fn check(bundle: &Bundle, found: &mut Findings) {
    for item in bundle.items() {
        if !bundle.sources().any(|source| source.items.contains(&item.code)) {
            let help = "name it under a source in sources.toml";
            found.add(
                Severity::Warning,
                "catalogue-sources",
                item.code.as_str(),
                "no source hands it in",
                help,
            );
        }
    }
    for card in bundle.scorecards() {
        for feature in &card.features {
            let good = feature.bins.iter().any(|bin| bin.points > 0);
            if good
                && feature.bins.len() > 1
                && feature.improve.is_none()
                && feature.reading != Reading::LatestMonths
            {
                let about = format!("rating.{}.{}", card.code, feature.code);
                let help = "guard 8: the person sees what would improve the grade; write `improve`";
                found.add(
                    Severity::Warning,
                    "guard-8-improve",
                    about,
                    "says nothing of its next step",
                    help,
                );
            }
        }
    }
}
