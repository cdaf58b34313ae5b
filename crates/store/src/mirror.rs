//! The packed mirror of a store: made from the records, extended as the log grows, and made anew when it cannot be.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assess::{Bundle, Life, Plan, life};
use record::{AsOf, Logged, SubjectId, TreeSize};
use segment::{About, Batch, Mirror, Writer};

use crate::cores::on_every_core;
use crate::everyone::{CHUNK, Share};
use crate::merger::Groups;
use crate::touched::touched;
use crate::{Result, Store, StoreError};

/// What comparing a mirror with the records found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MirrorDifference {
    /// Subjects of whom it says something else than the records do, or nothing, or who are not there.
    pub subjects: Vec<u64>,
}

impl Store {
    /// The mirror of the rules in force, in a folder of mirrors; see [`Store::mirror`].
    ///
    /// # Errors
    /// As there.
    pub async fn lasting_mirror(
        &self,
        folder: &Path,
        in_force: &Bundle,
        known: TreeSize,
        told: impl FnMut(Share),
    ) -> Result<Mirror> {
        self.mirror(&Self::lasting_mirror_place(folder), in_force, known, told)
            .await
    }

    /// Where it lies.
    pub fn lasting_mirror_place(folder: &Path) -> PathBuf {
        folder.join("people.mirror")
    }

    /// A mirror of the rules of a draft, which is of use once: its file is gone when it is open.
    ///
    /// # Errors
    /// As of [`Store::mirror`].
    pub async fn draft_mirror(
        &self,
        folder: &Path,
        draft: &Bundle,
        known: TreeSize,
        told: impl FnMut(Share),
    ) -> Result<Mirror> {
        let place = Self::draft_mirror_place(folder, draft);
        let made = self.mirror(&place, draft, known, told).await;
        // What is open stays open.
        let _ = fs::remove_file(&place);
        made
    }

    /// Where the mirror of the rules of a draft lies while it is made, or for as long as other machines read it.
    pub fn draft_mirror_place(folder: &Path, draft: &Bundle) -> PathBuf {
        let digest = draft.digest().to_string();
        folder.join(format!("draft-{}.mirror", digest.get(..16).unwrap_or_default()))
    }

    /// The mirror at a place, of these rules and of so much of the log. One of an earlier moment is extended first; one that is
    /// not there, of a later moment, of other rules, torn or of another version is made anew, and `told` hears how far that is.
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
        let mirror = Mirror::open(place).ok().filter(|mirror| {
            let of = mirror.about();
            of.rules == about.rules && of.plan.covers(&about.plan)
        });
        match mirror {
            Some(mirror) if mirror.about().known == known => return Ok(mirror),
            // One that is damaged within cannot be gone on with.
            Some(mirror) if mirror.about().known < known => {
                let about = About {
                    plan: mirror.about().plan.clone(),
                    ..about
                };
                match self.extend_mirror(&mirror, place, bundle, about.clone()).await {
                    Err(StoreError::Mirror(_)) => self.make_mirror(place, bundle, about, told).await?,
                    other => other?,
                }
            }
            _ => self.make_mirror(place, bundle, about, told).await?,
        }
        Ok(Mirror::open(place)?)
    }

    /// Writes a mirror anew in which only those have new lives whom something new concerns.
    async fn extend_mirror(&self, old: &Mirror, place: &Path, bundle: &Bundle, about: About) -> Result<()> {
        let (from, known) = (old.about().known, about.known);
        let mut tx = self.inner.db.read().await?;
        let touched: Vec<SubjectId> = touched(&mut tx, from, known).await?.into_iter().collect();
        let groups = Groups::load(&mut tx, &touched, known).await?;
        // Of those who share a file with another, whoever has it.
        let mut new: BTreeMap<SubjectId, Option<Life>> =
            touched.iter().map(|subject| (*subject, None)).collect();
        new.extend(touched.iter().map(|subject| (groups.root(*subject), None)));
        let roots: Vec<SubjectId> = new.keys().copied().collect();
        for chunk in roots.chunks(CHUNK) {
            let files = self.files_of(&mut tx, chunk, whenever(known), None).await?;
            for (subject, life) in lives(bundle, &about.plan, &files, known) {
                new.insert(subject, Some(life));
            }
        }
        let mut writer = Writer::create(place, about)?;
        let (mut batch, mut new) = (Batch::default(), new.into_iter().peekable());
        let mut replaced = u64::MAX;
        for subject in old.subjects() {
            while let Some((next, life)) = new.next_if(|(next, _)| next.0 <= subject.id) {
                push(&mut writer, next, life.as_ref())?;
                replaced = next.0;
            }
            if replaced != subject.id {
                writer.push(subject.id, subject.who, old.read(subject, &mut batch)?)?;
            }
        }
        for (next, life) in new {
            push(&mut writer, next, life.as_ref())?;
        }
        Ok(writer.finish()?)
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
                push(&mut writer, subject, Some(&life))?;
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
                let told = mirror.find(subject.0);
                met += usize::from(told.is_some());
                let same = match told {
                    Some(told) => told.who == life.who && mirror.read(told, &mut batch)? == life.spans,
                    None => false,
                };
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

fn push(writer: &mut Writer, subject: SubjectId, life: Option<&Life>) -> Result<()> {
    match life {
        Some(life) => Ok(writer.push(subject.0, life.who, &life.spans)?),
        None => Ok(()),
    }
}

/// A life holds for every day, so that no day is asked.
fn whenever(known: TreeSize) -> AsOf {
    AsOf {
        on: record::Date::MIN,
        known,
    }
}

/// The lives of some subjects, in their order, made on every core.
fn lives(
    bundle: &Bundle,
    plan: &Plan,
    files: &[(SubjectId, Vec<Logged>)],
    known: TreeSize,
) -> Vec<(SubjectId, Life)> {
    on_every_core(files, |(subject, records)| {
        (*subject, life(bundle, plan, records, known))
    })
}
