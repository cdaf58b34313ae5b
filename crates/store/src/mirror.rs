//! The packed mirror of a store: made from the records, and made anew when it is not of now.

use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::thread::{self, available_parallelism};

use assess::{Bundle, Life, Plan, RatedWho, life};
use record::{AsOf, Logged, SubjectId, TreeSize};
use segment::{About, Batch, Mirror, Writer};

use crate::everyone::Share;
use crate::{Result, Store};

/// What comparing a mirror with the records found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MirrorDifference {
    /// Subjects of whom it says something else than the records do, or nothing, or who are not there.
    pub subjects: Vec<u64>,
}

impl Store {
    /// The mirror at a place, of these rules and of so much of the log. One that is not there, of another moment, of other
    /// rules, torn or of another version is made anew first; `told` hears how far that is.
    ///
    /// # Errors
    /// When the database fails, a record does not open, or the file cannot be written.
    pub async fn mirror(
        &self,
        place: &Path,
        bundle: &Bundle,
        known: TreeSize,
        told: impl FnMut(Share),
    ) -> Result<Mirror> {
        let about = About {
            known,
            rules: bundle.resolving_digest(),
            plan: Plan::of(bundle),
        };
        if let Ok(mirror) = Mirror::open(place) {
            let of = mirror.about();
            if of.known == known && of.rules == about.rules && of.plan.covers(&about.plan) {
                return Ok(mirror);
            }
        }
        self.make_mirror(place, bundle, about, told).await?;
        Ok(Mirror::open(place)?)
    }

    async fn make_mirror(
        &self,
        place: &Path,
        bundle: &Bundle,
        about: About,
        mut told: impl FnMut(Share),
    ) -> Result<()> {
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(segment::MirrorError::from)?;
        }
        let (plan, known) = (about.plan.clone(), about.known);
        let mut writer = Writer::create(place, about)?;
        self.each_files(whenever(known), |files, share| {
            for (subject, life) in lives(bundle, &plan, &files, known) {
                writer.push(subject.0, who(&life), &life.spans)?;
            }
            told(share);
            Ok(())
        })
        .await?;
        Ok(writer.finish()?)
    }

    /// Makes everyone's life anew from the records and compares it with what a mirror says.
    ///
    /// # Errors
    /// When the database fails, a record does not open, or the mirror cannot be read.
    pub async fn verify_mirror(&self, mirror: &Mirror, bundle: &Bundle) -> Result<MirrorDifference> {
        let about = mirror.about();
        let mut found = MirrorDifference::default();
        let mut batch = Batch::default();
        let mut met = 0;
        self.each_files(whenever(about.known), |files, _| {
            for (subject, life) in lives(bundle, &about.plan, &files, about.known) {
                let same = match mirror.find(subject.0) {
                    Some(told) => told.who == who(&life) && mirror.read(told, &mut batch)? == life.spans,
                    None => false,
                };
                met += usize::from(mirror.find(subject.0).is_some());
                if !same {
                    found.subjects.push(subject.0);
                }
            }
            Ok(())
        })
        .await?;
        if met < mirror.subjects().len() {
            // Whoever is in the mirror alone is found by going through it, which is seldom needed.
            let known = self.subject_ids(about.known).await?;
            let strangers = mirror
                .subjects()
                .iter()
                .filter(|one| known.binary_search(&SubjectId(one.id)).is_err());
            found.subjects.extend(strangers.map(|one| one.id));
        }
        Ok(found)
    }
}

/// A life holds for every day, so that no day is asked.
fn whenever(known: TreeSize) -> AsOf {
    AsOf {
        on: record::Date::MIN,
        known,
    }
}

fn who(life: &Life) -> RatedWho {
    RatedWho {
        kind: life.kind,
        born: life.born,
        over: life.over,
    }
}

/// The lives of some subjects, in their order, made on every core.
fn lives(
    bundle: &Bundle,
    plan: &Plan,
    files: &[(SubjectId, Vec<Logged>)],
    known: TreeSize,
) -> Vec<(SubjectId, Life)> {
    let cores = available_parallelism().map_or(1, NonZero::get);
    let of = |part: &[(SubjectId, Vec<Logged>)]| -> Vec<(SubjectId, Life)> {
        let lives = part
            .iter()
            .map(|(subject, records)| (*subject, life(bundle, plan, records, known)));
        lives.collect()
    };
    let parts = files.chunks(files.len().div_ceil(cores).max(1));
    thread::scope(|scope| {
        let threads: Vec<_> = parts.map(|part| (part, scope.spawn(move || of(part)))).collect();
        // A thread that falls is a fault of ours; its part is made here, where it falls again and is told.
        let joined = threads
            .into_iter()
            .map(|(part, thread)| thread.join().unwrap_or_else(|_| of(part)));
        joined.flatten().collect()
    })
}
