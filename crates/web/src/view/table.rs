//! Paging, with the page in the URL.

use std::fmt::Write as _;

use super::grouped;
use crate::lang::Lang;

/// Where one stands in a paged list.
#[derive(Debug, Clone)]
pub(crate) struct Pager {
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
        let to = |page: u64| with_query(href, &[("page", &page.to_string())]);
        Self {
            says,
            previous: (page > 1).then(|| to(page - 1)),
            next: (last < total).then(|| to(page + 1)),
        }
    }
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
}
