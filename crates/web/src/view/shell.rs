//! What every page has around it: language, desk, who one is, where one can go.

use std::fmt::Display;

use super::with_query;
use crate::lang::Lang;

/// What is said otherwise at the desk of an organisation.
const OF_COMPANIES: [&str; 12] = [
    "desk-my",
    "grade-title",
    "looks-empty",
    "looks-hide-own",
    "looks-show-own",
    "looks-title",
    "nav-consents",
    "nav-looks",
    "nav-my",
    "not-rated-what",
    "object-what",
    "records-title",
];

/// The desk a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Desk {
    /// Pages for everyone.
    Public,
    /// A department's officers.
    Department,
    /// The counter of a service centre.
    Counter,
    /// The auditor.
    Audit,
    /// The credit office.
    Office,
    /// A person's own file.
    My,
    /// The file of an organisation that a person acts for.
    Company,
}

/// Who is signed in, as the bar shows it.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    /// The name.
    pub(crate) name: String,
    /// The office, for staff.
    pub(crate) place: Option<String>,
}

/// One place to go to within the desk.
#[derive(Debug, Clone)]
pub(crate) struct NavItem {
    /// Where.
    pub(crate) href: String,
    /// Its words.
    pub(crate) says: String,
    /// How many things wait there.
    pub(crate) count: Option<u64>,
    /// The function key that goes there.
    pub(crate) key: Option<&'static str>,
    /// Whether one is there.
    pub(crate) current: bool,
}

impl NavItem {
    /// A place by its address and words; `current` is the address of the page one is on.
    pub(crate) fn of(lang: Lang, href: impl Into<String>, key: &str, current: &str) -> Self {
        let href = href.into();
        Self {
            says: lang.t(key),
            count: None,
            key: None,
            current: href == current,
            href,
        }
    }

    /// With how many things wait there, if any do.
    pub(crate) fn counting(self, count: u64) -> Self {
        Self {
            count: Some(count).filter(|count| *count > 0),
            ..self
        }
    }
}

/// What was just done, said once on the page that follows a form.
#[derive(Debug, Clone)]
pub(crate) struct Flash {
    /// In words.
    pub(crate) says: String,
}

/// The frame of a page.
#[derive(Debug, Clone)]
pub(crate) struct Shell {
    /// The language.
    pub(crate) lang: Lang,
    /// 长者模式: everything larger.
    pub(crate) elder: bool,
    /// Whether identities and records are made up.
    pub(crate) demo: bool,
    /// Path and query, without language and size: what the switches lead back to.
    pub(crate) here: String,
    /// The desk.
    pub(crate) desk: Desk,
    /// Who is signed in.
    pub(crate) who: Option<Who>,
    /// For whom one acts, if for an organisation.
    pub(crate) acting: Option<String>,
    /// Where the pages of one's own file begin.
    pub(crate) base: String,
    /// The desk's places.
    pub(crate) nav: Vec<NavItem>,
    /// What was just done.
    pub(crate) flash: Option<Flash>,
    /// Ask again after so many seconds: while a job runs.
    pub(crate) refresh_seconds: Option<u32>,
    /// When the page was made.
    pub(crate) made: String,
    /// The rules in force, e.g. `2026.1`.
    pub(crate) edition: String,
    /// How many records are known.
    pub(crate) known: u64,
}

impl Shell {
    /// Words of a key.
    pub(crate) fn t(&self, key: &str) -> String {
        self.lang.t(key)
    }

    /// Words of a key with one value in them.
    pub(crate) fn t1(&self, key: &str, name: &'static str, value: impl Display) -> String {
        self.lang.with(key, &[(name, &value.to_string())])
    }

    /// Words of a key that counts.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "templates hand in references")]
    pub(crate) fn n(&self, key: &str, n: &u64) -> String {
        self.lang.count(key, *n)
    }

