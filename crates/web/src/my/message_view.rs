//! What one is told, in words, and where each leads. What follows from records stands in `assess`; here is what follows from looks.

use assess::{Appointment, AppointmentState, Assessment, Message, MessageKind, messages};
use jiff::Timestamp;
use record::{Act, Date, Ends, Logged, Value};
use store::{Capacity, Look, LookPermit, SubjectFile};

use super::companies;
use crate::error::Fault;
use crate::view::{RecordContext, day};
use crate::visit::{Frame, Visit};

/// How many of the newest looks of others are read for messages.
const LOOKS_READ: u32 = 200;

/// One message.
#[derive(Debug, Clone)]
pub(crate) struct MessageView {
    /// By which it is known to have been read.
    pub(crate) key: String,
    /// What happened.
    pub(crate) says: String,
    /// To what.
    pub(crate) about: String,
    /// On which day.
    pub(crate) when: String,
    /// Where more is told.
    pub(crate) href: String,
    /// Whether it was not read yet.
    pub(crate) unread: bool,
    on: Date,
}

/// Everything one is told on this day, the newest first.
pub(super) async fn messages_of(
    visit: &Visit,
    permit: &LookPermit,
    file: &SubjectFile,
    assessment: &Assessment,
) -> Result<Vec<MessageView>, Fault> {
    let Some(reader) = visit.permit.reader() else {
        return Ok(Vec::new());
    };
    let told = Told {
        visit,
        file,
        context: RecordContext {
            bundle: &visit.bundle,
            assessment: Some(assessment),
            lang: visit.lang,
        },
    };
    let all = file.all();
    let mut views = told.of_records(&all, assessment);
    views.extend(told.answered_questions(permit).await?);
    views.extend(told.used_consents(&all).await?);
    if visit.acting.is_none() {
        views.extend(told.asked_to_act(permit).await?);
    }
    let read = visit.store().read_messages(permit, reader).await;
    let read = read.map_err(Fault::internal)?;
    for view in &mut views {
        view.unread = !read.contains(&view.key);
    }
    views.sort_by_key(|view| std::cmp::Reverse(view.on));
    Ok(views)
}

struct Told<'a> {
    visit: &'a Visit,
    file: &'a SubjectFile,
    context: RecordContext<'a>,
}

