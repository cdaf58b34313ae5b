// The auditor's day and the credit office's: somebody asks about a look, the auditor answers and reviews, and the office sees the district
// without anybody in it.
import assert from "node:assert/strict";
import { test } from "node:test";

const CASE = "审2026-07";

export default function oversight(city) {
  test("somebody asks about a look and reads the auditor's answer", async () => {
    const { persons } = await city.guide();
    const luo = persons.find((person) => person.name.startsWith("罗"));
    const li = await city.staff("li");
    await li.page.goto("/counter");
    await li.page.fill("#identifier", luo.identifier);
    await li.page.selectOption("#service", "hygiene-licence-renewal");
    await li.page.fill("#case", "NZ-2026-0713");
    await li.submit('form[action="/counter/check"] button');
    await li.leave();

    const someone = await city.person(luo.name);
    await someone.page.goto("/my/looks");
    await someone.submit(someone.page.locator("main tr", { hasText: "NZ-2026-0713" }).locator('a[href$="/ask"]'));
    await someone.page.fill("#ground", "那天我没有去南庄办事，是谁在查我？");
    await someone.submit('form[action$="/ask"] button');
    assert.match(await someone.words(), /疑问已提交[\s\S]*已提问，等待答复/);
    await someone.leave();

    const shen = await city.staff("shen");
    await shen.page.goto("/audit");
    await shen.submit('main a[href="/audit/questions"]');
    const list = await shen.words();
    assert.doesNotMatch(list, new RegExp(luo.name), "a list names nobody");
    await shen.submit('main table a[href^="/audit/questions/"]');
    const question = await shen.words();
    assert.match(question, /那天我没有去南庄办事/);
    assert.ok(!question.includes(luo.name) && !question.includes(luo.identifier), "whoever asks is masked");
    await shen.page.fill("#says", "经查，李窗口按办件 NZ-2026-0713 受理了您的续证申请，属正常办理。");
    await shen.submit("#answer button");
    await shen.leave();

    const again = await city.person(luo.name);
    await again.page.goto("/my/looks");
    const words = await again.words();
    assert.match(words, /已答复[\s\S]*属正常办理/);
    assert.match(words, /审计/, "the person sees that the auditor looked");
    await again.leave();
  });

  test("looks are filtered by officer and taken away as a file", async () => {
    const shen = await city.staff("shen");
    await shen.page.goto("/audit/looks");
    const rows = await shen.page.locator("main table tbody tr").count();
    assert.ok(rows > 0, "there are looks");
    await shen.page.fill("#officer", "li");
    await shen.submit("form.filters button");
    assert.match(shen.page.url(), /officer=li/);
    const [download] = await Promise.all([shen.page.waitForEvent("download"), shen.page.click('a[href^="/audit/looks.csv"]')]);
    assert.equal(download.suggestedFilename(), "looks.csv");
    await shen.leave();
  });

  test("to ask about one person is a look that the person sees", async () => {
    const { persons } = await city.guide();
    const liang = persons[1];
    const shen = await city.staff("shen");
    await shen.page.goto("/audit/looks");
    await shen.page.fill("#identifier", liang.identifier);
    await shen.page.fill("#case", CASE);
    await shen.submit("#find button");
    const words = await shen.words();
    assert.match(words, /谁看过/);
    assert.ok(!shen.page.url().includes(liang.identifier) && !words.includes(liang.name), "masked, and not in the address");
    await shen.leave();
    const someone = await city.person(liang.name);
    await someone.page.goto("/my/looks");
    assert.match(await someone.words(), new RegExp(CASE));
    await someone.leave();
  });

  test("last night's look without cause is put before the auditor, who follows it up and then is satisfied", async () => {
    const shen = await city.staff("shen");
    await shen.page.goto("/audit/unusual?officer=he");
    assert.match(await shen.words(), /本部门没有此人的记录/);
    await shen.submit('main table a[href^="/audit/unusual/"]');
    const points = (await shen.page.locator("td[data-label]").allInnerTexts()).map(Number).filter((n) => !Number.isNaN(n));
    const sum = points.pop();
    assert.equal(points.reduce((a, b) => a + b, 0), sum, "the reasons sum to the weight");
    for (const [finding, note] of [["follow_up", "已请部门说明原因"], ["explained", "部门已说明，属正常核对"]]) {
      const address = shen.page.url();
      await shen.page.check(`#finding-${finding}`);
      await shen.page.fill("#note", note);
      await shen.submit("#review button");
      await shen.page.goto(address.split("?")[0]);
    }
    assert.match(await shen.words(), /已请部门说明原因[\s\S]*部门已说明/);
    await shen.leave();
  });

  test("what was done to the house is listed", async () => {
    const shen = await city.staff("shen");
    await shen.page.goto("/audit/acts");
    await shen.page.selectOption("#kind", "share-answered");
    await shen.submit("form.filters button");
    assert.match(await shen.words(), /同意共享/);
    await shen.leave();
  });

  test("the credit office sees what waits, the rules and the health, and nobody", async () => {
    const { persons } = await city.guide();
    const guan = await city.staff("guan");
    for (const path of ["/office", "/office/queue?state=", "/office/sources?sort=-records", "/office/staff", "/office/health"]) {
      assert.equal(await guan.open(path), 200);
      const words = await guan.words();
      for (const person of persons) assert.ok(!words.includes(person.name), `${person.name} at ${path}`);
    }
    await guan.page.goto("/office/rules");
    await guan.page.fill("#q", "查询监督");
    await guan.submit("form.search button");
    await guan.page.goto("/office/editions");
    assert.match(await guan.words(), /现行/);
    await guan.leave();
  });
}
