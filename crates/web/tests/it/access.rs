//! Every route × every kind of viewer. What is not in the table does not exist, or this fails.

use std::collections::{BTreeMap, BTreeSet};

use assess::Scope;
use axum::body::Body;
use axum::http::{Method, header};
use record::{CaseNumber, PurposeCode, RecordNumber, ServiceCode, Stated, SubjectId};
use store::{Application, Door, NewAppointment, NewLook, ObjectionGround, Viewer, Way};

use crate::department::{csv, fine};
use crate::people::{company, licence, officer, penalty, person, represents, resident, source, stray};
use crate::support::{Answer, HOST, House, Jar};

/// `in` is sent to sign in, `no` is refused with 403, a number is the status of whoever got through.
///
/// The columns: nobody; `lin`, whose department it is; `zhou` of another; `li`, whose case it is; `mo`, at
/// the next counter; the person whose records they are; another person; the auditor; the credit office.
const TABLE: &str = "
method path                                    action             visitor lin zhou li  mo  own other aud off
GET  /                                         SearchOrganisations   200 200 200 200 200 200 200 200 200
GET  /organisations                            SearchOrganisations   200 200 200 200 200 200 200 200 200
GET  /organisations/{uscc}                     ReadOrganisation      200 200 200 200 200 200 200 200 200
GET  /verify                                   VerifyReport          200 200 200 200 200 200 200 200 200
POST /verify                                   VerifyReport          400 400 400 400 400 400 400 400 400
GET  /licences                                 ReadOrganisation      200 200 200 200 200 200 200 200 200
GET  /licences.json                            ReadOrganisation      200 200 200 200 200 200 200 200 200
GET  /licences.csv                             ReadOrganisation      200 200 200 200 200 200 200 200 200
GET  /licences.atom                            ReadOrganisation      200 200 200 200 200 200 200 200 200
GET  /penalties                                ReadOrganisation      200 200 200 200 200 200 200 200 200
GET  /penalties.json                           ReadOrganisation      200 200 200 200 200 200 200 200 200
GET  /penalties.csv                            ReadOrganisation      200 200 200 200 200 200 200 200 200
GET  /penalties.atom                           ReadOrganisation      200 200 200 200 200 200 200 200 200
GET  /organisations.json                       SearchOrganisations   200 200 200 200 200 200 200 200 200
GET  /organisations.csv                        SearchOrganisations   200 200 200 200 200 200 200 200 200
GET  /open-data                                ReadGuide             200 200 200 200 200 200 200 200 200
GET  /statistics                                ReadGuide             200 200 200 200 200 200 200 200 200
GET  /statistics.json                           ReadGuide             200 200 200 200 200 200 200 200 200
GET  /statistics.csv                            ReadGuide             200 200 200 200 200 200 200 200 200
GET  /announcements                            ReadGuide             200 200 200 200 200 200 200 200 200
GET  /announcements.json                       ReadGuide             200 200 200 200 200 200 200 200 200
GET  /announcements.atom                       ReadGuide             200 200 200 200 200 200 200 200 200
GET  /announcements/{id}                       ReadGuide             200 200 200 200 200 200 200 200 200
GET  /o/{code}                                 ReadOrganisation      303 303 303 303 303 303 303 303 303
GET  /guide                                    ReadGuide             200 200 200 200 200 200 200 200 200
GET  /guide/{topic}                            ReadGuide             200 200 200 200 200 200 200 200 200
GET  /guide/rating                             ReadGuide             200 200 200 200 200 200 200 200 200
GET  /guide/api                                ReadGuide             200 200 200 200 200 200 200 200 200
GET  /gallery                                  ReadGuide             200 200 200 200 200 200 200 200 200
POST /gallery                                  ReadGuide             422 422 422 422 422 422 422 422 422
GET  /log/checkpoint                           Open                  404 404 404 404 404 404 404 404 404
GET  /log/tile/{*path}                         Open                  404 404 404 404 404 404 404 404 404
GET  /sign-in                                  Open                  200 200 200 200 200 200 200 200 200
POST /sign-in                                  Open                  422 422 422 422 422 422 422 422 422
GET  /demo                                     Open                  200 200 200 200 200 200 200 200 200
GET  /department                               ReadDepartment        in  200 200 no  no  no  no no  no
GET  /department/upload                        Upload                in  200 200 no  no  no  no no  no
POST /department/upload                        Upload                in  303 303 no  no  no  no no  no
GET  /department/upload/{token}                Upload                in  200 303 no  no  no  no no  no
GET  /department/upload/{token}/columns        Upload                in  200 303 no  no  no  no no  no
POST /department/upload/{token}/columns        Upload                in  422 303 no  no  no  no no  no
POST /department/upload/{token}                Upload                in  303 303 no  no  no  no no  no
GET  /department/templates/{file}              Upload                in  200 404 no  no  no  no no  no
GET  /department/submissions                   ReadDepartment        in  200 200 no  no  no  no no  no
GET  /department/submissions/{id}              ReadDepartment        in  200 404 no  no  no  no no  no
GET  /department/submissions/{id}/errors.xlsx  ReadDepartment        in  200 404 no  no  no  no no  no
GET  /department/confirm                       Confirm               in  200 200 no  no  no  no no  no
GET  /department/confirm/{id}                  Confirm               in  200 404 no  no  no  no no  no
POST /department/confirm/{id}/reveal/{number}   Confirm               in  404 404 no  no  no  no no  no
POST /department/confirm/{id}                  Confirm               in  303 404 no  no  no  no no  no
GET  /department/due                           ReadDepartment        in  200 200 no  no  no  no no  no
GET  /department/due/{number}                  Answer                in  200 404 no  no  no  no no  no
GET  /department/due/{number}/files/{place}    Answer                in  404 404 no  no  no  no no  no
POST /department/due/{number}                  Answer                in  303 404 no  no  no  no no  no
GET  /department/submissions/{id}/undo         Upload                in  200 404 no  no  no  no no  no
POST /department/submissions/{id}/undo         Upload                in  303 404 no  no  no  no no  no
POST /department/submissions/{id}/undo/confirm Confirm               in  409 404 no  no  no  no no  no
POST /department/submissions/{id}/undo/drop    Upload                in  303 404 no  no  no  no no  no
GET  /department/quality                       ReadDepartment        in  200 200 no  no  no  no no  no
GET  /department/unlinked                      Link                  in  200 200 no  no  no  no no  no
GET  /department/unlinked/{number}             Link                  in  200 404 no  no  no  no no  no
POST /department/unlinked/{number}/find        Link                  in  303 404 no  no  no  no no  no
POST /department/unlinked/{number}/reveal      Link                  in  200 404 no  no  no  no no  no
POST /department/unlinked/{number}/open        Link                  in  303 404 no  no  no  no no  no
POST /department/unlinked/{number}/link        Link                  in  303 303 no  no  no  no no  no
GET  /department/records                       Link                  in  200 200 no  no  no  no no  no
GET  /department/records/{number}              Link                  in  200 404 no  no  no  no no  no
POST /department/records/{number}/reveal       Link                  in  404 404 no  no  no  no no  no
POST /department/records/{number}/unlink       Link                  in  409 404 no  no  no  no no  no
POST /department/records/{number}/withdraw     Withdraw              in  303 404 no  no  no  no no  no
GET  /department/merges                        Merge                 in  200 200 no  no  no  no no  no
POST /department/merges/find                   Merge                 in  303 303 no  no  no  no no  no
GET  /department/merges/new                    Merge                 in  200 200 no  no  no  no no  no
POST /department/merges/new                    Merge                 in  303 422 no  no  no  no no  no
GET  /department/merges/{number}               Merge                 in  200 404 no  no  no  no no  no
POST /department/merges/{number}/confirm       Merge                 in  303 404 no  no  no  no no  no
POST /department/merges/{number}/undo          Merge                 in  303 404 no  no  no  no no  no
GET  /department/representatives               NameRepresentative    in  200 200 no  no  no  no no  no
POST /department/representatives/find          NameRepresentative    in  303 303 no  no  no  no no  no
GET  /department/representatives/new           NameRepresentative    in  200 200 no  no  no  no no  no
POST /department/representatives/new           NameRepresentative    in  303 422 no  no  no  no no  no
GET  /department/representatives/{number}      NameRepresentative    in  200 404 no  no  no  no no  no
POST /department/representatives/{number}/confirm NameRepresentative in  303 404 no  no  no  no no  no
POST /department/representatives/{number}/take-back NameRepresentative in 303 404 no  no  no  no no  no
GET  /sharing/keys.json                        Open                  200 200 200 200 200 200 200 200 200
GET  /department/sharing                       ReadShares            in  200 200 no  no  no  no no  no
GET  /department/sharing/catalogue             ReadShares            in  200 200 no  no  no  no no  no
GET  /department/sharing/matrix                ReadShares            in  200 200 no  no  no  no no  no
GET  /department/sharing/events                ReadShares            in  200 200 no  no  no  no no  no
GET  /department/sharing/events.csv            ReadShares            in  200 200 no  no  no  no no  no
POST /department/sharing/events/replay         ReplayEvents          in  404 404 no  no  no  no no  no
GET  /department/sharing/new                   ApplyShare            in  200 200 no  no  no  no no  no
POST /department/sharing/new                   ApplyShare            in  303 303 no  no  no  no no  no
GET  /department/sharing/{number}              ReadShares            in  200 404 no  no  no  no no  no
POST /department/sharing/{number}/answer       AnswerShare           in  409 404 no  no  no  no no  no
POST /department/sharing/{number}/ask          AskShared             in  303 404 no  no  no  no no  no
POST /department/sharing/{number}/changes      AskShared             in  303 404 no  no  no  no no  no
GET  /department/sharing/answers/{token}       AskShared             in  200 303 no  no  no  no no  no
GET  /department/sharing/answers/{token}/answer.json AskShared       in  200 404 no  no  no  no no  no
POST /department/sharing/changes               AskShared             in  404 404 no  no  no  no no  no
POST /department/sharing/{number}/end          ApplyShare            in  303 404 no  no  no  no no  no
GET  /api/openapi.json                         Open                  200 200 200 200 200 200 200 200 200
GET  /api/v1/shares                            ReadShares            401 401 401 401 401 401 401 401 401
GET  /api/v1/shares/{number}                   ReadShares            401 401 401 401 401 401 401 401 401
POST /api/v1/shares/{number}/ask               AskShared             401 401 401 401 401 401 401 401 401
POST /api/v1/shares/{number}/changes           AskShared             401 401 401 401 401 401 401 401 401
GET  /api/v1/changes                           ReadShares            401 401 401 401 401 401 401 401 401
POST /api/v1/changes/acknowledgements          AskShared             401 401 401 401 401 401 401 401 401
POST /api/v1/changes/acknowledgements/batch    AskShared             401 401 401 401 401 401 401 401 401
POST /api/v1/shares/{number}/ask.ndjson        AskShared             401 401 401 401 401 401 401 401 401
GET  /api/v1/records.ndjson                    FetchOwn              401 401 401 401 401 401 401 401 401
GET  /api/v1/pleas                             FetchOwn              401 401 401 401 401 401 401 401 401
GET  /api/v1/events                            ReadShares            401 401 401 401 401 401 401 401 401
POST /api/v1/events/replay                     ReplayEvents          401 401 401 401 401 401 401 401 401
POST /api/v1/submissions                       Upload                401 401 401 401 401 401 401 401 401
GET  /api/v1/submissions/{id}                  ReadDepartment        401 401 401 401 401 401 401 401 401
GET  /api/v1/jobs/{id}                         ReadDepartment        401 401 401 401 401 401 401 401 401
GET  /counter                                  CheckAtCounter        in  no  no  200 200 no  no no  no
GET  /counter/check                            CheckAtCounter        in  no  no  303 303 no  no no  no
POST /counter/check                            CheckAtCounter        in  no  no  303 303 no  no no  no
GET  /counter/check/{token}                    CheckAtCounter        in  no  no  200 303 no  no no  no
POST /counter/check/{token}                    CheckAtCounter        in  no  no  303 303 no  no no  no
POST /counter/check/{token}/consent            TakeConsent           in  no  no  303 404 no  no no  no
GET  /counter/check/{token}/receipt            TakeConsent           in  no  no  200 404 no  no no  no
GET  /counter/check/{token}/letter             CheckAtCounter        in  no  no  200 404 no  no no  no
GET  /counter/object                           EnterObjection        in  no  no  200 200 no  no no  no
POST /counter/object                           EnterObjection        in  no  no  303 303 no  no no  no
GET  /counter/object/{token}                   EnterObjection        in  no  no  200 303 no  no no  no
POST /counter/object/{token}                   EnterObjection        in  no  no  422 303 no  no no  no
GET  /counter/object/{token}/receipt           EnterObjection        in  no  no  404 303 no  no no  no
GET  /counter/ledger                           ReadLedger            in  no  no  200 200 no  no no  no
GET  /my                                       ReadOwn               in  no  no  no  no  200 200 no  no
POST /my/notice                                OwnConsent            in  no  no  no  no  303 303 no  no
GET  /my/records/{number}                      ReadOwn               in  no  no  no  no  200 404 no  no
GET  /my/records/{number}/proof                ReadOwn               in  no  no  no  no  404 404 no  no
POST /my/records/{number}/object               Object                in  no  no  no  no  303 404 no  no
GET  /my/records/{number}/repair               Repair                in  no  no  no  no  200 404 no  no
POST /my/records/{number}/repair               Repair                in  no  no  no  no  422 404 no  no
GET  /my/records/{number}/repair/check         Repair                in  no  no  no  no  303 303 no  no
POST /my/records/{number}/repair/send          Repair                in  no  no  no  no  303 303 no  no
GET  /my/files/{file}                          ReadOwn               in  no  no  no  no  404 404 no  no
GET  /my/looks                                 ReadOwnLooks          in  no  no  no  no  200 200 no  no
GET  /my/report                                ReadOwn               in  no  no  no  no  200 200 no  no
POST /my/report                                ReadOwn               in  no  no  no  no  303 303 no  no
GET  /my/reports                               ReadOwn               in  no  no  no  no  200 200 no  no
GET  /my/reports/{code}/report.pdf             ReadOwn               in  no  no  no  no  404 404 no  no
GET  /my/reports/{code}/seal.json              ReadOwn               in  no  no  no  no  200 404 no  no
POST /my/reports/{code}/withdraw               ReadOwn               in  no  no  no  no  303 404 no  no
GET  /my/consents                              OwnConsent            in  no  no  no  no  200 200 no  no
POST /my/consents/{number}/revoke              OwnConsent            in  no  no  no  no  303 404 no  no
GET  /my/looks/{id}/ask                         AskLook            in  no  no  no  no  200 404 no  no
POST /my/looks/{id}/ask                         AskLook            in  no  no  no  no  422 404 no  no
POST /my/looks/{id}/withdraw                    AskLook            in  no  no  no  no  303 404 no  no
GET  /my/messages                              ReadMessages       in  no  no  no  no  200 200 no  no
POST /my/messages/read                         ReadMessages       in  no  no  no  no  303 303 no  no
GET  /my/messages/{key}                        ReadMessages       in  no  no  no  no  404 404 no  no
GET  /company/{uscc}                           ReadOwn            in  no  no  no  no  200 no  no  no
POST /company/{uscc}/notice                    OwnConsent         in  no  no  no  no  303 no  no  no
GET  /company/{uscc}/records/{number}          ReadOwn            in  no  no  no  no  200 no  no  no
GET  /company/{uscc}/records/{number}/proof    ReadOwn            in  no  no  no  no  404 no  no  no
POST /company/{uscc}/records/{number}/object   Object             in  no  no  no  no  303 no  no  no
GET  /company/{uscc}/records/{number}/repair   Repair             in  no  no  no  no  200 no  no  no
POST /company/{uscc}/records/{number}/repair   Repair             in  no  no  no  no  422 no  no  no
GET  /company/{uscc}/records/{number}/repair/check Repair         in  no  no  no  no  303 no  no  no
POST /company/{uscc}/records/{number}/repair/send  Repair         in  no  no  no  no  303 no  no  no
GET  /company/{uscc}/files/{file}              ReadOwn            in  no  no  no  no  404 no  no  no
GET  /company/{uscc}/looks                     ReadOwnLooks       in  no  no  no  no  200 no  no  no
GET  /company/{uscc}/report                    ReadOwn            in  no  no  no  no  200 no  no  no
POST /company/{uscc}/report                    ReadOwn            in  no  no  no  no  303 no  no  no
GET  /company/{uscc}/reports                   ReadOwn            in  no  no  no  no  200 no  no  no
GET  /company/{uscc}/reports/{code}/report.pdf ReadOwn            in  no  no  no  no  404 no  no  no
GET  /company/{uscc}/reports/{code}/seal.json  ReadOwn            in  no  no  no  no  404 no  no  no
POST /company/{uscc}/reports/{code}/withdraw   ReadOwn            in  no  no  no  no  404 no  no  no
GET  /company/{uscc}/consents                  OwnConsent         in  no  no  no  no  200 no  no  no
POST /company/{uscc}/consents/{number}/revoke  OwnConsent         in  no  no  no  no  404 no  no  no
GET  /company/{uscc}/looks/{id}/ask            AskLook            in  no  no  no  no  200 no  no  no
POST /company/{uscc}/looks/{id}/ask            AskLook            in  no  no  no  no  303 no  no  no
POST /company/{uscc}/looks/{id}/withdraw       AskLook            in  no  no  no  no  303 no  no  no
GET  /company/{uscc}/messages                  ReadMessages       in  no  no  no  no  200 no  no  no
POST /company/{uscc}/messages/read             ReadMessages       in  no  no  no  no  303 no  no  no
GET  /company/{uscc}/messages/{key}            ReadMessages       in  no  no  no  no  404 no  no  no
GET  /company/{uscc}/agents                    ReadAgents         in  no  no  no  no  200 no  no  no
POST /company/{uscc}/agents/appoint            Appoint            in  no  no  no  no  422 no  no  no
POST /company/{uscc}/agents/{number}/revoke    Appoint            in  no  no  no  no  303 no  no  no
GET  /company                                  ChooseCompany      in  no  no  no  no  200 200 no  no
POST /my/appointments/{number}/accept          ChooseCompany      in  no  no  no  no  404 303 no  no
POST /my/appointments/{number}/decline         ChooseCompany      in  no  no  no  no  404 303 no  no
GET  /audit                                     ReadAudit          in  no  no  no  no  no  no  200 no
GET  /audit/looks                               ReadAudit          in  no  no  no  no  no  no  200 no
GET  /audit/looks.csv                           ReadAudit          in  no  no  no  no  no  no  200 no
GET  /audit/files/{token}/{number}/{place}     ReadAudit             in  no  no  no  no  no  no  303 no
POST /audit/looks/find                          ReadAudit          in  no  no  no  no  no  no  422 no
GET  /audit/unusual                             ReadAudit          in  no  no  no  no  no  no  200 no
GET  /audit/unusual/{id}                        ReviewLook         in  no  no  no  no  no  no  200 no
POST /audit/unusual/{id}                        ReviewLook         in  no  no  no  no  no  no  422 no
POST /audit/unusual/{id}/who                    ReadAudit          in  no  no  no  no  no  no  422 no
GET  /audit/questions                           ReadAudit          in  no  no  no  no  no  no  200 no
GET  /audit/questions/{number}                  AnswerQuestion     in  no  no  no  no  no  no  200 no
POST /audit/questions/{number}                  AnswerQuestion     in  no  no  no  no  no  no  422 no
GET  /audit/acts                                ReadAudit          in  no  no  no  no  no  no  200 no
GET  /audit/acts.csv                            ReadAudit          in  no  no  no  no  no  no  200 no
GET  /office                                    ReadOffice         in  no  no  no  no  no  no  no  200
GET  /office/rules                              ReadOffice         in  no  no  no  no  no  no  no  200
GET  /office/editions                           ReadOffice         in  no  no  no  no  no  no  no  200
GET  /office/editions/{number}                  ReadOffice         in  no  no  no  no  no  no  no  200
GET  /office/queue                              ReadOffice         in  no  no  no  no  no  no  no  200
GET  /office/sources                            ReadOffice         in  no  no  no  no  no  no  no  200
GET  /office/staff                              ReadOffice         in  no  no  no  no  no  no  no  200
GET  /office/health                             ReadOffice         in  no  no  no  no  no  no  no  200
GET  /office/statistics                         ReadOffice         in  no  no  no  no  no  no  no  200
GET  /office/statistics.json                    ReadOffice         in  no  no  no  no  no  no  no  200
GET  /office/statistics.csv                     ReadOffice         in  no  no  no  no  no  no  no  200
GET  /office/reports                            ReadOffice         in  no  no  no  no  no  no  no  200
GET  /office/reports/{month}                    ReadOffice         in  no  no  no  no  no  no  no  200
GET  /office/reports/{month}/report.xlsx        ReadOffice         in  no  no  no  no  no  no  no  200
GET  /office/reports/{month}/report.csv         ReadOffice         in  no  no  no  no  no  no  no  200
GET  /office/simulations                        Simulate           in  no  no  no  no  no  no  no  200
GET  /office/simulations/new                    Simulate           in  no  no  no  no  no  no  no  200
POST /office/simulations/new                    Simulate           in  no  no  no  no  no  no  no  422
GET  /office/simulations/{id}                   Simulate           in  no  no  no  no  no  no  no  200
GET  /office/simulations/{id}/report.html       Simulate           in  no  no  no  no  no  no  no  200
GET  /office/simulations/{id}/report.xlsx       Simulate           in  no  no  no  no  no  no  no  200
GET  /office/simulations/{id}/examples/{number} OpenExample        in  no  no  no  no  no  no  no  404
POST /office/simulations/{id}/examples/{number} OpenExample        in  no  no  no  no  no  no  no  404
GET  /office/announcements                      WriteAnnouncement  in  no  no  no  no  no  no  no  200
GET  /office/announcements/new                  WriteAnnouncement  in  no  no  no  no  no  no  no  200
POST /office/announcements/new                  WriteAnnouncement  in  no  no  no  no  no  no  no  422
GET  /office/announcements/{id}                 WriteAnnouncement  in  no  no  no  no  no  no  no  200
GET  /office/announcements/{id}/edit            WriteAnnouncement  in  no  no  no  no  no  no  no  303
POST /office/announcements/{id}/edit            WriteAnnouncement  in  no  no  no  no  no  no  no  422
POST /office/announcements/{id}/publish         WriteAnnouncement  in  no  no  no  no  no  no  no  409
POST /office/announcements/{id}/take-back       WriteAnnouncement  in  no  no  no  no  no  no  no  422
POST /office/announcements/{id}/drop            WriteAnnouncement  in  no  no  no  no  no  no  no  409
POST /demo/enter                               Open                  303 303 303 303 303 303 303 303 303
POST /sign-out                                 Open                  303 303 303 303 303 303 303 303 303
";

