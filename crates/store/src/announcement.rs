//! Announcements of the credit office: written, published from a day to a day, and taken back. What was published is never changed.

use record::{AnnouncementId, Date, OfficerId, SourceCode};

use crate::administration::AdminKind;
use crate::db::{Arg, Row, args};
use crate::organisation::{Page, Paged};
use crate::{Result, Store, StoreError};

/// What an announcement says, and from when to when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncementText {
    /// Its title in Chinese.
    pub title_zh: String,
    /// Its title in English.
    pub title_en: String,
    /// Its paragraphs in Chinese.
    pub body_zh: String,
    /// Its paragraphs in English.
    pub body_en: String,
    /// The first day on which it is shown.
    pub from: Date,
    /// The last.
    pub until: Date,
}

/// Where an announcement stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnnouncementState {
    /// Written and not published.
    Draft,
    /// Published, and its first day is to come.
    Upcoming,
    /// Everyone sees it.
    Shown,
    /// Its last day is over.
    Over,
    /// It was taken back.
    TakenBack,
}

/// That an announcement was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenBack {
    /// By whom.
    pub by: String,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// Why.
    pub why: String,
}

/// An announcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// Its number.
    pub id: AnnouncementId,
    /// What it says.
    pub text: AnnouncementText,
    /// Who wrote it last.
    pub written_by: String,
    /// When, in milliseconds since 1970 UTC.
    pub written_ms: i64,
    /// Who published it, and when.
    pub published: Option<(String, i64)>,
    /// That it was taken back.
    pub taken_back: Option<TakenBack>,
    /// Where it stands today.
    pub state: AnnouncementState,
}

impl AnnouncementState {
    /// Every state.
    pub const ALL: [Self; 5] = [
        Self::Draft,
        Self::Upcoming,
        Self::Shown,
        Self::Over,
        Self::TakenBack,
    ];

    /// Its code in addresses and locale keys.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Upcoming => "upcoming",
            Self::Shown => "shown",
            Self::Over => "over",
            Self::TakenBack => "taken-back",
        }
    }

    /// The state with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether a row is in it; `$1` is today.
    fn sql(self) -> &'static str {
        match self {
            Self::Draft => "published_ms IS NULL AND $1 = $1",
            Self::Upcoming => "published_ms IS NOT NULL AND taken_back_ms IS NULL AND from_day > $1",
            Self::Shown => {
                "published_ms IS NOT NULL AND taken_back_ms IS NULL AND from_day <= $1 AND until_day >= $1"
            }
            Self::Over => "published_ms IS NOT NULL AND taken_back_ms IS NULL AND until_day < $1",
            Self::TakenBack => "taken_back_ms IS NOT NULL AND $1 = $1",
        }
    }
}

const COLUMNS: &str = "id, title_zh, title_en, body_zh, body_en, from_day, until_day, written_by, written_ms, \
    published_by, published_ms, taken_back_by, taken_back_ms, why";

