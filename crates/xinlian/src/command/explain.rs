//! `xinlian explain`: what follows from a subject's records, and why. The look is logged like any other.

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use assess::{Assessment, Bundle, Grade, Measure, Rating, Standing};
use record::{
    AsOf, CaseNumber, Date, IdentifierKind, Logged, PurposeCode, RecordNumber, SubjectId, TreeSize,
};
use store::{NewLook, Store, SubjectFile, Viewer};

use crate::command::say_line;
use crate::place::StoreArgs;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    store: StoreArgs,
    /// An identifier (ID number, social credit code), `kind:identifier`, or a subject's number as `#12`
    subject: String,
    /// The day asked about [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// How many records count [default: all]
    #[arg(long, value_name = "N")]
    known: Option<TreeSize>,
    /// For what the file is looked at; the person will see it
    #[arg(long, value_name = "CODE", default_value = "operator.explain")]
    purpose: PurposeCode,
    /// The case the look belongs to
    #[arg(long, value_name = "NUMBER", value_parser = case_number)]
    case: Option<CaseNumber>,
    /// Print the conclusion as one JSON object
    #[arg(long)]
    json: bool,
}

fn case_number(text: &str) -> Result<CaseNumber, record::IdFault> {
    CaseNumber::new(text)
}

pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let store = args.store.open().await?;
    let now = store.now_as_of().await?;
    let as_of = AsOf {
        on: args.on.unwrap_or(now.on),
        known: args.known.map_or(now.known, |k| k.min(now.known)),
    };
    let subject = find(&store, &args.subject).await?;
    let permit = store
        .look(&NewLook {
            viewer: Viewer::cli()?,
            subject,
            purpose: args.purpose.clone(),
            case: args.case.clone(),
            what: "explain".to_owned(),
        })
        .await?;
    let file = store
        .file(&permit, Some(as_of.known))
        .await
        .with_context(|| format!("subject #{subject}, with {} records known", as_of.known))?;
    let bundle = store.bundle(as_of).await?;
    let assessment = assess::assess(&bundle, &file.all(), as_of);
    if args.json {
        say_line!("{}", String::from_utf8(assessment.to_bytes())?);
    } else {
        say(&bundle, &file, &assessment, permit.purpose())?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn find(store: &Store, text: &str) -> anyhow::Result<SubjectId> {
    if let Some(number) = text.strip_prefix('#') {
        return number
            .parse()
            .with_context(|| format!("`{text}` is no subject's number"));
    }
    let (kinds, value) = match text.split_once(':') {
        Some((kind, value)) => {
            let kind = IdentifierKind::from_code(kind)
                .with_context(|| format!("`{kind}` is no kind of identifier; e.g. `resident_id`, `uscc`"))?;
            (vec![kind], value)
        }
        None => (IdentifierKind::ALL.to_vec(), text),
    };
    for kind in kinds {
        if let Some(subject) = store.find_subject(kind, value).await? {
            return Ok(subject);
        }
    }
    bail!("no subject has this identifier; check it for slips")
}

fn say(
    bundle: &Bundle,
    file: &SubjectFile,
    assessment: &Assessment,
    purpose: &PurposeCode,
) -> anyhow::Result<()> {
    say_line!(
        "{} (subject #{}), on {}, {} records known, policies `{}`",
        file.name,
        file.subject,
        assessment.as_of.on,
        assessment.as_of.known,
        bundle.edition()
    );
    match &assessment.rating {
        Rating::NotRated(why) => say_line!("not rated: {}", why.code()),
        Rating::Rated(grade) => say_grade(grade)?,
    }
    for entry in &assessment.entries {
        say_line!(
            "on list {} until {} [{} #{}]: {} {}, {}",
            entry.list,
            entry.ends,
            entry.clause,
            entry.record,
            entry.document.authority,
            entry.document.number,
            entry.fact
        );
    }
    for measure in &assessment.measures {
        let kind = match measure {
            Measure::Restriction(_) => "restriction",
            Measure::Incentive(_) => "incentive",
        };
        say_line!(
            "{kind} {}: {} [{}{}]",
            measure.code(),
            measure.name().en,
            measure.because().clause,
            numbers(&measure.because().records)
        );
    }
    let seen: BTreeSet<RecordNumber> = file.seen_for(bundle, purpose).map(Logged::number).collect();
    let standings = assessment.standings.iter();
    for standing in standings.filter(|one| one.standing != Standing::Counts && seen.contains(&one.number)) {
        say_line!(
            "record {} ({}) does not count: {}",
            standing.number,
            standing.item,
            in_words(&standing.standing)
        );
    }
    Ok(())
}

/// The points line by line, and what would give more.
fn say_grade(grade: &Grade) -> anyhow::Result<()> {
    say_line!(
        "grade {:?}, {} points, by {}",
        grade.letter,
        grade.points,
        grade.scorecard
    );
    for reason in &grade.reasons {
        say_line!(
            "  {:+5}  {}  [{}{}]",
            reason.points,
            reason.text.en,
            reason.because.clause,
            numbers(&reason.because.records)
        );
    }
    for step in &grade.improvements {
        say_line!(
            "  better: {} ({:+} points, then {:?})",
            step.text.en,
            step.points,
            step.letter_then
        );
    }
    Ok(())
}

/// A standing's code, and since when or by which record.
fn in_words(standing: &Standing) -> String {
    let code = standing.code();
    match standing {
        Standing::Ended { on } => format!("{code} on {on}"),
        Standing::Disputed { by }
        | Standing::Repaired { by }
        | Standing::Corrected { by }
        | Standing::Withdrawn { by } => format!("{code} by record {by}"),
        Standing::Counts
        | Standing::Pending
        | Standing::Underway
        | Standing::Juvenile
        | Standing::Future
        | Standing::Uncatalogued => code.to_owned(),
    }
}

fn numbers(records: &[RecordNumber]) -> String {
    let numbers: Vec<String> = records.iter().map(|number| format!(" #{number}")).collect();
    numbers.concat()
}
