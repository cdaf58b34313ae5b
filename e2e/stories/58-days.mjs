// A day at each desk, at a desk's width and a phone's, in both languages: what one does from the first page to the last. The
// counter's day is worked with the keyboard alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertWellMade } from "../support/axe.mjs";
import { LANGUAGES, WIDTHS } from "../support/city.mjs";
import { confirm, handIn } from "../support/desk.mjs";
import { daysAgo, fine, penaltyFile } from "../support/files.mjs";

export const DAYS = { public: publicDay, citizen, counter, department, company, auditor, office };

export default function days(city) {
  for (const [desk, day] of Object.entries(DAYS)) {
    for (const lang of LANGUAGES) {
      for (const width of WIDTHS) {
        test(`a day: ${desk}, ${lang}, ${width} px`, () => day(city, { lang, width }));
      }
    }
  }
}

/** Somebody looks a company up, is not told of people, and learns how to object. */
async function publicDay(city, seat) {
  const { organisations, persons } = await city.guide();
  const anyone = await city.visitor(seat);
  await anyone.page.goto("/");
  await anyone.page.fill("#q", organisations[0].uscc);
  await anyone.submit('form[role="search"] button');
  await anyone.submit(`main a[href="${organisations[0].href}"]`);
  await well(anyone, "day-public-company", seat);
  for (const path of ["/penalties", "/licences", "/announcements", "/open-data"]) assert.equal(await anyone.open(path), 200, path);
  await anyone.page.goto(`/organisations?q=${encodeURIComponent(persons[0].name)}`);
  assert.equal(await anyone.page.locator('main a[href^="/organisations/"]').count(), 0, "nobody is found by name");
  await anyone.page.goto("/verify?code=0000-0000-0000-0000");
  await well(anyone, "day-public-verify", seat);
  await anyone.page.goto("/guide");
  await anyone.submit('main a[href="/guide/object"]');
  await well(anyone, "day-public-guide", seat);
  await anyone.leave();
}

/** Somebody reads why, contests what is wrong, sees who looked, and takes a report. */
async function citizen(city, seat) {
  const name = { zh: "梁", en: "黄" }[seat.lang];
  const document = `佛禅市监处〔2026〕57${seat.width}${seat.lang === "zh" ? "1" : "2"}号`;
  const person = (await city.guide()).persons.find((one) => one.name.startsWith(name));
  await fined(city, person, document);
  const someone = await city.person(person.name, seat);
  await someone.page.goto("/my");
  await well(someone, "day-citizen", seat);
  await someone.submit(someone.page.locator("main ul.plain li", { hasText: document }).locator('a[href^="/my/records/"]').first());
  await someone.page.fill("#ground", `信息与实际不符，请核对原件（${seat.lang} ${seat.width}）`);
  await someone.submit("#object button");
  assert.equal(await someone.page.locator(".head .tag.late").count(), 1, "it counts no more, and says so");
  await well(someone, "day-citizen-contested", seat);
  for (const place of ["/my/messages", "/my/looks", "/my/consents", "/company"]) {
    await someone.submit(`nav.side a[href="${place}"]`);
    assert.equal(await someone.page.locator(`nav.side a[href="${place}"][aria-current]`).count(), 1, place);
  }
  await someone.page.goto("/my/report");
  await Promise.all([someone.page.waitForURL(/\/my\/reports/), someone.page.click("#make")]);
  await well(someone, "day-citizen-reports", seat);
  await someone.leave();
}

