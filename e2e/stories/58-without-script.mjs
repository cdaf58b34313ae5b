// Every desk's main work with scripting switched off in the browser: what a script makes quicker, a button does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { commit } from "../support/desk.mjs";
import { daysAgo, fine, penaltyFile } from "../support/files.mjs";
import { DAYS } from "./58-days.mjs";

const SEAT = { script: false, lang: "zh", width: 1024 };
const DOCUMENT = "佛禅市监处〔2026〕6001号";
const PDF = { name: "缴款.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n1 0 obj\n%%EOF\n") };

export default function withoutScript(city) {
  // The counter's day is one of keys; its work with buttons is below.
  for (const desk of ["public", "citizen", "company", "auditor", "office"]) {
    test(`without script: a day of the ${desk}`, () => DAYS[desk](city, SEAT));
  }

  test("without script: a file is handed in and confirmed, a whole number seen for a purpose", async () => {
    const huang = await someone(city, "黄");
    const chen = await city.staff("chen", SEAT);
    await chen.page.goto("/department/upload");
    await chen.page.setInputFiles("#file", penaltyFile("无脚本.csv", [fine({ ...huang, document: DOCUMENT, yuan: 300, day: daysAgo(1) })]));
    await chen.submit('form[action="/department/upload"] button');
    const id = await commit(chen);
    await chen.leave();
    const lin = await city.staff("lin", SEAT);
    await lin.page.goto(`/department/confirm/${id}`);
    assert.ok(!(await lin.words()).includes(huang.identifier), "masked at first");
    await lin.page.locator("details summary").first().click();
    await lin.page.locator("form.mask select").first().selectOption("compare");
    await lin.submit("form.mask button");
    assert.ok((await lin.words()).includes(huang.identifier), "whole, to compare it with the decision");
    await lin.page.check("#read");
    await lin.submit(`form[action="/department/confirm/${id}"] button`);
    assert.match(lin.page.url(), /done=confirm/);
    await lin.leave();
  });

  test("without script: an objection with a file is sent, answered, and its file opened by both sides", async () => {
    const huang = await someone(city, "黄");
    const own = await city.person(huang.name, SEAT);
    await own.page.goto("/my/looks");
    assert.match(await own.words(), /证件号码全文：与原件核对/, "she reads that her number was shown");
    await own.page.goto("/my");
    await own.submit(own.page.locator("main ul.plain li", { hasText: DOCUMENT }).locator('a[href^="/my/records/"]').first());
    await own.page.fill("#ground", "处罚的不是我，是同名的另一个人");
    await own.page.setInputFiles("#files", PDF);
    await own.submit("#object button");
    const number = new URL(own.page.url()).searchParams.get("n");
    assert.equal(await own.page.locator(`a[href="/my/files/${number}-1"]`).count(), 1, "her file is there");
    await own.leave();

    const lin = await city.staff("lin", SEAT);
    await lin.page.goto(`/department/due/${number}`);
    const file = `/department/due/${number}/files/1`;
    assert.equal((await lin.context.request.get(file)).status(), 200);
    await lin.page.check("#decision-yes");
    await lin.page.fill("#why", "经核对执法记录，当事人是同名的另一人");
    await lin.submit("#answer button");
    await lin.page.goto("/department/due?state=answered");
    await lin.submit(`a[href="/department/due/${number}"]`);
    assert.match(await lin.words(), /经核对执法记录/, "the answer stands there");
    assert.equal((await lin.context.request.get(file)).status(), 200, "and the file is there after it");
    await lin.leave();
  });

  test("without script: the counter serves Mr Luo and enters an objection for him", async () => {
    const luo = await someone(city, "罗");
    const li = await city.staff("li", SEAT);
    await li.page.goto("/counter");
    await li.page.fill("#identifier", luo.identifier);
    await li.page.selectOption("#service", "hygiene-licence-renewal");
    await li.page.fill("#case", "NZ-58-0001");
    await li.submit('form[action="/counter/check"] button');
    await li.page.locator('ul.check input[type="checkbox"]').first().check();
    await li.submit("[data-without-script] button");
    assert.ok(await li.page.locator('ul.check input[type="checkbox"]').first().isChecked(), "the button keeps what is ticked");
    await li.submit('a[href$="/letter"]');
    assert.equal(await li.page.locator("h1").count(), 1);
    const own = await city.person(luo.name, SEAT);
    await own.page.goto("/my?by=time");
    const record = await own.page.locator('main a[href^="/my/records/"]').first().getAttribute("href");
    await own.leave();
    await li.page.goto("/counter/object");
    await li.page.fill("#identifier", luo.identifier);
    await li.page.fill('form[action="/counter/object"] input:not(#identifier):not([type="hidden"])', record.split("/")[3]);
    await li.submit('form[action="/counter/object"] button');
    assert.equal(await li.page.locator("#ground").count(), 1, "the record that he names");
    await li.leave();
  });

  test("without script: an announcement is written, published and taken back", async () => {
    const guan = await city.staff("guan", SEAT);
    await guan.page.goto("/office/announcements/new");
    await guan.page.fill("#title_zh", "无脚本也能公告");
    await guan.page.fill("#title_en", "Without script");
    await guan.page.fill("#body_zh", "请各企业在年底前报送年报。");
    await guan.page.fill("#body_en", "Companies hand in their annual report by the end of the year.");
    await guan.page.fill("#from", daysAgo(0));
    await guan.page.fill("#until", daysAgo(-20));
    await guan.submit('form[action^="/office/announcements/"] button');
    await guan.submit("#publish button");
    const anyone = await city.visitor(SEAT);
    await anyone.page.goto("/announcements");
    assert.match(await anyone.words(), /无脚本也能公告/);
    await guan.page.fill("#why", "试过了，收回");
    await guan.submit("#take-back button");
    await anyone.page.goto("/announcements");
    assert.ok(!(await anyone.words()).includes("无脚本也能公告"));
    await anyone.leave();
    await guan.leave();
  });

  test("without script: the representative appoints, who accepts and lays it down", async () => {
    const luo = await someone(city, "罗");
    const liang = await someone(city, "梁");
    const desk = `/company/${(await city.guide()).organisations[0].uscc}`;
    const seat = await city.person(luo.name, SEAT);
    await seat.page.goto(`${desk}/agents`);
    await seat.page.fill("#name", liang.name);
    await seat.page.fill("#number", liang.identifier);
    await seat.page.selectOption("#scope", "read");
    await seat.page.fill("#last", daysAgo(-60));
    await seat.submit("#appoint button");
    await seat.leave();
    const asked = await city.person(liang.name, SEAT);
    await asked.page.goto("/company");
    await asked.submit('form[action$="/accept"] button');
    assert.equal(await asked.open(desk), 200);
    await asked.page.goto("/company");
    await asked.submit('form[action$="/decline"] button');
    assert.equal(await asked.open(desk), 403);
    await asked.leave();
  });
}

async function someone(city, surname) {
  return (await city.guide()).persons.find((person) => person.name.startsWith(surname));
}
