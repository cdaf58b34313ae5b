//! Names of people: Han, Latin, and the long names with interpuncts that many minorities write.

use crate::level::Level;
use crate::sound::{can_be_read_as, sounds};
use crate::text::{edits, folded, is_han, jaro_winkler};

/// Strongest first.
pub(crate) const LEVELS: &[Level] = &[
    Level::Same,
    Level::OtherwiseWritten,
    Level::SameSound,
    Level::Close,
    Level::Other,
];

/// From here on a transliterated name is long enough that its sound as a whole says something.
const LONG: usize = 5;
const ALIKE: f64 = 0.92;

/// A name of a person, read once.
#[derive(Debug, Clone)]
pub(crate) struct PersonName {
    key: String,
    folded: Vec<char>,
    script: Script,
}

#[derive(Debug, Clone)]
enum Script {
    Han {
        /// Usual readings, joined by blanks.
        sound: String,
        /// Parts between interpuncts, folded.
        parts: Vec<Vec<char>>,
    },
    /// Lower-case words, at most [`MOST_WORDS`].
    Latin { words: Vec<String> },
}

const MOST_WORDS: usize = 6;

impl PersonName {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let folded = folded(text);
        if folded.is_empty() {
            return None;
        }
        let script = if folded.iter().any(|c| is_han(*c)) {
            // A full stop between Han characters is an interpunct of somebody without that key.
            let parts = text.split(|c: char| c.is_ascii_punctuation() || is_interpunct(c));
            let parts = parts.map(crate::text::folded).filter(|part| !part.is_empty());
            Script::Han {
                sound: sounds(&folded).join(" "),
                parts: parts.collect(),
            }
        } else {
            let tidy = record::tidy_text(text).to_lowercase().replace('ü', "v");
            let words = tidy.split(|c: char| !c.is_alphanumeric() && c != '\'');
            let words = words
                .map(|word| word.replace('\'', ""))
                .filter(|word| !word.is_empty());
            Script::Latin {
                words: words.take(MOST_WORDS).collect(),
            }
        };
        Some(Self {
            key: record::same_name_key(text),
            folded,
            script,
        })
    }

    /// What is counted when one asks how rare a name is: the same for all ways of writing it.
    pub(crate) fn term(&self) -> String {
        self.folded.iter().collect()
    }

    /// A key that namesakes by sound share, whatever the order and script: the letters of the pinyin, sorted.
    pub(crate) fn sound_key(&self) -> String {
        let mut letters: Vec<char> = match &self.script {
            Script::Han { sound, .. } => sound.chars().filter(|c| *c != ' ').collect(),
            Script::Latin { words } => words.concat().chars().collect(),
        };
        letters.sort_unstable();
        letters.into_iter().collect()
    }

    pub(crate) fn level(&self, other: &Self) -> Level {
        if self.key == other.key {
            return Level::Same;
        }
        if self.folded == other.folded {
            return Level::OtherwiseWritten;
        }
        match (&self.script, &other.script) {
            (Script::Latin { words: one }, Script::Latin { words: two }) => latin(self, other, one, two),
            (Script::Han { .. }, Script::Latin { words }) => read_as(&self.folded, words),
            (Script::Latin { words }, Script::Han { .. }) => read_as(&other.folded, words),
            (
                Script::Han { sound, parts },
                Script::Han {
                    sound: other_sound,
                    parts: other_parts,
                },
            ) => {
                if sound == other_sound {
                    Level::SameSound
                } else if is_close(&self.folded, &other.folded)
                    || is_shortened(parts, other_parts)
                    || sounds_alike(self, other, sound, other_sound)
                {
                    Level::Close
                } else {
                    Level::Other
                }
            }
        }
    }
}

fn is_interpunct(c: char) -> bool {
    matches!(c, '·' | '•' | '・' | '‧' | '．' | '∙' | '⋅' | '。')
}

fn latin(one: &PersonName, two: &PersonName, words: &[String], others: &[String]) -> Level {
    let sorted = |words: &[String]| {
        let mut words = words.to_vec();
        words.sort_unstable();
        words
    };
    if sorted(words) == sorted(others) {
        Level::OtherwiseWritten
    } else if edits(&one.folded, &two.folded, 1).is_some() || jaro_winkler(&one.folded, &two.folded) >= ALIKE
    {
        Level::Close
    } else {
        Level::Other
    }
}

