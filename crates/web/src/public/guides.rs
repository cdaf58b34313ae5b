//! `GET /guide`, `/guide/{topic}`: one's rights in plain words, one thing to do a page, with the law that the rules in force cite.

use askama::Template;
use assess::{Bundle, Colour, DutyKind, RepairCondition};
use axum::response::Response;
use record::PurposeCode;

use super::guide::basis;
use crate::error::Fault;
use crate::extract::Path;
use crate::lang::Lang;
use crate::page::page;
use crate::view::{Desk, Shell};
use crate::visit::Visit;

/// What one may want to know, with the words of its pages.
struct Topic {
    code: &'static str,
    steps: u8,
    notes: u8,
    /// Where one does it: the address, and the key of its words.
    go: (&'static str, &'static str),
    law: fn(Lang, &Bundle) -> Vec<Law>,
}

const TOPICS: [Topic; 8] = [
    Topic {
        code: "see",
        steps: 3,
        notes: 2,
        go: ("/my", "public-my-go"),
        law: own_file,
    },
    Topic {
        code: "object",
        steps: 4,
        notes: 3,
        go: ("/my", "public-my-go"),
        law: objection,
    },
    Topic {
        code: "repair",
        steps: 4,
        notes: 3,
        go: ("/my", "public-my-go"),
        law: repair,
    },
    Topic {
        code: "looks",
        steps: 3,
        notes: 2,
        go: ("/my/looks", "guide-looks-go"),
        law: looks,
    },
    Topic {
        code: "grade",
        steps: 3,
        notes: 3,
        go: ("/guide/rating", "guide-grade-go"),
        law: grade,
    },
    Topic {
        code: "restriction",
        steps: 4,
        notes: 3,
        go: ("/organisations", "search-title"),
        law: restriction,
    },
    Topic {
        code: "verify",
        steps: 3,
        notes: 2,
        go: ("/verify", "public-verify-go"),
        law: report,
    },
    Topic {
        code: "mistaken",
        steps: 4,
        notes: 3,
        go: ("/my", "public-my-go"),
        law: mistaken,
    },
];

#[derive(Template)]
#[template(path = "public/guides.html")]
pub(crate) struct GuidesPage {
    shell: Shell,
    topics: Vec<Link>,
}

#[derive(Template)]
#[template(path = "public/topic.html")]
pub(crate) struct TopicPage {
    shell: Shell,
    title: String,
    lead: String,
    steps: Vec<String>,
    notes: Vec<String>,
    laws: Vec<Law>,
    go: (&'static str, String),
    others: Vec<Link>,
}

struct Link {
    href: String,
    title: String,
    lead: String,
}

/// What a rule says, and on which law it rests.
struct Law {
    name: String,
    says: String,
    basis: String,
}

pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    page(&GuidesPage {
        shell: visit.shell(Desk::Public),
        topics: TOPICS.iter().map(|topic| link(visit.lang, topic)).collect(),
    })
}

pub(crate) async fn one(visit: Visit, Path(code): Path<String>) -> Result<Response, Fault> {
    let mut topics = TOPICS.iter();
    let topic = topics.find(|topic| topic.code == code).ok_or(Fault::NotFound)?;
    let laws = (topic.law)(visit.lang, &visit.bundle);
    page(&page_of(visit.shell(Desk::Public), topic, laws))
}

fn page_of(shell: Shell, topic: &Topic, laws: Vec<Law>) -> TopicPage {
    let lang = shell.lang;
    let words = |part: &str, most: u8| -> Vec<String> {
        let key = |n| lang.t(&format!("guide-{}-{part}-{n}", topic.code));
        (1..=most).map(key).collect()
    };
    TopicPage {
        title: lang.t(&format!("guide-{}-title", topic.code)),
        lead: lang.t(&format!("guide-{}-lead", topic.code)),
        steps: words("step", topic.steps),
        notes: words("note", topic.notes),
        laws,
        go: (topic.go.0, lang.t(topic.go.1)),
        others: TOPICS
            .iter()
            .filter(|other| other.code != topic.code)
            .map(|other| link(lang, other))
            .collect(),
        shell,
    }
}

fn link(lang: Lang, topic: &Topic) -> Link {
    Link {
        href: format!("/guide/{}", topic.code),
        title: lang.t(&format!("guide-{}-title", topic.code)),
        lead: lang.t(&format!("guide-{}-lead", topic.code)),
    }
}

