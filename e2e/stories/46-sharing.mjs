// Records go out again: a city department applies for an item, the district department grants it, each query stands in the
// file of the person it is about, the answer is signed, and when the record is taken back its recipient is told and puts it right.
import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { confirm, handIn, rated, takeBack } from "../support/desk.mjs";
import { daysAgo, fine, penaltyFile } from "../support/files.mjs";

const DOCUMENT = "佛禅市监处〔2026〕9301号";
const CASE = "佛人社评〔2026〕12号";

export default function sharing(city) {
  let share;
  let submission;

  test("a department applies for what another keeps, and can take it back", async () => {
    const chen = await city.staff("chen");
    await chen.page.goto("/department/sharing");
    await chen.submit('a[href="/department/sharing/catalogue"]');
    await chen.page.fill("#find", "纳税信用");
    await chen.submit("form.filters button");
    await chen.submit('a[href*="item=tax.grade-a"]');
    await chen.page.fill("#what_for", "评选守合同重信用企业时核验纳税信用");
    await chen.page.fill("#basis", "企业信息公示暂行条例第十八条");
    await chen.page.fill("#until", "2020-01-01");
    await chen.submit('form[action="/department/sharing/new"] button');
    assert.match(await chen.words(), /最长三年/, "a day that is over is refused, and nothing of the form is lost");
    assert.equal(await chen.page.inputValue("#what_for"), "评选守合同重信用企业时核验纳税信用");
    await chen.page.fill("#until", daysAgo(-300));
    await chen.submit('form[action="/department/sharing/new"] button');
    assert.match(await chen.words(), /待答复/);
    await chen.page.fill("#why", "改由企业自行提供");
    await chen.submit('form[action$="/end"] button');
    assert.match(await chen.words(), /已终止/);
    await chen.leave();
  });

  test("the department that keeps it grants what another applied for", async () => {
    const lin = await city.staff("lin");
    await lin.page.goto("/department/sharing");
    await lin.submit('section:has(h2:text("其他部门的申请")) a');
    share = /\/sharing\/(\d+)/.exec(lin.page.url())[1];
    assert.match(await lin.words(), /佛山市人力资源和社会保障局/);
    assert.equal(await lin.page.locator("#numbers").count(), 0, "whoever gives it asks nothing under it");
    await lin.page.check("#decision-yes");
    await lin.page.fill("#why", "同意，仅限评审使用");
    await lin.submit("#answer button");
    assert.match(await lin.words(), /生效/);
    await lin.page.goto("/department/sharing/matrix");
    assert.match(await lin.words(), /佛山市人力资源和社会保障局/);
    await lin.leave();
  });

  test("asked, it answers with what was granted, under a signature that others can check", async () => {
    const person = await rated(city);
    const chen = await city.staff("chen");
    submission = await handIn(chen, penaltyFile("处罚决定-共享.csv", [fine({ ...person, document: DOCUMENT, yuan: 800, day: daysAgo(4) })]));
    await chen.leave();
    await confirm(city, submission);

    const zhou = await city.staff("zhou");
    await zhou.page.goto(`/department/sharing/${share}`);
    await zhou.page.fill("#numbers", `${person.identifier}\n12345`);
    await zhou.page.fill("#case", CASE);
    await zhou.submit("#ask button");
    assert.match(await zhou.words(), /第 2 行/, "the line that is wrong is named");
    await zhou.page.fill("#numbers", person.identifier);
    await zhou.submit("#ask button");
    const words = await zhou.words();
    assert.match(words, /9301/);
    assert.match(words, /800/, "the fine was granted");
    assert.doesNotMatch(words, /经责令改正逾期未改/, "the facts were not");
    assert.doesNotMatch(words, new RegExp(person.identifier), "the number is masked on the page");

    const [download] = await Promise.all([zhou.page.waitForEvent("download"), zhou.page.click('a[href$="/answer.json"]', { noWaitAfter: true })]);
    const answer = JSON.parse(await readFile(await download.path(), "utf8"));
    const keys = JSON.parse(await (await zhou.page.request.get("/sharing/keys.json")).text());
    const { alg, kid } = JSON.parse(Buffer.from(answer.protected, "base64url"));
    assert.equal(alg, "EdDSA");
    const key = createPublicKey({ key: keys.keys.find((one) => one.kid === kid), format: "jwk" });
    const signed = Buffer.from(`${answer.protected}.${answer.payload}`);
    assert.ok(verify(null, signed, key, Buffer.from(answer.signature, "base64url")), "its signature");
    assert.ok(!verify(null, Buffer.concat([signed, Buffer.from("x")]), key, Buffer.from(answer.signature, "base64url")));
    const said = JSON.parse(Buffer.from(answer.payload, "base64url"));
    assert.deepEqual([said.case, said.recipient, said.answers[0].identifier[1]], [CASE, "foshan.hrss", person.identifier]);
    await zhou.leave();

    const own = await city.person(person.name);
    await own.page.goto("/my/looks");
    const looks = await own.words();
    assert.match(looks, /佛山市人力资源和社会保障局/);
    assert.match(looks, /部门间依法共享/);
    assert.match(looks, new RegExp(CASE));
    await own.leave();
  });

  test("what is taken back is told at once, and put right", async () => {
    const person = await rated(city);
    await takeBack(city, submission);

    const zhou = await city.staff("zhou");
    await zhou.page.goto("/department/sharing");
    assert.match(await zhou.words(), /待处理的变化/);
    assert.match(await zhou.words(), /已撤回/);
    await zhou.page.click("details summary");
    await zhou.page.fill("details input[name=how]", "已从评审系统删除，重新评审");
    await zhou.submit("details button");
    assert.doesNotMatch(await zhou.words(), /待处理的变化/);
    await zhou.page.goto(`/department/sharing/${share}`);
    assert.match(await zhou.words(), /已处理/);
    await zhou.page.fill("#numbers", person.identifier);
    await zhou.page.fill("#case", CASE);
    await zhou.submit("#ask button");
    assert.match(await zhou.words(), /不再共享，请删除/);
    await zhou.leave();
  });
}
