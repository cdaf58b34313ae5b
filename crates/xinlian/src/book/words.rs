//! The words of the chapter, in both languages.

use record::SubjectKind;

/// A language of the chapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lang {
    Zh,
    En,
}

/// A text in both languages.
pub(super) struct Words {
    zh: &'static str,
    en: &'static str,
}

impl Words {
    pub(super) fn of(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

/// A kind of subject.
pub(super) fn of_kind(kind: SubjectKind) -> &'static Words {
    match kind {
        SubjectKind::Person => &PERSON,
        SubjectKind::Organisation => &ORGANISATION,
        SubjectKind::SoleTrader => &SOLE_TRADER,
    }
}

/// What holds before any rule.
pub(super) static PRINCIPLES: [Words; 5] = [
    Words {
        zh: "等级只会带来便利；没有等级或者不愿使用的，按普通程序办理，材料和时限与所有人一样。",
        en: "A grade only opens benefits. Without one, or if it is not wanted, the ordinary path asks no more and takes no longer than for anyone.",
    },
    Words {
        zh: "限制必须有法定文书，写明机关、依据、事实和期限，由两名工作人员先后核对。",
        en: "A restriction needs a statutory document that names authority, law, fact and term, and two officers who have read it.",
    },
    Words {
        zh: "每一条都有期限；修复之后停止公示、共享和使用。",
        en: "Everything ends; after repair, display, sharing and use stop.",
    },
    Words {
        zh: "提出异议，立即暂停计入等级，直到答复。",
        en: "Whoever objects is no longer graded by that record, at once, until it is answered.",
    },
    Words {
        zh: "每次查询都在显示内容之前记下，本人都看得到。",
        en: "Every look is written down before anything is shown, and the person sees it.",
    },
];

pub(super) static SEMICOLON: Words = Words { zh: "；", en: "; " };
pub(super) static COMMA: Words = Words { zh: "、", en: ", " };
pub(super) static COLON: Words = Words { zh: "：", en: ": " };
pub(super) static TITLE: Words = Words {
    zh: "一个城区的规则",
    en: "The rules of a district",
};
pub(super) static IN_FORCE_FROM: Words = Words {
    zh: "自 ",
    en: "in force from ",
};
pub(super) static MADE_FROM: Words = Words {
    zh: "本章由规则文件直接写成，规则改了，本章跟着改。先写原则，再写目录、评价、名单、措施和服务事项。",
    en: "This chapter is written from the rules themselves; when they change, it changes. First the principles, then the catalogue, the scorecards, the lists, the measures and the services.",
};
pub(super) static DAGGER: Words = Words {
    zh: "标有 † 的依据是凭记忆写下的，尚未与法律原文核对；以它为依据的限制在演示环境之外对任何人都不生效。",
    en: "A law marked † was written from memory and has not been compared with its text; a restriction that rests on it has no effect on anyone outside a demo.",
};
pub(super) static CATALOGUE: Words = Words {
    zh: "目录：可以归集什么",
    en: "The catalogue: what may be collected",
};
pub(super) static CATALOGUE_IS: Words = Words {
    zh: "目录里没有的，任何部门都不能报送。期限以月计；“公示”是对公众显示的最短和最长月数，“影响”是一条记录最长起作用的月数。",
    en: "What is not in it, nobody may hand in. Terms are in months; “shown” is the least and the most that the public sees it, “effect” the longest that a record has any.",
};
pub(super) static ITEM: Words = Words {
    zh: "信息项",
    en: "item",
};
pub(super) static NATURE: Words = Words {
    zh: "性质",
    en: "nature",
};
pub(super) static SUBJECTS: Words = Words {
    zh: "主体",
    en: "about",
};
pub(super) static PUBLICITY: Words = Words {
    zh: "公开",
    en: "public",
};
pub(super) static DISPLAY: Words = Words {
    zh: "公示",
    en: "shown",
};
pub(super) static EFFECT: Words = Words {
    zh: "影响",
    en: "effect",
};
pub(super) static REPAIR: Words = Words {
    zh: "可修复",
    en: "repair",
};
pub(super) static HANDED_IN_BY: Words = Words {
    zh: "报送部门",
    en: "handed in by",
};
pub(super) static LAW: Words = Words {
    zh: "依据",
    en: "law",
};
pub(super) static PUBLIC: Words = Words {
    zh: "公开",
    en: "public",
};
pub(super) static SUBJECT_ONLY: Words = Words {
    zh: "仅本人",
    en: "the subject",
};
pub(super) static RESTRICTED: Words = Words {
    zh: "受限",
    en: "restricted",
};
pub(super) static YES: Words = Words { zh: "是", en: "yes" };
pub(super) static NO: Words = Words { zh: "否", en: "no" };
pub(super) static ADVERSE: Words = Words {
    zh: "不利",
    en: "adverse",
};
pub(super) static GOOD: Words = Words {
    zh: "良好",
    en: "good",
};
pub(super) static NEUTRAL: Words = Words {
    zh: "中性",
    en: "neutral",
};
pub(super) static MINOR: Words = Words {
    zh: "轻微",
    en: "minor",
};
pub(super) static GENERAL: Words = Words {
    zh: "一般",
    en: "general",
};
pub(super) static SEVERE: Words = Words {
    zh: "严重",
    en: "severe",
};
pub(super) static RATED: Words = Words {
    zh: "计入评价",
    en: "rated",
};
pub(super) static NOT_RATED: Words = Words {
    zh: "不计入评价",
    en: "not rated",
};
pub(super) static PERSON: Words = Words {
    zh: "自然人",
    en: "persons",
};
pub(super) static ORGANISATION: Words = Words {
    zh: "法人和其他组织",
    en: "organisations",
};
pub(super) static SOLE_TRADER: Words = Words {
    zh: "个体工商户",
    en: "sole traders",
};
pub(super) static RATING: Words = Words {
    zh: "评价：看什么，怎样计分",
    en: "Rating: what counts, and how much",
};
pub(super) static RATING_IS: Words = Words {
    zh: "等级只带来便利，从不用来限制任何人。没有不利记录的，至少是 B。分值是各条理由之和，每条理由都说明来自哪条记录。",
    en: "A grade only opens benefits and restricts no one. Without an adverse record it is at least a B. The points are the sum of the reasons, and each reason names its records.",
};
pub(super) static BASE: Words = Words {
    zh: "起点",
    en: "base",
};
pub(super) static LETTERS: Words = Words {
    zh: "等级",
    en: "letters",
};
pub(super) static FEATURE: Words = Words {
    zh: "指标",
    en: "feature",
};
pub(super) static READS: Words = Words {
    zh: "读取",
    en: "reads",
};
pub(super) static LOOKS_BACK: Words = Words {
    zh: "回看",
    en: "looks back",
};
pub(super) static POINTS: Words = Words {
    zh: "分值",
    en: "points",
};
pub(super) static IMPROVE: Words = Words {
    zh: "怎样更好",
    en: "how to improve",
};
pub(super) static MONTHS: Words = Words {
    zh: "个月",
    en: " months",
};
pub(super) static LISTS: Words = Words {
    zh: "名单",
    en: "Lists",
};
pub(super) static LISTS_ARE: Words = Words {
    zh: "每一条列入都来自有权机关自己的决定和文书，没有文书就没有列入。",
    en: "Each entry comes from the decision and document of the authority that has the power; without one there is none.",
};
pub(super) static RED: Words = Words {
    zh: "红名单",
    en: "red",
};
pub(super) static BLACK: Words = Words {
    zh: "黑名单",
    en: "black",
};
pub(super) static COLOUR: Words = Words {
    zh: "名单种类",
    en: "kind",
};
pub(super) static ENTRY: Words = Words {
    zh: "列入所依据的信息项",
    en: "entered by",
};
pub(super) static TERM: Words = Words {
    zh: "期限",
    en: "term",
};
pub(super) static EXIT: Words = Words {
    zh: "怎样移出",
    en: "way out",
};
pub(super) static BRINGS: Words = Words {
    zh: "带来的措施",
    en: "brings about",
};
pub(super) static MEASURES: Words = Words {
    zh: "措施",
    en: "Measures",
};
pub(super) static MEASURES_ARE: Words = Words {
    zh: "限制措施只来自法定名单的列入，从不来自等级；激励措施来自红名单或者等级。A、B、C 是全国失信惩戒措施基础清单的分类。",
    en: "A restriction comes from an entry of a statutory list only, never from a grade; an incentive from a red list or a grade. A, B and C are the classes of the national base list of measures.",
};
pub(super) static MEASURE: Words = Words {
    zh: "措施",
    en: "measure",
};
pub(super) static WHAT: Words = Words {
    zh: "内容",
    en: "what",
};
pub(super) static AGENCY: Words = Words {
    zh: "实施机关",
    en: "agency",
};
pub(super) static COMES_FROM: Words = Words {
    zh: "来自",
    en: "comes from",
};
pub(super) static FROM_GRADE: Words = Words {
    zh: "等级不低于 ",
    en: "a grade of at least ",
};
pub(super) static SERVICES: Words = Words {
    zh: "服务事项",
    en: "Services",
};
pub(super) static SERVICES_ARE: Words = Words {
    zh: "普通程序对所有人相同。等级只能让人少跑一趟，不能让人多带一份材料。",
    en: "The ordinary path is the same for everyone. A grade can spare a visit and can never ask for one paper more.",
};
pub(super) static OFFICE: Words = Words {
    zh: "办理机关",
    en: "office",
};
pub(super) static PROMISED: Words = Words {
    zh: "承诺时限",
    en: "promised within",
};
pub(super) static WORKING_DAYS: Words = Words {
    zh: " 个工作日",
    en: " working days",
};
pub(super) static TRUST: Words = Words {
    zh: "可容缺受理的等级",
    en: "grade that lets a paper follow",
};
pub(super) static AND_ABOVE: Words = Words {
    zh: " 级及以上",
    en: " and above",
};
pub(super) static NO_GRADE: Words = Words {
    zh: "不看等级",
    en: "no grade is looked at",
};
pub(super) static ORDINARY: Words = Words {
    zh: "普通程序",
    en: "ordinary path",
};
pub(super) static MATERIAL: Words = Words {
    zh: "材料",
    en: "material",
};
pub(super) static HOW: Words = Words {
    zh: "要求",
    en: "how",
};
pub(super) static MAY_FOLLOW: Words = Words {
    zh: "可以后补，",
    en: "may follow within ",
};
pub(super) static HELD: Words = Words {
    zh: "部门已有的，不必提交",
    en: "not asked for where a department holds it",
};
pub(super) static CORE: Words = Words {
    zh: "受理时必须有",
    en: "needed at acceptance",
};
