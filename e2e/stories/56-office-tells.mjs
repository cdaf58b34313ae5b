// The credit office tells everyone something and takes it back, and hands on the report of a month.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LANGUAGES, WIDTHS } from "../support/city.mjs";
import { assertAccessible, assertWellMade } from "../support/axe.mjs";

const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const inDays = (days) => new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);

async function write(guan, title, until = inDays(30)) {
  await guan.page.goto("/office/announcements");
  await guan.submit('main a[href="/office/announcements/new"]');
  await guan.page.fill("#title_zh", title);
  await guan.page.fill("#title_en", "Annual reports are due");
  await guan.page.fill("#body_zh", "请各企业在年底前报送年报。\n\n怎样查自己的记录，见[指南](/guide/see)。");
  await guan.page.fill("#body_en", "Companies hand in their annual report by the end of the year.\n\nHow to see your records: [guide](/guide/see).");
  await guan.page.fill("#from", today());
  await guan.page.fill("#until", until);
  await guan.submit('form[action^="/office/announcements/"] button');
}

export default function officeTells(city) {
  for (const lang of LANGUAGES) {
    for (const width of WIDTHS) {
      test(`an announcement is written, previewed, published, read and taken back, ${lang}, ${width} px`, async () => {
        const title = `年报提醒 ${lang} ${width}`;
        const guan = await city.staff("guan", { lang, width });
        await write(guan, title);
        const preview = await guan.words();
        assert.ok(preview.includes(title) && preview.includes("Annual reports are due"), "both languages before it is published");
        await shoot(guan, "office-announcement-draft", lang, width);
        const visitor = await city.visitor({ lang, width });
        await visitor.page.goto("/announcements");
        assert.ok(!(await visitor.words()).includes(title), "a draft is seen by nobody");
        await guan.submit("#publish button");
        await shoot(guan, "office-announcement-shown", lang, width);
        await visitor.page.goto("/");
        await shoot(visitor, "public-home-announcement", lang, width);
        await visitor.submit('#announcements a[href^="/announcements/"]');
        await shoot(visitor, "public-announcement", lang, width);
        assert.match(await visitor.words(), lang === "zh" ? /请各企业在年底前报送年报/ : /Companies hand in their annual report/);
        const here = visitor.page.url();
        await visitor.submit('article a[href="/guide/see"]');
        await guan.page.fill("#why", "日期写错了，改好再发");
        await guan.submit("#take-back button");
        assert.equal(await visitor.open(here), 404, "taken back is gone");
        await visitor.leave();
        await guan.leave();
      });
    }
  }

  test("a link out of the house and a day that is over are told at once, without JavaScript", async () => {
    const guan = await city.staff("guan", { script: false });
    await guan.page.goto("/office/announcements/new");
    await guan.page.locator("form.card").evaluate((form) => form.setAttribute("novalidate", ""));
    await guan.page.fill("#title_zh", "提醒");
    await guan.page.fill("#body_zh", "见 https://example.org");
    await guan.page.fill("#until", "2020-01-01");
    await guan.submit("form.card button");
    const words = await guan.words();
    for (const says of ["https://example.org", "请填写英文标题", "请填写英文正文"]) assert.ok(words.includes(says), says);
    assert.equal(await guan.page.inputValue("#title_zh"), "提醒", "what was written is still there");
    await guan.leave();
  });

  for (const lang of LANGUAGES) {
    for (const width of WIDTHS) {
      test(`the month so far is read and taken away, ${lang}, ${width} px`, async () => {
        const guan = await city.staff("guan", { lang, width });
        await guan.page.goto("/office/reports");
        await shoot(guan, "office-reports", lang, width);
        await guan.submit('main a[href^="/office/reports/"]');
        await shoot(guan, "office-report", lang, width);
        const rows = await guan.page.locator("#sources tbody tr").count();
        assert.ok(rows > 3, "departments handed in");
        const month = new URL(guan.page.url()).pathname.split("/").pop();
        for (const ending of ["xlsx", "csv"]) {
          const [download] = await Promise.all([guan.page.waitForEvent("download"), guan.page.click(`main a[href$="report.${ending}"]`)]);
          assert.equal(download.suggestedFilename(), `district-${month}.${ending}`);
        }
        await guan.leave();
      });
    }
  }

  test("the auditor sees who published and who took back", async () => {
    const shen = await city.staff("shen");
    await shen.page.goto("/audit/acts?kind=announcement-published");
    assert.match(await shen.words(), /发布公告[\s\S]*第 \d+ 号公告/);
    await shen.page.goto("/audit/acts?kind=announcement-taken-back");
    assert.match(await shen.words(), /撤回公告/);
    await shen.leave();
  });
}

async function shoot(someone, name, lang, width) {
  await someone.page.screenshot({ path: new URL(`../shots/${name}-${lang}-${width}.png`, import.meta.url).pathname, fullPage: true });
  await assertWellMade(someone.page, name, lang);
  await assertAccessible(someone.page, name);
}
