//! How much a quorum can bear: witnesses that lie, and witnesses that are silent.
//!
//! Two quorums that have only liars in common can see two histories. With q of n that is impossible while `2q − n > f` for f liars;
//! for groups within groups the same is worked out from the witnesses up.

use std::fmt;

use super::{Group, TrustPolicy};

/// Why a policy is not safe enough, in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsafe {
    /// Two quorums may have too few witnesses in common.
    #[error(
        "two quorums of this policy may have {in_common} in common, so that with {liars} lying two histories can both be cosigned; \
         ask for more witnesses in each quorum",
        in_common = Witnesses(*.in_common), liars = Witnesses(*.liars)
    )]
    Split {
        /// How many witnesses any two quorums are sure to share.
        in_common: usize,
        /// How many liars the policy was to bear.
        liars: usize,
    },
    /// Liars alone can keep every quorum from being met.
    #[error(
        "{most} may be silent before no quorum is met, and {liars} refusing would be enough; \
         add witnesses or ask for fewer in each quorum",
        most = Witnesses(*.may_be_silent), liars = Witnesses(*.liars)
    )]
    Stuck {
        /// How many witnesses may be silent, whichever they are.
        may_be_silent: usize,
        /// How many liars the policy was to bear.
        liars: usize,
    },
}

struct Witnesses(usize);

impl fmt::Display for Witnesses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("no witness"),
            1 => f.write_str("1 witness"),
            more => write!(f, "{more} witnesses"),
        }
    }
}

impl TrustPolicy {
    /// How many witnesses any two quorums are sure to share: `2q − n` for q of n, 0 without a quorum.
    pub fn in_common(&self) -> usize {
        let of_group = |members: &[usize], group: &Group| {
            let shared = (2 * group.threshold).saturating_sub(members.len());
            least(members, shared)
        };
        self.fold(|_| 1, of_group).unwrap_or(0)
    }

    /// How many witnesses may be silent, whichever they are, and a quorum is still met: `n − q` for q of n. `None` if nobody is asked.
    pub fn may_be_silent(&self) -> Option<usize> {
        let to_break = |members: &[usize], group: &Group| {
            let most = (members.len() + 1).saturating_sub(group.threshold);
            least(members, most)
        };
        self.fold(|_| 1, to_break)
            .map(|witnesses| witnesses.saturating_sub(1))
    }

    /// That the policy bears so many witnesses that lie: no two histories are both witnessed, and the liars alone cannot
    /// keep a checkpoint from being witnessed. For n = 4 and q = 3 that is one.
    ///
    /// # Errors
    /// When it does not, with what is wrong in words.
    pub fn bears(&self, liars: usize) -> Result<(), Unsafe> {
        let in_common = self.in_common();
        if in_common <= liars {
            return Err(Unsafe::Split { in_common, liars });
        }
        match self.may_be_silent() {
            Some(may_be_silent) if may_be_silent < liars => Err(Unsafe::Stuck { may_be_silent, liars }),
            _ => Ok(()),
        }
    }
}

/// The sum of the smallest of these.
fn least(values: &[usize], count: usize) -> usize {
    let mut values = values.to_vec();
    values.sort_unstable();
    values.iter().take(count).sum()
}
