//! Checking: every segment is the file that the manifest says, and holds just the records that the database says it holds.

use std::fs::File;
use std::io::Read as _;

use sha2::{Digest as _, Sha256};

use super::{Listed, listed};
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
        let sealed = tx
            .one_int("SELECT COUNT(*) FROM record WHERE home IS NOT NULL", args![])
            .await?;
        if u64::try_from(sealed).ok() != Some(held) {
            let what = format!("{sealed} records are sealed, and the segments hold {held}");
            differs("all".to_owned(), what);
        }
        Ok(())
    }

    fn check_segment(&self, keys: &Keys, listed: &Listed) -> std::result::Result<(), String> {
        let path = self.inner.segments.path(listed.id);
        let mut file = File::open(&path).map_err(|error| error.to_string())?;
        let (mut digest, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 1 << 18]);
        loop {
            let read = file.read(&mut buffer).map_err(|error| error.to_string())?;
            if read == 0 {
                break;
            }
            digest.update(buffer.get(..read).unwrap_or_default());
            bytes += read as u64;
        }
        if bytes != listed.bytes || <[u8; 32]>::from(digest.finalize()) != listed.digest {
            return Err("the file is not the one that was written".to_owned());
        }
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