impl Store {
    /// Keeps a new draft.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn draft_announcement(
        &self,
        by: &OfficerId,
        text: &AnnouncementText,
    ) -> Result<AnnouncementId> {
        let mut tx = self.inner.db.write().await?;
        let id = tx.locked_counter("announcement").await?;
        let sql = "UPDATE counter SET next = $1 WHERE name = 'announcement'";
        tx.execute(sql, args![id + 1]).await?;
        let columns = [
            "id",
            "title_zh",
            "title_en",
            "body_zh",
            "body_en",
            "from_day",
            "until_day",
            "written_by",
            "written_ms",
        ];
        let mut line = args![id];
        line.extend(text.args());
        line.extend(args![by.as_str(), self.clock().now_ms()]);
        tx.insert("announcement", &columns, vec![line], "").await?;
        tx.commit().await?;
        Ok(AnnouncementId::from_i64(id))
    }

    /// Changes a draft. Whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_announcement(
        &self,
        by: &OfficerId,
        id: AnnouncementId,
        text: &AnnouncementText,
    ) -> Result<bool> {
        let mut tx = self.inner.db.write().await?;
        let sql = "UPDATE announcement SET title_zh = $1, title_en = $2, body_zh = $3, body_en = $4, from_day = $5, \
            until_day = $6, written_by = $7, written_ms = $8 WHERE id = $9 AND published_ms IS NULL";
        let mut values = text.args();
        values.extend(args![by.as_str(), self.clock().now_ms(), id.to_i64()]);
        let changed = tx.execute(sql, values).await?;
        tx.commit().await?;
        Ok(changed > 0)
    }

    /// Throws a draft away. Whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn drop_announcement(&self, id: AnnouncementId) -> Result<bool> {
        let mut tx = self.inner.db.write().await?;
        let sql = "DELETE FROM announcement WHERE id = $1 AND published_ms IS NULL";
        let dropped = tx.execute(sql, args![id.to_i64()]).await?;
        tx.commit().await?;
        Ok(dropped > 0)
    }

    /// Publishes a draft whose last day is not over, and notes that it was done. Whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn publish_announcement(
        &self,
        by: &OfficerId,
        source: &SourceCode,
        id: AnnouncementId,
    ) -> Result<bool> {
        let mut tx = self.inner.db.write().await?;
        let sql = "UPDATE announcement SET published_by = $1, published_ms = $2 WHERE id = $3 AND published_ms IS NULL \
            AND until_day >= $4";
        let (now, today) = (self.clock().now_ms(), self.clock().today().to_string());
        let published = tx
            .execute(sql, args![by.as_str(), now, id.to_i64(), today])
            .await?;
        if published > 0 {
            let kind = AdminKind::AnnouncementPublished;
            self.note_by(&mut tx, kind, by.as_str(), Some(source), &id.to_string())
                .await?;
        }
        tx.commit().await?;
        Ok(published > 0)
    }

    /// Takes back what is shown or to come, and notes that it was done. Whether there was such a one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_back_announcement(
        &self,
        by: &OfficerId,
        source: &SourceCode,
        id: AnnouncementId,
        why: &str,
    ) -> Result<bool> {
        let mut tx = self.inner.db.write().await?;
        let sql = "UPDATE announcement SET taken_back_by = $1, taken_back_ms = $2, why = $3 WHERE id = $4 \
            AND published_ms IS NOT NULL AND taken_back_ms IS NULL AND until_day >= $5";
        let (now, today) = (self.clock().now_ms(), self.clock().today().to_string());
        let taken = tx
            .execute(sql, args![by.as_str(), now, why, id.to_i64(), today])
            .await?;
        if taken > 0 {
            let kind = AdminKind::AnnouncementTakenBack;
            self.note_by(&mut tx, kind, by.as_str(), Some(source), &id.to_string())
                .await?;
        }
        tx.commit().await?;
        Ok(taken > 0)
    }

    /// One of them, whatever its state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn announcement(&self, id: AnnouncementId) -> Result<Option<Announcement>> {
        let mut tx = self.inner.db.read().await?;
        let sql = format!("SELECT {COLUMNS} FROM announcement WHERE id = $1");
        let row = tx.row(sql, args![id.to_i64()]).await?;
        row.map(|row| announcement_of(&row, self.clock().today()))
            .transpose()
    }

    /// Those in a state, or all; the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn announcements(
        &self,
        state: Option<AnnouncementState>,
        page: Page,
    ) -> Result<Paged<Announcement>> {
        let today = self.clock().today();
        let wanted = state.map_or("$1 = $1", AnnouncementState::sql);
        let mut tx = self.inner.db.read().await?;
        let day = today.to_string();
        let count = format!("SELECT COUNT(*) FROM announcement WHERE {wanted}");
        let total = tx.one_int(count, args![day.as_str()]).await?;
        let sql = format!(
            "SELECT {COLUMNS} FROM announcement WHERE {wanted} ORDER BY from_day DESC, id DESC LIMIT $2 OFFSET $3"
        );
        let rows = tx
            .rows(sql, args![day.as_str(), page.limit(), page.offset()])
            .await?;
        let found = rows.iter().map(|row| announcement_of(row, today));
        Ok(Paged::of(page, total, found.collect::<Result<_>>()?))
    }
}

impl AnnouncementText {
    fn args(&self) -> Vec<Arg> {
        args![
            self.title_zh.as_str(),
            self.title_en.as_str(),
            self.body_zh.as_str(),
            self.body_en.as_str(),
            self.from.to_string(),
            self.until.to_string(),
        ]
    }
}

fn announcement_of(row: &Row, today: Date) -> Result<Announcement> {
    let day = |place| {
        let text = row.text(place)?;
        text.parse::<Date>()
            .map_err(|_| StoreError::DoesNotOpen(format!("the day `{text}` of an announcement")))
    };
    let text = AnnouncementText {
        title_zh: row.text(1)?,
        title_en: row.text(2)?,
        body_zh: row.text(3)?,
        body_en: row.text(4)?,
        from: day(5)?,
        until: day(6)?,
    };
    let published = row.text_or_none(9)?.zip(row.int_or_none(10)?);
    let taken_back = match row.text_or_none(11)?.zip(row.int_or_none(12)?) {
        Some((by, at_ms)) => Some(TakenBack {
            by,
            at_ms,
            why: row.text_or_none(13)?.unwrap_or_default(),
        }),
        None => None,
    };
    let state = match (&published, &taken_back) {
        (None, _) => AnnouncementState::Draft,
        (Some(_), Some(_)) => AnnouncementState::TakenBack,
        (Some(_), None) if text.from > today => AnnouncementState::Upcoming,
        (Some(_), None) if text.until < today => AnnouncementState::Over,
        (Some(_), None) => AnnouncementState::Shown,
    };
    Ok(Announcement {
        id: AnnouncementId::from_i64(row.int(0)?),
        text,
        written_by: row.text(7)?,
        written_ms: row.int(8)?,
        published,
        taken_back,
        state,
    })
}
