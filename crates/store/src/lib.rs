//! Append, read, projections, keys and looks: one [`Store`] over SQLite or PostgreSQL.
//!
//! Records are evidence and are only ever added. Everything else a database holds about them is a
//! projection, a deterministic function of the records in the order of their numbers, which
//! [`Store::rebuild`] makes anew and [`Store::verify`] compares.
//!
//! It does **not** know: what a grade, a list or a decision is, how files look, HTTP or pages. It never
//! lets anyone read about a person without a [`LookPermit`], which exists only once the look is written.

#![warn(missing_docs)]

mod act;
mod administration;
mod announcement;
mod api_key;
mod append;
mod attachment;
mod backup;
mod belonging;
mod bundle;
mod candidate;
mod clock;
mod columns;
mod common_marks;
mod condition;
mod cores;
mod db;
mod district;
mod error;
mod everyone;
mod evidence;
mod file;
mod holdings;
mod job;
mod keys;
mod known;
mod ledger;
mod likeness;
mod listed;
mod look;
mod mandate;
mod merger;
mod message;
mod mirror;
mod naming;
mod one_state;
mod open;
mod organisation;
mod oversight;
mod own_header;
mod own_record;
mod plea;
mod project;
mod public_file;
mod public_record;
mod quality;
mod queues;
mod read;
mod repair;
mod report;
mod seal;
mod segments;
mod sharing;
mod simulation;
mod staff;
mod statistic;
mod submission;
mod tags;
mod tally;
mod targets;
mod touched;
mod turnover;
mod undo;
mod upkeep;

pub use self::ledger::{
    Integrated, LogFault, LogFile, LogPlace, LogStatus, LogWriter, OtherLog, ProofOfLogging,
};
pub use ::ledger::Origin as LogOrigin;
pub use act::is_reason;
pub use administration::{AdminAct, AdminFilter, AdminKind};
pub use announcement::{Announcement, AnnouncementState, AnnouncementText, TakenBack};
pub use api_key::{ApiKey, Fingerprint};
pub use append::{NewSubmission, Outcome, SubmissionTotals};
pub use attachment::{
    ATTACHMENT_BYTES_MOST, ATTACHMENTS_MOST, Attachment, AttachmentFault, AttachmentKind, AttachmentMark,
    Attachments, attachments_of,
};
pub use backup::{BackupFault, Manifest, Progress, RestoreTo, Restored};
pub use bundle::Publication;
pub use clock::Clock;
pub use condition::{ClockMarks, Figures, LastVerify, Schema, free_bytes};
pub use district::{DistrictReport, FilesOf, Held, Month, MonthFacts, PleaFact};
pub use error::{ActFault, StoreError};
pub use everyone::{DisparityOf, Moves, Share as ShareDone};
pub use file::SubjectFile;
pub use holdings::{DatabaseHealth, Holdings};
pub use job::{Handed, Job, NewJob};
pub use keys::Keys;
pub use likeness::QueueRow;
pub use linkage::{FieldEvidence, Level, Proposal};
pub use look::{Door, Look, LookPermit, NewLook, Viewer, ViewerKind};
pub use mandate::{Capacity, Mandate, Mandated, NewAppointment, Representative};
pub use merger::{MergeInfo, MergeState};
pub use mirror::MirrorDifference;
pub use naming::{Naming, NamingState};
pub use open::{Place, Store};
pub use organisation::{OrganisationHit, Page, Paged};
pub use oversight::{
    Finding, LookFilter, LookQuestion, QuestionState, Review, SeenLook, UnusualFilter, UnusualLook,
};
pub use own_header::OwnHeader;
pub use own_record::{Link, OwnBlock, OwnRecord};
pub use plea::{ObjectionGround, PleaInfo, PleaKind};
pub use project::UnlinkedWhy;
pub use public_record::{PublicCandidate, PublicFilter, PublicItem, PublicList};
pub use quality::{MonthQuality, SubmissionQuality};
pub use queues::SourceQueue;
pub use repair::RepairApplication;
pub use report::{NewReport, Report, ReportState};
pub use segments::{Seal, Sealing};
pub use sharing::{
    Acknowledged, Answered, Application, CHANGES_MOST, Change, ChangeKind, ChangePlace, EventFilter, EventId,
    EventState, HoneyHit, Push, PushEvent, Question, Reach, Replayed, Share, ShareState, SharedRecord,
    SignedAnswer, SignedPush, Way, Webhook, is_shared,
};
pub use simulation::{
    NewSimulation, Simulation, SimulationDone, SimulationFilter, SimulationGate, SimulationState,
};
pub use staff::{NewStaff, Session, SessionOwner, Staff, StaffEntry};
pub use statistic::{ArrivedCount, KeptStatistics, LastNightly};
pub use submission::{SubmissionFilter, SubmissionInfo, SubmissionState, UnlinkedRow};
pub use turnover::RotateReport;
pub use upkeep::{Difference, RebuildReport, VerifyReport};

/// What every fallible call of this crate returns.
pub type Result<T> = std::result::Result<T, StoreError>;
