//! What all cases share: a home for a store on either database, raw SQL beside the store, and people made up.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use assess::Bundle;
use jiff::Timestamp;
use record::{
    Date, Document, FieldName, Identifier, IdentifierKind, ItemCode, LayoutCode, OfficerId, PurposeCode,
    Realm, Record, RecordNumber, Reference, Relation, SourceCode, Stated, SubjectId, SubjectKind,
    SubmissionId, Target, TreeSize, Value, demo_resident_id, demo_uscc,
};
use sqlx::{AssertSqlSafe, Column as _, Connection as _, PgConnection, Row as _, SqliteConnection};
use store::{
    Clock, Door, LookPermit, NewLook, NewSubmission, Outcome, Place, Seal, Store, SubjectFile,
    SubmissionTotals, Viewer,
};
use tempfile::TempDir;

/// Makes two tests of each case, one on each database.
macro_rules! on_both {
    ($($case:ident)*) => {$(
        mod $case {
            #[test]
            fn sqlite() {
                crate::support::run(crate::support::Kind::Sqlite, super::$case);
            }
            #[test]
            fn postgres() {
                crate::support::run(crate::support::Kind::Postgres, super::$case);
            }
        }
    )*};
}
pub(crate) use on_both;

/// A row's cells, each as what it is.
macro_rules! line_of {
    ($row:expr) => {{
        let row = $row;
        let cell = |place: usize| -> String {
            if let Ok(number) = row.try_get::<Option<i64>, _>(place) {
                return format!("{number:?}");
            }
            if let Ok(text) = row.try_get::<Option<String>, _>(place) {
                return format!("{text:?}");
            }
            format!("{:02x?}", row.try_get::<Option<Vec<u8>>, _>(place).unwrap())
        };
        row.columns()
            .iter()
            .map(|column| format!("{}={}", column.name(), cell(column.ordinal())))
            .collect::<Vec<_>>()
            .join(" ")
    }};
}

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// A place for one store, gone when the case ends.
pub(crate) struct Home {
    pub(crate) kind: Kind,
    pub(crate) folder: TempDir,
    pub(crate) place: Place,
    pub(crate) keys: PathBuf,
    pub(crate) clock: Clock,
    database: Option<String>,
}

const NOW: &str = "2026-11-23T01:41:00Z";
static HOMES: AtomicU32 = AtomicU32::new(0);

fn server() -> String {
    std::env::var("XINLIAN_TEST_POSTGRES_URL").unwrap_or_else(|_| {
        panic!(
            "XINLIAN_TEST_POSTGRES_URL is not set, so the PostgreSQL half cannot run: run `make test`, or \
             `scripts/with-postgres.sh cargo test -p xinlian-store`"
        )
    })
}

/// Runs a case in a home of its own, and clears the home away whatever happens.
pub(crate) fn run(kind: Kind, case: impl AsyncFnOnce(&Home)) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let home = runtime.block_on(Home::new(kind));
    let ended = std::panic::catch_unwind(AssertUnwindSafe(|| runtime.block_on(case(&home))));
    runtime.block_on(home.clear());
    if let Err(panic) = ended {
        std::panic::resume_unwind(panic);
    }
}

impl Home {
    async fn new(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (place, database) = match kind {
            Kind::Sqlite => (Place::Folder(folder.path().join("data")), None),
            Kind::Postgres => {
                let server = server();
                let home = HOMES.fetch_add(1, Ordering::Relaxed);
                let name = format!("xinlian_it_{}_{home}", std::process::id());
                let mut admin = PgConnection::connect(&server).await.unwrap();
                let sql = format!("CREATE DATABASE {name}");
                sqlx::query(AssertSqlSafe(sql)).execute(&mut admin).await.unwrap();
                let (base, _) = server.rsplit_once('/').unwrap();
                (Place::Url(format!("{base}/{name}")), Some(name))
            }
        };
        Self {
            kind,
            keys: folder.path().join("keys.toml"),
            folder,
            place,
            clock: Clock::fixed(NOW.parse().unwrap()),
            database,
        }
    }

