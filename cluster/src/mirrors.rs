//! The folder of mirrors of this machine, and what is open of it.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use assess::Bundle;
use segment::Mirror;

use crate::error::{ClusterError, Result};
use crate::job::Job;

/// How many bundles and mirrors are kept open.
const KEPT_MOST: usize = 8;

/// The folder of mirrors that this process may read. It is part of a session's settings, and never of a plan.
#[derive(Debug)]
pub struct Mirrors {
    folder: PathBuf,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    mirrors: HashMap<String, Arc<Mirror>>,
    rules: HashMap<Arc<[u8]>, Arc<Bundle>>,
}

impl Mirrors {
    /// Those of a folder.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            open: Mutex::default(),
        }
    }

    /// The mirror and the rules of a job, opened once for all its parts.
    ///
    /// # Errors
    /// When the mirror is not there, is bad or is another one, or when the rules cannot be read.
    pub fn open(&self, job: &Job) -> Result<(Arc<Mirror>, Arc<Bundle>)> {
        // Whoever comes second waits for whoever opens.
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        Ok((self.mirror(&mut open, job)?, rules(&mut open, job)?))
    }

    fn mirror(&self, open: &mut Open, job: &Job) -> Result<Arc<Mirror>> {
        let known = open
            .mirrors
            .get(&job.mirror)
            .filter(|known| known.sum() == job.sum);
        if let Some(known) = known {
            return Ok(known.clone());
        }
        if !is_name(&job.mirror) {
            return Err(ClusterError::Name(job.mirror.clone()));
        }
        let place = self.folder.join(&job.mirror);
        let mirror = Mirror::open(&place).map_err(|why| ClusterError::Mirror {
            place: place.clone(),
            why,
        })?;
        if mirror.sum() != job.sum {
            return Err(ClusterError::OtherMirror(place));
        }
        if open.mirrors.len() >= KEPT_MOST {
            open.mirrors.clear();
        }
        let mirror = Arc::new(mirror);
        open.mirrors.insert(job.mirror.clone(), mirror.clone());
        Ok(mirror)
    }
}

fn rules(open: &mut Open, job: &Job) -> Result<Arc<Bundle>> {
    if let Some(known) = open.rules.get(&job.rules) {
        return Ok(known.clone());
    }
    let bundle = read_rules(&job.rules)?;
    if open.rules.len() >= KEPT_MOST {
        open.rules.clear();
    }
    let bundle = Arc::new(bundle);
    open.rules.insert(job.rules.clone(), bundle.clone());
    Ok(bundle)
}

/// A bundle from its canonical bytes.
pub(crate) fn read_rules(bytes: &[u8]) -> Result<Bundle> {
    Bundle::from_bytes(bytes).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        ClusterError::Rules(faults.join("; "))
    })
}

/// That a name is of a file in a folder, and leads nowhere else.
fn is_name(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None)) && !name.contains('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_folder() {
        assert!(is_name("people.mirror"));
        for name in ["", ".", "..", "/etc/passwd", "a/b", "../a", "a/", "./a"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
