//! The columns of hints: what a file without identifiers may say of whom it means. A layout that asks for an
//! identifier of every row has none.

use std::collections::BTreeSet;

use assess::Hint;

use super::headers::headers_of;
use super::{Aim, CellKind, Column, Layout};

/// What departments call them.
fn aliases(hint: Hint) -> &'static [&'static str] {
    match hint {
        Hint::BirthDate => &["出生日期", "出生年月日", "出生年月", "生日", "CSRQ"],
        Hint::Address => &[
            "住址",
            "现住址",
            "家庭住址",
            "联系地址",
            "通讯地址",
            "地址",
            "住所",
            "ZZ",
        ],
        Hint::Phone => &[
            "联系电话",
            "电话",
            "手机",
            "手机号",
            "手机号码",
            "电话号码",
            "LXDH",
        ],
        Hint::Number => &[
            "证件号码（遮盖）",
            "身份证号（遮盖）",
            "证件号码后四位",
            "身份证后四位",
        ],
    }
}

impl Layout {
    /// The layout with columns of hints behind its own, if a row of it can come without an identifier. A header that
    /// one of its own columns has stays there.
    pub(super) fn with_hints(mut self) -> Self {
        let mut identifiers = self
            .columns
            .iter()
            .filter(|column| column.to.contains(&Aim::Identifier));
        if self.subject_by_identifier || identifiers.any(|column| column.required) {
            return self;
        }
        let taken: BTreeSet<String> = self.columns.iter().flat_map(headers_of).collect();
        for hint in Hint::ALL {
            let mut column = column(hint);
            column
                .aliases
                .retain(|alias| !taken.contains(&super::header_key(alias)));
            self.columns.push(column);
        }
        self
    }
}

fn column(hint: Hint) -> Column {
    Column {
        code: hint.field().to_owned(),
        name: hint.name(),
        aliases: aliases(hint).iter().map(|&alias| alias.to_owned()).collect(),
        kind: match hint {
            Hint::BirthDate => CellKind::Date {
                long_term: false,
                not_after_today: true,
                not_before: None,
                is_birth: true,
            },
            _ => CellKind::Text,
        },
        required: false,
        required_for: Vec::new(),
        blank_for: Vec::new(),
        max_chars: Some(hint.max_chars()),
        to: vec![Aim::Hint(hint)],
        example: String::new(),
        help: None,
    }
}
