//! `/sign-in`, `/sign-out`: staff by name, password and one-time code.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::cookie::{Cookie, SameSite};
use identity::{PasswordHash, SessionToken, TotpSecret, verify_or_decoy};
use jiff::Timestamp;
use record::OfficerId;
use serde::Deserialize;
use store::{SessionOwner, Staff, Store};

use crate::access::Viewer;
use crate::error::Fault;
use crate::extract::{Form, Query};
use crate::page::{FormFault, page, page_with, see};
use crate::state::App;
use crate::view::{Desk, Shell};
use crate::visit::{SESSION_COOKIE, Visit, set_cookie};

/// So many failures with one name within the window close it for a while.
const FAILURES_MOST: u64 = 5;
const WINDOW_MINUTES: i64 = 15;
/// A working day for staff, an hour for a person at somebody's computer.
const STAFF_SESSION_MS: i64 = 9 * 3_600_000;
const PERSON_SESSION_MS: i64 = 3_600_000;

#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignInPage {
    shell: Shell,
    name: String,
    next: String,
    faults: Vec<FormFault>,
}

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    next: String,
}

pub(crate) async fn show(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Fault> {
    page(&SignInPage {
        shell: visit.shell(Desk::Public),
        name: String::new(),
        next: own_address(&asked.next).to_owned(),
        faults: Vec::new(),
    })
}

#[derive(Deserialize)]
pub(crate) struct SignIn {
    name: String,
    password: String,
    code: String,
    #[serde(default)]
    next: String,
}

pub(crate) async fn enter(
    State(app): State<App>,
    visit: Visit,
    Form(form): Form<SignIn>,
) -> Result<Response, Fault> {
    let refused = |status, key: &str| {
        let minutes = WINDOW_MINUTES.to_string();
        let fault = FormFault {
            field: "name",
            says: visit.lang.with(key, &[("minutes", &minutes)]),
        };
        let page = SignInPage {
            shell: visit.shell(Desk::Public),
            name: form.name.chars().take(64).collect(),
            next: own_address(&form.next).to_owned(),
            faults: vec![fault],
        };
        page_with(status, &page)
    };
    // One at a time: the count of failures cannot be outrun by asking in parallel.
    let gate = app.sign_in_gate.lock().await;
    let name = form.name.trim().to_lowercase();
    let since_ms = visit.now.as_millisecond() - WINDOW_MINUTES * 60_000;
    let failed = app.store.failed_attempts(&name, since_ms).await;
    if failed.map_err(Fault::internal)? >= FAILURES_MOST {
        return refused(StatusCode::TOO_MANY_REQUESTS, "sign-in-wait");
    }
    let staff = check(&app.store, visit.now, &name, &form.password, &form.code).await?;
    let noted = app.store.note_attempt(&name, staff.is_some()).await;
    noted.map_err(Fault::internal)?;
    drop(gate);
    let Some(staff) = staff else {
        return refused(StatusCode::UNPROCESSABLE_ENTITY, "sign-in-wrong");
    };
    let home = home_of(&staff);
    let next = Some(own_address(&form.next))
        .filter(|next| *next != "/")
        .unwrap_or(home);
    begin(&visit, SessionOwner::Staff(staff.officer), next).await
}

/// Password, code and that the code's step was never used. Which of them was wrong is told to nobody.
async fn check(
    store: &Store,
    now: Timestamp,
    name: &str,
    password: &str,
    code: &str,
) -> Result<Option<Staff>, Fault> {
    let found = match OfficerId::new(name) {
        Ok(officer) => store.staff(&officer).await.map_err(Fault::internal)?,
        Err(_) => None,
    };
    let hash = found
        .as_ref()
        .map(|staff| PasswordHash::from_stored(&staff.password));
    let password = password.to_owned();
    let fits = tokio::task::spawn_blocking(move || verify_or_decoy(&password, hash.as_ref())).await;
    let fits = fits.map_err(Fault::internal)?;
    let Some(staff) = found.filter(|staff| fits && !staff.disabled) else {
        return Ok(None);
    };
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    let step = TotpSecret::from_bytes(&staff.totp)
        .ok()
        .and_then(|secret| secret.check(code, seconds, Some(staff.last_step)).ok());
    let Some(step) = step else { return Ok(None) };
    let spent = store
        .spend_step(&staff.officer, step)
        .await
        .map_err(Fault::internal)?;
    Ok(spent.then_some(staff))
}

/// The desk that a member of staff works at.
pub(crate) fn home_of(staff: &Staff) -> &'static str {
    match staff.role.parse() {
        Ok(identity::Role::Clerk) => "/counter",
        Ok(identity::Role::Auditor) => "/audit",
        Ok(identity::Role::Office) => "/office",
        _ => "/department",
    }
}

/// Begins a session and goes to its first page. A session that was there before ends.
pub(crate) async fn begin(visit: &Visit, owner: SessionOwner, next: &str) -> Result<Response, Fault> {
    let token = SessionToken::generate().map_err(Fault::internal)?;
    let life_ms = match owner {
        SessionOwner::Staff(_) => STAFF_SESSION_MS,
        SessionOwner::Subject(_) => PERSON_SESSION_MS,
    };
    let expires_ms = visit.now.as_millisecond().saturating_add(life_ms);
    end(visit).await?;
    let kept = visit
        .store()
        .put_session(token.hash().0, &owner, expires_ms)
        .await;
    kept.map_err(Fault::internal)?;
    let mut response = see(next);
    let cookie = Cookie::build((SESSION_COOKIE, token.to_text()));
    let cookie = cookie
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(visit.app.secure_cookies);
    set_cookie(&mut response, &cookie.build());
    Ok(response)
}

async fn end(visit: &Visit) -> Result<(), Fault> {
    if let Some(session) = visit.session {
        visit.app.forget(session);
        let ended = visit.store().end_session(session.0).await;
        ended.map_err(Fault::internal)?;
    }
    Ok(())
}

/// `POST /sign-out`
pub(crate) async fn leave(visit: Visit) -> Result<Response, Fault> {
    end(&visit).await?;
    let demo = visit.app.demo.is_some() && visit.viewer != Viewer::Public;
    let mut response = see(if demo { "/demo" } else { "/" });
    let gone = Cookie::build((SESSION_COOKIE, ""))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(visit.app.secure_cookies)
        .removal();
    set_cookie(&mut response, &gone.build());
    Ok(response)
}

/// An address within this site, or the start.
fn own_address(next: &str) -> &str {
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if next.starts_with('/') && !next.starts_with("//") && plain {
        next
    } else {
        "/"
    }
}

#[cfg(test)]
impl crate::page::Samples for SignInPage {
    fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        let with = |demo, faults| Self {
            shell: Shell {
                demo,
                ..Shell::sample(lang, Desk::Public)
            },
            name: "chen".into(),
            next: "/department".into(),
            faults,
        };
        let fault = |says| FormFault { field: "name", says };
        vec![
            with(true, Vec::new()),
            with(false, vec![fault(lang.t("sign-in-wrong"))]),
            with(false, vec![fault(lang.with("sign-in-wait", &[("minutes", "5")]))]),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::own_address;

    #[test]
    fn one_is_never_sent_elsewhere() {
        for (next, expect) in [
            ("/department/confirm/7?page=2", "/department/confirm/7?page=2"),
            ("", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("/a\r\nset-cookie: x", "/"),
        ] {
            assert_eq!(own_address(next), expect);
        }
    }
}
