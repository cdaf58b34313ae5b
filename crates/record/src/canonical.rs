//! Canonical bytes: a record in deterministic CBOR (RFC 8949 §4.2.1). One record has one encoding,
//! and bytes in any other encoding are refused.
//!
//! ```text
//! record = {                                    ; keys in this order, absent parts left out
//!   1: source: tstr,
//!   2: item: tstr,
//!   ? 3: subject: [kind: uint, name: tstr] / [kind: uint, name: tstr, id-kind: uint, id-value: tstr],
//!   ? 4: document: [number: tstr, authority: tstr, date: day],
//!   5: occurred: day,
//!   ? 6: ends: [0, on: day] / [1, review-by: day],
//!   7: fields: { * tstr => tstr / int / bool / bstr / day / amount },   ; keys by length, then bytes
//!   ? 8: references: [+ [relation: uint, 0, commitment: bstr .size 32]
//!                     / [relation: uint, 1, number: uint]
//!                     / [relation: uint, 2, submission: uint]],
//! }
//! day    = #6.1004(tstr)          ; RFC 8943 full-date
//! amount = #6.4([-2, fen: int])   ; RFC 8949 §3.4.4 decimal fraction, in yuan
//! ```

use std::collections::BTreeMap;

use jiff::civil::Date;
use minicbor::data::{Tag, Type};
use minicbor::decode::Error as CborError;
use minicbor::{Decoder, Encoder};

use crate::{
    AmountFen, Commitment, Document, Ends, FieldName, Identifier, IdentifierKind, ItemCode, Record,
    RecordFault, RecordNumber, Reference, Relation, SourceCode, Stated, SubjectKind, SubmissionId, Target,
    Value,
};

/// The longest canonical bytes that are read: 4 MiB, which a policy bundle needs and no row reaches.
pub const MAX_STATEMENT_BYTES: usize = 4 << 20;

const TAG_DAY: u64 = 1004;
const TAG_DECIMAL: u64 = 4;

/// Why bytes are not the canonical form of a well-formed record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// Not CBOR of a record's shape.
    #[error("not a record in CBOR: {0}; see ADR 0001 for the form")]
    Shape(String),
    /// A record, but in other bytes than its canonical ones.
    #[error("a record, but not in its canonical bytes; encode it by RFC 8949 section 4.2.1")]
    NotCanonical,
    /// Too long to be a record.
    #[error("{0} bytes are too long for a record; the most is {MAX_STATEMENT_BYTES}")]
    TooLong(usize),
    /// A record that is ill-formed.
    #[error("an ill-formed record: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Faults(Vec<RecordFault>),
}

/// Writing to a `Vec` cannot fail; the encoder's `Result` is of an uninhabited error.
type Encoding = Result<(), minicbor::encode::Error<core::convert::Infallible>>;

pub(crate) fn encode(record: &Record) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    match encode_into(&mut Encoder::new(&mut bytes), record) {
        Ok(()) => bytes,
        Err(_) => unreachable!("writing to a vector cannot fail"),
    }
}

fn encode_into(e: &mut Encoder<&mut Vec<u8>>, record: &Record) -> Encoding {
    let optional = [
        record.subject.is_some(),
        record.document.is_some(),
        record.ends.is_some(),
        !record.references.is_empty(),
    ];
    let count = 4 + optional.iter().map(|there| u64::from(*there)).sum::<u64>();
    e.map(count)?
        .u8(1)?
        .str(record.source.as_str())?
        .u8(2)?
        .str(record.item.as_str())?;
    if let Some(subject) = &record.subject {
        e.u8(3)?;
        encode_subject(e, subject)?;
    }
    if let Some(document) = &record.document {
        e.u8(4)?
            .array(3)?
            .str(&document.number)?
            .str(&document.authority)?;
        encode_day(e, document.date)?;
    }
    e.u8(5)?;
    encode_day(e, record.occurred)?;
    if let Some(ends) = record.ends {
        let which = match ends {
            Ends::On(_) => 0,
            Ends::OnCorrection { .. } => 1,
        };
        e.u8(6)?.array(2)?.u8(which)?;
        encode_day(e, ends.day())?;
    }
    e.u8(7)?;
    encode_fields(e, &record.fields)?;
    if !record.references.is_empty() {
        e.u8(8)?.array(length(record.references.len()))?;
        for reference in &record.references {
            encode_reference(e, reference)?;
        }
    }
    Ok(())
}

