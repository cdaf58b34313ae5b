// A day of Mr Luo's restaurant: he acts for it, his agent does what is to be done, and the company sees who did what. In both
// widths and languages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, assertWellMade } from "../support/axe.mjs";
import { LANGUAGES, WIDTHS } from "../support/city.mjs";

export default function company(city) {
  for (const lang of LANGUAGES) {
    for (const width of WIDTHS) {
      test(`the representative acts for his company, and every page says so, ${lang}, ${width} px`, async () => {
        const { luo, organisation } = await who(city);
        const seat = await city.person(luo.name, { lang, width });
        await seat.page.goto("/my");
        await seat.submit('nav.side a[href="/company"]');
        await seat.submit(`a[href="/company/${organisation.uscc}"]`);
        for (const rest of ["", "/messages", "/looks", "/consents", "/reports", "/report", "/agents"]) {
          assert.equal(await seat.open(`/company/${organisation.uscc}${rest}`), 200, rest);
          const acting = await seat.page.locator("#acting-for").innerText();
          assert.ok(acting.includes(organisation.name), `${rest} says for whom: ${acting}`);
          await assertWellMade(seat.page, `company${rest} (${lang}, ${width} px)`, lang);
          await assertAccessible(seat.page, `company${rest} (${lang}, ${width} px)`);
        }
        await seat.leave();
      });
    }
  }

  test("his agent objects for the company, and he sees who did it; the agent may not appoint", async () => {
    const { luo, chen, organisation } = await who(city);
    const desk = `/company/${organisation.uscc}`;
    const agent = await city.person(chen.name, { width: 390 });
    await agent.page.goto("/company");
    await agent.submit(`a[href="${desk}"]`);
    await agent.submit(agent.page.locator(`main a[href^="${desk}/records/"]`, { hasText: "市场主体登记" }).first());
    await agent.page.fill("#object #ground", "登记的住所有误，请核对营业执照");
    await agent.submit("#object button");
    assert.equal((await agent.page.locator("[role=status]").count()) > 0, true, "it is filed");
    await agent.page.goto(`${desk}/agents`);
    assert.equal(await agent.page.locator("#appoint").count(), 0, "an agent appoints nobody");
    await agent.leave();

    const seat = await city.person(luo.name);
    await seat.page.goto(`${desk}/agents`);
    const done = await seat.page.locator("#done").innerText();
    assert.match(done, /陈/, `who: ${done}`);
    assert.match(done, /异议/, `what: ${done}`);
    await seat.page.goto(`${desk}/looks?own=1`);
    assert.match(await seat.words(), /陈/, "and that he looked");
    await seat.leave();
  });

  test("the market's answer comes as a message, which leads to the record and is read then", async () => {
    const { luo, organisation } = await who(city);
    const desk = `/company/${organisation.uscc}`;
    const lin = await city.staff("lin");
    assert.ok(await theirs(lin), "the company's objection is among what is due");
    await lin.page.check("#decision-no");
    await lin.page.fill("#why", "经查，登记与营业执照一致");
    await lin.submit("#answer button");
    await lin.leave();
    const seat = await city.person(luo.name);
    await seat.page.goto(`${desk}/messages`);
    const told = seat.page.locator('main a[href*="/messages/objection_answered-"]').first();
    await seat.submit(told);
    assert.match(seat.page.url(), /\/records\/\d+/);
    await seat.page.goto(`${desk}/messages`);
    assert.equal(await seat.page.locator('main a[href*="/messages/objection_answered-"]').count(), 0, "it is read");
    await seat.leave();
  });

  test("he appoints another, who declines; and somebody else's company is closed to him", async () => {
    const { luo, liang, organisation, others } = await who(city);
    const desk = `/company/${organisation.uscc}`;
    const seat = await city.person(luo.name, { width: 390 });
    await seat.page.goto(`${desk}/agents`);
    await seat.page.fill("#name", liang.name);
    await seat.page.fill("#number", liang.identifier);
    await seat.page.selectOption("#scope", "read");
    await seat.page.fill("#last", new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10));
    await seat.submit("#appoint button");
    assert.match(await seat.words(), /梁/, "the appointment stands in the list");
    assert.equal(await seat.open(`/company/${others.uscc}`), 403);
    await seat.leave();
    const asked = await city.person(liang.name);
    await asked.page.goto("/my/messages");
    assert.match(await asked.words(), new RegExp(organisation.name), "she is told");
    await asked.page.goto("/company");
    await asked.submit('form[action$="/decline"] button');
    assert.equal(await asked.open(desk), 403);
    await asked.leave();
  });
}

/** Opens what is due, one after the other, until it is the company's objection. */
async function theirs(seat) {
  await seat.page.goto("/department/due");
  const links = seat.page.locator('main a[href^="/department/due/"]');
  const pleas = await links.evaluateAll((found) => found.map((link) => link.getAttribute("href")));
  for (const plea of new Set(pleas)) {
    await seat.page.goto(plea);
    if ((await seat.words()).includes("请核对营业执照")) return plea;
  }
  return undefined;
}

async function who(city) {
  const { persons, organisations } = await city.guide();
  const named = (surname) => persons.find((person) => person.name.startsWith(surname));
  const [organisation, , others] = organisations;
  return { luo: named("罗"), liang: named("梁"), chen: named("陈"), organisation, others };
}
