//! Policy bundles: published as records, read back from them, so that no replay lacks its rules.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use assess::{Bundle, Item};
use record::{Act, AsOf, FieldName, ItemCode, OfficerId, Realm, Record, RecordNumber, SourceCode, Value};

use crate::act::said;
use crate::db::{Tx, args};
use crate::{ActFault, Result, Store, StoreError};

/// A published edition of the rules.
#[derive(Debug, Clone)]
pub struct Publication {
    /// The record that published it.
    pub number: RecordNumber,
    /// The edition.
    pub bundle: Arc<Bundle>,
    /// Who drafted it.
    pub by: String,
    /// Who approved it.
    pub approved_by: String,
}

impl Store {
    /// Appends a bundle's bytes as a record; it is in force from the day it says.
    ///
    /// # Errors
    /// When one person drafts and approves, when a store of real records has no simulation of it that the approver has read
    /// (guard 10), or when it cannot be appended.
    pub async fn publish_bundle(
        &self,
        bundle: &Bundle,
        by: &OfficerId,
        approved_by: &OfficerId,
    ) -> Result<RecordNumber> {
        if by == approved_by {
            return Err(ActFault::SameOfficer.into());
        }
        let gate = self.simulation_gate(bundle, approved_by).await?;
        if self.realm() == Realm::Live && !gate.is_open() {
            return Err(StoreError::NotSimulated(gate));
        }
        let record = self.publication(bundle, by, approved_by)?;
        self.append_act(by, record).await
    }

    /// Every edition that was published, the newest first.
    ///
    /// # Errors
    /// When a stored one cannot be read.
    pub async fn publications(&self) -> Result<Vec<Publication>> {
        let mut tx = self.inner.db.read().await?;
        let mut found = Vec::new();
        for number in published(&mut tx, i64::MAX).await? {
            let bundle = self.published_bundle(&mut tx, number).await?;
            let logged = self.logged_in(&mut tx, &[number]).await?;
            let says = |field: &str| {
                let said = logged.first().and_then(|logged| said(logged.record(), field));
                said.unwrap_or_default().to_owned()
            };
            found.push(Publication {
                number,
                bundle,
                by: says("by"),
                approved_by: says("approved_by"),
            });
        }
        Ok(found)
    }

    /// The record that publishes a bundle.
    pub(crate) fn publication(
        &self,
        bundle: &Bundle,
        by: &OfficerId,
        approved_by: &OfficerId,
    ) -> Result<Record> {
        let text = |value: &str| Value::Text(value.to_owned());
        let fields = [
            ("bundle", Value::Bytes(bundle.to_bytes())),
            ("digest", text(&bundle.digest().to_string())),
            ("edition", text(bundle.edition())),
            ("by", text(by.as_str())),
            ("approved_by", text(approved_by.as_str())),
        ];
        Ok(Record {
            source: SourceCode::new("chancheng.credit-office").map_err(|_| StoreError::NotFound)?,
            item: Act::PublishPolicy.item(),
            subject: None,
            document: None,
            occurred: self.clock().today(),
            ends: None,
            fields: named(fields)?,
            references: Vec::new(),
        })
    }

    /// The bundle in force on `on` among those published and known: the last published whose day has come.
    /// Before the first bundle's day, the first one.
    ///
    /// # Errors
    /// When none is known or a stored one cannot be read.
    pub async fn bundle(&self, as_of: AsOf) -> Result<Arc<Bundle>> {
        let mut tx = self.inner.db.read().await?;
        self.bundle_in(&mut tx, as_of).await
    }

    pub(crate) async fn bundle_in(&self, tx: &mut Tx, as_of: AsOf) -> Result<Arc<Bundle>> {
        let mut first = None;
        for number in published(tx, as_of.known.to_i64()).await? {
            let bundle = self.published_bundle(tx, number).await?;
            if bundle.in_force_from() <= as_of.on {
                return Ok(bundle);
            }
            first = Some(bundle);
        }
        first.ok_or_else(|| StoreError::NoPolicy(as_of.on.to_string()))
    }

    /// The bundle last published before a record: whose catalogue says how that record is taken in.
    pub(crate) async fn bundle_before(&self, tx: &mut Tx, number: i64) -> Result<Option<Arc<Bundle>>> {
        match published(tx, number).await?.first() {
            Some(number) => self.published_bundle(tx, *number).await.map(Some),
            None => Ok(None),
        }
    }

    async fn published_bundle(&self, tx: &mut Tx, number: RecordNumber) -> Result<Arc<Bundle>> {
        let cached = self
            .inner
            .bundles
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&number)
            .cloned();
        if let Some(bundle) = cached {
            return Ok(bundle);
        }
        let logged = self.logged_in(tx, &[number]).await?;
        let bytes = match logged.first().and_then(|logged| logged.record().field("bundle")) {
            Some(Value::Bytes(bytes)) => bytes.clone(),
            _ => {
                return Err(StoreError::Policy {
                    number,
                    reason: "it carries no bundle".to_owned(),
                });
            }
        };
        let bundle = Bundle::from_bytes(&bytes).map_err(|faults| StoreError::Policy {
            number,
            reason: faults
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; "),
        })?;
        let bundle = Arc::new(bundle);
        let mut bundles = self.inner.bundles.lock().unwrap_or_else(PoisonError::into_inner);
        bundles.insert(number, Arc::clone(&bundle));
        Ok(bundle)
    }
}

/// The numbers of the bundles published before a number, the newest first. They are few: a publication
/// is a submission of one by the credit office.
async fn published(tx: &mut Tx, before: i64) -> Result<Vec<RecordNumber>> {
    let sql = "SELECT number FROM bundle WHERE number < $1 ORDER BY number DESC";
    tx.rows(sql, args![before])
        .await?
        .iter()
        .map(|row| Ok(RecordNumber::from_i64(row.int(0)?)))
        .collect()
}

/// Fields from names that keep to the rule.
pub(crate) fn named<const N: usize>(fields: [(&str, Value); N]) -> Result<BTreeMap<FieldName, Value>> {
    fields
        .into_iter()
        .map(|(name, value)| Ok((FieldName::new(name).map_err(|_| StoreError::NotFound)?, value)))
        .collect()
}

/// Items of a bundle, asked for one after the other: most often the same as before.
pub(crate) struct Items<'a> {
    bundle: Option<&'a Bundle>,
    last: Option<&'a Item>,
}

impl<'a> Items<'a> {
    pub(crate) fn of(bundle: Option<&'a Bundle>) -> Self {
        Self { bundle, last: None }
    }

    /// The item of this code, if the catalogue has it.
    pub(crate) fn item(&mut self, code: &ItemCode) -> Option<&'a Item> {
        if self.last.is_none_or(|last| last.code != *code) {
            self.last = self.bundle.and_then(|bundle| bundle.item(code));
        }
        self.last
    }
}
