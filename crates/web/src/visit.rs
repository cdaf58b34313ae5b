//! One request as a handler sees it: who asks, in which language, on which day, under which rules, and
//! that it is permitted.

use std::sync::Arc;

use assess::Bundle;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use identity::{Role, SessionHash, SessionToken};
use jiff::Timestamp;
use record::{AsOf, Date, Realm, SourceCode};
use store::{Clock, Fingerprint, SessionOwner, Store};

use crate::access::{Action, Permit, Viewer, permit};
use crate::acting::Acting;
use crate::api;
use crate::error::{Fault, render};
use crate::lang::Lang;
use crate::ops::log::RequestId;
use crate::page::see;
use crate::state::App;
use crate::tls::Shown;
use crate::view::{Desk, Flash, Shell, Who, moment_whole, with_query};

/// The cookie that holds a session's token.
pub(crate) const SESSION_COOKIE: &str = "xl_session";
const LANG_COOKIE: &str = "xl_lang";
const SIZE_COOKIE: &str = "xl_size";

/// What is known of a request before it is permitted anything.
pub(crate) struct Frame {
    /// The shared state.
    pub(crate) app: App,
    /// The language.
    pub(crate) lang: Lang,
    /// 长者模式.
    pub(crate) elder: bool,
    /// Path and query without language, size and what was just done.
    pub(crate) here: String,
    /// What was just done, as the redirect says.
    done: Option<(String, String)>,
    /// The session, if one is signed in.
    pub(crate) session: Option<SessionHash>,
    /// Who asks.
    pub(crate) viewer: Viewer,
    /// For whom, if for an organisation.
    pub(crate) acting: Option<Acting>,
    who: Option<Who>,
    /// Now.
    pub(crate) now: Timestamp,
    /// Today, with all that is known.
    pub(crate) as_of: AsOf,
    /// The rules in force.
    pub(crate) bundle: Arc<Bundle>,
}

/// A permitted request.
#[derive(Clone)]
pub(crate) struct Visit {
    frame: Arc<Frame>,
    /// Who may do what.
    pub(crate) permit: Permit,
}

impl std::ops::Deref for Visit {
    type Target = Frame;
    fn deref(&self) -> &Frame {
        &self.frame
    }
}

impl Frame {
    /// The store.
    pub(crate) fn store(&self) -> &Store {
        &self.app.store
    }

    /// Today.
    pub(crate) fn today(&self) -> Date {
        self.as_of.on
    }

    /// The frame of a page at a desk.
    pub(crate) fn shell(&self, desk: Desk) -> Shell {
        Shell {
            lang: self.lang,
            elder: self.elder,
            demo: self.app.store.realm() == Realm::Demo,
            here: self.here.clone(),
            desk,
            who: self.who.clone(),
            acting: self
                .acting
                .as_ref()
                .map(|acting| acting.says(self.lang, &self.bundle)),
            base: self.base(),
            nav: Vec::new(),
            flash: self.flash(),
            refresh_seconds: None,
            made: moment_whole(self.lang, self.now),
            edition: self.bundle.edition().to_owned(),
            known: self.as_of.known.0,
        }
    }

    /// Where the pages of one's own file begin: one's own, or those of the organisation one acts for.
    pub(crate) fn base(&self) -> String {
        self.acting
            .as_ref()
            .map_or_else(|| "/my".to_owned(), Acting::base)
    }

    /// A page of one's own file.
    pub(crate) fn own(&self, rest: &str) -> String {
        format!("{}{rest}", self.base())
    }

    /// Whether whoever asks may do something else too, so that a page offers nothing that is refused.
    pub(crate) fn may(&self, action: Action) -> bool {
        permit(&self.bundle, &self.viewer, action).is_ok()
    }

    fn flash(&self) -> Option<Flash> {
        const DONE: [&str; 37] = [
            "notice",
            "object",
            "counter-object",
            "repair-asked",
            "repair-expired",
            "consent-revoke",
            "consent",
            "confirm",
            "link",
            "unlink",
            "withdraw",
            "merge-propose",
            "merge-confirm",
            "merge-undo",
            "naming-propose",
            "naming-confirm",
            "naming-take-back",
            "plea-own",
            "plea-granted",
            "plea-refused",
            "look-asked",
            "look-withdrawn",
            "look-answered",
            "look-explained",
            "look-follow_up",
            "report",
            "report-withdraw",
            "appoint",
            "appoint-revoke",
            "appoint-accept",
            "appoint-decline",
            "messages-read",
            "announcement-saved",
            "announcement-published",
            "announcement-taken-back",
            "announcement-dropped",
            "events-replayed",
        ];
        let (done, number) = self.done.as_ref()?;
        let key = DONE.into_iter().find(|known| known == done)?;
        Some(Flash {
            says: self.lang.with(&format!("{key}-done"), &[("number", number)]),
        })
    }

