standing-counts = 有效
standing-counts-means = 这条记录现在有效。
standing-pending = 待复核，尚未生效
standing-pending-means = 不利记录要由该部门另一名工作人员复核后才生效，现在不产生任何影响。
standing-underway = 列入程序未完成，尚未生效
standing-underway-means = 列入名单须先告知、听取陈述申辩、作出决定并送达。程序尚未全部完成，这项决定不产生任何影响。
standing-disputed = 有异议，暂停计入
standing-disputed-means = 您或当事人提出了异议。答复之前，这条记录不计入等级，并在所有页面注明有异议。
standing-ended = 已到期（{ $day }）
standing-ended-means = 期限已满，不再产生任何影响。
standing-repaired = 已修复
standing-repaired-means = 信用修复后，停止公示、共享和使用。
standing-corrected = 已更正
standing-corrected-means = 另有一条更正后的记录代替它。
standing-withdrawn = 已撤回
standing-withdrawn-means = 这条记录已撤回，不再产生任何影响。
standing-future = 尚未开始
standing-future-means = 日期还没有到。
standing-uncatalogued = 不在现行目录
standing-uncatalogued-means = 现行信息目录没有这一项，不产生任何影响。
standing-unknown = —

act-publish-policy = 发布规则
act-confirm = 复核
act-link = 关联主体
act-unlink = 解除关联
act-withdraw = 撤回
act-object = 异议
act-answer = 答复异议
act-repair = 信用修复
act-notice = 评价告知
act-consent = 授权使用信用结论
act-revoke = 撤回授权

kind-person = 自然人
kind-organisation = 法人或其他组织
kind-sole_trader = 个体工商户

identifier-resident_id = 身份证号
identifier-resident_id_old = 15 位身份证号
identifier-passport = 护照
identifier-hk_macao_permit = 港澳居民来往内地通行证
identifier-taiwan_permit = 台湾居民来往大陆通行证
identifier-foreign_permanent_resident = 外国人永久居留身份证
identifier-uscc = 统一社会信用代码
identifier-organisation_code = 组织机构代码
identifier-business_registration = 工商注册号

rating-no_notice = 尚未评价
rating-minor = 未满 18 周岁，不评价
rating-deceased = 不再评价
rating-no_scorecard = 不评价

verdict-ordinary = 按普通程序办理
verdict-defer_materials = 可以容缺受理
verdict-complete = 材料齐全，可以受理
verdict-zero_visit = 零跑腿，可以直接办结

reason-nothing_missing = 所需材料齐全
reason-no_visit_needed = 材料都由部门共享，申请人不必提交
reason-trusted = 满足本事项的信用条件
reason-core_missing = 缺核心材料
reason-no_consent = 申请人没有同意使用信用结论，按普通程序办理，不影响其他
reason-purpose_without_grade = 本次用途不使用信用结论
reason-trust_not_open = 本次不适用容缺；申请人可在自己的信用页面看到原因
reason-no_trust_path = 本事项没有容缺受理
reason-other_subject = 本事项不适用于这类申请人
reason-unknown_service = 现行规则没有这一事项

fault-SAME-OFFICER = 报送人不能复核自己报送的内容，须由本部门另一名工作人员复核。
fault-OTHER-SOURCE = 只有报送部门的工作人员可以这样做。
fault-ALREADY-CONFIRMED = 这批报送已经复核过了。
fault-NOTHING-PENDING = 这批报送没有待复核的记录，或者还没有报送完。
fault-ALREADY-LINKED = 这条记录已经属于一个主体。
fault-NOT-LINKED = 这条记录不属于任何主体。
fault-NO-REASON = 请写明理由，5 到 500 个字。
fault-NOT-OF-SUBJECT = 这条记录不是关于您的。
fault-SAME-GROUND = 您已经用同样的理由提出过异议；再次提出需要新的证据。
fault-WRONG-KIND = 这类记录不能这样办理。

identifier-fault-REQUIRED = 没有填写
identifier-fault-ID-LENGTH = 有 { $found } 位，应为 { $wanted } 位
identifier-fault-USCC-ALPHABET = 第 { $place } 位是“{ $found }”，统一社会信用代码不用 I O S V Z
identifier-fault-ID-ALPHABET = 第 { $place } 位是“{ $found }”，这里只能是数字
identifier-fault-ID-BIRTH-DATE = 第 7 至 14 位“{ $found }”不是出生日期
identifier-fault-ID-CHECK-DIGIT = 最后一位校验码“{ $found }”不符，可能输错了一位
identifier-fault-DEMO-IDENTITY = 这是演示用的虚构身份，正式系统不接受
identifier-fault-REAL-IN-DEMO = 演示环境只接受虚构身份，请不要输入真实证件号码
