//! Files as departments hand them in, about people made up, in every dress a file can have.

use encoding_rs::GB18030;
use record::{Date, demo_resident_id, demo_uscc};
use rust_xlsxwriter::Workbook;

/// A table, before it is a file.
#[derive(Clone)]
pub(crate) struct Table(pub(crate) Vec<Vec<String>>);

impl Table {
    pub(crate) fn new<const N: usize>(header: [&str; N]) -> Self {
        Self(vec![header.map(str::to_owned).to_vec()])
    }

    pub(crate) fn row<const N: usize>(mut self, cells: [&str; N]) -> Self {
        self.0.push(cells.map(str::to_owned).to_vec());
        self
    }

    /// With another text in one cell; row 1 is the header.
    pub(crate) fn with(mut self, row: usize, column: usize, text: &str) -> Self {
        self.0[row - 1][column] = text.to_owned();
        self
    }

    /// As comma-separated text. The cells here need no quotes.
    pub(crate) fn csv(&self) -> String {
        let lines: Vec<String> = self.0.iter().map(|row| row.join(",") + "\r\n").collect();
        lines.concat()
    }

    pub(crate) fn csv_with_mark(&self) -> Vec<u8> {
        format!("\u{feff}{}", self.csv()).into_bytes()
    }

    pub(crate) fn csv_gb18030(&self) -> Vec<u8> {
        let csv = self.csv();
        let (bytes, _, lossy) = GB18030.encode(&csv);
        assert!(!lossy);
        bytes.into_owned()
    }

    pub(crate) fn xlsx(&self) -> Vec<u8> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (row, cells) in (0..).zip(&self.0) {
            for (column, cell) in (0..).zip(cells) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
        workbook.save_to_buffer().unwrap()
    }
}

/// Source of the population register.
pub(crate) const POLICE: &str = "chancheng.police";
/// Source of social insurance.
pub(crate) const HRSS: &str = "foshan.hrss";
/// Source of the register of organisations, and of penalties.
pub(crate) const MARKET: &str = "chancheng.market";

/// The identity number of a made-up person.
pub(crate) fn person_id(number: u32) -> String {
    let born = Date::new(1960 + i16::try_from(number / 900).unwrap(), 3, 8).unwrap();
    let sequence = u16::try_from(100 + number % 900).unwrap();
    demo_resident_id("440604", born, sequence).unwrap()
}

pub(crate) fn person_name(number: u32) -> String {
    format!("罗志明{number}")
}

/// The population register's file of so many made-up persons.
pub(crate) fn register(persons: u32) -> Table {
    let header = ["姓名", "公民身份号码", "出生日期", "登记日期"];
    (0..persons).fold(Table::new(header), |table, number| {
        let id = person_id(number);
        let born = format!("{}-{}-{}", &id[6..10], &id[10..12], &id[12..14]);
        table.row([&person_name(number), &id, &born, "2015-06-01"])
    })
}

/// One year of social insurance of the same persons.
pub(crate) fn insurance(persons: u32, year: i16) -> Table {
    let header = ["姓名", "证件号码", "起始日期", "截止日期", "缴费月数"];
    let (from, to) = (format!("{year}/1/1"), format!("{year}年12月31日"));
    (0..persons).fold(Table::new(header), |table, number| {
        table.row([&person_name(number), &person_id(number), &from, &to, "12"])
    })
}

/// The register of organisations with one company.
pub(crate) fn company() -> Table {
    Table::new(["主体名称", "主体类别", "统一社会信用代码", "成立日期", "住所"]).row([
        COMPANY,
        "法人及非法人组织",
        &company_code(),
        "2016-05-18",
        "佛山市禅城区南庄镇河滘村",
    ])
}

pub(crate) const COMPANY: &str = "佛山市禅城区某某餐饮有限公司";

pub(crate) fn company_code() -> String {
    demo_uscc("91", "440604", 7).unwrap()
}

/// Penalties of that company: document number and fine in 万元.
pub(crate) fn penalties(of: &[(&str, &str)]) -> Table {
    let header = [
        "行政相对人名称",
        "行政相对人类别",
        "统一社会信用代码",
        "行政处罚决定文书号",
        "违法事实",
        "处罚依据",
        "处罚类别",
        "处罚内容",
        "罚款金额（万元）",
        "处罚决定日期",
        "处罚机关",
    ];
    of.iter().fold(Table::new(header), |table, (document, fine)| {
        table.row([
            COMPANY,
            "法人及非法人组织",
            &company_code(),
            document,
            "超出许可范围制售冷食",
            "《食品安全法》第一百二十二条",
            "罚款",
            "罚款人民币二千元",
            fine,
            "2026/5/6",
            "佛山市禅城区市场监督管理局",
        ])
    })
}

/// What makes the check digits of a resident number sum to one, by GB 11643.
pub(crate) fn is_resident_number(text: &str) -> bool {
    let digit = |c: char| if c == 'X' { Some(10) } else { c.to_digit(10) };
    let sum = text.chars().enumerate().try_fold(0, |sum, (place, c)| {
        let weight = 2_u32.pow(u32::try_from(17 - place).unwrap()) % 11;
        Some(sum + weight * digit(c)?)
    });
    text.len() == 18 && sum.is_some_and(|sum| sum % 11 == 1)
}

/// Whether the last character is the check of those before, by GB 32100.
pub(crate) fn is_social_credit_code(text: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut weight = 1;
    let sum = text.chars().enumerate().try_fold(0, |sum, (place, c)| {
        let value = ALPHABET.find(c)?;
        let term = if place == 17 { value } else { value * weight };
        weight = weight * 3 % 31;
        Some(sum + term)
    });
    text.len() == 18 && sum.is_some_and(|sum| sum % 31 == 0)
}

/// A number with the check digit that real ones have, born on the same day as a made-up one, in an area
/// that there is not, so that it is nobody's.
pub(crate) fn live_number(demo: &str) -> String {
    let body = format!("999999{}", &demo[6..17]);
    let found = "0123456789X"
        .chars()
        .map(|check| format!("{body}{check}"))
        .find(|number| is_resident_number(number));
    found.unwrap()
}