    /// The name of a source.
    pub(crate) fn source_name(&self, code: &SourceCode) -> String {
        self.bundle
            .source(code)
            .map_or_else(|| code.to_string(), |source| self.lang.of(&source.name))
    }

    /// A stored moment as one says it today.
    pub(crate) fn moment(&self, ms: i64) -> String {
        let at = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
        crate::view::moment(self.lang, at, self.today())
    }

    /// The day of a stored moment.
    pub(crate) fn day_of(ms: i64) -> Date {
        Clock::day_of(Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH))
    }

    /// The session, which whoever got past a permit for staff or persons has.
    pub(crate) fn session(&self) -> Result<SessionHash, Fault> {
        self.session.ok_or(Fault::SignIn)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Fault;

    /// Fails unless the route was admitted: a handler that no [`Action`] guards cannot run.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        let frame = parts.extensions.get::<Arc<Frame>>().cloned();
        let permit = parts.extensions.get::<Permit>().cloned();
        match (frame, permit) {
            (Some(frame), Some(permit)) => Ok(Self { frame, permit }),
            _ => Err(Fault::internal("a route without an action")),
        }
    }
}

/// Lets a request through to its handler if the policy permits its action to its viewer.
pub(crate) async fn admit(action: Action, mut request: Request, next: Next) -> Response {
    let Some(frame) = request.extensions().get::<Arc<Frame>>().cloned() else {
        return Fault::internal("a route without a frame").into_response();
    };
    match permit(&frame.bundle, &frame.viewer, action) {
        Ok(permit) => {
            request.extensions_mut().insert(permit);
            next.run(request).await
        }
        Err(denied) if denied.nobody_signed_in => Fault::SignIn.into_response(),
        Err(_) => Fault::Forbidden.into_response(),
    }
}

/// A page reads one state of the database. What changes something reads each time what is there.
pub(crate) async fn in_one_state(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        app.store.in_one_state(next.run(request)).await
    } else {
        next.run(request).await
    }
}

/// Reads who asks and how they wish to be answered; renders the fault of a handler that had one.
pub(crate) async fn frame(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>();
    let instance = id.map(|id| id.0.clone()).unwrap_or_default();
    let jar = CookieJar::from_headers(request.headers());
    let is_api = asked_api(&request);
    let wants_json = is_api || wants_json(request.headers());
    let secure = app.secure_cookies;
    let asked = Asked::of(&request);
    let door = if is_api {
        let shown = request.extensions().get::<Shown>().map(|shown| shown.0);
        Door::Api(api::key_of(request.headers()).map(|key| (key.hash(), shown)))
    } else {
        Door::Desk
    };
    let frame = match Frame::of(app, &jar, &asked, door).await {
        Ok(frame) => Arc::new(frame),
        Err(fault) => {
            tracing::error!(instance, %fault, "a request could not begin");
            let says = Lang::default().t("error-503");
            return (axum::http::StatusCode::SERVICE_UNAVAILABLE, says).into_response();
        }
    };
    request.extensions_mut().insert(Arc::clone(&frame));
    let mut response = next.run(request).await;
    if let Some(fault) = response.extensions_mut().remove::<Fault>() {
        let allow = response.headers_mut().remove(header::ALLOW);
        response = match fault {
            Fault::SignIn if !wants_json => {
                let back = if asked.is_get { frame.here.as_str() } else { "/" };
                see(&with_query("/sign-in", &[("next", back)]))
            }
            fault => render(&fault, frame.shell(Desk::Public), wants_json, &instance),
        };
        if let Some(allow) = allow {
            response.headers_mut().insert(header::ALLOW, allow);
        }
    }
    for (name, value) in asked.preferences() {
        set_cookie(&mut response, &preference(name, value, secure));
    }
    response
}

fn asked_api(request: &Request) -> bool {
    request.uri().path().starts_with(api::ROOT)
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.contains("json") && !accept.contains("text/html"))
}

/// The first of our languages that the browser asks for, by its own order of preference.
fn accepted(headers: &HeaderMap) -> Option<Lang> {
    let text = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut wanted: Vec<(&str, &str)> = text
        .split(',')
        .take(20)
        .map(|part| part.split_once(";q=").unwrap_or((part, "1")))
        .filter(|(_, weight)| weight.trim() != "0")
        .collect();
    // Weights are `1` or `0.` and digits, so they sort as text.
    wanted.sort_by(|(_, one), (_, other)| other.trim().cmp(one.trim()));
    wanted
        .into_iter()
        .find_map(|(tag, _)| Lang::from_code(tag.trim().split('-').next()?))
}

/// Adds a cookie to a response.
pub(crate) fn set_cookie(response: &mut Response, cookie: &Cookie<'static>) {
    if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

fn preference(name: &'static str, value: &'static str, secure: bool) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(secure)
        .permanent()
        .build()
}

