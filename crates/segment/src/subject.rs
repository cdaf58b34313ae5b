//! One subject's line in the index of a mirror.

use assess::{DayStamp, RatedWho};
use record::SubjectKind;

use crate::packed::take;

/// How many bytes a subject has in the index.
pub(crate) const SUBJECT: usize = 32;

/// A subject: who it is as far as rating asks, and where its spans stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// Its id.
    pub id: u64,
    /// What rating asks of it.
    pub who: RatedWho,
    /// The place of its first span.
    pub(crate) first: u64,
    /// How many spans it has.
    pub(crate) count: u32,
}

impl Subject {
    /// How many spans it has.
    pub fn count(&self) -> usize {
        self.count as usize
    }

    /// id 8, first 8, count 4, born 4, over 4, kind 1, zeros 3.
    pub(crate) fn to_bytes(self) -> [u8; SUBJECT] {
        let day = |day: Option<jiff::civil::Date>| day.map_or(DayStamp::NEVER, DayStamp::of).0.to_le_bytes();
        let kind = match self.who.kind {
            None => 0,
            Some(SubjectKind::Person) => 1,
            Some(SubjectKind::Organisation) => 2,
            Some(SubjectKind::SoleTrader) => 3,
        };
        let mut bytes = [0; SUBJECT];
        let (id, first, count) = (
            self.id.to_le_bytes(),
            self.first.to_le_bytes(),
            self.count.to_le_bytes(),
        );
        let (born, over) = (day(self.who.born), day(self.who.over));
        let all = id
            .iter()
            .chain(&first)
            .chain(&count)
            .chain(&born)
            .chain(&over)
            .chain([&kind]);
        for (place, byte) in bytes.iter_mut().zip(all) {
            *place = *byte;
        }
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8; SUBJECT]) -> Self {
        let mut rest = bytes.as_slice();
        let (id, first) = (
            u64::from_le_bytes(take(&mut rest)),
            u64::from_le_bytes(take(&mut rest)),
        );
        let count = u32::from_le_bytes(take(&mut rest));
        let mut day = || DayStamp(i32::from_le_bytes(take(&mut rest))).day();
        let (born, over) = (day(), day());
        let [kind] = take(&mut rest);
        Self {
            id,
            who: RatedWho {
                kind: match kind {
                    1 => Some(SubjectKind::Person),
                    2 => Some(SubjectKind::Organisation),
                    3 => Some(SubjectKind::SoleTrader),
                    _ => None,
                },
                born,
                over,
            },
            first,
            count,
        }
    }
}