/** A clerk serves Mr Luo, then enters an objection for him, and never takes the hands off the keyboard. */
async function counter(city, seat) {
  const luo = (await city.guide()).persons.find((person) => person.name.startsWith("罗"));
  const document = `佛禅市监处〔2026〕58${seat.width}${seat.lang === "zh" ? "1" : "2"}号`;
  await fined(city, luo, document);
  const li = await city.staff("li", seat);
  const { keyboard } = li.page;
  const press = (key) => li.press(key);
  await li.page.goto("/counter");
  // The field takes the hand with the page's first picture; keys before that go nowhere.
  await li.page.waitForFunction(() => document.activeElement.id === "identifier");
  await keyboard.type(luo.identifier);
  await keyboard.press("F3");
  for (let n = 0; n < 20 && (await li.page.inputValue("#service")) !== "hygiene-licence-renewal"; n += 1) await keyboard.press("ArrowDown");
  await keyboard.press("F2");
  await press("Enter");
  await keyboard.press("F6");
  // The hand is on the first paper, and one has seen it, before it is ticked.
  await li.page.waitForFunction(() => document.activeElement.type === "checkbox");
  await press("Space");
  await press("F4");
  assert.match(new URL(li.page.url()).pathname, /\/letter$/);
  await press("F7");
  assert.equal(await li.page.evaluate(() => document.activeElement.id), "identifier", "the card is read at once");
  await well(li, "day-counter-object", seat);
  await keyboard.type(luo.identifier);
  await keyboard.press("Tab");
  await keyboard.type(document);
  await press("Enter");
  assert.ok((await li.words()).includes(document), "the record that he names");
  await well(li, "day-counter-object-write", seat);
  assert.equal(await li.page.evaluate(() => document.activeElement.id), "ground", "one writes at once");
  await keyboard.type("这不是我的摊位，处罚的是同名的另一个人");
  // Past the files, of which he has none.
  for (let n = 0; n < 5 && (await li.page.evaluate(() => document.activeElement.id)) !== "read"; n += 1) await keyboard.press("Tab");
  await keyboard.press("Space");
  await press("F4");
  assert.match(new URL(li.page.url()).pathname, /\/receipt$/);
  await well(li, "day-counter-object-receipt", seat);
  assert.ok(!(await li.words()).includes(luo.name) && !(await li.words()).includes(luo.identifier), "the receipt is masked");
  await press("F8");
  await well(li, "day-counter-ledger", seat);
  await li.leave();

  const own = await city.person(luo.name);
  await own.page.goto("/my");
  await own.submit(own.page.locator("main ul.plain li", { hasText: document }).locator('a[href^="/my/records/"]').first());
  assert.match(await own.words(), /南庄镇行政服务中心由窗口登记/, "he reads where it was entered");
  await own.leave();
}

/** One officer hands in, the other confirms; who handed in finds that a colleague must answer, and the colleague does. */
async function department(city, seat) {
  const huang = (await city.guide()).persons.find((person) => person.name.startsWith("黄"));
  const document = `佛禅市监处〔2026〕59${seat.width}${seat.lang === "zh" ? "1" : "2"}号`;
  await fined(city, huang, document);
  const someone = await city.person(huang.name);
  await someone.page.goto("/my");
  await someone.submit(someone.page.locator("main ul.plain li", { hasText: document }).locator('a[href^="/my/records/"]').first());
  await someone.page.fill("#ground", "处罚的不是我，是同名的另一个人");
  await someone.submit("#object button");
  const number = new URL(someone.page.url()).searchParams.get("n");
  await someone.leave();

  const chen = await city.staff("chen", seat);
  await chen.page.goto("/department");
  await chen.submit('main a[href="/department/due"]');
  assert.equal(await chen.page.locator(`a[href="/department/due/${number}"]`).count(), 0, "whoever handed it in does not answer");
  await well(chen, "day-department-due", seat);
  await chen.page.goto(`/department/due/${number}`);
  assert.equal(new URL(chen.page.url()).pathname, "/department/due", "nor by its address");
  await chen.leave();

  const lin = await city.staff("lin", seat);
  await lin.page.goto("/department");
  await well(lin, "day-department", seat);
  await lin.submit('main a[href="/department/due"]');
  await lin.submit(`a[href="/department/due/${number}"]`);
  await well(lin, "day-department-plea", seat);
  await lin.page.check("#decision-yes");
  await lin.page.fill("#why", "经核对执法记录，当事人是同名的另一人");
  await lin.submit("#answer button");
  for (const path of ["/department/submissions", "/department/quality", "/department/sharing", "/department/unlinked"]) assert.equal(await lin.open(path), 200, path);
  await lin.leave();
}