    async fn clear(&self) {
        if let Some(name) = &self.database {
            let mut admin = PgConnection::connect(&server()).await.unwrap();
            let sql = format!("DROP DATABASE {name} WITH (FORCE)");
            sqlx::query(AssertSqlSafe(sql)).execute(&mut admin).await.unwrap();
        }
    }

    /// Makes the store.
    pub(crate) async fn create(&self) -> Store {
        self.create_of(Realm::Demo, bundle()).await
    }

    /// Makes one for real records.
    pub(crate) async fn create_live(&self) -> Store {
        let live = Bundle::parse(bundle().files().clone(), Realm::Live).unwrap();
        self.create_of(Realm::Live, &live).await
    }

    async fn create_of(&self, realm: Realm, bundle: &Bundle) -> Store {
        Store::create(&self.place, Some(&self.keys), realm, bundle, self.clock.clone())
            .await
            .unwrap()
    }

    /// Another handle to it, as another process has one.
    pub(crate) async fn open(&self) -> Store {
        self.try_open().await.unwrap()
    }

    pub(crate) async fn try_open(&self) -> store::Result<Store> {
        Store::open(&self.place, Some(&self.keys), self.clock.clone()).await
    }

    /// Lets time pass.
    pub(crate) fn at(&self, moment: &str) {
        let Clock::Fixed(at) = &self.clock else {
            panic!("a test's clock stands")
        };
        *at.lock().unwrap() = moment.parse::<Timestamp>().unwrap();
    }

    /// The file of the SQLite database.
    pub(crate) fn database_file(&self) -> PathBuf {
        self.folder.path().join("data/xinlian.db")
    }

    /// Runs a statement behind the store's back; how many rows it touched.
    pub(crate) async fn sql(&self, sql: &str) -> u64 {
        match &self.place {
            Place::Folder(_) => {
                let mut raw = self.sqlite().await;
                let done = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut raw).await;
                raw.close().await.unwrap();
                done.unwrap().rows_affected()
            }
            Place::Url(url) => {
                let mut raw = PgConnection::connect(url).await.unwrap();
                let done = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut raw).await;
                done.unwrap().rows_affected()
            }
        }
    }

    /// The one number that a statement gives, as text.
    pub(crate) async fn one(&self, sql: &str) -> String {
        let sql = AssertSqlSafe(sql.to_owned());
        let found: i64 = match &self.place {
            Place::Folder(_) => {
                let mut raw = self.sqlite().await;
                let found = sqlx::query_scalar(sql).fetch_one(&mut raw).await;
                raw.close().await.unwrap();
                found.unwrap()
            }
            Place::Url(url) => {
                let mut raw = PgConnection::connect(url).await.unwrap();
                sqlx::query_scalar(sql).fetch_one(&mut raw).await.unwrap()
            }
        };
        found.to_string()
    }

    async fn sqlite(&self) -> SqliteConnection {
        let url = format!("sqlite://{}", self.database_file().display());
        SqliteConnection::connect(&url).await.unwrap()
    }

    /// Every table there is, but for the migrations' own.
    pub(crate) async fn tables(&self) -> Vec<String> {
        match &self.place {
            Place::Folder(_) => {
                let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'";
                let mut raw = self.sqlite().await;
                let names = sqlx::query_scalar(sql).fetch_all(&mut raw).await.unwrap();
                raw.close().await.unwrap();
                names
            }
            Place::Url(url) => {
                let sql = "SELECT table_name::text FROM information_schema.tables \
                    WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'";
                let mut raw = PgConnection::connect(url).await.unwrap();
                sqlx::query_scalar(sql).fetch_all(&mut raw).await.unwrap()
            }
        }
    }

    /// Every row of a table as text, sorted.
    pub(crate) async fn dump(&self, table: &str) -> Vec<String> {
        let sql = AssertSqlSafe(format!("SELECT * FROM {table}"));
        let mut lines: Vec<String> = match &self.place {
            Place::Folder(_) => dump_of(&self.database_file(), table).await,
            Place::Url(url) => {
                let mut raw = PgConnection::connect(url).await.unwrap();
                let rows = sqlx::query(sql).fetch_all(&mut raw).await.unwrap();
                rows.iter().map(|row| line_of!(row)).collect()
            }
        };
        lines.sort();
        lines
    }

    /// Every projection, by table.
    pub(crate) async fn projections(&self) -> BTreeMap<&'static str, Vec<String>> {
        let mut all = BTreeMap::new();
        for table in PROJECTIONS {
            all.insert(table, self.dump(table).await);
        }
        all
    }
}

