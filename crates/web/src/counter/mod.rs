//! The counter: one applicant, one service, one verdict. No view here has a place for a grade.

pub(crate) mod check;
pub(crate) mod decision;
pub(crate) mod ledger;
pub(crate) mod letter;
pub(crate) mod receipt;

/// One look in the clerk's ledger.
#[derive(Debug, Clone)]
pub(crate) struct LedgerRow {
    /// When.
    pub(crate) when: String,
    /// In which case.
    pub(crate) case: String,
    /// What was looked at.
    pub(crate) what: String,
    /// For which purpose.
    pub(crate) purpose: String,
}

#[cfg(test)]
impl LedgerRow {
    pub(crate) fn samples() -> Vec<Self> {
        vec![Self {
            when: "今天 09:41".into(),
            case: "2026-1123-0419".into(),
            what: "公共场所卫生许可证延续".into(),
            purpose: "窗口办事".into(),
        }]
    }
}