    /// A number with separators.
    #[allow(
        clippy::trivially_copy_pass_by_ref,
        clippy::unused_self,
        reason = "templates hand in references, and have the shell alone to ask"
    )]
    pub(crate) fn num(&self, n: &u64) -> String {
        super::grouped(*n)
    }

    /// This page in the other language.
    pub(crate) fn other_language(&self) -> String {
        let other = match self.lang {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        };
        with_query(&self.here, &[("lang", other.code())])
    }

    /// This page in the other size.
    pub(crate) fn other_size(&self) -> String {
        with_query(
            &self.here,
            &[("size", if self.elder { "normal" } else { "large" })],
        )
    }

    /// The address of an asset, with its hash, so that browsers may keep it for ever.
    #[allow(clippy::unused_self, reason = "templates have the shell alone to ask")]
    pub(crate) fn asset(&self, name: &str) -> String {
        crate::assets::address(name)
    }

    /// The desk's name.
    pub(crate) fn desk_name(&self) -> String {
        match self.desk {
            Desk::Public => self.t("desk-public"),
            Desk::Department => self.t("desk-department"),
            Desk::Counter => self.t("desk-counter"),
            Desk::Audit => self.t("desk-audit"),
            Desk::Office => self.t("desk-office"),
            Desk::My => self.t("desk-my"),
            Desk::Company => self.t("desk-company"),
        }
    }

    /// Words of a key about one's own file: an organisation's own words, at its desk.
    pub(crate) fn own(&self, key: &str) -> String {
        self.lang.t(&self.own_words(key))
    }

    /// The same with one value in them.
    pub(crate) fn own1(&self, key: &str, name: &'static str, value: impl Display) -> String {
        self.t1(&self.own_words(key), name, value)
    }

    /// The key of words about one's own file: an organisation has some of its own.
    pub(crate) fn own_words(&self, key: &str) -> String {
        match self.desk {
            Desk::Company if OF_COMPANIES.contains(&key) => format!("company-{key}"),
            _ => key.to_owned(),
        }
    }

    /// What stands above a page on paper: whose it is, as of when, and by which rules.
    pub(crate) fn on_paper(&self) -> String {
        let place = self.who.as_ref().and_then(|who| who.place.clone());
        let from: Vec<String> = [Some(self.t("brand")), place, Some(self.desk_name())]
            .into_iter()
            .flatten()
            .collect();
        let values = [
            ("from", from.join(" · ")),
            ("made", self.made.clone()),
            ("edition", self.edition.clone()),
            ("known", super::grouped(self.known)),
        ];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        let key = if self.demo { "on-paper-made-up" } else { "on-paper" };
        self.lang.with(key, &values)
    }

    /// The desk's home.
    pub(crate) fn home(&self) -> &str {
        match self.desk {
            Desk::Public => "/",
            Desk::Department => "/department",
            Desk::Counter => "/counter",
            Desk::Audit => "/audit",
            Desk::Office => "/office",
            Desk::My => "/my",
            Desk::Company => &self.base,
        }
    }

    /// The class of the frame.
    pub(crate) fn frame(&self) -> &'static str {
        match (self.desk, self.nav.is_empty()) {
            (Desk::My | Desk::Company, false) => "frame tabs",
            (_, false) => "frame",
            (_, true) => "frame alone",
        }
    }
}

#[cfg(test)]
impl Shell {
    /// A shell for rendering samples.
    pub(crate) fn sample(lang: Lang, desk: Desk) -> Self {
        let signed_in = desk != Desk::Public;
        Self {
            lang,
            elder: false,
            demo: true,
            here: "/somewhere?q=%E7%BD%97".to_owned(),
            desk,
            who: signed_in.then(|| Who {
                name: "陈科员".to_owned(),
                place: Some("市场监督管理局".to_owned()),
            }),
            acting: (desk == Desk::Company).then(|| "佛山市禅城区第1陶瓷有限公司".to_owned()),
            base: if desk == Desk::Company {
                "/company/91440604DEM0000X"
            } else {
                "/my"
            }
            .to_owned(),
            nav: Vec::new(),
            flash: Some(Flash {
                says: "✓".to_owned()
            }),
            refresh_seconds: Some(1),
            made: "2026年11月23日 09:41".to_owned(),
            edition: "2026.1".to_owned(),
            known: 1204,
        }
    }
}
