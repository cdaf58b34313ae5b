//! A file's header row against a layout's columns.

use std::collections::{BTreeMap, BTreeSet};

use assess::Text;
use record::LayoutCode;
use serde::{Deserialize, Serialize};

use super::{Column, Layout};
use crate::FileFault;

/// What two spellings of one header share: no spaces, brackets unified, no mark of a required column.
pub(crate) fn header_key(header: &str) -> String {
    let key = record::same_name_key(header);
    key.trim_matches(['*', '＊', '：', ':']).to_owned()
}

/// What a department's own headers mean, as one of its officers has said: by layout, the header and the column's code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aliases(BTreeMap<LayoutCode, BTreeMap<String, String>>);

impl Aliases {
    /// From now on this header means this column of the layout. An empty code means none.
    pub fn learn(&mut self, layout: &LayoutCode, header: &str, column: &str) {
        let of_layout = self.0.entry(layout.clone()).or_default();
        of_layout.insert(header_key(header), column.to_owned());
    }

    /// Each header with its column's code.
    pub fn of(&self, layout: &LayoutCode) -> impl Iterator<Item = (&str, &str)> {
        let of_layout = self.0.get(layout).into_iter().flatten();
        of_layout.map(|(header, column)| (header.as_str(), column.as_str()))
    }
}

/// Where the columns of a layout stand in a file.
#[derive(Debug)]
pub(crate) struct HeaderMap {
    /// For each column of the layout its place in the file, if it has one.
    pub(crate) places: Vec<Option<usize>>,
    /// The file's headers as they stand there.
    pub(crate) headers: Vec<String>,
    /// Places of headers that the layout does not know.
    pub(crate) unknown: Vec<usize>,
}

impl HeaderMap {
    /// Finds each column by its code, name or another of its headers.
    ///
    /// # Errors
    /// When a column that must be there is not, or one is there twice.
    pub(crate) fn new(layout: &Layout, headers: Vec<String>, aliases: &Aliases) -> Result<Self, FileFault> {
        let mut places = vec![None; layout.columns.len()];
        let mut unknown = Vec::new();
        let by_key = keys(layout, aliases);
        for (place, header) in headers.iter().enumerate() {
            let key = header_key(header);
            if key.is_empty() {
                continue;
            }
            let Some(slot) = by_key.get(&key).and_then(|column| places.get_mut(*column)) else {
                unknown.push(place);
                continue;
            };
            if slot.replace(place).is_some() {
                return Err(twice(header));
            }
        }
        let missing: Vec<String> = layout
            .columns
            .iter()
            .zip(&places)
            .filter(|(column, place)| column.required && place.is_none())
            .map(|(column, _)| format!("{}（{}）", column.code, column.name.zh))
            .collect();
        if missing.is_empty() {
            Ok(Self {
                places,
                headers,
                unknown,
            })
        } else {
            Err(absent(layout, &missing))
        }
    }
}

/// What each header means. What an officer said goes before what the layout says.
fn keys(layout: &Layout, aliases: &Aliases) -> BTreeMap<String, usize> {
    let own = layout
        .columns
        .iter()
        .enumerate()
        .flat_map(|(place, column)| headers_of(column).into_iter().map(move |key| (key, place)));
    let mut keys: BTreeMap<String, usize> = own.collect();
    let said: Vec<(&str, Option<usize>)> = aliases
        .of(&layout.code)
        .map(|(header, code)| {
            let place = layout.columns.iter().position(|column| column.code == code);
            (header, place)
        })
        .collect();
    for (header, place) in said {
        match place {
            Some(place) => keys.insert(header.to_owned(), place),
            None => keys.remove(header),
        };
    }
    keys
}

/// How many of the headers a layout knows; `None` if a column that must be there is not.
fn score(layout: &Layout, headers: &[String], aliases: &Aliases) -> Option<usize> {
    let by_key = keys(layout, aliases);
    let known: Vec<usize> = headers
        .iter()
        .filter_map(|header| by_key.get(&header_key(header)).copied())
        .collect();
    let whole = layout
        .columns
        .iter()
        .enumerate()
        .all(|(place, column)| !column.required || known.contains(&place));
    whole.then_some(known.len())
}

/// The layout that knows the most of the headers; `None` if none fits, or two fit equally well.
pub(crate) fn detect<'a>(
    layouts: impl Iterator<Item = &'a Layout>,
    headers: &[String],
    aliases: &Aliases,
) -> Option<&'a Layout> {
    let mut scored: Vec<(usize, &Layout)> = layouts
        .filter_map(|layout| Some((score(layout, headers, aliases)?, layout)))
        .collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    match scored.as_slice() {
        [(first, _), (second, _), ..] if first == second => None,
        [(_, layout), ..] => Some(layout),
        [] => None,
    }
}

/// What is missing of the layout that one of these rows was probably meant for: the one it has the most of the columns of that
/// must be there, if that is two thirds of them. Name and number alone stand in every layout.
pub(crate) fn nearest(layouts: &[&Layout], rows: &[Vec<String>], aliases: &Aliases) -> Option<FileFault> {
    let mut best: Option<(usize, FileFault)> = None;
    for (layout, headers) in layouts
        .iter()
        .flat_map(|layout| rows.iter().map(move |row| (layout, row)))
    {
        let by_key = keys(layout, aliases);
        let known: BTreeSet<usize> = headers
            .iter()
            .filter_map(|header| by_key.get(&header_key(header)).copied())
            .collect();
        let required = layout.columns.iter().enumerate();
        let required = required.filter(|(_, column)| column.required);
        let (there, all) = required.fold((0, 0), |(there, all), (place, _)| {
            (there + usize::from(known.contains(&place)), all + 1)
        });
        if there * 3 >= all * 2
            && best.as_ref().is_none_or(|(most, _)| there > *most)
            && let Err(fault) = HeaderMap::new(layout, headers.clone(), aliases)
        {
            best = Some((there, fault));
        }
    }
    best.map(|(_, fault)| fault)
}

fn twice(header: &str) -> FileFault {
    FileFault::new(
        "HEADER-TWICE",
        Text::new(
            format!("表头 `{header}` 有两列"),
            format!("two columns have the header `{header}`"),
        ),
        Text::new("请删去其中一列", "take one of them out"),
    )
}

fn absent(layout: &Layout, missing: &[String]) -> FileFault {
    let missing = missing.join("、");
    FileFault::new(
        "HEADER-MISSING",
        Text::new(
            format!("按「{}」缺少必需的列：{missing}", layout.name.zh),
            format!(
                "for the layout `{}` these columns are missing: {missing}",
                layout.code
            ),
        ),
        Text::new(
            "请按模板补上表头，或另选报送格式",
            "add the headers as in the template, or choose another layout",
        ),
    )
}

/// Every header that means this column, in the form that headers are compared in.
pub(super) fn headers_of(column: &Column) -> Vec<String> {
    let names = [&column.code, &column.name.zh];
    names
        .into_iter()
        .chain(&column.aliases)
        .map(|name| header_key(name))
        .collect()
}
