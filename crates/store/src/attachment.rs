//! Files that are handed in with an objection or an application for repair. The act names each by its digest, size and kind, so that what
//! was handed in cannot be swapped; the file itself is sealed under the act's own key, and goes when that is destroyed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use record::{Act, FieldName, Logged, Record, RecordKey, RecordNumber, Value};
use sha2::{Digest as _, Sha256};

use crate::act::said;
use crate::db::{Row, Tx, args};
use crate::keys::{Keys, from_hex, to_hex};
use crate::read::RECORD_COLUMNS;
use crate::seal::{open, seal, unwrap_key};
use crate::upkeep::Difference;
use crate::{LookPermit, Result, Store, StoreError};

/// The largest file.
pub const ATTACHMENT_BYTES_MOST: usize = 5 * 1024 * 1024;
/// How many go with one act.
pub const ATTACHMENTS_MOST: usize = 5;
/// A file's name is no longer than this, in characters.
const NAME_MOST: usize = 100;

/// What a file is, by its content and never by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttachmentKind {
    /// A document.
    Pdf,
    /// A photograph.
    Jpeg,
    /// A picture.
    Png,
}

impl AttachmentKind {
    /// Its code in records, and how its names end.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// What begins like one of the three and is whole: cut off, or behind something else, it is none.
    fn of(bytes: &[u8]) -> Option<Self> {
        let tail = bytes.get(bytes.len().saturating_sub(1_024)..)?;
        let ends_with = |mark: &[u8]| tail.windows(mark.len()).any(|part| part == mark);
        if bytes.starts_with(b"%PDF-") && ends_with(b"%%EOF") {
            Some(Self::Pdf)
        } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) && bytes.ends_with(&[0xff, 0xd9]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR") && bytes.ends_with(b"IEND\xaeB`\x82") {
            Some(Self::Png)
        } else {
            None
        }
    }
}

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AttachmentFault {
    /// There is nothing in it.
    #[error("the file is empty; choose another")]
    Empty,
    /// It is larger than 5 MiB.
    #[error("the file has more than 5 MiB; make it smaller, or hand it in in parts")]
    TooLarge,
    /// It is none of the three kinds, whatever its name says.
    #[error("the file is no whole PDF, JPEG or PNG; save it as one of these")]
    WrongKind,
    /// There are more than five.
    #[error("at most five files go with one application")]
    TooMany,
}

impl AttachmentFault {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "FILE-EMPTY",
            Self::TooLarge => "FILE-TOO-LARGE",
            Self::WrongKind => "FILE-KIND",
            Self::TooMany => "FILE-TOO-MANY",
        }
    }
}

/// A file that goes with an act.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    name: String,
    kind: AttachmentKind,
    bytes: Vec<u8>,
}

/// Not what is in it.
impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment")
            .field("kind", &self.kind)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

impl Attachment {
    /// Takes a file for what its content says it is. Of its name folders and control characters are left out.
    ///
    /// # Errors
    /// When it is empty, too large, or of no kind that is taken.
    pub fn new(name: &str, bytes: Vec<u8>) -> std::result::Result<Self, AttachmentFault> {
        if bytes.is_empty() {
            return Err(AttachmentFault::Empty);
        }
        if bytes.len() > ATTACHMENT_BYTES_MOST {
            return Err(AttachmentFault::TooLarge);
        }
        let kind = AttachmentKind::of(&bytes).ok_or(AttachmentFault::WrongKind)?;
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let plain: String = last.chars().filter(|c| !c.is_control()).collect();
        let plain = record::tidy_text(&plain).chars().take(NAME_MOST).collect();
        Ok(Self {
            name: plain,
            kind,
            bytes,
        })
    }

    /// What its sender calls it; may be empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is.
    pub fn kind(&self) -> AttachmentKind {
        self.kind
    }

    /// Its content.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn mark(&self) -> AttachmentMark {
        AttachmentMark {
            kind: self.kind,
            bytes: self.bytes.len(),
            digest: Sha256::digest(&self.bytes).into(),
        }
    }
}

/// The files that go with one act.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachments(Vec<Attachment>);

impl Attachments {
    /// At most five.
    ///
    /// # Errors
    /// When they are more.
    pub fn new(files: Vec<Attachment>) -> std::result::Result<Self, AttachmentFault> {
        if files.len() > ATTACHMENTS_MOST {
            return Err(AttachmentFault::TooMany);
        }
        Ok(Self(files))
    }

    /// By their places from 1.
    pub fn by_place(&self) -> impl Iterator<Item = (u8, &Attachment)> {
        (1..).zip(&self.0)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What they weigh together, in bytes.
    pub fn bytes(&self) -> usize {
        self.0.iter().map(|file| file.bytes.len()).sum()
    }
}

/// What an act says of a file that goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttachmentMark {
    /// What it is.
    pub kind: AttachmentKind,
    /// Its size.
    pub bytes: usize,
    /// The SHA-256 digest of its content.
    pub digest: [u8; 32],
}

impl AttachmentMark {
    /// The digest in hexadecimal digits.
    pub fn digest_text(&self) -> String {
        to_hex(&self.digest)
    }
}

/// `pdf 1204 9f86d081…`
impl fmt::Display for AttachmentMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.kind.code(), self.bytes, to_hex(&self.digest))
    }
}

impl FromStr for AttachmentMark {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self> {
        let not = || StoreError::DoesNotOpen(format!("the mark of a file `{text}`"));
        let mut parts = text.splitn(3, ' ');
        let kinds = [AttachmentKind::Pdf, AttachmentKind::Jpeg, AttachmentKind::Png];
        let code = parts.next();
        Ok(Self {
            kind: kinds
                .into_iter()
                .find(|kind| Some(kind.code()) == code)
                .ok_or_else(not)?,
            bytes: parts
                .next()
                .and_then(|bytes| bytes.parse().ok())
                .ok_or_else(not)?,
            digest: parts.next().and_then(from_hex).ok_or_else(not)?,
        })
    }
}

/// The files that an act says go with it, by their places from 1.
pub fn attachments_of(act: &Record) -> BTreeMap<u8, AttachmentMark> {
    let mark = |place: u8| Some((place, said(act, &field(place))?.parse().ok()?));
    (1..=5).filter_map(mark).collect()
}

fn field(place: u8) -> String {
    format!("file_{place}")
}

/// The fields by which an act names its files.
pub(crate) fn marks(files: &Attachments) -> Result<BTreeMap<FieldName, Value>> {
    let named = |(place, file): (u8, &Attachment)| {
        let name = FieldName::new(field(place)).map_err(|_| StoreError::NotFound)?;
        Ok((name, Value::Text(file.mark().to_string())))
    };
    files.by_place().map(named).collect()
}

const CONTEXT: &[u8] = b"xinlian/attachment/v1";

fn place_of(column: &str, number: RecordNumber, place: u8) -> String {
    format!("attachment.{column}/v1/{number}/{place}")
}

impl Store {
    /// Keeps the files of an act that was appended in this transaction.
    pub(crate) async fn keep_attachments(
        &self,
        tx: &mut Tx,
        number: RecordNumber,
        files: &Attachments,
    ) -> Result<()> {
        if files.is_empty() {
            return Ok(());
        }
        let (keys, _) = self.keys(tx).await?;
        let key = key_of(tx, &keys, number).await?.derive(CONTEXT);
        let mut lines = Vec::new();
        for (place, file) in files.by_place() {
            let name = seal(&key, &place_of("name", number, place), file.name.as_bytes())?;
            let body = seal(&key, &place_of("body", number, place), &file.bytes)?;
            lines.push(args![number, i64::from(place), name, body]);
        }
        tx.insert("attachment", &["number", "place", "name", "body"], lines, "")
            .await
    }

    /// A file that went with an act, by leave of a look at whose act it is.
    ///
    /// # Errors
    /// When there is none in that person's or organisation's file, or it is not what the act says it is.
    pub async fn attachment(
        &self,
        permit: &LookPermit,
        number: RecordNumber,
        place: u8,
    ) -> Result<Attachment> {
        let file = self.file(permit, None).await?;
        let mut all = file.records.iter().chain(&file.acts);
        let act = all.find(|logged| logged.number() == number);
        let act = act.ok_or(StoreError::NotFound)?.record();
        let mark = attachments_of(act).remove(&place).ok_or(StoreError::NotFound)?;
        let mut tx = self.inner.db.read().await?;
        let (keys, _) = self.keys(&mut tx).await?;
        let sql = "SELECT name, body FROM attachment WHERE number = $1 AND place = $2";
        let row = tx.row(sql, args![number, i64::from(place)]).await?;
        let key = key_of(&mut tx, &keys, number).await?;
        opened(&key, number, place, mark, &row.ok_or(StoreError::NotFound)?)
    }

    /// Holds every file against the act that names it, and every act against its files.
    pub(crate) async fn check_attachments(
        &self,
        tx: &mut Tx,
        differences: &mut Vec<Difference>,
    ) -> Result<()> {
        let (keys, _) = self.keys(tx).await?;
        let acts = [Act::Object, Act::ApplyRepair].map(|act| format!("'{}'", act.code()));
        let sql = format!(
            "SELECT {RECORD_COLUMNS} WHERE r.item IN ({}) ORDER BY r.number",
            acts.join(", ")
        );
        let mut named = BTreeSet::new();
        let rows = tx.rows(sql, args![]).await?;
        // What does not open has been named already.
        let opened = self.opened(tx, &keys, &rows).await?.into_iter().flatten();
        for logged in opened.filter_map(|opened| opened.logged().ok()) {
            for (place, mark) in attachments_of(logged.record()) {
                let number = logged.number();
                named.insert((number, place));
                if let Err(what) = self.check_attachment(tx, &keys, &logged, place, mark).await? {
                    let row = format!("{number}/{place}");
                    differences.push(Difference {
                        table: "attachment".to_owned(),
                        row,
                        what,
                    });
                }
            }
        }
        for row in tx.rows("SELECT number, place FROM attachment", args![]).await? {
            let number = RecordNumber::from_i64(row.int(0)?);
            let place = u8::try_from(row.int(1)?).unwrap_or_default();
            if !named.contains(&(number, place)) {
                differences.push(Difference {
                    table: "attachment".to_owned(),
                    row: format!("{number}/{place}"),
                    what: "no record names it".to_owned(),
                });
            }
        }
        Ok(())
    }

    async fn check_attachment(
        &self,
        tx: &mut Tx,
        keys: &Keys,
        act: &Logged,
        place: u8,
        mark: AttachmentMark,
    ) -> Result<std::result::Result<(), String>> {
        let number = act.number();
        let sql = "SELECT name, body FROM attachment WHERE number = $1 AND place = $2";
        let Some(row) = tx.row(sql, args![number, i64::from(place)]).await? else {
            return Ok(Err("missing".to_owned()));
        };
        let key = key_of(tx, keys, number).await?;
        Ok(opened(&key, number, place, mark, &row)
            .map(|_| ())
            .map_err(|error| error.to_string()))
    }
}

async fn key_of(tx: &mut Tx, keys: &Keys, number: RecordNumber) -> Result<RecordKey> {
    let sql = "SELECT key_id, wrapped FROM record_key WHERE number = $1";
    let row = tx.row(sql, args![number]).await?.ok_or(StoreError::NotFound)?;
    let key_id = u32::try_from(row.int(0)?).map_err(|_| StoreError::NoKey(0))?;
    unwrap_key(keys, number, key_id, &row.bytes(1)?)
}

/// The file of a row, once it is what the act says it is.
fn opened(
    key: &RecordKey,
    number: RecordNumber,
    place: u8,
    mark: AttachmentMark,
    row: &Row,
) -> Result<Attachment> {
    let key = key.derive(CONTEXT);
    let name = open(&key, &place_of("name", number, place), &row.bytes(0)?)?;
    let at = place_of("body", number, place);
    let file = Attachment {
        name: String::from_utf8(name).map_err(|_| StoreError::DoesNotOpen(at.clone()))?,
        kind: mark.kind,
        bytes: open(&key, &at, &row.bytes(1)?)?,
    };
    if file.mark() == mark {
        Ok(file)
    } else {
        Err(StoreError::DoesNotOpen(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR....\0\0\0\0IEND\xaeB`\x82";

    fn check(bytes: &[u8], expect: std::result::Result<AttachmentKind, AttachmentFault>) {
        let found = Attachment::new("a.pdf", bytes.to_vec()).map(|file| file.kind());
        assert_eq!(found, expect, "{:?}", bytes.get(..bytes.len().min(40)));
    }

    #[test]
    fn a_file_is_what_its_content_says_and_whole() {
        use AttachmentFault::{Empty, TooLarge, WrongKind};
        check(b"%PDF-1.7\n...\n%%EOF\n", Ok(AttachmentKind::Pdf));
        check(b"\xff\xd8\xff\xe0..\xff\xd9", Ok(AttachmentKind::Jpeg));
        check(PNG, Ok(AttachmentKind::Png));
        check(b"", Err(Empty));
        check(&vec![b'%'; ATTACHMENT_BYTES_MOST + 1], Err(TooLarge));
        for wrong in [
            &b"<!doctype html><script>alert(1)</script>"[..],
            b"MZ\x90\0",
            b"PK\x03\x04",
            // Cut off, or with something before or behind it.
            b"%PDF-1.7\n...",
            b"<html>%PDF-1.7\n%%EOF",
            b"\xff\xd8\xff\xe0..\xff\xd9<script>alert(1)</script>",
            &[PNG, b"PK\x03\x04"].concat(),
            b"GIF89a",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        ] {
            check(wrong, Err(WrongKind));
        }
    }

    #[test]
    fn a_name_has_no_folders_and_no_control_characters() {
        for (name, expect) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\me\\收据.png", "收据.png"),
            ("a\r\nSet-Cookie: x=1.png", "aSet-Cookie: x=1.png"),
            ("\u{0}\u{7}", ""),
        ] {
            assert_eq!(Attachment::new(name, PNG.to_vec()).unwrap().name(), expect);
        }
        let long = Attachment::new(&"长".repeat(500), PNG.to_vec()).unwrap();
        assert_eq!(long.name().chars().count(), NAME_MOST);
    }

    #[test]
    fn a_mark_is_read_as_it_is_written() {
        let mark = Attachment::new("", PNG.to_vec()).unwrap().mark();
        assert_eq!(mark.to_string().parse::<AttachmentMark>().unwrap(), mark);
        for wrong in ["", "pdf", "exe 3 00", "pdf x 00", "pdf 3 zz"] {
            assert!(wrong.parse::<AttachmentMark>().is_err(), "{wrong}");
        }
    }
}
