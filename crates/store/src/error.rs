//! What can go wrong, each with what to do.

use assess::ItemFault;
use record::{Date, IdentifierFault, RecordFault, RecordNumber, SubmissionId};

/// Why a call to the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database said no.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The migrations could not be run.
    #[error("the database could not be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The mirror could not be read or written.
    #[error(transparent)]
    Mirror(#[from] segment::MirrorError),
    /// A segment cannot be written, or does not open.
    #[error(transparent)]
    Segment(#[from] segment::SegmentError),
    /// The log cannot go on, or be read.
    #[error(transparent)]
    Log(#[from] crate::LogFault),
    /// A file could not be read or written.
    #[error("`{path}`: {error}")]
    File {
        /// Which file.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// There is no store in this place.
    #[error("there is no store in {0}; make one with `xinlian init`")]
    NoStore(String),
    /// There is a store already.
    #[error("there is a store in {0} already; open it, or name another place")]
    StoreExists(String),
    /// The key file is not there.
    #[error(
        "the key file `{0}` is missing; bring back the one that belongs to this store, for nothing can be read without it"
    )]
    NoKeys(String),
    /// The key file is not a key file.
    #[error("`{path}` is not a key file: {reason}")]
    KeyFile {
        /// Which file.
        path: String,
        /// Why not.
        reason: String,
    },
    /// The database was sealed under a key that the key file lacks.
    #[error(
        "the key file has no key `{0}`, under which the database was sealed; bring back the key file that belongs to it"
    )]
    NoKey(u32),
    /// The key file is another store's.
    #[error("`{0}` is a key file, but not the one that belongs to this database; bring back its own")]
    OtherKeys(String),
    /// Something stored does not open: altered, torn, or sealed under other keys.
    #[error(
        "{0} does not open: it was altered, or the key file is not the one that belongs to this database; run `xinlian verify`"
    )]
    DoesNotOpen(String),
    /// The system gave no randomness.
    #[error("the system gave no random bytes")]
    NoRandomness,
    /// A record that is ill-formed.
    #[error("an ill-formed record: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    IllFormed(Vec<RecordFault>),
    /// A record that the catalogue in force does not ask for, or not so.
    #[error("not as the catalogue has it: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    NotOfCatalogue(Vec<ItemFault>),
    /// An identity of the other realm, or none at all.
    #[error(transparent)]
    OtherRealm(IdentifierFault),
    /// The hand-in is finished: what came later nobody would have seen who confirms it.
    #[error("submission {0} is finished; begin another")]
    Finished(SubmissionId),
    /// No policy bundle is in force.
    #[error("no policy bundle is in force on {0}; publish one")]
    NoPolicy(String),
    /// A stored bundle cannot be read by this version.
    #[error("the policy bundle in record {number} cannot be read: {reason}")]
    Policy {
        /// The record that carries it.
        number: RecordNumber,
        /// Why not.
        reason: String,
    },
    /// There is no such submission.
    #[error("there is no submission {0}")]
    NoSubmission(SubmissionId),
    /// There is no such record, or no such subject, or it may not be seen: all look the same.
    #[error("there is no such thing, or it may not be seen")]
    NotFound,
    /// Somebody is called so already.
    #[error("there is a key or a member of staff called `{0}` already; choose another name")]
    NameTaken(String),
    /// The department has an endpoint already.
    #[error("`{0}` has an endpoint already; remove it first")]
    WebhookExists(String),
    /// A backup cannot be made or brought back.
    #[error(transparent)]
    Backup(#[from] crate::BackupFault),
    /// The edition was not tried on everyone, or whoever approves it has not read what came of it (guard 10).
    #[error("{0}")]
    NotSimulated(crate::SimulationGate),
    /// A guard refuses the act.
    #[error(transparent)]
    Act(#[from] ActFault),
    /// The search text is too long or the page beyond the end of what is served.
    #[error("the search text has more than 100 characters; shorten it")]
    SearchTooLong,
}

/// Why an act of a person is refused. Each has a stable code for pages and reports.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActFault {
    /// The second officer is the first.
    #[error("whoever handed a submission in cannot confirm it; a second officer of the department must")]
    SameOfficer,
    /// Whoever handed the contested record in.
    #[error(
        "whoever handed a record in does not answer the objection to it; another officer of the department must"
    )]
    HandedIn,
    /// The officer is of another department.
    #[error("only an officer of the department that handed it in can do this")]
    OtherSource,
    /// It was confirmed before.
    #[error("this submission is confirmed already")]
    AlreadyConfirmed,
    /// There is nothing to confirm.
    #[error("this submission has no record that waits for confirmation, or is not finished")]
    NothingPending,
    /// The record is linked.
    #[error("this record belongs to a subject already; undo that link first")]
    AlreadyLinked,
    /// The record is not linked.
    #[error("this record belongs to no subject")]
    NotLinked,
    /// An act without its reason.
    #[error("say why: 5 to 500 characters")]
    NoReason,
    /// The record is of another subject.
    #[error("this record is not about you")]
    NotOfSubject,
    /// The same ground was raised before and answered or is open.
    #[error("this record is contested on this ground already; the same ground again needs new evidence")]
    SameGround,
    /// The officer did not look at the file, or the files, that the act is about.
    #[error("look at every file the act is about first, under your own name")]
    NoLook,
    /// The subjects are one already, or the merge is confirmed or undone.
    #[error("these are one already, or this merge was confirmed or undone before")]
    AlreadyMerged,
    /// The hand-in is taken back, or somebody proposed it already.
    #[error("this hand-in is being taken back already")]
    AlreadyUndone,
    /// The merge is undone.
    #[error("this merge is undone already")]
    NotMerged,
    /// The record is not adverse, or has no effect any more.
    #[error("there is nothing to repair: this record is not adverse, or has no effect any more")]
    NothingToRepair,
    /// Law keeps records of this kind from repair.
    #[error("this kind of record is not repaired; ask the authority that decided it")]
    NotRepairable,
    /// The shortest display is not over.
    #[error("the shortest display is not over; apply from `{0}` on")]
    RepairNotOpen(Date),
    /// Nothing shows that what the document orders was performed.
    #[error("nothing shows that it was performed; name the day, which is not after today")]
    NotPerformed,
    /// No public commitment.
    #[error("give a public commitment: 5 to 500 characters")]
    NoCommitment,
    /// An application for the repair of this record waits already.
    #[error("an application for the repair of this record waits already; its answer comes first")]
    AlreadyApplied,
    /// Nobody of this name has this number.
    #[error("nobody of this name is known by this identity number; give both as the identity card has them")]
    UnknownPerson,
    /// Whoever is appointed acts for the organisation already.
    #[error("this person acts for the organisation already; revoke that first")]
    AlreadyAppointed,
    /// Somebody is named as its representative and waits for a second officer, or this person is it.
    #[error(
        "this person represents the organisation already, or a naming waits for a second officer or was closed"
    )]
    AlreadyNamed,
    /// The end of an appointment is out of bounds.
    #[error("an appointment ends after today and within two years")]
    AppointmentEnds,
    /// Only the legal representative appoints.
    #[error("only the legal representative whom the register names can do this")]
    NotRepresentative,
    /// The objection or application has its answer.
    #[error("this is answered already")]
    AlreadyAnswered,
    /// The owner does not hand this item in, or it is not shared, or the fields are not its own.
    #[error("this department does not share this item, or not these fields")]
    NotShared,
    /// The same is applied for, or granted, already.
    #[error("this is applied for or granted already")]
    AlreadyShared,
    /// A term or a number that is out of bounds.
    #[error(
        "the end lies within three years from tomorrow, and at most 100000 subjects are asked about in a day"
    )]
    OutOfBounds,
    /// What is asked was not granted, or has ended.
    #[error("this was not granted, or it has ended")]
    NotGranted,
    /// More than what is granted for a day.
    #[error("this is more than was granted for a day; `{0}` are left today")]
    OverQuota(u64),
    /// The auditor looked themself: another reviews that.
    #[error("this look is your own; another auditor reviews it")]
    OwnLook,
    /// The person asked about this look already, and waits for the answer.
    #[error("this look is asked about already; its answer comes first")]
    AlreadyAsked,
    /// Not a record of the kind the act is for.
    #[error("this act is not for this kind of record")]
    WrongKind,
}

