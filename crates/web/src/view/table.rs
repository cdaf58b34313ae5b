//! Paging and sorting, with the page and the column in the URL.

use std::fmt::Write as _;

use super::grouped;
use crate::lang::Lang;

/// Where one stands in a paged list.
#[derive(Debug, Clone)]
pub(crate) struct Pager {
    /// Whether there is nothing: the empty state says it.
    empty: bool,
    /// `第 1–50 项，共 1,204 项`
    pub(crate) says: String,
    /// The page before, if any.
    pub(crate) previous: Option<String>,
    /// The page after, if any.
    pub(crate) next: Option<String>,
}

impl Pager {
    /// A pager over `total` items, `per_page` at a time, on page `page` (from 1). `href` is the
    /// list's address without its page.
    pub(crate) fn new(lang: Lang, href: &str, page: u32, per_page: u32, total: u64) -> Self {
        let (page, per_page) = (u64::from(page.max(1)), u64::from(per_page.max(1)));
        let first = (page - 1) * per_page + 1;
        let last = (page * per_page).min(total);
        let says = if total == 0 || first > total {
            lang.t("pager-none")
        } else {
            lang.with(
                "pager-says",
                &[
                    ("first", &grouped(first)),
                    ("last", &grouped(last)),
                    ("total", &grouped(total)),
                ],
            )
        };
        let empty = total == 0;
        let to = |page: u64| with_query(href, &[("page", &page.to_string())]);
        Self {
            empty,
            says,
            previous: (page > 1).then(|| to(page - 1)),
            next: (last < total).then(|| to(page + 1)),
        }
    }
}

impl Pager {
    /// Whether there is nothing to turn pages of.
    pub(crate) fn is_empty(&self) -> bool {
        self.empty
    }
}

/// By which column a list is sorted, and which way round. In an address `sort=due`, or `sort=-due` for the largest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sort {
    /// The column.
    pub(crate) by: &'static str,
    /// Whether the largest comes first.
    pub(crate) down: bool,
}

impl Sort {
    /// What an address asks for, if it is one of the columns; else the first of them.
    pub(crate) fn of(asked: &str, columns: &[&'static str]) -> Self {
        let (down, name) = asked
            .strip_prefix('-')
            .map_or((false, asked), |name| (true, name));
        let found = columns.iter().copied().find(|column| *column == name);
        match (found, columns) {
            (Some(by), _) => Self { by, down },
            (None, [first, ..]) => Self {
                by: first,
                down: false,
            },
            (None, []) => Self { by: "", down: false },
        }
    }

    /// Sorts rows by what `key` makes of them, keeping the order of equals.
    pub(crate) fn rows<T, K: Ord>(self, rows: &mut [T], key: impl Fn(&T) -> K) {
        rows.sort_by(|one, other| {
            let order = key(one).cmp(&key(other));
            if self.down { order.reverse() } else { order }
        });
    }
}

/// The heading of a column.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// Its words.
    pub(crate) says: String,
    /// The list sorted by it, if it can be: the other way round if it is already.
    pub(crate) href: Option<String>,
    /// `ascending` or `descending`, if the list is sorted by it.
    pub(crate) sorted: Option<&'static str>,
    /// Whether it holds numbers.
    pub(crate) right: bool,
}

impl Column {
    /// A heading by which one can sort. `href` is the list's address without its page and its order.
    pub(crate) fn sorts(says: String, name: &'static str, sort: Sort, href: &str) -> Self {
        let is = sort.by == name;
        let next = if is && !sort.down {
            format!("-{name}")
        } else {
            name.to_owned()
        };
        Self {
            says,
            href: Some(with_query(href, &[("sort", &next)])),
            sorted: is.then_some(if sort.down { "descending" } else { "ascending" }),
            right: false,
        }
    }

    /// A heading that only says what stands below it.
    pub(crate) fn plain(says: String) -> Self {
        Self {
            says,
            href: None,
            sorted: None,
            right: false,
        }
    }

    /// The same over numbers.
    pub(crate) fn right(self) -> Self {
        Self { right: true, ..self }
    }
}

/// An address with those of the parameters that say something.
pub(crate) fn with_chosen(href: &str, asked: &[(&str, &str)]) -> String {
    let chosen = asked.iter().copied().filter(|(_, value)| !value.is_empty());
    with_query(href, &chosen.collect::<Vec<_>>())
}

/// An address with more parameters, percent-encoded.
pub(crate) fn with_query(href: &str, more: &[(&str, &str)]) -> String {
    let mut address = href.to_owned();
    for (name, value) in more {
        address.push(if address.contains('?') { '&' } else { '?' });
        let _infallible = write!(address, "{name}=");
        for byte in value.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    address.push(char::from(byte));
                }
                _ => {
                    let _infallible = write!(address, "%{byte:02X}");
                }
            }
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_know_their_neighbours() {
        let pager = Pager::new(Lang::Zh, "/x?q=a", 2, 50, 120);
        assert_eq!(pager.previous.as_deref(), Some("/x?q=a&page=1"));
        assert_eq!(pager.next.as_deref(), Some("/x?q=a&page=3"));
        let pager = Pager::new(Lang::Zh, "/x", 1, 50, 50);
        assert!(pager.previous.is_none() && pager.next.is_none());
        assert_eq!(with_query("/x", &[("q", "罗 &")]), "/x?q=%E7%BD%97%20%26");
    }

    #[test]
    fn a_column_sorts_one_way_and_then_the_other() {
        let of = |asked| Sort::of(asked, &["due", "since"]);
        assert_eq!(of("nonsense"), of("due"));
        assert_eq!(
            of(""),
            Sort {
                by: "due",
                down: false
            }
        );
        let column = |asked, name| Column::sorts("…".into(), name, of(asked), "/x?kind=a");
        assert_eq!(column("due", "due").href.as_deref(), Some("/x?kind=a&sort=-due"));
        assert_eq!(column("due", "due").sorted, Some("ascending"));
        assert_eq!(column("-due", "due").href.as_deref(), Some("/x?kind=a&sort=due"));
        assert_eq!(
            column("-due", "since").href.as_deref(),
            Some("/x?kind=a&sort=since")
        );
        assert_eq!(column("-due", "since").sorted, None);
        let mut rows = [(2, 'a'), (1, 'b'), (2, 'c')];
        of("-due").rows(&mut rows, |row| row.0);
        assert_eq!(rows, [(2, 'a'), (2, 'c'), (1, 'b')], "equals keep their order");
    }
}
