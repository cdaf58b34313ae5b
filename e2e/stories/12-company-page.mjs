// A company's page as somebody who deals with it uses it: what stands out, what was public on a day, an address to send and to print; and the
// guides that stand beside it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGUAGES, WIDTHS } from "../support/city.mjs";

export default function companyPage(city) {
  for (const script of [true, false]) {
    test(`a company's short address is sent on and leads back${script ? "" : ", without JavaScript"}`, async () => {
      const { organisations } = await city.guide();
      const company = organisations[0];
      const visitor = await city.visitor({ script });
      await visitor.page.goto(company.href);
      const short = await visitor.page.inputValue("#address");
      assert.match(short, /\/o\/[0-9A-Z]+$/);
      assert.equal(await visitor.page.locator("[data-copy]").isVisible(), script, "the button needs the script, the field does not");
      assert.ok(await visitor.page.locator("#share svg path").isVisible(), "and there is a square code to print");
      await visitor.page.goto(short);
      assert.equal(new URL(visitor.page.url()).pathname, company.href);
      await visitor.leave();
    });
  }

  for (const lang of LANGUAGES) {
    for (const width of WIDTHS) {
      test(`what was public on a day, ${lang}, ${width} px`, async () => {
        const { organisations } = await city.guide();
        const visitor = await city.visitor({ lang, width });
        await visitor.page.goto(organisations[0].href);
        assert.ok((await visitor.page.locator("#history .timeline li").count()) > 0, "something was published");
        await visitor.page.fill("#on", "2020-01-01");
        await visitor.submit("#history button");
        assert.match(visitor.page.url(), /on=2020-01-01/, "the day stands in the address");
        assert.equal(await visitor.page.locator("#licence table").count(), 0, "nothing was public then");
        await visitor.submit(".note a");
        assert.ok(!visitor.page.url().includes("on="));
        await visitor.page.goto(`${organisations[0].href}?on=2999-01-01`);
        assert.ok(await visitor.page.locator(".errors").isVisible(), "a day that has not come is a fault");
        await visitor.leave();
      });
    }
  }

  test("on paper the page has its sections, its address and its square code, and no buttons", async () => {
    const { organisations } = await city.guide();
    const visitor = await city.visitor();
    await visitor.page.goto(organisations[0].href);
    await visitor.page.emulateMedia({ media: "print" });
    for (const there of ["h1", "#share svg", "#address", "#licence h2", "#history .timeline"]) {
      assert.ok(await visitor.page.locator(there).first().isVisible(), there);
    }
    for (const gone of [".btn", "nav", "#history form", "header.bar"]) {
      for (const one of await visitor.page.locator(gone).all()) assert.ok(!(await one.isVisible()), gone);
    }
    await visitor.page.screenshot({ path: new URL("../shots/company-print.png", import.meta.url).pathname, fullPage: true });
    await visitor.leave();
  });

  for (const lang of LANGUAGES) {
    for (const width of WIDTHS) {
      test(`from a company's page to the guide that helps, ${lang}, ${width} px`, async () => {
        const { organisations } = await city.guide();
        const visitor = await city.visitor({ lang, width });
        await visitor.page.goto(organisations[0].href);
        await visitor.submit('main a[href="/guide/mistaken"]');
        const words = await visitor.words();
        assert.match(words, lang === "zh" ? /个人信息保护法 第四十六条/ : /Personal Information Protection Law/);
        assert.match(words, lang === "zh" ? /2 个工作日/ : /2 working days/);
        await visitor.submit('nav a[href="/guide"]');
        assert.ok((await visitor.page.locator('main a[href^="/guide/"]').count()) >= 8);
        await visitor.leave();
      });
    }
  }
}
