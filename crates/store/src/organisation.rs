//! Organisations are public: they are found by name, code or document number. Persons never are.

use record::{SubjectId, same_name_key, tidy_text};
use serde::Serialize;

use crate::db::{Row, args};
use crate::public_record::escaped;
use crate::{Result, Store, StoreError};

/// Which page of a list, from 1, and how many rows on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    number: u32,
    size: u32,
}

impl Page {
    /// A page from 1 to 100 000 of 1 to 200 rows; anything else is brought into those bounds.
    pub fn new(number: u32, size: u32) -> Self {
        Self {
            number: number.clamp(1, 100_000),
            size: size.clamp(1, 200),
        }
    }

    /// Its number, from 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// Rows on a page.
    pub fn size(self) -> u32 {
        self.size
    }

    pub(crate) fn limit(self) -> i64 {
        self.size.into()
    }

    pub(crate) fn offset(self) -> i64 {
        i64::from(self.number - 1) * i64::from(self.size)
    }
}

/// A page of a list, and how long the list is.
#[derive(Debug, Clone, Serialize)]
pub struct Paged<T> {
    /// The page's rows.
    pub rows: Vec<T>,
    /// How many rows there are on all pages.
    pub total: u64,
    /// This page, from 1.
    pub page: u32,
    /// How many pages there are, at least 1.
    pub pages: u32,
}

impl<T> Paged<T> {
    pub(crate) fn of(page: Page, total: i64, rows: Vec<T>) -> Self {
        let total = u64::try_from(total).unwrap_or(0);
        let pages = u32::try_from(total.div_ceil(page.size.into()).max(1)).unwrap_or(u32::MAX);
        Self {
            rows,
            total,
            page: page.number,
            pages,
        }
    }
}

/// An organisation found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrganisationHit {
    /// Which subject.
    pub subject: SubjectId,
    /// `organisation` or `sole_trader`.
    pub kind: String,
    /// Its name as registered.
    pub name: String,
    /// Its social credit code.
    pub uscc: String,
}

const HIT: &str = "SELECT o.subject, o.kind, o.name, o.uscc FROM organisation o";

impl Store {
    /// Organisations whose name holds the text, whose code begins with it, or about which a published
    /// document has this number (brackets typed either way); or whose name's characters sound with these first letters. An
    /// empty text finds all.
    ///
    /// # Errors
    /// When the text has more than 100 characters or the database fails.
    pub async fn search_organisations(&self, text: &str, page: Page) -> Result<Paged<OrganisationHit>> {
        let text = tidy_text(text);
        if text.chars().count() > 100 {
            return Err(StoreError::SearchTooLong);
        }
        let name = format!("%{}%", escaped(&same_name_key(&text)));
        let (wanted, mut find) = if text.is_empty() {
            (String::new(), Vec::new())
        } else {
            let mut wanted = " WHERE o.search_name LIKE $1 ESCAPE '\\' \
                OR o.subject IN (SELECT m.subject FROM organisation_document d JOIN membership m \
                ON m.number = d.number AND m.until_number IS NULL WHERE d.document = $2)"
                .to_owned();
            let mut find = args![name, same_name_key(&text)];
            // Codes and sounds are of letters and digits; of nothing else is it asked whether any row is like it.
            if text.bytes().all(|b| b.is_ascii_alphanumeric()) {
                wanted.push_str(" OR o.uscc LIKE $3 OR o.initials LIKE $4");
                find.extend(args![format!("{}%", text.to_uppercase()), sought_initials(&text)]);
            }
            (wanted, find)
        };
        let mut tx = self.inner.db.read().await?;
        let count = format!("SELECT COUNT(*) FROM organisation o{wanted}");
        let total = tx.one_int(count, find.clone()).await?;
        let (limit, offset) = (find.len() + 1, find.len() + 2);
        find.extend(args![page.limit(), page.offset()]);
        let sql = format!("{HIT}{wanted} ORDER BY o.search_name, o.subject LIMIT ${limit} OFFSET ${offset}");
        let rows = tx.rows(sql, find).await?;
        let hits = rows.iter().map(hit_of).collect::<Result<_>>()?;
        Ok(Paged::of(page, total, hits))
    }

    /// The organisation with this social credit code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn organisation(&self, uscc: &str) -> Result<Option<OrganisationHit>> {
        let mut tx = self.inner.db.read().await?;
        let sql = format!("{HIT} WHERE o.uscc = $1 ORDER BY o.subject");
        tx.row(sql, args![tidy_text(uscc).to_uppercase()])
            .await?
            .as_ref()
            .map(hit_of)
            .transpose()
    }
}

/// A pattern for the first letters of sounds; one that nothing is like if the text is no such letters.
fn sought_initials(text: &str) -> String {
    const LETTERS_LEAST: usize = 2;
    let is_sound = text.len() >= LETTERS_LEAST && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_sound && text.bytes().any(|b| b.is_ascii_alphabetic()) {
        format!("%{}%", text.to_ascii_lowercase())
    } else {
        String::new()
    }
}

fn hit_of(row: &Row) -> Result<OrganisationHit> {
    Ok(OrganisationHit {
        subject: SubjectId::from_i64(row.int(0)?),
        kind: row.text(1)?,
        name: row.text(2)?,
        uscc: row.text(3)?,
    })
}
