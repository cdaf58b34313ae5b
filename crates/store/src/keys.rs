//! The key file: generations of keys that never lie in the database.

use std::path::Path;

use hmac::Hmac;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Result, StoreError, tags};

/// Generations of keys, the newest last. New things are sealed under the newest; older ones still open
/// what was sealed under them.
#[derive(Debug, Clone)]
pub struct Keys {
    generations: Vec<Generation>,
}

/// One generation: a key that wraps other keys, and one under which identifiers are indexed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Generation {
    pub(crate) id: u32,
    pub(crate) wrap: [u8; 32],
    pub(crate) index: [u8; 32],
    /// A hash under `index`, which wipes itself.
    #[zeroize(skip)]
    pub(crate) indexed: Hmac<Sha256>,
}

impl std::fmt::Debug for Generation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Generation({}, …)", self.id)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    generation: Vec<KeyLine>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyLine {
    id: u32,
    wrap: String,
    index: String,
}

const HEADER: &str = "# Keys of a Xinlian store. Whoever has this file and the database can read every record;\n\
    # without it nobody can. Keep a copy apart from the database, and both away from everyone else.\n\n";

impl Keys {
    /// Makes a key file with a first generation. The file must not be there.
    ///
    /// # Errors
    /// When the file is there, cannot be written, or the system gives no randomness.
    pub fn create(path: &Path) -> Result<Self> {
        let keys = Self {
            generations: vec![Generation::random(1)?],
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| file_error(folder, error))?;
        }
        write_private(path, &keys.to_text(), false)?;
        Ok(keys)
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// When it cannot be read or is not one.
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => StoreError::NoKeys(path.display().to_string()),
            _ => file_error(path, error),
        })?;
        let bad = |reason: String| StoreError::KeyFile {
            path: path.display().to_string(),
            reason,
        };
        let file: KeyFile = toml::from_str(&text).map_err(|error| bad(error.message().to_owned()))?;
        let mut generations = Vec::new();
        for line in file.generation {
            let key = |hex: &str| {
                from_hex(hex)
                    .ok_or_else(|| bad(format!("a key of generation {} is not 64 hex digits", line.id)))
            };
            let generation = Generation::new(line.id, key(&line.wrap)?, key(&line.index)?);
            generations.push(generation);
        }
        if generations.is_empty() || !generations.is_sorted_by(|a, b| a.id < b.id) {
            return Err(bad("it has no generations, or they are out of order".to_owned()));
        }
        Ok(Self { generations })
    }

    /// The same keys and a new generation, not yet written.
    pub(crate) fn with_new_generation(&self) -> Result<Self> {
        let mut generations = self.generations.clone();
        generations.push(Generation::random(self.newest_id().saturating_add(1))?);
        Ok(Self { generations })
    }

    /// Writes the file anew, so that it is either the old one or the new one whatever happens.
    pub(crate) fn replace(&self, path: &Path) -> Result<()> {
        let beside = path.with_extension("toml.new");
        let _ = std::fs::remove_file(&beside);
        write_private(&beside, &self.to_text(), true)?;
        std::fs::rename(&beside, path).map_err(|error| file_error(path, error))
    }

    pub(crate) fn newest_id(&self) -> u32 {
        self.generations.last().map_or(0, |generation| generation.id)
    }

    /// Every generation, the newest last.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Generation> {
        self.generations.iter()
    }

    pub(crate) fn generation(&self, id: u32) -> Result<&Generation> {
        self.generations
            .iter()
            .find(|generation| generation.id == id)
            .ok_or(StoreError::NoKey(id))
    }

    /// What a database keeps to know its own key file by.
    pub(crate) fn check(&self, id: u32) -> Result<String> {
        Ok(to_hex(&tags::of_keys(self.generation(id)?)))
    }

    fn to_text(&self) -> String {
        let file = KeyFile {
            generation: self
                .generations
                .iter()
                .map(|g| KeyLine {
                    id: g.id,
                    wrap: to_hex(&g.wrap),
                    index: to_hex(&g.index),
                })
                .collect(),
        };
        format!("{HEADER}{}", toml::to_string(&file).unwrap_or_default())
    }
}

impl Generation {
    fn random(id: u32) -> Result<Self> {
        Ok(Self::new(id, crate::seal::random()?, crate::seal::random()?))
    }

    fn new(id: u32, wrap: [u8; 32], index: [u8; 32]) -> Self {
        Self {
            id,
            wrap,
            index,
            indexed: tags::keyed(&index),
        }
    }
}

pub(crate) fn file_error(path: &Path, error: std::io::Error) -> StoreError {
    StoreError::File {
        path: path.display().to_string(),
        error,
    }
}

/// Writes a file that only its owner can read, down to the disk.
fn write_private(path: &Path, text: &str, synced_folder: bool) -> Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| file_error(path, error))?;
    if let (true, Some(folder)) = (synced_folder, path.parent()) {
        std::fs::File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| file_error(folder, error))?;
    }
    Ok(())
}

/// Hexadecimal digits.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |text, byte| {
        text + &format!("{byte:02x}")
    })
}

/// 32 bytes of 64 hexadecimal digits.
pub(crate) fn from_hex(text: &str) -> Option<[u8; 32]> {
    let half = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let mut bytes = [0; 32];
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = half(*high)? << 4 | half(*low)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_is_private_and_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys.toml");
        let made = Keys::create(&path).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(
                std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
        assert!(Keys::create(&path).is_err(), "never overwritten");
        let next = made.with_new_generation().unwrap();
        next.replace(&path).unwrap();
        let read = Keys::load(&path).unwrap();
        assert_eq!(read.newest_id(), 2);
        assert_eq!(read.generation(1).unwrap().wrap, made.generation(1).unwrap().wrap);
        assert!(matches!(read.generation(3), Err(StoreError::NoKey(3))));
        std::fs::write(&path, "generation = []").unwrap();
        assert!(matches!(Keys::load(&path), Err(StoreError::KeyFile { .. })));
    }
}
