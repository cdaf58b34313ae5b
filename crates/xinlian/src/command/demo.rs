//! `xinlian demo`: a lively made-up district, taken in through the same door as any file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use assess::{Scope, Text};
use exchange::{Reader, SourceFile};
use identity::{Role, TotpSecret};
use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressStyle};
use record::{
    CaseNumber, FieldName, IdentifierKind, ItemCode, OfficerId, PurposeCode, Realm, SourceCode, SubjectId,
};
use store::{Application, Clock, Door, NewAppointment, NewLook, Store, Viewer, Way};
use web::intake::{Continues, HandIn};
use web::{DemoGuide, DemoOrganisation, DemoPersona, DemoStaff};

use crate::command::serve::Listen;
use crate::command::staff::{self, NewMember};
use crate::fixtures::{self, FixtureFile};
use crate::place::StoreArgs;
use crate::policies;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many made-up persons; organisations are 3 for 20 persons
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(20..=2_000_000))]
    subjects: u32,
    /// The same seed gives the same district
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    listen: Listen,
    /// Folder of the demo; a finished one is served again at once
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
    /// Only make it, do not serve
    #[arg(long)]
    no_serve: bool,
}

/// The one password of the demo's staff. Demo stores hold made-up people only.
const DEMO_PASSWORD: &str = "demo-xinlian";
/// The one TOTP secret of the demo's staff, in base32.
const DEMO_TOTP: &str = "XINLIANDEMOXINLIANDEMOXINLIANDEM";
/// Written when everything is taken in, with what was asked for.
const READY: &str = "demo-ready";

/// Written first: a folder that holds it is a demo, and may be made anew.
const BEGUN: &str = "demo-begun";

/// Whom of the named persons somebody looked at without cause.
const LOOKED_AT: usize = 1;

/// The demo's staff: sign-in name, name on pages, source, role, what one can try.
const STAFF: [(&str, &str, &str, Role, &str, &str); 7] = [
    (
        "chen",
        "陈科员",
        "chancheng.market",
        Role::Officer,
        "报送一份行政处罚文件，看退回的每一行错在哪里",
        "Hand in a file of penalties and see what is wrong with each refused row",
    ),
    (
        "lin",
        "林科长",
        "chancheng.market",
        Role::Officer,
        "复核本月的处罚：由第二个人复核后才生效",
        "Confirm this month's penalties: they take effect only once a second person has looked",
    ),
    (
        "he",
        "何书记员",
        "chancheng.court",
        Role::Officer,
        "法院的失信被执行人名单",
        "The court's list of judgment defaulters",
    ),
    (
        "zhou",
        "周科员",
        "foshan.hrss",
        Role::Officer,
        "市级部门：社会保险缴费",
        "A city department: social insurance",
    ),
    (
        "li",
        "李窗口",
        "nanzhuang.service-centre",
        Role::Clerk,
        "为罗先生办理公共场所卫生许可证延续",
        "Serve Mr Luo, who renews his hygiene licence",
    ),
    (
        "shen",
        "沈审计",
        "chancheng.audit",
        Role::Auditor,
        "看谁查过什么，复核异常查询，答复群众对查询的疑问",
        "See who looked at what, review unusual looking, and answer people's questions about looks",
    ),
    (
        "guan",
        "关主任",
        "chancheng.credit-office",
        Role::Office,
        "看全区的归集、待办、现行规则和系统状况",
        "See the district's records, queues, rules in force and health",
    ),
];

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let place = StoreArgs {
        data: args.data.clone(),
        database: None,
        keys: None,
    };
    let wanted = format!("subjects = {}\nseed = {}\n", args.subjects, args.seed);
    let ready = args.data.join(READY);
    if std::fs::read_to_string(&ready).is_ok_and(|found| found == wanted) {
        println!(
            "the demo in `{}` is ready from before; remove the folder to make it anew",
            args.data.display()
        );
    } else {
        clear(&args.data)?;
        let begun = Instant::now();
        let made = make(&args.data, args.subjects, args.seed).await?;
        println!(
            "{} rows taken in; ready in {}",
            HumanCount(made.rows),
            HumanDuration(begun.elapsed())
        );
        web::run_nightly(&made.store, &place.mirrors(), |_| {}).await?;
        made.store.close().await;
        std::fs::write(&ready, wanted)?;
    }
    if args.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    let store = place.open().await?;
    if store.realm() != Realm::Demo {
        bail!(
            "the store in `{}` is not a demo; use `xinlian serve`",
            args.data.display()
        );
    }
    super::serve::serve(store, &args.listen, Some(guide()?), args.data.join("mirror")).await
}

/// Removes what an interrupted or differently sized demo left, and nothing else.
fn clear(data: &Path) -> anyhow::Result<()> {
    if !data.exists() || std::fs::read_dir(data)?.next().is_none() {
        return Ok(());
    }
    if !data.join(BEGUN).exists() {
        bail!(
            "`{}` holds something that is no demo; name another folder with --data",
            data.display()
        );
    }
    std::fs::remove_dir_all(data)
        .with_context(|| format!("cannot remove the old demo in `{}`", data.display()))
}