impl ActFault {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SameOfficer => "SAME-OFFICER",
            Self::HandedIn => "HANDED-IN",
            Self::OtherSource => "OTHER-SOURCE",
            Self::AlreadyConfirmed => "ALREADY-CONFIRMED",
            Self::NothingPending => "NOTHING-PENDING",
            Self::AlreadyLinked => "ALREADY-LINKED",
            Self::NotLinked => "NOT-LINKED",
            Self::NoReason => "NO-REASON",
            Self::NotOfSubject => "NOT-OF-SUBJECT",
            Self::SameGround => "SAME-GROUND",
            Self::NoLook => "NO-LOOK",
            Self::AlreadyMerged => "ALREADY-MERGED",
            Self::AlreadyUndone => "ALREADY-UNDONE",
            Self::NotMerged => "NOT-MERGED",
            Self::NothingToRepair => "NOTHING-TO-REPAIR",
            Self::NotRepairable => "NOT-REPAIRABLE",
            Self::RepairNotOpen(_) => "REPAIR-NOT-OPEN",
            Self::NotPerformed => "NOT-PERFORMED",
            Self::NoCommitment => "NO-COMMITMENT",
            Self::AlreadyApplied => "ALREADY-APPLIED",
            Self::UnknownPerson => "UNKNOWN-PERSON",
            Self::AlreadyAppointed => "ALREADY-APPOINTED",
            Self::AlreadyNamed => "ALREADY-NAMED",
            Self::AppointmentEnds => "APPOINTMENT-ENDS",
            Self::NotRepresentative => "NOT-REPRESENTATIVE",
            Self::AlreadyAnswered => "ALREADY-ANSWERED",
            Self::NotShared => "NOT-SHARED",
            Self::AlreadyShared => "ALREADY-SHARED",
            Self::OutOfBounds => "OUT-OF-BOUNDS",
            Self::NotGranted => "NOT-GRANTED",
            Self::OverQuota(_) => "OVER-QUOTA",
            Self::OwnLook => "OWN-LOOK",
            Self::AlreadyAsked => "ALREADY-ASKED",
            Self::WrongKind => "WRONG-KIND",
        }
    }
}
