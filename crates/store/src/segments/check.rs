//! Checking: every segment and run is the file that the manifest says, and the segments hold just the records that the database says
//! they hold, the runs the marks of just those.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use record::RecordNumber;
use segment::Entry;
use sha2::{Digest as _, Sha256};

use super::runs::{RunKind, listed_runs, run_name};
use super::{Listed, Marks, listed};
use crate::db::{Tx, args};
use crate::keys::Keys;
use crate::upkeep::Difference;
use crate::{Result, Store};

impl Store {
    /// Names what is wrong with segments. Their records are opened one by one by whoever checks records.
    pub(crate) async fn check_segments(&self, tx: &mut Tx, differences: &mut Vec<Difference>) -> Result<()> {
        let (keys, _) = self.keys(tx).await?;
        let mut differs = |row: String, what: String| {
            differences.push(Difference {
                table: "segment".to_owned(),
                row,
                what,
            });
        };
        let mut held = 0;
        for one in listed(tx).await? {
            held += one.records;
            if let Err(what) = self.check_segment(&keys, &one) {
                differs(one.id.to_string(), what);
            }
        }
        let mut marks = 0;
        for one in listed_runs(tx).await? {
            marks += one.entries;
            let path = self.inner.segments.folder.join(run_name(one.id));
            if let Err(what) = same_file(&path, one.bytes, one.digest) {
                differs(format!("run {}", one.id), what);
            }
        }
        if marks != 2 * held {
            let what = format!("the segments hold {held} records, and the runs {marks} marks of two kinds");
            differs("runs".to_owned(), what);
        }
        let astray = "SELECT m.number FROM membership m JOIN record r ON r.number = m.number WHERE m.at_home <> \
            (CASE WHEN m.from_number = m.number AND m.subject = r.home THEN 1 ELSE 0 END) ORDER BY m.number LIMIT 100";
        for row in tx.rows(astray, args![]).await? {
            let what = "whether it lies under the subject that it is about is not so";
            differs(format!("record {}", row.int(0)?), what.to_owned());
        }
        let sealed = tx
            .one_int("SELECT COUNT(*) FROM record WHERE home IS NOT NULL", args![])
            .await?;
        if u64::try_from(sealed).ok() != Some(held) {
            let what = format!("{sealed} records are sealed, and the segments hold {held}");
            differs("all".to_owned(), what);
        }
        Ok(())
    }

    /// Of these records, which are sealed, those that are not found by their marks.
    pub(crate) async fn not_in_runs(&self, tx: &mut Tx, marks: &[Marks]) -> Result<Vec<RecordNumber>> {
        let mut missing = BTreeSet::new();
        for kind in RunKind::BOTH {
            let wanted = marks.iter().map(|marks| marks.entry(kind).mark).collect();
            let found: HashSet<Entry> = self.in_runs(tx, kind, wanted).await?.into_iter().collect();
            let lacking = marks.iter().filter(|marks| !found.contains(&marks.entry(kind)));
            missing.extend(lacking.map(|marks| marks.entry(kind).number));
        }
        Ok(missing.into_iter().collect())
    }

    fn check_segment(&self, keys: &Keys, listed: &Listed) -> std::result::Result<(), String> {
        same_file(&self.inner.segments.path(listed.id), listed.bytes, listed.digest)?;
        let segment = self
            .inner
            .segments
            .get(keys, listed)
            .map_err(|error| error.to_string())?;
        if segment.records() != listed.records {
            return Err(format!(
                "it holds {} records, and {} are listed",
                segment.records(),
                listed.records
            ));
        }
        Ok(())
    }
}

/// Whether a file is as long as that and has this SHA-256.
fn same_file(path: &Path, bytes: u64, digest: [u8; 32]) -> std::result::Result<(), String> {
    let mut file = File::open(path).map_err(|error| error.to_string())?;
    let (mut found, mut length, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 18]);
    loop {
        let read = file.read(&mut buffer).map_err(|error| error.to_string())?;
        if read == 0 {
            break;
        }
        found.update(buffer.get(..read).unwrap_or_default());
        length += read as u64;
    }
    if length != bytes || <[u8; 32]>::from(found.finalize()) != digest {
        return Err("the file is not the one that was written".to_owned());
    }
    Ok(())
}
