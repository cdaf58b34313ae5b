//! The statement of each table, over what `xinlian statistics --tables` writes: by it anyone comes to the same counts in another engine. It says
//! all of them, also those that are not told.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use assess::Bundle;
use serde::{Deserialize, Serialize};

use super::figures::{ACTS, OTHERS, classes};
use super::{REGISTER, UNKNOWN_TOWN};

/// The statements of an edition, in plain SQL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queries {
    /// Records by month, source and class.
    pub classes: String,
    /// Records by month, source and days until they came.
    pub days: String,
    /// What people did about records, by month.
    pub acts: String,
    /// Grades by kind and town.
    pub grades: String,
}

impl Queries {
    pub(super) fn of(bundle: &Bundle) -> Self {
        let mut by_class: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (item, class) in classes(bundle) {
            by_class.entry(class).or_default().push(item);
        }
        let mut class = "CASE".to_owned();
        for (code, items) in &by_class {
            let _infallible = write!(class, "\n    WHEN item IN ({}) THEN '{code}'", listed(items));
        }
        let _infallible = write!(class, "\n    ELSE '{OTHERS}' END");
        let registers = listed(by_class.get(REGISTER).map_or(&[], Vec::as_slice));
        let acts = listed(&ACTS.map(record::Act::code));
        let order = "GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;";
        let sum = "CAST(SUM(records) AS BIGINT) AS records";
        Self {
            classes: format!(
                "SELECT month, source, {class} AS class, {sum}\nFROM arrived WHERE item NOT LIKE 'act.%'\n{order}"
            ),
            days: format!(
                "SELECT month, source, days, {sum}\nFROM arrived WHERE item NOT LIKE 'act.%' AND item NOT IN ({registers})\n{order}"
            ),
            acts: format!(
                "SELECT month, item, {sum}\nFROM arrived WHERE item IN ({acts}) GROUP BY 1, 2 ORDER BY 1, 2;"
            ),
            grades: format!(
                "SELECT s.kind, COALESCE(t.town, '{UNKNOWN_TOWN}') AS town, o.grade, COUNT(*) AS subjects\n\
                 FROM outcome o JOIN subjects s USING (subject) LEFT JOIN towns t USING (subject)\n\
                 WHERE o.grade IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;"
            ),
        }
    }
}

/// Codes for `IN`; of none, what no item is called.
fn listed(codes: &[&str]) -> String {
    let codes: Vec<String> = codes.iter().map(|code| format!("'{code}'")).collect();
    if codes.is_empty() {
        return "''".to_owned();
    }
    codes.join(", ")
}
