//! The department's desk: hand in, see what came of it, have it confirmed.

use crate::people::{person, resident};

const HEADER: &str = "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_XDR_ZJLX,CF_XDR_ZJHM,CF_WSH,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG";

/// A row of the penalties' layout about a person.
pub(crate) fn fine(sequence: u16, document: &str, kind: &str) -> String {
    let (name, id) = (person(sequence).name, resident(sequence));
    let id = id.value();
    format!(
        "{name},自然人,,身份证,{id},{document},超出许可范围经营,《食品安全法》,{kind},罚款人民币二千元,0.200000,2026-11-20,禅城区市场监督管理局"
    )
}

/// A file of such rows.
pub(crate) fn csv(rows: &[String]) -> Vec<u8> {
    format!("{HEADER}\n{}\n", rows.join("\n")).into_bytes()
}
