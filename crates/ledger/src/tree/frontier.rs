//! A tree of which only what its growth needs is kept: the roots of its perfect subtrees.

use std::marker::PhantomData;

use crate::{Hash, LogSize, Suite};

/// A compact range: at most 64 hashes, whatever the size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frontier<S> {
    size: u64,
    /// Of falling height, one for each bit of the size.
    roots: Vec<Hash>,
    suite: PhantomData<S>,
}

impl<S: Suite> Default for Frontier<S> {
    fn default() -> Self {
        Self {
            size: 0,
            roots: Vec::new(),
            suite: PhantomData,
        }
    }
}

impl<S: Suite> Frontier<S> {
    /// A tree of that size again, from what [`Frontier::roots`] gave. `None` if their count does not fit the size.
    pub fn from_roots(size: LogSize, roots: Vec<Hash>) -> Option<Self> {
        let fits = u32::try_from(roots.len()).is_ok_and(|count| count == size.0.count_ones());
        fits.then_some(Self {
            size: size.0,
            roots,
            suite: PhantomData,
        })
    }

    /// Appends a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                hash = S::node(&left, &hash);
            }
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// How many leaves it has.
    pub fn size(&self) -> LogSize {
        LogSize(self.size)
    }

    /// The roots of its perfect subtrees, the largest first.
    pub fn roots(&self) -> &[Hash] {
        &self.roots
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        let last = roots.next().copied().unwrap_or_else(S::empty);
        roots.fold(last, |right, left| S::node(left, &right))
    }
}

/// The root over entries that one has at hand, e.g. the commitments of a submission.
///
/// ```
/// use ledger::{Sha256Ed25519, Suite, root_of};
/// let (left, right) = (Sha256Ed25519::leaf(b"a"), Sha256Ed25519::leaf(b"b"));
/// assert_eq!(root_of::<Sha256Ed25519>(["a", "b"]), Sha256Ed25519::node(&left, &right));
/// ```
pub fn root_of<S: Suite>(entries: impl IntoIterator<Item = impl AsRef<[u8]>>) -> Hash {
    let mut frontier = Frontier::<S>::default();
    for entry in entries {
        frontier.push(S::leaf(entry.as_ref()));
    }
    frontier.root()
}