/// A duty of the authorities, with how long they have.
fn duty(lang: Lang, bundle: &Bundle, duty: DutyKind) -> Option<Law> {
    let deadline = bundle.deadline(duty)?;
    let within = lang.count("guide-within", u64::from(deadline.working_days));
    Some(Law {
        name: lang.of(&deadline.name),
        says: format!("{} {within}", lang.of(&deadline.text)),
        basis: basis(lang, &deadline.legal_basis),
    })
}

fn duties(lang: Lang, bundle: &Bundle, kinds: &[DutyKind]) -> Vec<Law> {
    kinds
        .iter()
        .filter_map(|kind| duty(lang, bundle, *kind))
        .collect()
}

fn purpose(lang: Lang, bundle: &Bundle, code: &str) -> Option<Law> {
    let purpose = bundle.purpose(&PurposeCode::new(code).ok()?)?;
    Some(Law {
        name: lang.of(&purpose.name),
        says: lang.of(&purpose.text),
        basis: basis(lang, &purpose.legal_basis),
    })
}

fn own_file(lang: Lang, bundle: &Bundle) -> Vec<Law> {
    purpose(lang, bundle, "own-file").into_iter().collect()
}

fn objection(lang: Lang, bundle: &Bundle) -> Vec<Law> {
    use DutyKind::{Correction, ObjectionAnswer, RecipientsTold};
    duties(lang, bundle, &[ObjectionAnswer, Correction, RecipientsTold])
}

fn repair(lang: Lang, bundle: &Bundle) -> Vec<Law> {
    use DutyKind::{RecipientsTold, RepairAnswer, RepairDecision};
    let condition = |one: &RepairCondition| Law {
        name: lang.of(&one.name),
        says: lang.of(&one.met),
        basis: basis(lang, &one.legal_basis),
    };
    let conditions = bundle.repair_rules().conditions().iter().map(condition);
    let duties = duties(lang, bundle, &[RepairDecision, RepairAnswer, RecipientsTold]);
    conditions.chain(duties).collect()
}

fn looks(lang: Lang, bundle: &Bundle) -> Vec<Law> {
    let promise = bundle.look_rules().promise().map(|(text, law)| Law {
        name: lang.t("guide-looks"),
        says: lang.of(text),
        basis: basis(lang, law),
    });
    let own = purpose(lang, bundle, "own-file");
    promise.into_iter().chain(own).collect()
}

fn grade(lang: Lang, bundle: &Bundle) -> Vec<Law> {
    let cards = bundle.scorecards().map(|card| Law {
        name: lang.of(&card.name),
        says: lang.of(&card.base.text),
        basis: basis(lang, &card.legal_basis),
    });
    let counter = purpose(lang, bundle, "counter.service");
    cards.chain(counter).collect()
}

fn restriction(lang: Lang, bundle: &Bundle) -> Vec<Law> {
    let black = bundle.lists().filter(|list| list.colour == Colour::Black);
    let law = |list: &assess::List| Law {
        name: lang.of(&list.name),
        says: lang.of(&list.exit_text),
        basis: basis(lang, &list.legal_basis),
    };
    black.map(law).collect()
}

/// A report is an extract of what is held, made by whom it is about.
fn report(lang: Lang, bundle: &Bundle) -> Vec<Law> {
    own_file(lang, bundle)
}

fn mistaken(lang: Lang, bundle: &Bundle) -> Vec<Law> {
    use DutyKind::{Correction, ObjectionAnswer, RecipientsTold};
    duties(lang, bundle, &[ObjectionAnswer, Correction, RecipientsTold])
}

#[cfg(test)]
impl crate::page::Samples for GuidesPage {
    fn samples(lang: Lang) -> Vec<Self> {
        vec![Self {
            shell: Shell::sample(lang, Desk::Public),
            topics: TOPICS.iter().map(|topic| link(lang, topic)).collect(),
        }]
    }
}

#[cfg(test)]
impl crate::page::Samples for TopicPage {
    fn samples(lang: Lang) -> Vec<Self> {
        let law = |_| Law {
            name: lang.t("guide-looks"),
            says: lang.count("guide-within", 7),
            basis: lang.with("guide-unverified", &[("law", "…")]),
        };
        let page = |(at, topic)| {
            let laws = (0..at % 2).map(law).collect();
            page_of(Shell::sample(lang, Desk::Public), topic, laws)
        };
        (0..).zip(&TOPICS).map(page).collect()
    }
}
