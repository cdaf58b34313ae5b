//! What all cases share: a house with a store and people in it, and a browser of sorts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use assess::Assessment;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use identity::SessionToken;
use jiff::SignedDuration;
use record::{LayoutCode, PurposeCode, Realm, Record, RecordNumber, Stated, SubjectId, SubmissionId};
use store::{
    Clock, Look, NewLook, NewSubmission, Outcome, Page, Place, SessionOwner, Store, SubmissionTotals, Viewer,
};
use tempfile::TempDir;
use tower::ServiceExt as _;
use web::Config;

use crate::people::{officer, registration, resident};
use crate::stock::{STAFF, bundle, guide, new_staff, secret};

pub(crate) const HOST: &str = "desk.example:8080";
/// 09:41 at the desks.
const NOW: &str = "2026-11-23T01:41:00Z";

/// A house: a store in a folder that goes with it, and the router over it.
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    router: Router,
    pub(crate) folder: TempDir,
}

/// What a house is like.
pub(crate) struct Kind {
    pub(crate) realm: Realm,
    pub(crate) secure: bool,
    pub(crate) guide: bool,
}

/// What a browser holds between two requests.
#[derive(Debug, Clone, Default)]
pub(crate) struct Jar(pub(crate) BTreeMap<String, String>);

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl House {
    /// A demo house with staff and nobody on file.
    pub(crate) async fn new() -> Self {
        Self::of(Kind {
            realm: Realm::Demo,
            secure: false,
            guide: true,
        })
        .await
    }

    pub(crate) async fn of(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::Folder(folder.path().join("data"));
        let keys = folder.path().join("keys.toml");
        let clock = Clock::fixed(NOW.parse().unwrap());
        let bundle = bundle(kind.realm);
        let store = Store::create(&place, Some(&keys), kind.realm, bundle, clock.clone()).await;
        let store = store.unwrap();
        for (name, source, role) in STAFF {
            store.put_staff(&new_staff(name, source, role)).await.unwrap();
        }
        let config = Config {
            reader: exchange::Reader::Here,
            store: store.clone(),
            addr: ([127, 0, 0, 1], 0).into(),
            tls: None,
            secure_cookies: kind.secure,
            demo: kind.guide.then(guide),
            running: web::Running::default(),
            report: web::ReportSettings::default(),
            mirrors: folder.path().join("mirror"),
        };
        Self {
            store,
            clock,
            router: web::router(config),
            folder,
        }
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, span: SignedDuration) {
        let Clock::Fixed(at) = &self.clock else {
            panic!("a test's clock stands")
        };
        let mut at = at.lock().unwrap();
        *at = at.checked_add(span).unwrap();
    }

    /// The one-time code that holds now.
    pub(crate) fn code(&self) -> String {
        let seconds = u64::try_from(self.clock.now().as_second()).unwrap();
        secret().code_at(seconds)
    }

    /// A signed-in browser, without the pages of signing in: those are `sign_in.rs`.
    pub(crate) async fn session(&self, owner: SessionOwner) -> Jar {
        let token = SessionToken::generate().unwrap();
        let until = self.clock.now_ms() + 3_600_000;
        self.store
            .put_session(token.hash().0, &owner, until)
            .await
            .unwrap();
        Jar([("xl_session".to_owned(), token.to_text())].into())
    }

    pub(crate) async fn staff(&self, name: &str) -> Jar {
        self.session(SessionOwner::Staff(officer(name))).await
    }

    pub(crate) async fn person(&self, subject: SubjectId) -> Jar {
        self.session(SessionOwner::Subject(subject)).await
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            bytes: to_bytes(body, 64 << 20).await.unwrap().into(),
        }
    }

    pub(crate) async fn get(&self, jar: &Jar, path: &str) -> Answer {
        self.send(jar.request(Method::GET, path).body(Body::empty()).unwrap())
            .await
    }

    /// Sends a form as a page of the house does.
    pub(crate) async fn post(&self, jar: &Jar, path: &str, form: &[(&str, &str)]) -> Answer {
        let request = jar
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, format!("http://{HOST}"));
        self.send(request.body(Body::from(encoded(form))).unwrap()).await
    }

    /// Sends a form with files in it, each with its name.
    pub(crate) async fn post_files(
        &self,
        jar: &Jar,
        path: &str,
        form: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Answer {
        let mut body = Vec::new();
        let part = |rest: String| format!("--b0\r\ncontent-disposition: form-data; {rest}\r\n\r\n");
        for (name, value) in form {
            body.extend(part(format!("name=\"{name}\"")).into_bytes());
            body.extend(format!("{value}\r\n").into_bytes());
        }
        for (name, bytes) in files {
            body.extend(part(format!("name=\"files\"; filename=\"{name}\"")).into_bytes());
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--b0--\r\n");
        let request = jar
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b0")
            .header(header::ORIGIN, format!("http://{HOST}"));
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends a file with its layout.
    pub(crate) async fn upload(&self, jar: &Jar, name: &str, layout: &str, bytes: &[u8]) -> Answer {
        let mut body = Vec::new();
        body.extend(
            format!(
                "--b0\r\ncontent-disposition: form-data; name=\"layout\"\r\n\r\n{layout}\r\n--b0\r\n\
                 content-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
            )
            .into_bytes(),
        );
        body.extend(bytes);
        body.extend(b"\r\n--b0--\r\n");
        let request = jar
            .request(Method::POST, "/department/upload")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=b0")
            .header(header::ORIGIN, format!("http://{HOST}"));
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// All looks at someone, the oldest first.
    pub(crate) async fn looks(&self, subject: SubjectId) -> Vec<Look> {
        let found = self.store.looks_at(subject, Page::new(1, 200)).await;
        let mut rows = found.unwrap().rows;
        rows.sort_by_key(|look| look.id);
        rows
    }

    /// Founds a person or company; the subject and its founding record have one number.
    pub(crate) async fn found(&self, subject: Stated) -> SubjectId {
        SubjectId(self.append("chen", registration(subject)).await.1.0)
    }

    /// The subject of a made-up person who was founded.
    pub(crate) async fn subject_of(&self, sequence: u16) -> SubjectId {
        let id = resident(sequence);
        let found = self.store.find_subject(id.kind(), id.value()).await;
        found.unwrap().unwrap()
    }

    /// Hands one record in: the submission and the number it took.
    pub(crate) async fn append(&self, by: &str, record: Record) -> (SubmissionId, RecordNumber) {
        let new = NewSubmission {
            source: record.source.clone(),
            layout: Some(LayoutCode::new("sgs-penalty-2018").unwrap()),
            file_name: Some("六月.csv".into()),
            file_digest: Some([7; 32]),
            officer: officer(by),
        };
        let id = self.store.begin_submission(&new).await.unwrap();
        let outcome = self.store.append(id, &[record]).await.unwrap()[0];
        let mut totals = SubmissionTotals {
            rows: 1,
            ..SubmissionTotals::default()
        };
        let (count, number) = match outcome {
            Outcome::Accepted(number) => (&mut totals.accepted, number),
            Outcome::Pending(number) => (&mut totals.pending, number),
            Outcome::Unlinked(number, _) => (&mut totals.unlinked, number),
            other => panic!("{other:?} took no number"),
        };
        *count += 1;
        self.store
            .finish_submission(id, &totals, &store::SubmissionQuality::default(), b"{}")
            .await
            .unwrap();
        (id, number)
    }
}

impl Jar {
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// A request with its cookies.
    pub(crate) fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::HOST, HOST);
        if !self.0.is_empty() {
            let pairs: Vec<String> = self.0.iter().map(|(k, v)| format!("{k}={v}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        request
    }

    /// Takes the cookies that an answer sets.
    pub(crate) fn keep(&mut self, answer: &Answer) {
        for line in answer.cookies() {
            let (name, rest) = line.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if value.is_empty() {
                self.0.remove(name);
            } else {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).expect("a page is text")
    }

    /// Where it sends one, which must be by 303.
    pub(crate) fn goes_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text());
        self.header("location")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn cookies(&self) -> Vec<&str> {
        let all = self.headers.get_all(header::SET_COOKIE);
        all.iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// The page, which must have this status.
    pub(crate) fn page(&self, status: u16) -> String {
        assert_eq!(
            self.status.as_u16(),
            status,
            "{} {}",
            self.header("location"),
            self.text()
        );
        self.text()
    }

    /// A page's text without the number that each request has of its own.
    pub(crate) fn without_instance(&self) -> String {
        let text = self.text();
        let status = format!("{} · ", self.status.as_u16());
        let (before, after) = text.split_once(&status).expect("an error page has its number");
        let (_, after) = after.split_once('<').unwrap();
        format!("{before}{after}")
    }
}

/// What of a page stands in `<main>`.
pub(crate) fn main_of(page: &str) -> &str {
    let (_, main) = page.split_once("<main").expect(page);
    main.split_once("</main>").expect(page).0
}

/// A form as browsers encode it.
pub(crate) fn encoded(form: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in form {
        if !text.is_empty() {
            text.push('&');
        }
        let _ = write!(text, "{name}=");
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() {
                text.push(char::from(byte));
            } else {
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

/// What follows from a person's file today, as anyone with leave would find it.
pub(crate) async fn assessment(house: &House, subject: SubjectId) -> Assessment {
    let look = NewLook {
        viewer: Viewer::cli().unwrap(),
        subject,
        purpose: PurposeCode::new("operator.explain").unwrap(),
        case: None,
        what: "file".into(),
    };
    let permit = house.store.look(&look).await.unwrap();
    let file = house.store.file(&permit, None).await.unwrap();
    let as_of = house.store.now_as_of().await.unwrap();
    let bundle = house.store.bundle(as_of).await.unwrap();
    assess::assess(&bundle, &file.all(), as_of)
}
