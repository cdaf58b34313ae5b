//! The two languages, and the words of the pages. No visible text stands outside `locales/`.

use std::borrow::Cow;
use std::collections::HashMap;

use assess::Text;
use fluent_templates::Loader;
use fluent_templates::fluent_bundle::FluentValue;
use unic_langid::{LanguageIdentifier, langid};

fluent_templates::static_loader! {
    static WORDS = {
        locales: "./locales",
        fallback_language: "zh-CN",
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static ZH: LanguageIdentifier = langid!("zh-CN");
static EN: LanguageIdentifier = langid!("en");

/// What stands before and after a key that has no words; a test looks for it on every page.
pub(crate) const MISSING: (&str, &str) = ("⟦", "⟧");

/// A language of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum Lang {
    /// 简体中文, the first language.
    #[default]
    Zh,
    /// English, the second.
    En,
}

impl Lang {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// Its code in URLs and the cookie.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The language of a code.
    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// The tag for the `lang` attribute (BCP 47).
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The words of a key.
    pub(crate) fn t(self, key: &str) -> String {
        self.look_up(key, &HashMap::new())
    }

    /// The words of a key with values in them.
    pub(crate) fn with(self, key: &str, values: &[(&'static str, &str)]) -> String {
        let values = values
            .iter()
            .map(|(name, value)| (Cow::Borrowed(*name), FluentValue::from((*value).to_owned())))
            .collect();
        self.look_up(key, &values)
    }

    /// The words of a key that counts: `$n` chooses the form, `$shown` is the number with separators.
    pub(crate) fn count(self, key: &str, n: u64) -> String {
        let values = HashMap::from([
            (Cow::Borrowed("n"), FluentValue::from(n)),
            (Cow::Borrowed("shown"), FluentValue::from(crate::view::grouped(n))),
        ]);
        self.look_up(key, &values)
    }

    /// A policy text in this language.
    pub(crate) fn of(self, text: &Text) -> String {
        text.of(self.code()).to_owned()
    }

    /// Names one after the other.
    pub(crate) fn list(self, names: impl IntoIterator<Item = String>) -> String {
        let names: Vec<String> = names.into_iter().collect();
        names.join(match self {
            Self::Zh => "、",
            Self::En => ", ",
        })
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        }
    }

    fn look_up(self, key: &str, values: &HashMap<Cow<'static, str>, FluentValue<'_>>) -> String {
        WORDS
            .try_lookup_with_args(self.id(), key, values)
            .unwrap_or_else(|| {
                tracing::error!(key, lang = self.code(), "a locale key has no words");
                format!("{}{key}{}", MISSING.0, MISSING.1)
            })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    /// Key → the names of its values, over all files of a language.
    fn keys(tag: &str) -> BTreeMap<String, Vec<String>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(tag);
        let mut keys = BTreeMap::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let mut current: Option<String> = None;
            for line in text.lines() {
                let starts_key = line.starts_with(|c: char| c.is_ascii_lowercase());
                if starts_key {
                    let key = line.split_once(" =").expect(line).0.to_owned();
                    assert!(
                        keys.insert(key.clone(), Vec::new()).is_none(),
                        "`{key}` stands twice"
                    );
                    current = Some(key);
                }
                let Some(values) = current.as_ref().and_then(|key| keys.get_mut(key)) else {
                    continue;
                };
                for part in line.split('$').skip(1) {
                    let name: String = part.chars().take_while(char::is_ascii_alphanumeric).collect();
                    // `$n` chooses a plural in English and may be unused in Chinese.
                    if name != "n" && !values.contains(&name) {
                        values.push(name);
                    }
                }
                values.sort();
            }
        }
        keys
    }

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_values() {
        let (zh, en) = (keys("zh-CN"), keys("en"));
        assert!(zh.len() > 100);
        let only_zh: Vec<_> = zh.keys().filter(|key| !en.contains_key(*key)).collect();
        let only_en: Vec<_> = en.keys().filter(|key| !zh.contains_key(*key)).collect();
        assert!(
            only_zh.is_empty() && only_en.is_empty(),
            "zh {only_zh:?} en {only_en:?}"
        );
        for (key, values) in &zh {
            assert_eq!(values, &en[key], "the values of `{key}`");
        }
    }
}