/** Mr Luo acts for his restaurant. */
async function company(city, seat) {
  const { organisations, persons } = await city.guide();
  const desk = `/company/${organisations[0].uscc}`;
  const luo = await city.person(persons.find((person) => person.name.startsWith("罗")).name, seat);
  await luo.page.goto("/my");
  await luo.submit('nav.side a[href="/company"]');
  await luo.submit(`main a[href="${desk}"]`);
  await well(luo, "day-company", seat);
  for (const place of ["/messages", "/looks", "/consents", "/agents"]) {
    await luo.submit(`nav.side a[href="${desk}${place}"]`);
    const current = luo.page.locator(`nav.side a[href="${desk}${place}"]`);
    const { x, width } = await current.boundingBox();
    assert.ok(x >= 0 && x + width <= seat.width, `${place} is in sight among the places: ${x} to ${x + width}`);
  }
  await well(luo, "day-company-agents", seat);
  await luo.page.goto(`${desk}/report`);
  await Promise.all([luo.page.waitForURL(/\/reports/), luo.page.click("#make")]);
  await luo.leave();
}

/** The auditor goes through what waits, asks at whom, and reads what was done to the house. */
async function auditor(city, seat) {
  const { persons } = await city.guide();
  const shen = await city.staff("shen", seat);
  await shen.page.goto("/audit");
  await well(shen, "day-auditor", seat);
  for (const place of ["/audit/unusual", "/audit/questions", "/audit/looks"]) await shen.submit(`nav.side a[href="${place}"]`);
  await shen.page.fill("#officer", "li");
  await shen.submit("form.filters button");
  await well(shen, "day-auditor-looks", seat);
  await shen.page.fill("#identifier", persons[0].identifier);
  await shen.page.fill("#case", `SJ-58-${seat.lang}-${seat.width}`);
  await shen.submit("#find button");
  assert.ok(!(await shen.words()).includes(persons[0].name), "masked");
  await shen.submit('nav.side a[href="/audit/acts"]');
  await well(shen, "day-auditor-acts", seat);
  await shen.leave();
}

/** The head of the credit office reads queues, rules and the month, and nobody's file. */
async function office(city, seat) {
  const guan = await city.staff("guan", seat);
  await guan.page.goto("/office");
  await well(guan, "day-office", seat);
  for (const place of ["/office/queue", "/office/sources", "/office/staff", "/office/health", "/office/editions"]) await guan.submit(`nav.side a[href="${place}"]`);
  await guan.page.goto("/office/rules");
  await guan.page.fill("#q", "异议");
  await guan.submit("form.search button");
  await well(guan, "day-office-rules", seat);
  await guan.page.goto("/office/reports");
  await guan.submit('main a[href^="/office/reports/"]');
  await well(guan, "day-office-report", seat);
  await guan.leave();
}

/** A fine that was handed in by one officer and confirmed by the other. */
async function fined(city, person, document) {
  const chen = await city.staff("chen");
  const submission = await handIn(chen, penaltyFile(`${document}.csv`, [fine({ ...person, document, yuan: 300, day: daysAgo(2) })]));
  await chen.leave();
  await confirm(city, submission);
}

/** The page is accessible and well made; a picture of it is kept. */
async function well(someone, name, { lang, width, script = true }) {
  await someone.page.screenshot({ path: new URL(`../shots/${name}-${lang}-${width}.png`, import.meta.url).pathname, fullPage: true });
  await assertWellMade(someone.page, `${name} (${lang}, ${width} px)`, lang);
  // axe is a script itself.
  if (script) await assertAccessible(someone.page, `${name} (${lang}, ${width} px)`);
}
