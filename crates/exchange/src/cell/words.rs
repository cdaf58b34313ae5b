//! The faults of other crates in the words of a row report: a code, and what to do in two languages.

use assess::ItemFault;
use record::{IdentifierFault, IdentifierKind, RecordFault};

use super::CellFault;

/// The name of an identifier's kind.
fn kind_name(kind: IdentifierKind) -> (&'static str, &'static str) {
    match kind {
        IdentifierKind::ResidentId => ("公民身份号码", "a resident identity number"),
        IdentifierKind::ResidentIdOld => ("15 位身份号码", "a resident number of 15 digits"),
        IdentifierKind::Passport => ("护照号码", "a passport number"),
        IdentifierKind::HkMacaoPermit => (
            "港澳居民来往内地通行证号码",
            "a permit number for residents of Hong Kong and Macao",
        ),
        IdentifierKind::TaiwanPermit => (
            "台湾居民来往大陆通行证号码",
            "a permit number for residents of Taiwan",
        ),
        IdentifierKind::ForeignPermanentResident => (
            "外国人永久居留身份证号码",
            "a foreign permanent resident's number",
        ),
        IdentifierKind::Uscc => ("统一社会信用代码", "a social credit code"),
        IdentifierKind::OrganisationCode => ("组织机构代码", "an organisation code"),
        IdentifierKind::BusinessRegistration => ("工商注册号", "a business registration number"),
    }
}

/// An identifier that does not hold.
pub(crate) fn identifier_fault(fault: &IdentifierFault) -> CellFault {
    let en = fault.to_string();
    let zh = match fault {
        IdentifierFault::Empty => "不能为空；请补填".to_owned(),
        IdentifierFault::Length { kind, found, wanted } => {
            let digits: String = wanted
                .chars()
                .filter(|c| c.is_ascii_digit() || *c == ' ')
                .collect();
            let wanted = digits.split_whitespace().collect::<Vec<_>>().join("～");
            format!(
                "共 {found} 个字符，{}应为 {wanted} 个；请核对证照",
                kind_name(*kind).0
            )
        }
        IdentifierFault::Alphabet {
            kind, place, found, ..
        } => alphabet(*kind, *place, *found),
        IdentifierFault::BirthDate { found } => format!("第 7～14 位 {found} 不是出生日期；请核对证件"),
        IdentifierFault::CheckDigit { found, wanted } => {
            format!("校验位是 {found}，应为 {wanted}，其中有一位写错；请核对证件")
        }
        IdentifierFault::DemoIdentity => "这是演示用的虚构号码，正式库不收".to_owned(),
        IdentifierFault::RealInDemo => "演示库只收虚构号码，不收真实号码；真实数据请用正式库报送".to_owned(),
    };
    CellFault::new(fault.code(), zh, en)
}

fn alphabet(kind: IdentifierKind, place: usize, found: char) -> String {
    let slip = match found {
        'I' | 'L' => "；是否为数字 1？",
        'O' => "；是否为数字 0？",
        'S' => "；是否为数字 5？",
        'Z' => "；是否为数字 2？",
        'V' => "；是否为字母 U 或 Y？",
        _ => "；请核对证照",
    };
    match (kind, found) {
        (IdentifierKind::Uscc, 'I' | 'O' | 'S' | 'V' | 'Z') => {
            format!("第 {place} 位含字母 {found}，统一社会信用代码不用 I O S V Z{slip}")
        }
        _ => format!(
            "第 {place} 位是 `{found}`，{}不用这个字符{slip}",
            kind_name(kind).0
        ),
    }
}