pub(crate) struct Row {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    action: &'static str,
    pub(crate) cells: Vec<&'static str>,
}

pub(crate) fn table() -> Vec<Row> {
    let rows = TABLE.trim().lines().skip(1).map(|line| {
        let mut words = line.split_whitespace();
        let mut word = || words.next().unwrap();
        Row {
            method: word(),
            path: word(),
            action: word(),
            cells: words.collect(),
        }
    });
    rows.collect()
}

/// The viewers, in the order of the columns, and where their things are.
pub(crate) struct Stage {
    pub(crate) house: House,
    pub(crate) jars: Vec<Jar>,
    submission: u64,
    returned: u64,
    stray: u64,
    record: u64,
    consent: u64,
    plea: u64,
    merge: u64,
    naming: u64,
    share: u64,
    upload: String,
    report: String,
    short: String,
    case: String,
    objecting: String,
    answer: String,
    look: u64,
    question: u64,
    company: OfCompany,
}

/// What there is at the desk of the company that the person represents.
struct OfCompany {
    record: u64,
    look: u64,
    /// To the other person, who can answer it.
    asked: u64,
    /// To somebody else, who never does.
    revocable: u64,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let house = House::new().await;
        let own = house.found(person(1)).await;
        let other = house.found(person(2)).await;
        let represented = house.found(company(1)).await;
        let lin = house.staff("lin").await;
        let li = house.staff("li").await;
        let record = house.append("chen", licence(person(1), "证1")).await.1.0;
        let stray = house.append("chen", stray(1, "证9")).await.1.0;
        let submission = house.append("chen", penalty(person(1), "处1")).await.0.0;
        let consent = consent_of(&house, own).await.0;
        let contested = house.append("chen", licence(person(1), "证2")).await.1;
        let plea = objection_of(&house, own, contested).await.0;
        house.found(company(2)).await;
        let merge = merge_of(&house, company(3), company(4)).await.0;
        let naming = naming_of(&house, company(5), own).await.0;
        let share = share_of(&house).await.0;
        let asked = format!("/department/sharing/{share}/ask");
        let told = house.post(&lin, &asked, &ask_form(resident(1).value())).await;
        let faulty = csv(&[
            fine(1, "佛禅市监处〔2026〕7号", "罚款"),
            fine(1, "佛禅市监处〔2026〕8号", "罚酒"),
        ]);
        let first = upload(&house, &lin, &faulty).await;
        house.post(&lin, &first, &[]).await;
        let taken = house.get(&lin, &first).await;
        let returned = taken.goes_to().rsplit('/').next().unwrap().parse().unwrap();
        let second = csv(&[fine(1, "佛禅市监处〔2026〕9号", "罚款")]);
        let upload = upload(&house, &lin, &second).await;
        let (case, objecting) = at_counter(&house, &li).await;
        let (look, question) = asked_look(&house, own).await;
        let report = report_of(&house, own).await;
        let company = OfCompany::of(&house, own, represented).await;
        let short = short_of(&house).await;
        crate::simulation::kept(&house).await;
        crate::announcements::published(&house, "2026-11-23", "2026-12-31").await;
        let jars = vec![
            Jar::none(),
            lin,
            house.staff("zhou").await,
            li,
            house.staff("mo").await,
            house.person(own).await,
            house.person(other).await,
            house.staff("shen").await,
            house.staff("guan").await,
        ];
        Self {
            house,
            jars,
            submission,
            returned,
            stray,
            record,
            consent,
            plea,
            merge,
            naming,
            share,
            upload,
            report,
            short,
            case,
            objecting,
            answer: told.goes_to().to_owned(),
            look,
            question,
            company,
        }
    }

    /// A row's address with the things of this stage in it.
    pub(crate) fn address(&self, path: &str) -> String {
        let token = |of: &str| of.rsplit('/').next().unwrap().to_owned();
        let (id, number) = match path {
            path if path.ends_with("errors.xlsx") => (self.returned, 0),
            path if path.starts_with("/department/unlinked") => (0, self.stray),
            path if path.starts_with("/department/records") => (0, self.stray),
            path if path.starts_with("/department/due") => (0, self.plea),
            path if path.starts_with("/department/merges") => (0, self.merge),
            path if path.starts_with("/department/representatives") => (0, self.naming),
            path if path.contains("/shar") => (0, self.share),
            path if path.starts_with("/my/appointments") => (0, self.company.asked),
            path if path.starts_with("/company/{uscc}/agents") => (0, self.company.revocable),
            path if path.starts_with("/company/{uscc}/consents") => (0, 0),
            path if path.starts_with("/company") => (self.company.look, self.company.record),
            path if path.starts_with("/my/looks") || path.starts_with("/audit/unusual") => (self.look, 0),
            path if path.starts_with("/audit/questions") => (0, self.question),
            path if path.starts_with("/office/editions") => (0, 0),
            path if path.contains("/announcements") || path.contains("/simulations") => (1, 0),
            path if path.starts_with("/my/consents") => (0, self.consent),
            path if path.starts_with("/my/records") => (0, self.record),
            _ => (self.submission, 0),
        };
        let of = match path {
            path if path.starts_with("/department/upload") => &self.upload,
            path if path.starts_with("/department/sharing") => &self.answer,
            path if path.starts_with("/counter/object") => &self.objecting,
            _ => &self.case,
        };
        let address = path
            .replace("{uscc}", company(1).identifier.unwrap().value())
            .replace("{file}", "sgs-penalty-2018.xlsx")
            .replace("{*path}", "0/000")
            .replace("{token}", &token(of))
            .replace("{place}", "1")
            .replace("{id}", &id.to_string())
            .replace("{number}", &number.to_string())
            .replace("/o/{code}", &self.short)
            .replace("{topic}", "object")
            .replace("{month}", "2026-11")
            .replace("{code}", &self.report)
            .replace("{key}", "record_in-0")
            .replace("sharing/new", "sharing/new?owner=foshan.tax&item=tax.grade-a");
        assert!(!address.contains('{'), "nothing stands for a part of `{path}`");
        address
    }

    /// Sends a row's request as the viewer of a column does.
    pub(crate) async fn ask(&self, row: &Row, column: usize) -> Answer {
        let address = self.address(row.path);
        self.ask_at(row.method, row.path, &address, column).await
    }

    /// The same at an address that stands for the path.
    pub(crate) async fn ask_at(&self, method: &str, path: &str, address: &str, column: usize) -> Answer {
        let jar = &self.jars[column];
        if method == "GET" {
            return self.house.get(jar, address).await;
        }
        if path == "/department/upload" {
            return self.house.upload(jar, "a.csv", "", b"a,b\n1,2\n").await;
        }
        let nobody = format!("nobody{column}");
        let resident = resident(1);
        let form: Vec<(&str, &str)> = match path {
            "/sign-in" => vec![("name", &nobody), ("password", "x"), ("code", "000000")],
            "/department/confirm/{id}" => vec![("read", "yes")],
            "/department/unlinked/{number}/find" => {
                vec![("kind", "resident_id"), ("identifier", resident.value())]
            }
            "/department/unlinked/{number}/open" => vec![("place", "1")],
            "/department/unlinked/{number}/link" => vec![("evidence", "户口本原件相符，已当面核对")],
            "/department/records/{number}/unlink" | "/department/records/{number}/withdraw" => {
                vec![("why", "同名同姓，身份证号不同")]
            }
            "/department/submissions/{id}/undo" | "/department/submissions/{id}/undo/drop" => {
                vec![("why", "整批报错了年度，已核对")]
            }
            "/department/due/{number}" => vec![("decision", "no"), ("why", "经查，原件与记录一致")],
            "/department/merges/find" => return self.find_two(jar, address).await,
            "/department/merges/new"
            | "/department/merges/{number}/undo"
            | "/department/representatives/new"
            | "/department/representatives/{number}/take-back" => {
                vec![("why", "营业执照号码相同，已当面核对")]
            }
            "/department/representatives/find" => return self.find_named(jar, address).await,
            "/department/sharing/new" => vec![
                ("owner", "foshan.tax"),
                ("item", "tax.grade-a"),
                ("way-query", "on"),
                ("what_for", "换发许可证前的核验"),
                ("basis", "行政许可法第三十四条"),
                ("per_day", "10"),
                ("until", "2027-11-23"),
            ],
            "/department/sharing/{number}/answer" => vec![("decision", "no"), ("why", "没有法定职责")],
            "/department/sharing/{number}/ask" | "/department/sharing/{number}/changes" => {
                ask_form(resident.value()).into()
            }
            "/department/sharing/{number}/end" => vec![("why", "用途已经完成")],
            "/department/sharing/changes" => vec![
                ("share", "1"),
                ("record", "1"),
                ("change", "1"),
                ("how", "已从本系统删除"),
            ],
            "/counter/check" => check_form(resident.value()).into(),
            "/counter/object" => object_form(resident.value()).into(),
            "/counter/check/{token}" => vec![("in_hand", "application"), ("in_hand", "inspection-report")],
            "/counter/check/{token}/consent" => vec![("told", "yes"), ("agreed", "yes")],
            "/company/{uscc}/looks/{id}/ask" => vec![("ground", "那天没有人来过我们公司")],
            "/company/{uscc}/agents/appoint" => {
                vec![("name", "无此人"), ("scope", "read"), ("last", "2027-01-01")]
            }
            "/my/records/{number}/object" | "/company/{uscc}/records/{number}/object" => {
                vec![("ground", "这张证不是我的，请核对")]
            }
            "/my/report" | "/company/{uscc}/report" => vec![("all", "0")],
            path if path.contains("/reveal") => vec![("purpose", "compare")],
            _ => Vec::new(),
        };
        self.house.post(jar, address, &form).await
    }
}

