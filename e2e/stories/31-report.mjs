// A sealed report of one's own file: made, handed on, and looked up by whoever receives it, who learns whether it is true and
// nothing of what is in it; one byte changed is noticed, and one that was taken back is no longer vouched for.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { rated } from "../support/desk.mjs";

export default function report(city) {
  test("a person makes a report, and anyone can see that it is true", async () => {
    const person = await rated(city);
    const own = await city.person(person.name);
    await own.page.goto("/my/report");
    const making = own.page.locator("#make");
    const named = await own.page.locator("main").innerText();
    assert.ok(named.includes(person.name), "one's own report names oneself");
    await Promise.all([own.page.waitForURL(/\/my\/reports/), making.click()]);
    const link = own.page.locator('main a[href$=".pdf"]').first();
    const address = await link.getAttribute("href");
    const answer = await own.page.request.get(address);
    assert.equal(answer.status(), 200);
    const pdf = await answer.body();
    assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
    await writeFile(new URL("../shots/report.pdf", import.meta.url), pdf);
    const code = (await own.page.locator("main").innerText()).match(/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/)[0];

    const anyone = await city.visitor();
    const asked = async (buffer) => {
      await anyone.page.goto("/verify");
      await anyone.page.locator('main input[type="file"]').setInputFiles({ name: "report.pdf", mimeType: "application/pdf", buffer });
      await anyone.page.locator('main form:has(input[type="file"]) button').click();
      return anyone.page.locator("main").innerText();
    };
    const same = await asked(pdf);
    assert.ok(same.includes("是真的，没有改动") && same.includes(`${person.name[0]}*`) && !same.includes(person.name), same);
    const flipped = Buffer.from(pdf);
    flipped[flipped.length >> 1] ^= 1;
    assert.match(await asked(flipped), /文件不是出具的那一份/);
    assert.match(await asked(Buffer.from("%PDF-1.7 of somebody else")), /没有|不是|无法/);

    await own.page.locator('main form[action$="/withdraw"] button').first().click();
    await own.page.waitForLoadState();
    await anyone.page.goto(`/verify?code=${code}`);
    assert.match(await anyone.page.locator("main").innerText(), /已作废/);
    await anyone.leave();
    await own.leave();
  });
}