fn length(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn encode_subject(e: &mut Encoder<&mut Vec<u8>>, subject: &Stated) -> Encoding {
    let parts = if subject.identifier.is_some() { 4 } else { 2 };
    e.array(parts)?.u8(subject.kind.number())?.str(&subject.name)?;
    if let Some(identifier) = &subject.identifier {
        e.u8(identifier.kind().number())?.str(identifier.value())?;
    }
    Ok(())
}

fn encode_day(e: &mut Encoder<&mut Vec<u8>>, day: Date) -> Encoding {
    e.tag(Tag::new(TAG_DAY))?;
    match digits_of(day) {
        Some(digits) => e.str(std::str::from_utf8(&digits).unwrap_or_default())?,
        None => e.str(&day.to_string())?,
    };
    Ok(())
}

/// `2018-12-24` without a string of its own, for there are several in each record; `None` before the year 0.
fn digits_of(day: Date) -> Option<[u8; 10]> {
    let year = u16::try_from(day.year()).ok()?;
    let digit = |number: u16, unit: u16| u8::try_from(number / unit % 10).map_or(b'0', |digit| b'0' + digit);
    let (month, date) = (day.month().unsigned_abs().into(), day.day().unsigned_abs().into());
    Some([
        digit(year, 1_000),
        digit(year, 100),
        digit(year, 10),
        digit(year, 1),
        b'-',
        digit(month, 10),
        digit(month, 1),
        b'-',
        digit(date, 10),
        digit(date, 1),
    ])
}

fn encode_fields(e: &mut Encoder<&mut Vec<u8>>, fields: &BTreeMap<FieldName, Value>) -> Encoding {
    let mut ordered: Vec<_> = fields.iter().collect();
    // Bytewise order of the encoded keys: a key's length is in its first byte.
    ordered.sort_by_key(|(name, _)| (name.as_str().len(), name.as_str()));
    e.map(length(ordered.len()))?;
    for (name, value) in ordered {
        e.str(name.as_str())?;
        match value {
            Value::Text(text) => e.str(text)?,
            Value::Integer(number) => e.i64(*number)?,
            Value::Bool(yes) => e.bool(*yes)?,
            Value::Bytes(bytes) => e.bytes(bytes)?,
            Value::Date(day) => {
                encode_day(e, *day)?;
                continue;
            }
            Value::Amount(amount) => e
                .tag(Tag::new(TAG_DECIMAL))?
                .array(2)?
                .i8(-2)?
                .i64(amount.fen())?,
        };
    }
    Ok(())
}

fn encode_reference(e: &mut Encoder<&mut Vec<u8>>, reference: &Reference) -> Encoding {
    e.array(3)?.u8(reference.relation.number())?;
    match reference.target {
        Target::Commitment(commitment) => e.u8(0)?.bytes(&commitment.0)?,
        Target::Number(number) => e.u8(1)?.u64(number.0)?,
        Target::Submission(submission) => e.u8(2)?.u64(submission.0)?,
    };
    Ok(())
}

pub(crate) fn decode(bytes: &[u8]) -> Result<Record, CanonicalError> {
    if bytes.len() > MAX_STATEMENT_BYTES {
        return Err(CanonicalError::TooLong(bytes.len()));
    }
    let mut d = Decoder::new(bytes);
    let record = decode_record(&mut d).map_err(|error| CanonicalError::Shape(error.to_string()))?;
    if d.position() != bytes.len() || encode(&record) != bytes {
        return Err(CanonicalError::NotCanonical);
    }
    let faults = record.faults();
    if faults.is_empty() {
        Ok(record)
    } else {
        Err(CanonicalError::Faults(faults))
    }
}

/// The order of keys is not looked at here: comparing with the re-encoded bytes settles it.
fn decode_record(d: &mut Decoder<'_>) -> Result<Record, CborError> {
    let (mut source, mut item, mut subject, mut document) = (None, None, None, None);
    let (mut occurred, mut ends, mut fields, mut references) = (None, None, None, Vec::new());
    for _ in 0..d
        .map()?
        .ok_or_else(|| CborError::message("a map of unknown length"))?
    {
        match d.u8()? {
            1 => source = Some(SourceCode::new(d.str()?).map_err(CborError::message)?),
            2 => item = Some(ItemCode::new(d.str()?).map_err(CborError::message)?),
            3 => subject = Some(decode_subject(d)?),
            4 => document = Some(decode_document(d)?),
            5 => occurred = Some(decode_day(d)?),
            6 => ends = Some(decode_ends(d)?),
            7 => fields = Some(decode_fields(d)?),
            8 => references = decode_references(d)?,
            key => return Err(CborError::message(format!("unknown part {key}"))),
        }
    }
    let missing = |part| CborError::message(format!("part {part} is missing"));
    Ok(Record {
        source: source.ok_or_else(|| missing("1, source"))?,
        item: item.ok_or_else(|| missing("2, item"))?,
        subject,
        document,
        occurred: occurred.ok_or_else(|| missing("5, occurred"))?,
        ends,
        fields: fields.ok_or_else(|| missing("7, fields"))?,
        references,
    })
}

fn decode_array(d: &mut Decoder<'_>) -> Result<u64, CborError> {
    d.array()?
        .ok_or_else(|| CborError::message("an array of unknown length"))
}

fn expect_array(d: &mut Decoder<'_>, wanted: u64) -> Result<(), CborError> {
    if decode_array(d)? == wanted {
        Ok(())
    } else {
        Err(CborError::message(format!("an array of {wanted} is wanted")))
    }
}

fn decode_subject(d: &mut Decoder<'_>) -> Result<Stated, CborError> {
    let parts = decode_array(d)?;
    let kind =
        SubjectKind::from_number(d.u8()?).ok_or_else(|| CborError::message("unknown kind of subject"))?;
    let name = d.str()?.to_owned();
    let identifier = match parts {
        2 => None,
        4 => {
            let kind = IdentifierKind::from_number(d.u8()?)
                .ok_or_else(|| CborError::message("unknown kind of identifier"))?;
            let value = d.str()?.to_owned();
            let identifier = Identifier::from_canonical(kind, value);
            Some(identifier.ok_or_else(|| CborError::message("an identifier that is no plain text"))?)
        }
        _ => return Err(CborError::message("a subject has 2 or 4 parts")),
    };
    Ok(Stated {
        kind,
        name,
        identifier,
    })
}

fn decode_document(d: &mut Decoder<'_>) -> Result<Document, CborError> {
    expect_array(d, 3)?;
    Ok(Document {
        number: d.str()?.to_owned(),
        authority: d.str()?.to_owned(),
        date: decode_day(d)?,
    })
}

fn decode_day(d: &mut Decoder<'_>) -> Result<Date, CborError> {
    if d.tag()? != Tag::new(TAG_DAY) {
        return Err(CborError::message("a day has tag 1004"));
    }
    d.str()?.parse().map_err(CborError::message)
}

fn decode_ends(d: &mut Decoder<'_>) -> Result<Ends, CborError> {
    expect_array(d, 2)?;
    match d.u8()? {
        0 => Ok(Ends::On(decode_day(d)?)),
        1 => Ok(Ends::OnCorrection {
            review_by: decode_day(d)?,
        }),
        which => Err(CborError::message(format!("unknown kind of end {which}"))),
    }
}

fn decode_fields(d: &mut Decoder<'_>) -> Result<BTreeMap<FieldName, Value>, CborError> {
    let mut fields = BTreeMap::new();
    for _ in 0..d
        .map()?
        .ok_or_else(|| CborError::message("a map of unknown length"))?
    {
        let name = FieldName::new(d.str()?).map_err(CborError::message)?;
        fields.insert(name, decode_value(d)?);
    }
    Ok(fields)
}

fn decode_value(d: &mut Decoder<'_>) -> Result<Value, CborError> {
    match d.datatype()? {
        Type::String => Ok(Value::Text(d.str()?.to_owned())),
        Type::Bool => Ok(Value::Bool(d.bool()?)),
        Type::Bytes => Ok(Value::Bytes(d.bytes()?.to_vec())),
        Type::Tag => {
            let tag = d.probe().tag()?;
            if tag == Tag::new(TAG_DAY) {
                return decode_day(d).map(Value::Date);
            }
            d.tag()?;
            expect_array(d, 2)?;
            if tag != Tag::new(TAG_DECIMAL) || d.i8()? != -2 {
                return Err(CborError::message(
                    "a value's tag is 4 with two decimals, or 1004",
                ));
            }
            AmountFen::new(d.i64()?)
                .map(Value::Amount)
                .ok_or_else(|| CborError::message("an amount beyond the bound"))
        }
        _ => d.i64().map(Value::Integer),
    }
}

fn decode_references(d: &mut Decoder<'_>) -> Result<Vec<Reference>, CborError> {
    let count = decode_array(d)?;
    let mut references = Vec::new();
    for _ in 0..count {
        expect_array(d, 3)?;
        let relation =
            Relation::from_number(d.u8()?).ok_or_else(|| CborError::message("unknown relation"))?;
        let target = match d.u8()? {
            0 => {
                let bytes = <[u8; 32]>::try_from(d.bytes()?)
                    .map_err(|_| CborError::message("a commitment has 32 bytes"))?;
                Target::Commitment(Commitment(bytes))
            }
            1 => Target::Number(RecordNumber(d.u64()?)),
            2 => Target::Submission(SubmissionId(d.u64()?)),
            which => return Err(CborError::message(format!("unknown kind of target {which}"))),
        };
        references.push(Reference { relation, target });
    }
    Ok(references)
}