impl Stage {
    /// Two companies that are not one yet.
    async fn find_two(&self, jar: &Jar, address: &str) -> Answer {
        let [kept, merged] = [1, 2].map(|number| company(number).identifier.unwrap());
        let form = [
            ("kept_kind", "uscc"),
            ("kept", kept.value()),
            ("merged_kind", "uscc"),
            ("merged", merged.value()),
        ];
        self.house.post(jar, address, &form).await
    }
}

impl Stage {
    /// A company, and who may represent it.
    async fn find_named(&self, jar: &Jar, address: &str) -> Answer {
        let (of, by) = (company(2).identifier.unwrap(), resident(1));
        let name = person(1).name;
        let form = [
            ("uscc", of.value()),
            ("kind", "resident_id"),
            ("number", by.value()),
            ("name", &name),
        ];
        self.house.post(jar, address, &form).await
    }
}

impl OfCompany {
    async fn of(house: &House, own: SubjectId, represented: SubjectId) -> Self {
        house.append("chen", represents(company(1), 1)).await;
        let record = house.append("chen", licence(company(1), "企证1")).await.1.0;
        let look = NewLook {
            viewer: Viewer::staff(officer("lin"), source("chancheng.market"), Door::Department),
            subject: represented,
            purpose: PurposeCode::new("department.evidence").unwrap(),
            case: CaseNumber::new("2026-8").ok(),
            what: format!("record {record}"),
        };
        house.store.look(&look).await.unwrap();
        let looks = house.looks(represented).await;
        house.found(person(3)).await;
        let (asked, revocable) = (
            appoint(house, own, represented, 2, Scope::Read).await,
            appoint(house, own, represented, 3, Scope::Act).await,
        );
        Self {
            record,
            look: looks.iter().rev().find(|look| look.viewer == "lin").unwrap().id,
            asked,
            revocable,
        }
    }
}

