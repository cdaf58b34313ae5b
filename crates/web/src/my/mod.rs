//! A person's own file: everything held, what follows from it and why, and who looked.

pub(crate) mod consents;
pub(crate) mod home;
pub(crate) mod looks;
pub(crate) mod record;

/// One look, or several of the same case on one day, as the person reads it.
#[derive(Debug, Clone)]
pub(crate) struct LookView {
    /// When, the latest.
    pub(crate) when: String,
    /// Which office.
    pub(crate) who: String,
    /// For which purpose.
    pub(crate) purpose: String,
    /// In which case.
    pub(crate) case: Option<String>,
    /// What was looked at.
    pub(crate) what: String,
    /// How many times.
    pub(crate) times: u64,
    /// Whether it was the person.
    pub(crate) own: bool,
}

#[cfg(test)]
impl LookView {
    pub(crate) fn samples(lang: crate::lang::Lang) -> Vec<Self> {
        [false, true]
            .map(|own| Self {
                when: "今天 09:41".into(),
                who: if own { lang.t("look-self") } else { lang.t("look-operator") },
                purpose: "窗口办事".into(),
                case: Some("2026-1123-0419".into()),
                what: "公共场所卫生许可证延续".into(),
                times: 3,
                own,
            })
            .into()
    }
}
