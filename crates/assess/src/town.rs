//! In which town an address lies: for statistics alone. Nothing that is concluded of anyone reads it.

use record::SourceCode;

use crate::policy::{Bundle, Town};

impl Bundle {
    /// The towns of the district, each by the source that serves it.
    pub fn towns(&self) -> impl Iterator<Item = (&SourceCode, &Town)> {
        self.sources()
            .filter_map(|source| Some((&source.code, source.town.as_ref()?)))
    }

    /// The town that an address names first, by the source that serves it.
    pub fn town_of(&self, address: &str) -> Option<&SourceCode> {
        let named = |town: &Town| town.addresses.iter().filter_map(|word| address.find(word)).min();
        let found = self.towns().filter_map(|(code, town)| Some((named(town)?, code)));
        found.min().map(|(_, code)| code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use record::Realm;

    use super::*;

    #[test]
    fn an_address_is_in_the_town_that_it_names_first() {
        let sources = r#"
            [[source]]
            code = "a.centre"
            name = { zh = "甲", en = "A" }
            level = "town"
            town = { name = { zh = "南庄镇", en = "Nanzhuang" }, addresses = ["南庄"] }
            [[source]]
            code = "b.centre"
            name = { zh = "乙", en = "B" }
            level = "town"
            town = { name = { zh = "石湾镇街道", en = "Shiwan" }, addresses = ["石湾"] }
        "#;
        let bundle = r#"
            language = 1
            edition = "t"
            name = { zh = "试", en = "Test" }
            in_force_from = 2026-01-01
        "#;
        let files = [("bundle.toml", bundle), ("sources.toml", sources)];
        let files: BTreeMap<String, String> = files
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into();
        let bundle = Bundle::parse(files, Realm::Demo).unwrap();
        for (address, town) in [
            ("佛山市禅城区南庄镇河滘村", Some("a.centre")),
            ("佛山市禅城区石湾镇街道南庄大道1号", Some("b.centre")),
            ("佛山市顺德区大良街道", None),
            ("", None),
        ] {
            assert_eq!(bundle.town_of(address).map(SourceCode::as_str), town, "{address}");
        }
    }
}