/// A file of a company is opened by who acts for it.
pub(crate) async fn company_permit(house: &House, by: SubjectId, of: SubjectId) -> store::LookPermit {
    let look = NewLook {
        viewer: Viewer::agent(by).unwrap(),
        subject: of,
        purpose: PurposeCode::new("own-file").unwrap(),
        case: None,
        what: "agents".into(),
    };
    house.store.look(&look).await.unwrap()
}

/// A made-up person is appointed for half a year.
pub(crate) async fn appoint(house: &House, by: SubjectId, of: SubjectId, whom: u16, scope: Scope) -> u64 {
    let permit = company_permit(house, by, of).await;
    let new = NewAppointment {
        name: person(whom).name,
        number: resident(whom).value().to_owned(),
        scope,
        last: record::Date::constant(2027, 5, 23),
    };
    house.store.appoint(&permit, &new).await.unwrap().0
}

/// A report that the person had made, without the file: there may be no font here.
async fn report_of(house: &House, subject: SubjectId) -> String {
    let look = NewLook {
        viewer: Viewer::oneself().unwrap(),
        subject,
        purpose: PurposeCode::new("own-file").unwrap(),
        case: None,
        what: "report".into(),
    };
    let permit = house.store.look(&look).await.unwrap();
    let new = store::NewReport {
        code: house.store.draw_report_code().unwrap(),
        masked_name: "罗**".into(),
        digest: [7; 32],
        edition: "2026.1".into(),
        known: house.store.tree_size().await.unwrap(),
        until: house.clock.today(),
    };
    house.store.keep_report(&permit, &new).await.unwrap();
    new.code.to_string()
}