/// A district that was made: for serving it, or for timing it.
pub(crate) struct Made {
    pub(crate) store: Store,
    pub(crate) rows: u64,
    pub(crate) ingest: Duration,
}

/// Writes the files, makes the store and its staff, and takes every file in.
pub(crate) async fn make(data: &Path, subjects: u32, seed: u64) -> anyhow::Result<Made> {
    std::fs::create_dir_all(data)?;
    std::fs::write(data.join(BEGUN), "")?;
    let place = StoreArgs {
        data: data.to_owned(),
        database: None,
        keys: None,
    };
    let bundle = policies::bundle(None, Realm::Demo)?;
    let written = fixtures::write(&data.join("files"), subjects, seed, Clock::System.today())?;
    eprintln!(
        "a made-up district: {} persons and {} organisations in {} files",
        HumanCount(written.persons.into()),
        HumanCount(written.organisations.into()),
        written.files.len()
    );
    let store = Store::create(
        &place.place(),
        Some(&place.keys_file()),
        Realm::Demo,
        &bundle,
        Clock::System,
    )
    .await?;
    for (officer, name, source, role, ..) in STAFF {
        let new = NewMember {
            officer: OfficerId::new(officer)?,
            name,
            source: SourceCode::new(source)?,
            role,
        };
        staff::add(&store, new, DEMO_PASSWORD, &TotpSecret::from_base32(DEMO_TOTP)?).await?;
    }
    let begun = Instant::now();
    let rows = take_in_all(&store, &written.files).await?;
    share_some(&store).await?;
    appoint_some(&store).await?;
    look_once(&place).await?;
    Ok(Made {
        store,
        rows,
        ingest: begun.elapsed(),
    })
}

/// Who hands a department's files in, and who confirms them.
fn officers_of(source: &SourceCode) -> anyhow::Result<(OfficerId, OfficerId)> {
    let (first, second) = match source.as_str() {
        "chancheng.market" => ("chen", "lin"),
        _ => ("intake", "intake-second"),
    };
    Ok((OfficerId::new(first)?, OfficerId::new(second)?))
}