/// Every row of a table of an SQLite database as text, sorted.
pub(crate) async fn dump_of(file: &Path, table: &str) -> Vec<String> {
    let url = format!("sqlite://{}", file.display());
    let mut raw = SqliteConnection::connect(&url).await.unwrap();
    let sql = AssertSqlSafe(format!("SELECT * FROM {table}"));
    let rows = sqlx::query(sql).fetch_all(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    let mut lines: Vec<String> = rows.iter().map(|row| line_of!(row)).collect();
    lines.sort();
    lines
}

pub(crate) const PROJECTIONS: [&str; 20] = [
    "subject",
    "identifier",
    "subject_name",
    "membership",
    "reference",
    "confirmation",
    "unlinked",
    "bundle",
    "organisation",
    "organisation_document",
    "public_record",
    "linked_adverse",
    "merger",
    "plea",
    "likeness",
    "look_question",
    "look_review",
    "tally",
    "subject_tally",
    "mandate",
];

/// The repository's policies, without the worked cases.
pub(crate) fn bundle() -> &'static Bundle {
    static BUNDLE: OnceLock<Bundle> = OnceLock::new();
    BUNDLE.get_or_init(|| parse(policy_files(), Realm::Demo))
}

pub(crate) fn parse(files: BTreeMap<String, String>, realm: Realm) -> Bundle {
    Bundle::parse(files, realm).unwrap_or_else(|faults| {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    })
}

pub(crate) fn policy_files() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies");
    let mut found = BTreeMap::new();
    walk(&root, &root, &mut found);
    found.retain(|path, _| !path.starts_with("cases/"));
    found
}

fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, found);
        } else if path.extension().is_some_and(|ending| ending == "toml") {
            let name = path
                .strip_prefix(root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            found.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

pub(crate) fn source(code: &str) -> SourceCode {
    SourceCode::new(code).unwrap()
}

pub(crate) fn officer(name: &str) -> OfficerId {
    OfficerId::new(name).unwrap()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A made-up person: number 0 to 999.
pub(crate) fn person(sequence: u16) -> Stated {
    Stated {
        kind: SubjectKind::Person,
        name: format!("罗志明{sequence}"),
        identifier: Some(resident(sequence)),
    }
}

pub(crate) fn resident(sequence: u16) -> Identifier {
    let id = demo_resident_id("440604", day("1980-01-01"), sequence).unwrap();
    identifier(IdentifierKind::ResidentId, &id)
}

pub(crate) fn identifier(kind: IdentifierKind, value: &str) -> Identifier {
    Identifier::parse(kind, value, Realm::Demo).unwrap().0
}

/// A made-up company.
pub(crate) fn company(number: u32, name: &str) -> Stated {
    let code = demo_uscc("91", "440604", number).unwrap();
    Stated {
        kind: SubjectKind::Organisation,
        name: name.to_owned(),
        identifier: Some(identifier(IdentifierKind::Uscc, &code)),
    }
}

/// A record of an item about someone, with nothing else in it.
pub(crate) fn record(from: &str, item: &str, subject: Stated) -> Record {
    Record {
        source: source(from),
        item: ItemCode::new(item).unwrap(),
        subject: Some(subject),
        document: None,
        occurred: day("2026-06-01"),
        ends: None,
        fields: BTreeMap::new(),
        references: Vec::new(),
    }
}

pub(crate) fn with(mut record: Record, field: &str, value: Value) -> Record {
    record.fields.insert(FieldName::new(field).unwrap(), value);
    record
}

pub(crate) fn referring(mut record: Record, relation: Relation, target: Target) -> Record {
    record.references.push(Reference { relation, target });
    record
}

/// The entry in the base register that founds a person or company.
pub(crate) fn registration(subject: Stated) -> Record {
    match subject.kind {
        SubjectKind::Person => with(
            record("chancheng.police", "person.registration", subject),
            "birth_date",
            Value::Date(day("1980-01-01")),
        ),
        _ => with(
            record("chancheng.market", "organisation.registration", subject),
            "legal_representative",
            Value::Text("陈大文".into()),
        ),
    }
}

/// An adverse record of the market regulator.
pub(crate) fn penalty(subject: Stated, number: &str) -> Record {
    let mut record = record("chancheng.market", "penalty.fine", subject);
    record.document = Some(Document {
        number: number.to_owned(),
        authority: "禅城区市场监督管理局".into(),
        date: record.occurred,
    });
    with(record, "kind", Value::Text("罚款".into()))
}

/// A licence of the market regulator: neutral, so that it is in effect at once.
pub(crate) fn licence(subject: Stated, number: &str) -> Record {
    let mut record = penalty(subject, number);
    record.item = ItemCode::new("licence.general").unwrap();
    record
}

pub(crate) fn submission(from: &str, by: &str) -> NewSubmission {
    NewSubmission {
        source: source(from),
        layout: Some(LayoutCode::new("sgs-penalty-2018").unwrap()),
        file_name: Some("六月.csv".into()),
        file_digest: Some([7; 32]),
        officer: officer(by),
    }
}

/// A whole hand-in by `chen` or whoever: begun, appended as one batch, finished with its true counts.
/// With `XINLIAN_IT_SEAL` everything is sealed as soon as it is handed in, and with `XINLIAN_IT_SEAL=straight` as it is: every other case is
/// then one of sealed records.
pub(crate) async fn hand_in_by(store: &Store, by: &str, records: &[Record]) -> (SubmissionId, Vec<Outcome>) {
    let from = records.first().unwrap().source.as_str().to_owned();
    let id = store.begin_submission(&submission(&from, by)).await.unwrap();
    let acts = records.iter().any(|record| record.act().is_some());
    let outcomes = if comes_sealed() && !acts {
        store.append_sealed(id, records).await.unwrap()
    } else {
        store.append(id, records).await.unwrap()
    };
    let mut totals = SubmissionTotals::default();
    for outcome in &outcomes {
        totals.rows += 1;
        *match outcome {
            Outcome::Accepted(_) => &mut totals.accepted,
            Outcome::Pending(_) => &mut totals.pending,
            Outcome::Unlinked(..) => &mut totals.unlinked,
            Outcome::Duplicate(_) => &mut totals.duplicate,
            Outcome::Conflict(_) => &mut totals.refused,
        } += 1;
    }
    store
        .finish_submission(id, &totals, &store::SubmissionQuality::default(), b"{}")
        .await
        .unwrap();
    if all_is_sealed() {
        store.seal_records(Seal::default(), |_| ()).await.unwrap();
    }
    (id, outcomes)
}

/// Whether everything comes straight into segments.
fn comes_sealed() -> bool {
    std::env::var_os("XINLIAN_IT_SEAL").is_some_and(|how| how == "straight")
}

/// Whether everything is sealed as soon as it is handed in. A case that alters a body in the database, or counts segments, has nothing to
/// say then.
pub(crate) fn all_is_sealed() -> bool {
    std::env::var_os("XINLIAN_IT_SEAL").is_some()
}

pub(crate) async fn hand_in(store: &Store, records: &[Record]) -> Vec<Outcome> {
    hand_in_by(store, "chen", records).await.1
}

/// The number that a record took, whatever became of it.
pub(crate) fn number(outcome: Outcome) -> RecordNumber {
    match outcome {
        Outcome::Accepted(number) | Outcome::Pending(number) | Outcome::Unlinked(number, _) => number,
        other => panic!("{other:?} took no number"),
    }
}

/// Hands one record in; its number.
pub(crate) async fn append_one(store: &Store, record: Record) -> RecordNumber {
    number(hand_in(store, &[record]).await[0])
}

/// Founds a subject.
pub(crate) async fn found(store: &Store, subject: Stated) -> SubjectId {
    SubjectId(append_one(store, registration(subject)).await.0)
}

pub(crate) fn new_look(subject: SubjectId) -> NewLook {
    NewLook {
        viewer: Viewer::staff(officer("li"), source("nanzhuang.service-centre"), Door::Counter),
        subject,
        purpose: PurposeCode::new("counter.service").unwrap(),
        case: None,
        what: "file".into(),
    }
}

pub(crate) async fn permit(store: &Store, subject: SubjectId) -> LookPermit {
    store.look(&new_look(subject)).await.unwrap()
}

/// The person opens their own file.
pub(crate) async fn own_permit(store: &Store, subject: SubjectId) -> LookPermit {
    let look = NewLook {
        viewer: Viewer::oneself().unwrap(),
        purpose: PurposeCode::new("own-file").unwrap(),
        ..new_look(subject)
    };
    store.look(&look).await.unwrap()
}

/// A clerk looks; the number of that look.
pub(crate) async fn last_look(store: &Store, subject: SubjectId) -> u64 {
    permit(store, subject).await;
    let looks = store.looks_at(subject, store::Page::new(1, 1)).await.unwrap();
    looks.rows[0].id
}

/// An officer at the department's desk looks at a file.
pub(crate) async fn desk_permit(store: &Store, by: &str, from: &str, subject: SubjectId) -> LookPermit {
    let look = NewLook {
        viewer: Viewer::staff(officer(by), source(from), Door::Department),
        purpose: PurposeCode::new("department.evidence").unwrap(),
        what: format!("merge by {by}"),
        ..new_look(subject)
    };
    store.look(&look).await.unwrap()
}

/// Two officers of the register merge `merged` into `kept`; the merge and its confirmation.
pub(crate) async fn merge(
    store: &Store,
    from: &str,
    kept: SubjectId,
    merged: SubjectId,
) -> (RecordNumber, RecordNumber) {
    let mut looks = Vec::new();
    for by in ["wu", "zhou"] {
        looks.push(desk_permit(store, by, from, kept).await);
        looks.push(desk_permit(store, by, from, merged).await);
    }
    let why = "两个号码是同一人，人口库已核实";
    let act = store
        .merge(&looks[0], &looks[1], &officer("wu"), &source(from), why)
        .await
        .unwrap();
    let confirmed = store
        .confirm_merge(act, &looks[2], &looks[3], &officer("zhou"), &source(from))
        .await
        .unwrap();
    (act, confirmed)
}

/// Looks, and reads.
pub(crate) async fn file(store: &Store, subject: SubjectId) -> SubjectFile {
    let permit = permit(store, subject).await;
    store.file(&permit, None).await.unwrap()
}

/// Looks, and reads as of a size of the log.
pub(crate) async fn file_at(store: &Store, subject: SubjectId, known: u64) -> SubjectFile {
    let permit = permit(store, subject).await;
    store.file(&permit, Some(TreeSize(known))).await.unwrap()
}

/// The numbers of records.
pub(crate) fn numbers(records: &[record::Logged]) -> Vec<u64> {
    records.iter().map(|logged| logged.number().0).collect()
}

/// Verifies, and shows what differs if anything does.
pub(crate) async fn assert_clean(store: &Store) {
    let report = store.verify().await.unwrap();
    assert!(report.is_clean(), "{report}");
}

/// What waits at all departments, asked at once, is what waits at each.
pub(crate) async fn assert_queues(store: &Store) {
    let queues = store.queues().await.unwrap();
    for of in ["chancheng.market", "chancheng.police", "chancheng.court"].map(source) {
        let queue = queues.get(&of).cloned().unwrap_or_default();
        let pending = store.pending_submissions(&of).await.unwrap();
        let unlinked = store.unlinked(&of, store::Page::new(1, 1)).await.unwrap();
        assert_eq!(queue.pleas, store.open_pleas(&of).await.unwrap());
        assert_eq!(queue.to_confirm, pending.len() as u64);
        assert_eq!(queue.oldest_ms, pending.iter().map(|info| info.received_ms).min());
        assert_eq!(queue.unlinked, unlinked.total);
    }
}