/// A record that the catalogue does not take.
pub(crate) fn item_fault(fault: &ItemFault) -> CellFault {
    let (code, zh) = match fault {
        ItemFault::Uncatalogued(item) => ("ITEM-UNKNOWN", format!("`{item}` 不在现行信息目录内，不得归集")),
        ItemFault::NotOfSource { item, .. } => (
            "ITEM-NOT-OF-SOURCE",
            format!("本部门不报送 `{item}`；如需报送请联系信用办"),
        ),
        ItemFault::NotYet { since, .. } => (
            "ITEM-NOT-YET",
            format!("该项信息自 {since} 起归集，此前发生的不予归集；请删去此行"),
        ),
        ItemFault::Over { until, .. } => (
            "ITEM-ENDED",
            format!("该项信息已于 {until} 停止归集；此日起发生的请删去此行"),
        ),
        ItemFault::SubjectMissing => ("SUBJECT-MISSING", "没有信用主体；请填写名称和证件".to_owned()),
        ItemFault::SubjectKind { .. } => (
            "SUBJECT-KIND",
            "这类信息不适用于这种主体；请核对主体类别".to_owned(),
        ),
        ItemFault::DocumentMissing => (
            "REQUIRED",
            "没有文书：请补填文书号、机关和日期，否则不能入库".to_owned(),
        ),
        ItemFault::FieldMissing(_) => ("REQUIRED", "不能为空；请补填".to_owned()),
        ItemFault::FieldUnknown(field) => ("FIELD-UNKNOWN", format!("信息目录没有 `{field}` 这一项；请删去")),
        ItemFault::FieldKind { .. } => ("FIELD-KIND", "值的类型与信息目录不符；请核对".to_owned()),
        ItemFault::FieldLength { found, most, .. } => (
            "TOO-LONG",
            format!("共 {found} 个字符，应为 1～{most} 个；请缩短"),
        ),
        ItemFault::FieldValue { found, allowed, .. } => {
            ("NOT-IN-LIST", format!("`{found}` 不在代码表内；应为：{allowed}"))
        }
        ItemFault::FieldNegative { found, .. } => ("OUT-OF-RANGE", format!("{found} 小于零；请核对")),
        ItemFault::Juvenile(day) => (
            "MINOR",
            format!("当事人在 {day} 未满 18 周岁，未成年人的不良信息不予归集；请撤下此行"),
        ),
    };
    let en = match fault {
        ItemFault::Juvenile(day) => {
            format!(
                "the person was under 18 on {day}; adverse records of minors are not collected: take the row out"
            )
        }
        other => other.to_string(),
    };
    CellFault::new(code, zh, en)
}

/// A record whose form does not hold.
pub(crate) fn record_fault(fault: &RecordFault) -> CellFault {
    let (code, zh) = match fault {
        RecordFault::TextLength { found, most, .. } => (
            "TOO-LONG",
            format!("共 {found} 个字符，应为 1～{most} 个；请缩短"),
        ),
        RecordFault::EndsBeforeStart { occurred, ends } => (
            "DATE-ORDER",
            format!("截止日期 {ends} 不在起始日期 {occurred} 之后；请核对原件"),
        ),
        RecordFault::ReviewTooLate { .. } => ("DATE-ORDER", "复核日期超过一年；请核对".to_owned()),
        RecordFault::TooMany { found, most, .. } => ("TOO-MANY", format!("共 {found} 项，最多 {most} 项")),
        RecordFault::IdentifierOfOtherKind { .. } => (
            "KIND-MISMATCH",
            "证件类型与主体类别不符；请核对主体类别".to_owned(),
        ),
    };
    CellFault::new(code, zh, fault.to_string())
}

#[cfg(test)]
mod tests {
    use record::{Identifier, Realm};

    use super::*;

    #[test]
    fn a_slip_is_named_as_on_the_page() {
        let fault = Identifier::parse(IdentifierKind::Uscc, "91440604MA4W0000I2", Realm::Live).unwrap_err();
        let words = identifier_fault(&fault);
        assert_eq!(words.code, "USCC-ALPHABET");
        assert_eq!(
            words.text.zh,
            "第 17 位含字母 I，统一社会信用代码不用 I O S V Z；是否为数字 1？"
        );
        let fault = Identifier::parse(IdentifierKind::Passport, "E1", Realm::Live).unwrap_err();
        assert_eq!(
            identifier_fault(&fault).text.zh,
            "共 2 个字符，护照号码应为 5～32 个；请核对证照"
        );
    }
}
