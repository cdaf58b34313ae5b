//! Amounts of money in the unit of their column, and the slip of one unit for another.

use record::AmountFen;

use super::CellFault;

/// The unit that a column's amounts are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub(crate) enum AmountUnit {
    /// 元
    #[serde(rename = "元")]
    Yuan,
    /// 万元
    #[serde(rename = "万元")]
    TenThousandYuan,
}

impl AmountUnit {
    fn fen(self) -> i64 {
        match self {
            Self::Yuan => 100,
            Self::TenThousandYuan => 1_000_000,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Yuan => "元",
            Self::TenThousandYuan => "万元",
        }
    }
}

/// An amount in the column's unit, or in a unit that the cell itself names (`50000元`, `5万元`, `1.2亿元`).
///
/// From `ask_from_yuan` on an amount without a unit of its own is asked about, as in a column of 万元 someone
/// has probably written 元.
pub(crate) fn parse_amount(
    text: &str,
    unit: AmountUnit,
    ask_from_yuan: Option<i64>,
) -> Result<AmountFen, CellFault> {
    let bare: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '¥' | '￥'))
        .map(|c| match c {
            '，' => ',',
            '．' => '.',
            other => other,
        })
        .collect();
    let said = [("亿元", 10_000_000_000), ("万元", 1_000_000), ("元", 100)]
        .into_iter()
        .find_map(|(suffix, fen)| Some((bare.strip_suffix(suffix)?, fen)));
    let (digits, fen_per_unit) = said.unwrap_or((&bare, unit.fen()));
    let amount = AmountFen::parse(digits, fen_per_unit).ok_or_else(|| {
        CellFault::new(
            "AMOUNT-INVALID",
            format!(
                "`{text}` 不是金额；单位是{}，请只填数字，最多精确到分",
                unit.name()
            ),
            format!(
                "`{text}` is no amount; the unit is {}, digits only, no finer than a fen",
                unit.name()
            ),
        )
    })?;
    if amount.fen() < 0 {
        return Err(CellFault::new(
            "AMOUNT-INVALID",
            format!("`{text}` 小于零；请核对原件"),
            format!("`{text}` is below zero; compare it with the document"),
        ));
    }
    let yuan = amount.fen() / 100;
    if said.is_none() && ask_from_yuan.is_some_and(|from| yuan >= from) {
        return Err(unit_question(yuan, unit, digits));
    }
    Ok(amount)
}

fn unit_question(yuan: i64, unit: AmountUnit, digits: &str) -> CellFault {
    let unit = unit.name();
    let plain: String = digits.chars().filter(|c| *c != ',').collect();
    let meant = in_words(AmountFen::parse(&plain, 100).map_or(0, |amount| amount.fen() / 100));
    let read = in_words(yuan);
    let instead = AmountFen::parse(&plain, 100).map_or(0, AmountFen::fen);
    let (whole, fraction) = (instead / 1_000_000, instead % 1_000_000);
    CellFault::new(
        "UNIT?",
        format!(
            "单位是{unit}：{read}？若为 {meant}请填 {whole}.{fraction:06}；若确为 {read}请连单位填写，如 {plain}{unit}"
        ),
        format!(
            "the unit is {unit}: {read}? If {meant} is meant, write {whole}.{fraction:06}; if it is so, write the unit too: {plain}{unit}"
        ),
    )
}

/// `5 亿元`, `5 万元`, `12.5 万元`, `800 元`.
fn in_words(yuan: i64) -> String {
    let (unit, name) = match yuan {
        100_000_000.. => (100_000_000, "亿元"),
        10_000.. => (10_000, "万元"),
        _ => (1, "元"),
    };
    let (whole, hundredths) = (yuan / unit, yuan % unit * 100 / unit);
    let fraction = format!(".{hundredths:02}");
    let fraction = fraction.trim_end_matches('0').trim_end_matches('.');
    format!("{whole}{fraction} {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, unit: AmountUnit, expect: &str) {
        let found = match parse_amount(text, unit, Some(100_000_000)) {
            Ok(amount) => amount.to_string(),
            Err(fault) => format!("{}: {}", fault.code, fault.text.zh),
        };
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn units_are_read_and_asked_about() {
        check("5", AmountUnit::TenThousandYuan, "50000.00");
        check("0.2", AmountUnit::TenThousandYuan, "2000.00");
        check("5.000000", AmountUnit::TenThousandYuan, "50000.00");
        check("50,000", AmountUnit::Yuan, "50000.00");
        check("￥50，000.5", AmountUnit::Yuan, "50000.50");
        check("50000元", AmountUnit::TenThousandYuan, "50000.00");
        check("50000万元", AmountUnit::TenThousandYuan, "500000000.00");
        check("1.2亿元", AmountUnit::TenThousandYuan, "120000000.00");
        check(
            "50,000",
            AmountUnit::TenThousandYuan,
            "UNIT?: 单位是万元：5 亿元？若为 5 万元请填 5.000000；若确为 5 亿元请连单位填写，如 50000万元",
        );
        check(
            "五万",
            AmountUnit::TenThousandYuan,
            "AMOUNT-INVALID: `五万` 不是金额；单位是万元，请只填数字，最多精确到分",
        );
        check("-1", AmountUnit::Yuan, "AMOUNT-INVALID: `-1` 小于零；请核对原件");
        check(
            "0.001",
            AmountUnit::Yuan,
            "AMOUNT-INVALID: `0.001` 不是金额；单位是元，请只填数字，最多精确到分",
        );
    }
}
