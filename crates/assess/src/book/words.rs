//! The words of the chapter, in both languages.

use record::SubjectKind;

/// A language of the chapter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// 中文
    Zh,
    /// English
    En,
}

/// A text in both languages.
pub struct Words {
    /// 中文
    pub zh: &'static str,
    /// English
    pub en: &'static str,
}

impl Words {
    /// In a language.
    pub fn of(&self, lang: Lang) -> &'static str {
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

pub(super) static CARD_PURPOSE: Words = Words {
    zh: "用途",
    en: "what it is for",
};
pub(super) static CARD_NOT_FOR: Words = Words {
    zh: "不得用于",
    en: "never for",
};
pub(super) static CARD_DATA: Words = Words {
    zh: "数据",
    en: "data",
};
pub(super) static CARD_LIMITS: Words = Words {
    zh: "局限",
    en: "limits",
};
pub(super) static CARD_METHOD: Words = Words {
    zh: "方法",
    en: "method",
};
pub(super) static CARD_ANSWERS: Words = Words {
    zh: "由谁负责",
    en: "who answers",
};
pub(super) static DISPARITY_IS: Words = Words {
    zh: "按年龄、性别、户籍和成立年限分组的差异表见 [disparity.zh.md](disparity.zh.md)。",
    en: "How groups by age, sex, household and years come out of it stands in [disparity.en.md](disparity.en.md).",
};
pub(super) static REPAIR_CHAPTER: Words = Words {
    zh: "信用修复",
    en: "Credit repair",
};
pub(super) static REPAIR_IS: Words = Words {
    zh: "谁认定，谁修复。从法律文书的日期起算；最短公示期满、已经履行并作出公开承诺的，可以申请；到最长公示期，公示自行停止。",
    en: "Who decided repairs. The clock starts at the date of the legal document. Once the shortest display is over, the duty is performed and a public commitment is given, repair is open; at the longest, display stops by itself.",
};
pub(super) static TIER: Words = Words {
    zh: "档次",
    en: "tier",
};
pub(super) static SHORTEST: Words = Words {
    zh: "最短公示",
    en: "shown at least",
};
pub(super) static LONGEST: Words = Words {
    zh: "最长公示",
    en: "shown at most",
};
pub(super) static CONDITION: Words = Words {
    zh: "条件",
    en: "condition",
};
pub(super) static WHEN_MISSING: Words = Words {
    zh: "不满足时怎么办",
    en: "what to do when it is missing",
};
pub(super) static STOPS: Words = Words {
    zh: "修复后停止什么",
    en: "What stops with a repair",
};
pub(super) static TELLS: Words = Words {
    zh: "告知谁",
    en: "Who is told",
};
pub(super) static CHANNELS: Words = Words {
    zh: "提前修复的渠道",
    en: "What opens repair earlier",
};
pub(super) static OPENED_BY: Words = Words {
    zh: "由此开启",
    en: "opened by",
};
pub(super) static WAIVES: Words = Words {
    zh: "可免条件",
    en: "takes the place of",
};
pub(super) static DEADLINES: Words = Words {
    zh: "时限",
    en: "Deadlines",
};
pub(super) static DEADLINES_ARE: Words = Words {
    zh: "以工作日计，当日不计入；另有自然日上限的，先到者为准。日历尚未公布的日子是暂定的，公布后自行移动。",
    en: "In working days, the first day not counted; where there is a bound in days of any kind, the earlier is due. A day beyond the announced calendar is provisional and moves when the next is announced.",
};
pub(super) static DUTY: Words = Words {
    zh: "事项",
    en: "duty",
};
pub(super) static DUE: Words = Words {
    zh: "期限",
    en: "due",
};
pub(super) static AT_MOST_DAYS: Words = Words {
    zh: "，最迟 {} 天",
    en: ", at most {} days of any kind",
};
pub(super) static CALENDAR: Words = Words {
    zh: "工作日历",
    en: "The calendar of working days",
};
pub(super) static HOLIDAY: Words = Words {
    zh: "假日",
    en: "holiday",
};
pub(super) static DAYS: Words = Words {
    zh: "日期",
    en: "days",
};
pub(super) static MADE_UP: Words = Words {
    zh: "调休上班日",
    en: "weekend days that are worked",
};
pub(super) static ANNOUNCED_TO: Words = Words {
    zh: "已公布至 ",
    en: "announced to ",
};
pub(super) static OBJECTION: Words = Words {
    zh: "异议",
    en: "Objection",
};
pub(super) static OBJECTION_IS: Words = Words {
    zh: "对任何一条记录都可以提出异议。提出当日起，评价中暂停使用，所有页面加以标注；异议成立的，由来源部门更正或撤回，并告知每一个接收过的单位。",
    en: "Any record can be objected to. From that day on no grade uses it and every page marks it; if the objection is upheld, its source corrects or withdraws it, and everyone who received it is told.",
};
pub(super) static LIFE: Words = Words {
    zh: "人生与企业的变化",
    en: "Life events",
};
pub(super) static LOOKS: Words = Words {
    zh: "查询监督",
    en: "Overseeing looks",
};
pub(super) static LOOKS_ARE: Words = Words {
    zh: "每次查询都在显示内容之前记下。分值之和达到复核分的查询由审计人员复核；分值只说明应当有人问一问，不是结论。",
    en: "Each look is written before anything is shown. One whose signs sum to the points below is reviewed by an auditor; points say that somebody should ask, and are no finding.",
};
pub(super) static REVIEWED_FROM: Words = Words {
    zh: "复核分",
    en: "reviewed from",
};
pub(super) static REVIEWED_WITHIN: Words = Words {
    zh: "复核期限",
    en: "reviewed within",
};
pub(super) static QUESTION_ANSWERED: Words = Words {
    zh: "答复本人疑问",
    en: "a person's question is answered within",
};
pub(super) static SIGN: Words = Words {
    zh: "情形",
    en: "sign",
};
