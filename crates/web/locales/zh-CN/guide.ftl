guides-title = 您的权利，一件一件说
guides-lead = 每一页讲一件事：能做什么、怎么做、多久有结果、依据哪一条。不用登录就能看。
guides-steps = 怎么做
guides-notes = 请记住
guides-law = 规则和依据
guides-others = 其他指南
guides-edition = 期限和依据取自现行规则 { $edition }，规则一改，这里就改。
guides-api = 供其他系统的开发人员使用。
guide-within = 期限：{ $n } 个工作日。
guide-unverified = { $law }（条文待核对）

guide-see-title = 看自己被记了什么
guide-see-lead = 关于您的每一条记录、从哪里来、还要保留多久，您都可以看，不用说理由，也不收费。
guide-see-step-1 = 进入“我的信用”。还不能网上登录的，带身份证件到任一行政服务中心的综合窗口。
guide-see-step-2 = 按来源或按时间查看记录。点开一条，可以看到文书号、作出机关、日期和到期日。
guide-see-step-3 = 需要给别人看时，可以出具带核验码的信用报告；给谁看由您决定，也可以作废。
guide-see-note-1 = 您看自己的档案也会留下一条查询记录，用途写作“本人查阅”。
guide-see-note-2 = 没有记录不是坏事。没有不利记录的人，等级不会低于 B。

guide-object-title = 认为记录有误：提出异议
guide-object-lead = 一条记录不对，您可以提出异议。提出的那一刻起，它就不再计入评价。
guide-object-step-1 = 在“我的信用”里点开那条记录；企业由法定代表人或经办人带证件到综合窗口。
guide-object-step-2 = 写明哪里不对：金额、日期、文书号，还是根本不是您。有材料就说明是什么材料。
guide-object-step-3 = 提交后记下编号。记录旁边会注明“有异议”，所有看到它的页面和报告都会注明。
guide-object-step-4 = 作出记录的部门核查并答复。成立的，在源头更正或撤回，并告知每一个拿到过它的单位。
guide-object-note-1 = 提出异议不收费，也不会影响您的等级。
guide-object-note-2 = 法定名单上的限制，由作出决定的机关或法院决定是否暂停；异议会同时注明。
guide-object-note-3 = 同样的理由再次提出，需要有新的材料。

guide-repair-title = 履行以后：申请信用修复
guide-repair-lead = 处罚履行完毕、最短公示期满，就可以申请修复。修复以后，停止公示、共享和使用。
guide-repair-step-1 = 打开那条记录，点“看看怎样修复”。页面会列出要满足的条件，已满足的打勾。
guide-repair-step-2 = 缴清罚款、改正违法行为，记下履行日期。
guide-repair-step-3 = 在申请里填写履行日期，作出公开信用承诺，核对无误后提交。
guide-repair-step-4 = 等待答复。同意修复的，当天从所有公开页面撤下，并通知拿到过它的单位停止使用。
guide-repair-note-1 = 修复不收费，不需要中介。声称可以“花钱修复”的，都是骗人的。
guide-repair-note-2 = 轻微的本来就不公示；到了最长公示期的会自动撤下，不用申请。
guide-repair-note-3 = 法院失信名单等，由作出决定的机关依法处理，不走这条路。

guide-looks-title = 看看谁看过我的档案
guide-looks-lead = 每一次查看都在打开档案之前先记下：谁、什么时候、为什么、为哪件事。您都看得到。
guide-looks-step-1 = 进入“我的信用”，打开“谁看过我”。可以按用途筛选。
guide-looks-step-2 = 有不认得的，点“我不认得”，写下您的疑问。
guide-looks-step-3 = 审计人员核查后答复您；查询单位必须说明这次查询为了哪件事。
guide-looks-note-1 = 说不清理由的查询，作为违规查询处理。
guide-looks-note-2 = 问一次查询不收费，也不影响您的等级；问过的和答复都留在“谁看过我”里。
guide-looks-go = 打开“谁看过我”

guide-grade-title = 等级能做什么，不能做什么
guide-grade-lead = 等级只能带来便利，不能限制任何人。程序里没有从等级到限制的路。
guide-grade-step-1 = 先告知，后评价：没有告知您，就不评价您。
guide-grade-step-2 = 办事时要不要用，由您当场决定。同意可以随时撤回。
guide-grade-step-3 = 想更好，看“怎样更好”：每一项能加多少分，从哪天起，都写明白。
guide-grade-note-1 = 不用等级，照样按普通程序办，材料不多、时间不长。
guide-grade-note-2 = 招聘、住房和入学永远不能问您的等级。
guide-grade-note-3 = 窗口只看到“可容缺”之类的结论，看不到等级和分数。
guide-grade-go = 看等级怎样得出

guide-restriction-title = 限制一个人，必须有什么
guide-restriction-lead = 限制只能来自法定名单，每一条都要有生效文书。缺一样，就没有限制。
guide-restriction-step-1 = 有法律规定的名单，名单里写明由谁列入、依据哪一条、多久退出。
guide-restriction-step-2 = 有作出决定的机关、文书号、日期和事实，并且已经告知当事人。
guide-restriction-step-3 = 由两名不同的工作人员先后核对，看过原始文书。
guide-restriction-step-4 = 有期限，或者有退出条件；到期或者条件满足，限制随之解除。
guide-restriction-note-1 = 很多条轻微记录加在一起，也不会变成一份名单。
guide-restriction-note-2 = 等级低不会让人上名单，也不会带来限制。
guide-restriction-note-3 = 被列入的人可以提出异议、申请复议或者起诉；名单页面写明怎样退出。

guide-verify-title = 核验一份信用报告
guide-verify-lead = 有人给您一份报告，您可以查它是不是在这里出具的、有没有被改动。核验的人看不到报告以外的内容。
guide-verify-step-1 = 扫描报告上的二维码，或者在核验页面输入 16 位核验码。
guide-verify-step-2 = 核对页面上的姓名首字、出具日期和有效期与手里的报告是否一致。
guide-verify-step-3 = 拿到的是 PDF 文件时，可以上传比对：差一个字节都会发现。文件不会保存。
guide-verify-note-1 = 报告过了有效期，或者本人已经作废，就不再能作为凭据。
guide-verify-note-2 = 不要让人截屏代替报告：图片不能核验。

guide-mistaken-title = 被当成了别人怎么办
guide-mistaken-lead = 同名同姓不等于同一个人。只凭姓名，这里不会把任何记录算到您头上；万一算错了，这样改。
guide-mistaken-step-1 = 在“我的信用”里找到不是您的那条记录，提出异议，写明“不是本人”。
guide-mistaken-step-2 = 带身份证件到综合窗口，可以当面核对。说明您与那个人的不同：身份证号、住址、时间。
guide-mistaken-step-3 = 部门核实后解除关联。从那一刻起，它不再影响您的等级、名单和任何办事结论。
guide-mistaken-step-4 = 拿到过这条错误记录的单位会逐个收到通知，停止使用。
guide-mistaken-note-1 = 还没有核实的关联不产生任何效果：不确定，就不算。
guide-mistaken-note-2 = 提出异议的那一刻起，那条记录就暂停计入。
guide-mistaken-note-3 = 因此被耽误的事，凭答复可以请经办单位重新办理。
