//! How far two values of a field agree: a short list of words, the same for every field.

use serde::{Deserialize, Serialize};

/// What comparing two values of one field showed. Each comparison uses some of these
/// ([`Compare::levels`](crate::Compare::levels)), the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Level {
    /// The same, but for width, case and blanks.
    Same,
    /// The same name otherwise written: traditional and simplified, with and without interpunct, in another order.
    OtherwiseWritten,
    /// The same firm under another form or place: only the trade name agrees.
    TradeName,
    /// The same sound in other characters (颜 and 闫), or pinyin that can be read so.
    SameSound,
    /// The same as far as a masked value shows it.
    AsFarAsShown,
    /// Day and month stand in each other's place.
    Swapped,
    /// One character or digit more, less, other, or two neighbours swapped.
    OneOff,
    /// Two of them.
    TwoOff,
    /// Very alike as a whole.
    Close,
    /// Somewhat alike.
    Near,
    /// Little alike.
    Far,
    /// The same road and house number; of the door within, one of them says nothing.
    SameHouse,
    /// The same road, at another number or behind another door.
    SameRoad,
    /// Born in the same year.
    SameYear,
    /// None of the others: they differ.
    Other,
    /// One of the two has no value, or none that can be read. It is no evidence either way.
    Missing,
}
