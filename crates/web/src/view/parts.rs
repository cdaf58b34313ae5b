//! What the components of `templates/part/` are given: plain words, ready to be set.

use super::Tone;

/// One figure and what it counts.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    /// The number, as it is written.
    pub(crate) number: String,
    /// What it counts.
    pub(crate) says: String,
    /// How it is coloured: `plus`, `minus`, `wait` or nothing.
    pub(crate) class: &'static str,
}

/// One line of a list of what is to be done.
#[derive(Debug, Clone)]
pub(crate) struct Task {
    /// How many of it wait.
    pub(crate) count: u64,
    /// What it is.
    pub(crate) says: String,
    /// Why, or by when.
    pub(crate) more: String,
    /// How that is coloured.
    pub(crate) tone: Tone,
    /// Where it is done.
    pub(crate) href: &'static str,
    /// The words of what one does there.
    pub(crate) go: String,
}

/// One answer that was given, with the way back to it.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    /// What was asked.
    pub(crate) label: String,
    /// What was answered.
    pub(crate) value: String,
    /// Where it is changed, if it can be.
    pub(crate) change: Option<String>,
}

/// One step of what happened.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// What.
    pub(crate) what: String,
    /// When.
    pub(crate) when: String,
    /// By whom.
    pub(crate) who: String,
    /// What was said with it.
    pub(crate) says: String,
    /// How it is coloured.
    pub(crate) tone: Tone,
}

/// A value of which only a part is shown until somebody says what for.
#[derive(Debug, Clone)]
pub(crate) struct Masked {
    /// What tells it from others on the page; empty where it is the only one.
    pub(crate) id: String,
    /// What it is.
    pub(crate) label: String,
    /// The masked value, or the whole one.
    pub(crate) value: String,
    /// Whether it is the whole one.
    pub(crate) whole: bool,
    /// Where the purpose goes. What answers there writes the look before it shows anything.
    pub(crate) action: String,
}

/// One choice of a filter: code, words and whether it is the chosen one.
pub(crate) type Choice = (String, String, bool);

/// One field of a filter.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    /// Its name in the address.
    pub(crate) name: &'static str,
    /// What it filters by.
    pub(crate) label: String,
    /// What one may choose.
    pub(crate) choices: Vec<Choice>,
}

impl Filter {
    /// A filter over `choices` with “all” before them. What is asked for and is none of them is taken for “all”.
    pub(crate) fn new(
        name: &'static str,
        label: String,
        all: String,
        choices: impl IntoIterator<Item = (String, String)>,
        asked: &str,
    ) -> Self {
        let first = (String::new(), all);
        let choices = std::iter::once(first).chain(choices);
        let chosen = |(code, says): (String, String)| {
            let is = code == asked;
            (code, says, is)
        };
        Self {
            name,
            label,
            choices: choices.map(chosen).collect(),
        }
    }
}