/// Takes every file in and lets a second officer confirm it, but for the newest penalties, which wait
/// for whoever tries the demo.
async fn take_in_all(store: &Store, files: &[FixtureFile]) -> anyhow::Result<u64> {
    let bar = ProgressBar::new(files.len().try_into()?).with_style(
        ProgressStyle::with_template("[{elapsed_precise}] {bar:30} {pos}/{len} files  {msg}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let reader = Reader::of_this_program()?;
    let mut rows = 0;
    for file in files {
        bar.set_message(format!("{} {}", file.source, file.layout));
        let (first, second) = officers_of(&file.source)?;
        let hand_in = HandIn {
            source: file.source.clone(),
            officer: first,
            layout: Some(file.layout.clone()),
            dry_run: false,
            corrects: false,
            continues: Continues::Nothing,
        };
        let taken = web::intake::take_in(store, &hand_in, SourceFile::open(&file.path, &reader)?, |_| {})
            .await
            .with_context(|| format!("`{}` was not taken in", file.path.display()))?;
        rows += u64::from(taken.report.rows);
        if let Some(submission) = taken
            .submission
            .filter(|_| taken.report.pending > 0 && file.confirmed)
        {
            store.confirm(submission, &second, None).await?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(rows)
}

/// What departments of the demo share: granted to the market regulator and to the court, and one application that waits.
async fn share_some(store: &Store) -> anyhow::Result<()> {
    let until = Clock::System.today().saturating_add(jiff::Span::new().years(1));
    let shares = [
        (
            ("chen", "chancheng.market"),
            (
                "he",
                "chancheng.court",
                "court.judgment-defaulter",
                &["disrupt_type", "case_code"][..],
            ),
            "换发许可证前核验是否为失信被执行人",
            "最高人民法院关于公布失信被执行人名单信息的若干规定",
            Some("同意，仅限发证核验使用"),
        ),
        (
            ("he", "chancheng.court"),
            (
                "lin",
                "chancheng.market",
                "organisation.registration",
                &["legal_representative"][..],
            ),
            "执行案件中核对被执行企业的登记情况",
            "民事诉讼法关于查询被执行人的规定",
            Some("同意，仅限执行案件使用"),
        ),
        (
            ("zhou", "foshan.hrss"),
            ("lin", "chancheng.market", "penalty.fine", &["kind", "fine"][..]),
            "评审劳动关系和谐企业时核验处罚情况",
            "劳动关系和谐企业评审办法",
            None,
        ),
    ];
    for ((by, recipient), (answers, owner, item, fields), what_for, basis, granted) in shares {
        let fields: Result<Vec<FieldName>, _> = fields.iter().map(|name| FieldName::new(*name)).collect();
        let asks = Application {
            owner: SourceCode::new(owner)?,
            item: ItemCode::new(item)?,
            ways: Way::ALL.to_vec(),
            fields: fields?,
            what_for: what_for.to_owned(),
            basis: basis.to_owned(),
            per_day: 200,
            until,
        };
        let recipient = SourceCode::new(recipient)?;
        let share = store.apply_share(&asks, &OfficerId::new(by)?, &recipient).await?;
        if let Some(why) = granted {
            let answers = OfficerId::new(answers)?;
            store
                .answer_share(share, true, &answers, &asks.owner, why)
                .await?;
        }
    }
    Ok(())
}

/// Of the named companies: which, by which named person, appoints which to what, and whether that is accepted.
const APPOINTED: [(usize, usize, usize, Scope, bool); 2] =
    [(0, 0, 2, Scope::Act, true), (1, 4, 0, Scope::Read, false)];

/// The companies of named persons appoint others: one acts already, one is asked.
async fn appoint_some(store: &Store) -> anyhow::Result<()> {
    let named = fixtures::personas();
    let last = Clock::System.today().saturating_add(jiff::Span::new().months(6));
    for (company, by, whom, scope, accepted) in APPOINTED {
        let company = named.organisations.get(company).context("no such company")?;
        let by = named.persons.get(by).context("nobody is named there")?;
        let whom = named.persons.get(whom).context("nobody is named there")?;
        let organisation = store.organisation(&company.identifier).await?;
        let organisation = organisation.context("the register does not know the company")?;
        let look = |viewer, subject, what: &str| -> anyhow::Result<NewLook> {
            Ok(NewLook {
                viewer,
                subject,
                purpose: PurposeCode::new("own-file")?,
                case: None,
                what: what.to_owned(),
            })
        };
        let person = async |one: &str| -> anyhow::Result<SubjectId> {
            let found = store.find_subject(IdentifierKind::ResidentId, one).await?;
            found.context("the register does not know who is named")
        };
        let viewer = Viewer::agent(person(&by.identifier).await?)?;
        let acting = store.look(&look(viewer, organisation.subject, "agents")?).await?;
        let new = NewAppointment {
            name: whom.name.to_owned(),
            number: whom.identifier.clone(),
            scope,
            last,
        };
        let appointment = store.appoint(&acting, &new).await?;
        if accepted {
            let subject = person(&whom.identifier).await?;
            let own = store
                .look(&look(Viewer::oneself()?, subject, "companies")?)
                .await?;
            store.answer_appointment(&own, appointment, true).await?;
        }
    }
    Ok(())
}

/// A look for the auditor to review: last night, by an officer of the court, at somebody whom the court holds nothing of.
async fn look_once(place: &StoreArgs) -> anyhow::Result<()> {
    let last_night = Clock::System
        .today()
        .yesterday()?
        .at(13, 30, 0, 0)
        .to_zoned(jiff::tz::TimeZone::UTC)?
        .timestamp();
    let keys = place.keys_file();
    let store = Store::open(&place.place(), Some(&keys), Clock::fixed(last_night)).await?;
    let named = fixtures::personas().persons;
    let who = named.get(LOOKED_AT).context("nobody is named there")?;
    let found = store
        .find_subject(IdentifierKind::ResidentId, &who.identifier)
        .await?;
    let look = NewLook {
        viewer: Viewer::staff(
            OfficerId::new("he")?,
            SourceCode::new("chancheng.court")?,
            Door::Department,
        ),
        subject: found.context("the register does not know who is named")?,
        purpose: PurposeCode::new("department.evidence")?,
        case: Some(CaseNumber::new("chancheng.court/1")?),
        what: "file".to_owned(),
    };
    store.look(&look).await?;
    store.close().await;
    Ok(())
}

fn guide() -> anyhow::Result<DemoGuide> {
    let named = fixtures::personas();
    let text = |zh: &str, en: &str| Text::new(zh, en);
    Ok(DemoGuide {
        password: DEMO_PASSWORD.to_owned(),
        totp: TotpSecret::from_base32(DEMO_TOTP)?,
        staff: STAFF
            .into_iter()
            .map(|(officer, .., zh, en)| {
                Ok(DemoStaff {
                    officer: OfficerId::new(officer)?,
                    what: text(zh, en),
                })
            })
            .collect::<anyhow::Result<_>>()?,
        persons: named
            .persons
            .into_iter()
            .map(|one| DemoPersona {
                name: one.name.to_owned(),
                identifier: one.identifier,
                what: text(one.zh, one.en),
            })
            .collect(),
        organisations: named
            .organisations
            .into_iter()
            .map(|one| DemoOrganisation {
                uscc: one.identifier,
                name: one.name.to_owned(),
                what: text(one.zh, one.en),
            })
            .collect(),
    })
}
