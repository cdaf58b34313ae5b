//! The code of a sealed report: drawn at random, and typed by people from paper.

use std::fmt;

use crate::{IdFault, tidy_text};

/// What codes are written with: that of social credit codes (GB 32100), which has none of I O S V Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// Characters without the check character: 31 to the 15th is more than 2 to the 74th.
const DRAWN: usize = 15;
const GROUP: usize = 4;
const RULE: &str = "16 of `0-9` and `A-Y` without I O S V, the last of them a check character";

/// The code of a sealed report, by which anybody can ask whether the report was made here: `7K3M-9QXD-40RT-C2PA`.
///
/// The last of its 16 characters is a check character, which finds every slip of one character and every two neighbours that
/// changed places.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportCode(String);

impl ReportCode {
    /// A code of random bytes; `None` if they do not suffice, which of 32 bytes hardly ever happens.
    pub fn of_random(bytes: &[u8]) -> Option<Self> {
        // Only whole multiples of 31 are taken, so that every character is as likely as the other.
        let fair = bytes.iter().filter(|byte| **byte < 248);
        let drawn: Vec<u32> = fair.map(|byte| u32::from(byte % 31)).take(DRAWN).collect();
        if drawn.len() < DRAWN {
            return None;
        }
        let check = check_place(&drawn);
        let letters = drawn.into_iter().chain([check]).filter_map(letter);
        Some(Self(letters.collect()))
    }

    /// Reads a code as people type it: in small letters, with or without hyphens, with letters that look like those of the
    /// alphabet.
    ///
    /// # Errors
    /// When it is none, or was mistyped.
    pub fn parse(text: &str) -> Result<Self, IdFault> {
        let fault = || IdFault {
            noun: "report code",
            text: text.chars().take(80).collect(),
            rule: RULE,
        };
        let meant = |c: char| match c {
            'O' => '0',
            'I' => '1',
            'S' => '5',
            'V' => 'U',
            'Z' => '2',
            other => other,
        };
        let code: String = tidy_text(text)
            .to_uppercase()
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '－' | '—'))
            .map(meant)
            .collect();
        let places: Option<Vec<u32>> = code.chars().map(place).collect();
        match places.as_deref().and_then(<[u32]>::split_last) {
            Some((check, drawn)) if drawn.len() == DRAWN && check_place(drawn) == *check => Ok(Self(code)),
            _ => Err(fault()),
        }
    }

    /// Its 16 characters without hyphens.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its first four characters: under these, wrong codes are counted.
    pub fn beginning(&self) -> &str {
        self.0.get(..GROUP).unwrap_or_default()
    }
}

impl fmt::Display for ReportCode {
    /// In groups of four, as it is printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, c) in self.0.chars().enumerate() {
            if at > 0 && at % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{c}")?;
        }
        Ok(())
    }
}

fn letter(place: u32) -> Option<char> {
    let byte = ALPHABET.get(usize::try_from(place).ok()?)?;
    Some(char::from(*byte))
}

fn place(c: char) -> Option<u32> {
    let byte = u8::try_from(c).ok()?;
    let found = ALPHABET.iter().position(|one| *one == byte)?;
    u32::try_from(found).ok()
}

/// Weights 1 to 15, modulo the prime 31.
fn check_place(drawn: &[u32]) -> u32 {
    let weighted = (1..).zip(drawn).map(|(weight, place)| weight * place);
    weighted.sum::<u32>() % 31
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> ReportCode {
        let bytes: Vec<u8> = (7..40).map(|n: u8| n.wrapping_mul(37)).collect();
        ReportCode::of_random(&bytes).unwrap()
    }

    #[test]
    fn it_is_read_however_it_is_typed() {
        let code = made();
        let printed = code.to_string();
        assert_eq!(
            (printed.len(), printed.matches('-').count()),
            (19, 3),
            "{printed}"
        );
        for typed in [
            printed.clone(),
            printed.to_lowercase(),
            code.as_str().to_owned(),
            printed.replace('-', " "),
            printed.replace('0', "o"),
            format!("　{}\n", printed.replace('-', "－")),
        ] {
            assert_eq!(ReportCode::parse(&typed).as_ref(), Ok(&code), "{typed}");
        }
    }

    #[test]
    fn a_slip_is_found() {
        let code = made();
        for at in 0..16 {
            for other in ALPHABET.iter().map(|b| char::from(*b)) {
                let mut wrong: Vec<char> = code.as_str().chars().collect();
                if wrong[at] == other {
                    continue;
                }
                wrong[at] = other;
                let wrong: String = wrong.into_iter().collect();
                assert!(ReportCode::parse(&wrong).is_err(), "{wrong}");
            }
        }
        let mut swapped: Vec<char> = code.as_str().chars().collect();
        let at = (0..14).find(|at| swapped[*at] != swapped[at + 1]).unwrap();
        swapped.swap(at, at + 1);
        assert!(ReportCode::parse(&swapped.into_iter().collect::<String>()).is_err());
        for text in ["", "7K3M", "罗志明", &"0".repeat(100)] {
            assert!(ReportCode::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn too_little_randomness_makes_none() {
        assert_eq!(ReportCode::of_random(&[255; 32]), None);
        assert_eq!(ReportCode::of_random(&[0; 14]), None);
    }
}