/// The short address of the first company, as its page says it.
pub(crate) async fn short_of(house: &House) -> String {
    let company = company(1).identifier.unwrap();
    let path = format!("/organisations/{}", company.value());
    let page = house.get(&Jar::none(), &path).await.page(200);
    let after = page.split(&format!("http://{HOST}/o/")).nth(1).unwrap();
    format!("/o/{}", after.split('"').next().unwrap())
}

/// A case at the counter, and an objection that is being entered there.
async fn at_counter(house: &House, clerk: &Jar) -> (String, String) {
    let number = resident(1);
    let (case, objecting) = (check_form(number.value()), object_form(number.value()));
    let case = house.post(clerk, "/counter/check", &case).await;
    let objecting = house.post(clerk, "/counter/object", &objecting).await;
    (case.goes_to().to_owned(), objecting.goes_to().to_owned())
}

fn object_form(number: &str) -> [(&'static str, &str); 3] {
    [("identifier", number), ("names", "证1"), ("case", "2026-1123-8")]
}

fn check_form(identifier: &str) -> [(&str, &str); 4] {
    [
        ("identifier", identifier),
        ("kind", "resident_id"),
        ("service", "hygiene-licence-renewal"),
        ("case", "2026-1123-1"),
    ]
}

fn ask_form(identifier: &str) -> [(&str, &str); 3] {
    [
        ("kind", "resident_id"),
        ("numbers", identifier),
        ("case", "禅市监核〔2026〕1号"),
    ]
}

/// What `lin`'s department is given by the court.
async fn share_of(house: &House) -> RecordNumber {
    let court = source("chancheng.court");
    let asks = Application {
        owner: court.clone(),
        item: "court.judgment".parse().unwrap(),
        ways: Way::ALL.to_vec(),
        fields: Vec::new(),
        what_for: "换发许可证前的核验".to_owned(),
        basis: "行政许可法第三十四条".to_owned(),
        per_day: 100,
        until: record::Date::constant(2027, 11, 23),
    };
    let (lin, market) = (officer("lin"), source("chancheng.market"));
    let share = house.store.apply_share(&asks, &lin, &market).await.unwrap();
    let he = officer("he");
    let granted = house.store.answer_share(share, true, &he, &court, "同意按此提供");
    granted.await.unwrap();
    share
}

async fn upload(house: &House, jar: &Jar, bytes: &[u8]) -> String {
    let sent = house.upload(jar, "处罚.csv", "sgs-penalty-2018", bytes).await;
    sent.goes_to().to_owned()
}

async fn consent_of(house: &House, subject: SubjectId) -> RecordNumber {
    let (li, centre) = (officer("li"), source("nanzhuang.service-centre"));
    let purpose = PurposeCode::new("counter.service").unwrap();
    let look = NewLook {
        viewer: Viewer::staff(li.clone(), centre.clone(), Door::Counter),
        subject,
        purpose: purpose.clone(),
        case: CaseNumber::new("2026-1").ok(),
        what: "file".into(),
    };
    let permit = house.store.look(&look).await.unwrap();
    let service = ServiceCode::new("elder-card").unwrap();
    let given = house
        .store
        .consent(&permit, &li, &centre, &purpose, &service, None);
    given.await.unwrap()
}

/// A merge that a colleague of `lin` proposed.
async fn merge_of(house: &House, kept: Stated, merged: Stated) -> RecordNumber {
    let (chen, market) = (officer("chen"), source("chancheng.market"));
    let mut permits = Vec::new();
    for stated in [kept, merged] {
        let look = NewLook {
            viewer: Viewer::staff(chen.clone(), market.clone(), Door::Department),
            subject: house.found(stated).await,
            purpose: PurposeCode::new("department.evidence").unwrap(),
            case: CaseNumber::new("2026-1").ok(),
            what: "merge".into(),
        };
        permits.push(house.store.look(&look).await.unwrap());
    }
    let why = "营业执照号码相同";
    let merge = house.store.merge(&permits[0], &permits[1], &chen, &market, why);
    merge.await.unwrap()
}

/// A representative whom a colleague of `lin` named.
pub(crate) async fn naming_of(house: &House, organisation: Stated, subject: SubjectId) -> RecordNumber {
    let (chen, market) = (officer("chen"), source("chancheng.market"));
    let organisation = house.found(organisation).await;
    let mut permits = Vec::new();
    for subject in [organisation, subject] {
        let look = NewLook {
            viewer: Viewer::staff(chen.clone(), market.clone(), Door::Department),
            subject,
            purpose: PurposeCode::new("department.evidence").unwrap(),
            case: CaseNumber::new("2026-1").ok(),
            what: "naming".into(),
        };
        permits.push(house.store.look(&look).await.unwrap());
    }
    let why = "护照和任命书已当面核对";
    let naming = house
        .store
        .name_representative(&permits[0], &permits[1], &chen, &market, why);
    naming.await.unwrap()
}

/// A look at somebody that is unusual, and that they ask about: the look and the question.
pub(crate) async fn asked_look(house: &House, subject: SubjectId) -> (u64, u64) {
    house.store.plant_honey(subject, "a decoy").await.unwrap();
    let look = NewLook {
        viewer: Viewer::staff(officer("lin"), source("chancheng.market"), Door::Department),
        subject,
        purpose: PurposeCode::new("department.evidence").unwrap(),
        case: CaseNumber::new("2026-7").ok(),
        what: "record 1".into(),
    };
    house.store.look(&look).await.unwrap();
    house.store.weigh_looks().await.unwrap();
    let looks = house.looks(subject).await;
    let look = looks.iter().rev().find(|look| look.viewer == "lin").unwrap().id;
    let own = own_permit(house, subject).await;
    let ground = "那天我没有去办事";
    let question = house.store.ask_look(&own, look, ground).await.unwrap();
    (look, question.0)
}

/// The person opens their own file.
pub(crate) async fn own_permit(house: &House, subject: SubjectId) -> store::LookPermit {
    let look = NewLook {
        viewer: Viewer::oneself().unwrap(),
        subject,
        purpose: PurposeCode::new("own-file").unwrap(),
        case: None,
        what: "file".into(),
    };
    house.store.look(&look).await.unwrap()
}

pub(crate) async fn objection_of(house: &House, subject: SubjectId, record: RecordNumber) -> RecordNumber {
    let look = NewLook {
        viewer: Viewer::oneself().unwrap(),
        subject,
        purpose: PurposeCode::new("own-file").unwrap(),
        case: None,
        what: "file".into(),
    };
    let permit = house.store.look(&look).await.unwrap();
    let ground = ObjectionGround::new("这张证不是我的，请核对").unwrap();
    house.store.object(&permit, record, &ground).await.unwrap()
}

fn says(answer: &Answer) -> String {
    match answer.status.as_u16() {
        303 if answer.header("location").starts_with("/sign-in") => "in".to_owned(),
        403 => "no".to_owned(),
        status => status.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_every_viewer_as_the_table_says() {
    let stage = Stage::new().await;
    let mut wrong = Vec::new();
    for row in table() {
        assert_eq!(row.cells.len(), stage.jars.len(), "{} {}", row.method, row.path);
        for (column, expect) in row.cells.iter().enumerate() {
            let found = says(&stage.ask(&row, column).await);
            if found != *expect {
                wrong.push(format!(
                    "{} {} column {column}: {expect} but {found}",
                    row.method, row.path
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_every_route_with_its_action() {
    let here: BTreeSet<(String, String)> = table()
        .iter()
        .map(|row| (row.path.to_owned(), row.action.to_owned()))
        .collect();
    let served = web::pages().into_iter();
    let served: BTreeSet<(String, String)> = served.map(|(path, action)| (path.to_owned(), action)).collect();
    let unknown: Vec<_> = served.difference(&here).collect();
    let gone: Vec<_> = here.difference(&served).collect();
    assert!(
        unknown.is_empty() && gone.is_empty(),
        "not in the table: {unknown:?}; not served: {gone:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_route_takes_a_method_that_the_table_does_not_name() {
    let stage = Stage::new().await;
    let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in table() {
        named.entry(row.path).or_default().insert(row.method);
    }
    for (path, methods) in named {
        for method in [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ] {
            if methods.contains(method.as_str()) {
                continue;
            }
            let request = Jar::none().request(method.clone(), &stage.address(path));
            let request = request.header(header::ORIGIN, format!("http://{HOST}"));
            let answer = stage.house.send(request.body(Body::empty()).unwrap()).await;
            let status = answer.status.as_u16();
            assert!(
                [404, 405].contains(&status),
                "{method} {path} is answered {status}"
            );
        }
    }
}