/// What the address asks for beyond its page.
struct Asked {
    is_get: bool,
    here: String,
    lang: Option<Lang>,
    /// What the browser prefers.
    accepts: Option<Lang>,
    large: Option<bool>,
    done: Option<(String, String)>,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let mut asked = Self {
            is_get: request.method() == axum::http::Method::GET,
            here: request.uri().path().to_owned(),
            lang: None,
            accepts: accepted(request.headers()),
            large: None,
            done: None,
        };
        let mut number = String::new();
        let mut kept = Vec::new();
        for pair in request.uri().query().unwrap_or_default().split('&') {
            match pair.split_once('=') {
                Some(("lang", code)) => asked.lang = Lang::from_code(code),
                Some(("size", size)) => asked.large = Some(size == "large"),
                Some(("done", done)) => asked.done = Some((done.to_owned(), String::new())),
                Some(("n", n)) if n.bytes().all(|b| b.is_ascii_digit()) => n.clone_into(&mut number),
                Some(_) => kept.push(pair),
                None => {}
            }
        }
        if let Some((_, of)) = &mut asked.done {
            *of = number;
        }
        if !kept.is_empty() {
            asked.here = format!("{}?{}", asked.here, kept.join("&"));
        }
        asked
    }

    fn preferences(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let lang = self.lang.map(|lang| (LANG_COOKIE, lang.code()));
        let size = self
            .large
            .map(|large| (SIZE_COOKIE, if large { "large" } else { "normal" }));
        lang.into_iter().chain(size)
    }
}

/// What holds at the door that a request came to.
enum Door {
    /// A session.
    Desk,
    /// A key: its hash, if one was brought, and the certificate that came with it.
    Api(Option<([u8; 32], Option<Fingerprint>)>),
}

impl Frame {
    async fn of(app: App, jar: &CookieJar, asked: &Asked, door: Door) -> Result<Self, Fault> {
        let cookie = |name: &str| jar.get(name).map(|cookie| cookie.value().to_owned());
        let lang = asked
            .lang
            .or_else(|| Lang::from_code(&cookie(LANG_COOKIE)?))
            .or(asked.accepts)
            .unwrap_or_default();
        let elder = asked
            .large
            .unwrap_or_else(|| cookie(SIZE_COOKIE).as_deref() == Some("large"));
        let now = app.store.clock().now();
        let as_of = app.store.now_as_of().await.map_err(Fault::internal)?;
        let bundle = app.store.bundle(as_of).await.map_err(Fault::internal)?;
        let token = cookie(SESSION_COOKIE).and_then(|text| SessionToken::parse(&text));
        let (session, mut viewer, who) = match (door, token) {
            (Door::Api(Some((hash, shown))), _) => (None, system(&app, hash, shown).await?, None),
            (Door::Desk, Some(token)) => match signed_in(&app, &bundle, lang, token.hash()).await? {
                Some((session, viewer, who)) => (Some(session), viewer, Some(who)),
                None => (None, Viewer::Public, None),
            },
            _ => (None, Viewer::Public, None),
        };
        let acting = Acting::at(&app, &mut viewer, &asked.here).await?;
        Ok(Self {
            app,
            lang,
            elder,
            here: asked.here.clone(),
            done: asked.done.clone(),
            session,
            viewer,
            acting,
            who,
            now,
            as_of,
            bundle,
        })
    }
}

/// The system that a key is of; nobody if it is none of ours, has ended, was taken back, or comes without its certificate.
async fn system(app: &App, hash: [u8; 32], shown: Option<Fingerprint>) -> Result<Viewer, Fault> {
    let key = app
        .store
        .use_api_key(hash, shown)
        .await
        .map_err(Fault::internal)?;
    Ok(key.map_or(Viewer::Public, |key| Viewer::Staff {
        officer: key.officer,
        source: key.source,
        role: Role::System,
    }))
}

async fn signed_in(
    app: &App,
    bundle: &Bundle,
    lang: Lang,
    session: SessionHash,
) -> Result<Option<(SessionHash, Viewer, Who)>, Fault> {
    let Some(found) = app.store.session(session.0).await.map_err(Fault::internal)? else {
        return Ok(None);
    };
    let officer = match found.owner {
        SessionOwner::Subject(subject) => {
            let who = Who {
                name: lang.t("look-self"),
                place: None,
            };
            return Ok(Some((session, Viewer::Person { subject }, who)));
        }
        SessionOwner::Staff(officer) => officer,
    };
    let staff = app.store.staff(&officer).await.map_err(Fault::internal)?;
    let Some(staff) = staff.filter(|staff| !staff.disabled) else {
        return Ok(None);
    };
    let Ok(role) = staff.role.parse() else {
        return Ok(None);
    };
    let place = bundle.source(&staff.source).map(|source| lang.of(&source.name));
    let who = Who {
        name: staff.name,
        place,
    };
    let viewer = Viewer::Staff {
        officer,
        source: staff.source,
        role,
    };
    Ok(Some((session, viewer, who)))
}