/// In pinyin the surname may stand first or last, so every rotation of the words is tried.
fn read_as(han: &[char], words: &[String]) -> Level {
    let fits = (0..words.len()).any(|from| {
        let (last, first) = words.split_at(from);
        can_be_read_as(han, &[first.concat(), last.concat()].concat())
    });
    if fits { Level::SameSound } else { Level::Other }
}

/// One character more, less, other, or two swapped; of names with two characters it would be half of them.
fn is_close(one: &[char], two: &[char]) -> bool {
    one.len().max(two.len()) >= 3 && edits(one, two, 1).is_some()
}

/// Whether the one has all parts of the other, in order, and more: 阿卜杜热西提 for 阿卜杜热西提·买买提.
fn is_shortened(one: &[Vec<char>], two: &[Vec<char>]) -> bool {
    let (short, long) = if one.len() <= two.len() {
        (one, two)
    } else {
        (two, one)
    };
    let letters: usize = short.iter().map(Vec::len).sum();
    let mut rest = long.iter();
    letters >= 3 && short.len() < long.len() && short.iter().all(|part| rest.any(|other| other == part))
}

fn sounds_alike(one: &PersonName, two: &PersonName, sound: &str, other: &str) -> bool {
    let letters = |sound: &str| -> Vec<char> { sound.chars().filter(|c| *c != ' ').collect() };
    one.folded.len().min(two.folded.len()) >= LONG && jaro_winkler(&letters(sound), &letters(other)) >= ALIKE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_agree_as_far_as_they_do() {
        for (one, other, expect) in [
            ("王伟", "王伟", Level::Same),
            ("王 伟", "王伟", Level::Same),
            ("买买提·艾力", "买买提•艾力", Level::Same),
            ("買買提・艾力", "买买提艾力", Level::OtherwiseWritten),
            ("買買提.艾力", "买买提‧艾力", Level::OtherwiseWritten),
            ("歐陽鳳儀", "欧阳凤仪", Level::OtherwiseWritten),
            ("颜明", "闫明", Level::SameSound),
            ("閆明", "颜明", Level::SameSound),
            ("萧红", "肖红", Level::SameSound),
            ("王伟", "Wang Wei", Level::SameSound),
            ("王伟", "WEI WANG", Level::SameSound),
            ("欧阳明月", "Mingyue Ouyang", Level::SameSound),
            ("欧阳明月", "OUYANG, Ming Yue", Level::SameSound),
            ("吕布", "LYU BU", Level::SameSound),
            ("吕西安", "Lü Xi'an", Level::SameSound),
            ("王伟", "Wang Wen", Level::Other),
            ("张小明", "张小名", Level::SameSound),
            ("张小明", "张晓朋", Level::Other),
            ("张小明", "张小朋", Level::Close),
            ("张小明", "张明小", Level::Close),
            ("欧阳明月", "欧明月", Level::Close),
            ("阿卜杜热西提·买买提", "阿卜杜热西提", Level::Close),
            ("阿卜杜热西提·买买提", "阿布都热西提·麦买提", Level::Close),
            ("王伟", "王芳", Level::Other),
            ("王伟", "李伟", Level::Other),
            ("买买提·艾力", "买买提·吐尔逊", Level::Other),
            ("John Smith", "Smith, John", Level::OtherwiseWritten),
            ("John Smith", "Jon Smith", Level::Close),
            ("John Smith", "Mary Jones", Level::Other),
        ] {
            let (a, b) = (PersonName::read(one).unwrap(), PersonName::read(other).unwrap());
            assert_eq!(a.level(&b), expect, "{one} {other}");
            assert_eq!(b.level(&a), expect, "{other} {one}");
        }
        assert!(PersonName::read(" ·• ").is_none());
    }

    #[test]
    fn namesakes_by_sound_share_a_key() {
        let key = |text| PersonName::read(text).unwrap().sound_key();
        assert_eq!(key("颜明"), key("閆明"));
        assert_eq!(key("王伟"), key("Wei Wang"));
        assert_ne!(key("王伟"), key("王芳"));
    }
}