impl Told<'_> {
    fn view(&self, kind: MessageKind, by: &str, on: Date, about: String, href: String) -> MessageView {
        let code = kind.code();
        MessageView {
            key: format!("{code}-{by}"),
            says: self.visit.lang.t(&format!("message-{}", code.replace('_', "-"))),
            about,
            when: day(self.visit.lang, on),
            href,
            unread: true,
            on,
        }
    }

    /// Whether a message of this day still stands, where it follows from looks.
    fn stands(&self, kind: MessageKind, on: Date) -> bool {
        let rule = self.visit.bundle.message_rule(kind);
        rule.is_some_and(|rule| {
            let days = jiff::Span::new().days(i64::from(rule.days.min(3_660)));
            self.visit.today() < on.saturating_add(days)
        })
    }

    fn of_records(&self, all: &[Logged], assessment: &Assessment) -> Vec<MessageView> {
        let submissions = &self.file.submissions;
        let received = |submission| {
            let info = submissions.get(&submission);
            info.map_or(self.visit.today(), |info| Frame::day_of(info.received_ms))
        };
        let found = messages(&self.visit.bundle, all, assessment, self.visit.today(), received);
        found
            .iter()
            .filter_map(|message| self.of_record(all, message))
            .collect()
    }

    fn of_record(&self, all: &[Logged], message: &Message) -> Option<MessageView> {
        let lang = self.visit.lang;
        let logged = all.iter().find(|logged| logged.number() == message.about)?;
        let record = logged.record();
        let (about, page) = match record.act() {
            Some(Act::Consent) => (
                super::consents::service_name(self.visit, logged),
                "/consents".to_owned(),
            ),
            Some(Act::Appoint) => (text(logged, "name"), "/agents".to_owned()),
            _ => {
                let name = self.context.item_name(logged);
                let source = self.context.source_name(logged);
                if message.count > 1 {
                    let count = lang.count("message-count", message.count);
                    (
                        format!("{name} · {source} · {count}"),
                        "?by=time#records".to_owned(),
                    )
                } else {
                    (
                        format!("{name} · {source}"),
                        format!("/records/{}", message.about),
                    )
                }
            }
        };
        let by = message.by.to_string();
        let mut view = self.view(message.kind, &by, message.on, about, self.visit.own(&page));
        if message.kind == MessageKind::ConsentEnds {
            let ends = record.ends.map(Ends::day)?;
            view.says = lang.with("message-consent-ends", &[("day", &day(lang, ends))]);
        }
        // An objection, or an application, has been heard either way.
        let answer = all.iter().find(|logged| logged.number() == message.by)?;
        if answer.record().act() == Some(Act::AnswerAppointment) {
            let accepted = answer.record().field("accepted") == Some(&Value::Bool(true));
            let key = if accepted {
                "message-accepted"
            } else {
                "message-declined"
            };
            view.says = lang.t(key);
        }
        Some(view)
    }

    async fn answered_questions(&self, permit: &LookPermit) -> Result<Vec<MessageView>, Fault> {
        let kind = MessageKind::QuestionAnswered;
        let told = self.visit.store().questions_in(permit).await;
        let mut views = Vec::new();
        for (question, ..) in told.map_err(Fault::internal)? {
            let store::QuestionState::Answered(answer) = question.state else {
                continue;
            };
            let at = question.answered_ms.map_or(question.asked, Frame::day_of);
            if self.stands(kind, at) {
                let look = &question.look.look;
                let about = self.visit.moment(look.at_ms);
                let href = self.visit.own(&format!("/looks/{}/ask", look.id));
                views.push(self.view(kind, &answer.to_string(), at, about, href));
            }
        }
        Ok(views)
    }

    /// A counter that asked for a verdict while a consent for that service was in force has used it: one message a case.
    async fn used_consents(&self, all: &[Logged]) -> Result<Vec<MessageView>, Fault> {
        let consents: Vec<&Logged> = all
            .iter()
            .filter(|logged| logged.record().act() == Some(Act::Consent))
            .collect();
        if consents.is_empty() {
            return Ok(Vec::new());
        }
        let looks = self
            .visit
            .store()
            .newest_looks_at(self.file.subject, false, LOOKS_READ)
            .await;
        let mut views: Vec<MessageView> = Vec::new();
        for look in looks.map_err(Fault::internal)?.iter().rev() {
            let Some(consent) = consents.iter().find(|consent| self.used(consent, look)) else {
                continue;
            };
            let on = Frame::day_of(look.at_ms);
            let by = look.case.clone().unwrap_or_else(|| look.id.to_string());
            let service = super::consents::service_name(self.visit, consent);
            let source = look
                .source
                .clone()
                .and_then(|code| record::SourceCode::new(code).ok());
            let office = source
                .map(|code| self.visit.source_name(&code))
                .unwrap_or_default();
            let about = format!("{service} · {office}");
            let view = self.view(MessageKind::ConsentUsed, &by, on, about, self.visit.own("/looks"));
            let known = views.iter().any(|one| one.key == view.key);
            if self.stands(MessageKind::ConsentUsed, on) && !known {
                views.push(view);
            }
        }
        Ok(views)
    }

    /// Whether a look was for a verdict that this consent was in force for.
    fn used(&self, consent: &Logged, look: &Look) -> bool {
        let submissions = &self.file.submissions;
        let given = submissions
            .get(&consent.submission())
            .map_or(Timestamp::MAX.as_millisecond(), |info| info.received_ms);
        let asked = look.what.strip_prefix("verdict ");
        let service = text(consent, "service");
        let ended = consent.record().ends.map(Ends::day);
        let revoked = self
            .context
            .assessment
            .and_then(|known| known.standing(consent.number()))
            .and_then(|found| match found.standing {
                assess::Standing::Withdrawn { by } => {
                    let mut records = self.file.records.iter().chain(&self.file.acts);
                    let act = records.find(|logged| logged.number() == by)?;
                    Some(submissions.get(&act.submission())?.received_ms)
                }
                _ => None,
            });
        !look.is_own()
            && asked == Some(service.as_str())
            && given <= look.at_ms
            && revoked.is_none_or(|at| look.at_ms < at)
            && ended.is_none_or(|day| Frame::day_of(look.at_ms) < day)
    }

    /// Organisations that ask the person to act for them.
    async fn asked_to_act(&self, permit: &LookPermit) -> Result<Vec<MessageView>, Fault> {
        let kind = MessageKind::AppointmentAsked;
        let mandates = self.visit.store().mandates_by_act(permit).await;
        let asked = mandates
            .map_err(Fault::internal)?
            .into_iter()
            .filter_map(|mandate| match mandate.capacity {
                Capacity::Appointed(Appointment {
                    state: AppointmentState::Asked,
                    number,
                    made,
                    ..
                }) => Some((mandate.name, number, made)),
                _ => None,
            });
        Ok(asked
            .filter(|(.., made)| self.stands(kind, *made))
            .map(|(name, number, made)| {
                self.view(kind, &number.to_string(), made, name, companies::HERE.to_owned())
            })
            .collect())
    }
}

fn text(logged: &Logged, field: &str) -> String {
    match logged.record().field(field) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

#[cfg(test)]
impl MessageView {
    pub(crate) fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        [
            "record-in",
            "objection-answered",
            "appointed",
            "consent-used",
            "question-answered",
            "repair-decided",
            "record-corrected",
            "record-withdrawn",
            "record-ended",
            "appointment-asked",
            "appointment-answered",
            "accepted",
            "declined",
        ]
        .map(|key| Self {
            key: format!("{key}-7"),
            says: lang.t(&format!("message-{key}")),
            about: lang.count("message-count", 3),
            when: "2026年11月23日".into(),
            href: "/my/records/7".into(),
            unread: key == "record-in",
            on: Date::constant(2026, 11, 23),
        })
        .into()
    }
}
