// An officer sees a whole identity number only after saying what for, and the person it belongs to reads that.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGUAGES, WIDTHS } from "../support/city.mjs";
import { assertAccessible, assertWellMade } from "../support/axe.mjs";

/** A record of this person that this officer's department handed in. */
async function recordOf(city, person, officer) {
  const own = await city.person(person.name);
  await own.page.goto("/my");
  const links = await own.page.locator('main a[href^="/my/records/"]').evaluateAll((all) => all.map((link) => link.getAttribute("href").split("/")[3]));
  await own.leave();
  for (const number of new Set(links)) {
    if ((await officer.open(`/department/records/${number}`)) === 200 && (await officer.page.locator("form.mask").count()) > 0) return number;
  }
  return undefined;
}

export default function wholeNumber(city) {
  for (const lang of LANGUAGES) {
    for (const width of WIDTHS) {
      test(`a whole number is shown for a purpose, and the person reads it, ${lang}, ${width} px`, async () => {
        const { persons } = await city.guide();
        const zhou = await city.staff("zhou", { lang, width });
        let whose;
        for (const person of persons) {
          if (await recordOf(city, person, zhou)) {
            whose = person;
            break;
          }
        }
        assert.ok(whose, "somebody has a record of this department");
        assert.ok(!(await zhou.words()).includes(whose.identifier), "masked at first");
        await look(zhou, "department-record-masked", lang, width);
        await zhou.page.selectOption("#purpose", "compare");
        await zhou.submit("form.mask button");
        assert.ok((await zhou.words()).includes(whose.identifier), "whole now");
        assert.ok(!zhou.page.url().includes(whose.identifier), "and not in the address");
        await look(zhou, "department-record-whole", lang, width);
        await zhou.leave();
        const own = await city.person(whose.name, { lang, width });
        await own.page.goto("/my/looks");
        assert.match(await own.words(), lang === "zh" ? /证件号码全文：与原件核对/ : /The whole identifier: To compare with the original/);
        await own.leave();
      });
    }
  }
}

async function look(someone, name, lang, width) {
  await someone.page.screenshot({ path: new URL(`../shots/${name}-${lang}-${width}.png`, import.meta.url).pathname, fullPage: true });
  await assertWellMade(someone.page, name, lang);
  await assertAccessible(someone.page, name);
}
