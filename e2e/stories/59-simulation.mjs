// The credit office tries a change of the rules on everyone, reads what would come of it, and takes it away.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGUAGES, WIDTHS } from "../support/city.mjs";
import { assertAccessible, assertWellMade } from "../support/axe.mjs";

/** Fills the draft in and hands it over; the page that shows how far it is opens. */
async function draft(guan, name, field, value) {
  await guan.page.goto("/office/simulations");
  await guan.submit('main a[href="/office/simulations/new"]');
  await guan.page.selectOption("#which", "person");
  await guan.submit('form:has(#which) button');
  await guan.page.fill("#name", name);
  await guan.page.fill("#why", "过半数的人止步于 84 分，拟下调分数线");
  await guan.page.fill(`[id="${field}"]`, value);
  await guan.submit('form[method="post"][action="/office/simulations/new"] button');
}

/** Opens it anew until it is done, as the page does by itself. */
async function done(guan) {
  for (let tries = 0; tries < 120; tries += 1) {
    await guan.page.goto(guan.page.url());
    if (await guan.page.locator("#attention").count()) return;
    await guan.page.waitForTimeout(500);
  }
  assert.fail("it is done some time");
}

export default function simulation(city) {
  for (const lang of LANGUAGES) {
    for (const width of WIDTHS) {
      test(`a draft is tried on everyone, read and taken away, ${lang}, ${width} px`, async () => {
        const guan = await city.staff("guan", { lang, width });
        await guan.page.goto("/office/simulations/new?card=person");
        await shoot(guan, "office-simulation-new", lang, width);
        await draft(guan, `A 80 ${lang} ${width}`, "rating.person.letters.a", "80");
        await done(guan);
        await shoot(guan, "office-simulation", lang, width);
        const words = await guan.words();
        assert.match(words, lang === "zh" ? /等级怎样变/ : /How grades move/);
        const id = new URL(guan.page.url()).pathname.split("/").pop();
        for (const ending of ["html", "xlsx"]) {
          const [download] = await Promise.all([guan.page.waitForEvent("download"), guan.page.click(`main a[href$="report.${ending}"]`)]);
          assert.equal(download.suggestedFilename(), `simulation-${id}.${ending}`);
        }
        await guan.leave();
      });
    }
  }

  test("a guard that a draft breaks is told at the number, without JavaScript", async () => {
    const guan = await city.staff("guan", { script: false });
    await draft(guan, "起点下调", "rating.person.base.points", "60");
    const fault = guan.page.locator('.errors a[href="#rating.person.base.points"]');
    assert.equal(await fault.count(), 1);
    assert.equal(await guan.page.inputValue('[id="rating.person.base.points"]'), "60", "what was written is still there");
    await guan.leave();
  });

  test("the auditor sees who drafted and who read", async () => {
    const shen = await city.staff("shen");
    for (const kind of ["simulation-drafted", "simulation-read"]) {
      await shen.page.goto(`/audit/acts?kind=${kind}`);
      assert.match(await shen.words(), /guan|关/, kind);
    }
    await shen.leave();
  });
}

async function shoot(someone, name, lang, width) {
  await someone.page.screenshot({ path: new URL(`../shots/${name}-${lang}-${width}.png`, import.meta.url).pathname, fullPage: true });
  await assertWellMade(someone.page, name, lang);
  await assertAccessible(someone.page, name);
}
