// Every page in both languages and both widths: accessible, whole, within its width, asking nobody outside. A
// picture of each is left in e2e/shots/.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { assertAccessible, assertWellMade } from "../support/axe.mjs";
import { LANGUAGES, WIDTHS } from "../support/city.mjs";
import { upload } from "../support/desk.mjs";

/** A page is an address, or a list of links to follow from one; `@` stands for the first company of the start page. */
export const PAGES = {
  public: ["/", "/organisations", "/organisations?q=佛山", ["/demo", 'main a[href^="/organisations/"]'], "/licences", "/penalties", "/penalties?words=南庄&month=2000-01", "/open-data", "/statistics", "/announcements", "/verify", "/verify?code=0000-0000-0000-0000", "/guide", "/guide/see", "/guide/object", "/guide/repair", "/guide/looks", "/guide/grade", "/guide/restriction", "/guide/verify", "/guide/mistaken", "/guide/rating", "/guide/api", "/gallery", "/gallery?sort=-rows&page=2&shown=1", "/sign-in", "/demo", "/organisations/91440604MA00000000"],
  department: ["/department", "/department/upload", "/department/submissions", ["/department/submissions", 'main a[href^="/department/submissions/"]'], "/department/confirm", ["/department/confirm", 'main a[href^="/department/confirm/"]'], "/department/quality", "/department/sharing", "/department/sharing/catalogue", "/department/sharing/new?owner=foshan.tax&item=tax.grade-a", "/department/sharing/matrix", "/department/sharing/events", "/department/sharing/events?state=given-up", ["/department/sharing", 'main a[href^="/department/sharing/"].small'], "/department/due", "/department/due?kind=objection&sort=-began", ["/department/due", 'main a[href^="/department/due/"]'], "/department/unlinked", ["/department/unlinked", 'main a[href^="/department/unlinked/"]'], "/department/records", ["/department/records", 'main a[href^="/department/records/"]'], "/department/merges", ["/department/merges", 'main a[href^="/department/merges/"]'], "/department/representatives", ["/department/representatives", 'main a[href^="/department/representatives/"]'], "/department/due?state=answered", ["/department/due?state=answered", 'main table a[href^="/department/due/"]']],
  counter: ["/counter", "/counter/object", "/counter/ledger"],
  audit: ["/audit", "/audit/looks", "/audit/looks?officer=nobody", "/audit/unusual", "/audit/unusual?state=", ["/audit/unusual?state=", 'main table a[href^="/audit/unusual/"]'], "/audit/questions", "/audit/questions?state=", ["/audit/questions?state=", 'main table a[href^="/audit/questions/"]'], "/audit/acts", "/audit/acts?kind=verified"],
  office: ["/office", "/office/statistics", "/office/statistics?year=2000", "/office/reports", ["/office/reports", 'main a[href^="/office/reports/"]'], "/office/announcements", "/office/announcements?state=taken-back", "/office/announcements/new", "/office/simulations", "/office/simulations/new", "/office/queue", "/office/queue?state=late", "/office/rules", "/office/rules?part=3", "/office/rules?q=禅", "/office/editions", "/office/editions/0", "/office/sources", "/office/staff", "/office/health"],
  my: ["/my", "/my?by=time", ["/my", 'main a[href^="/my/records/"]'], "/my/messages", "/my/messages?show=all", "/company", "/my/looks", ["/my/looks", 'main a[href$="/ask"]'], "/my/consents", "/my/reports", "/my/report"],
  company: ["/company/@", ["/company/@", 'main a[href*="/records/"]'], ["/company/@", 'main a[href$="/repair"]'], "/company/@/messages?show=all", "/company/@/looks?own=1", "/company/@/consents", "/company/@/reports", "/company/@/report", "/company/@/agents"],
};
export const SIT = {
  public: (city, options) => city.visitor(options),
  department: (city, options) => city.staff("lin", options),
  counter: (city, options) => city.staff("li", options),
  audit: (city, options) => city.staff("shen", options),
  office: (city, options) => city.staff("guan", options),
  my: async (city, options) => city.person((await city.guide()).persons[0].name, options),
  company: async (city, options) => city.person((await city.guide()).persons[0].name, options),
};

export default function pages(city) {
  // They read and leave nothing behind, so two go on at a time.
  describe("pages", { concurrency: 2 }, () => read(city));
}

function read(city) {
  for (const desk of Object.keys(PAGES)) {
    for (const lang of LANGUAGES) {
      for (const width of WIDTHS) {
        test(`${desk} pages, ${lang}, ${width} px`, async (t) => {
          const someone = await SIT[desk](city, { lang, width });
          for (const page of PAGES[desk]) {
            const name = await open(someone, page, (await city.guide()).organisations[0].uscc);
            if (name === undefined) {
              t.diagnostic(`nothing to follow: ${page.join(" → ")}`);
              continue;
            }
            const where = `${name} (${lang}, ${width} px)`;
            await shoot(someone.page, `${desk}-${name}`, lang, width);
            await assertWellMade(someone.page, where, lang);
            await assertAccessible(someone.page, where);
          }
          await someone.leave();
        });
      }
    }
  }

  for (const lang of LANGUAGES) {
    for (const width of WIDTHS) {
      test(`the counter's answer, ${lang}, ${width} px`, async () => {
        const luo = (await city.guide()).persons.find((person) => person.name.startsWith("罗"));
        const li = await city.staff("li", { lang, width });
        await li.page.goto("/counter");
        await li.page.fill("#identifier", luo.identifier);
        await li.page.selectOption("#service", "hygiene-licence-renewal");
        await li.page.fill("#case", `NZ-AXE-${lang}-${width}`);
        await li.submit('form[action="/counter/check"] button');
        await look(li, "counter-decision", lang, width);
        await li.submit('a[href$="/letter"]');
        await look(li, "counter-letter", lang, width);
        await li.leave();
      });
    }
  }

  for (const lang of LANGUAGES) {
    for (const width of WIDTHS) {
      test(`what an officer comes to on the way, ${lang}, ${width} px`, async () => {
        const lin = await city.staff("lin", { lang, width });
        await upload(lin, { name: "台账.csv", mimeType: "text/csv", buffer: Buffer.from("谁,什么证,几时\n某某,许可证,2026-03-05\n") });
        await lin.submit('a[href$="/columns"]');
        await look(lin, "department-columns", lang, width);
        await lin.page.goto("/department/submissions");
        await lin.submit('main a[href^="/department/submissions/"]');
        await lin.submit('a[href$="/undo"]');
        await look(lin, "department-undo", lang, width);
        await lin.leave();
        const he = await city.staff("he", { lang, width });
        const { organisations } = await city.guide();
        await he.page.goto("/department/sharing");
        await he.submit('tr:has(.tag:text-matches("生效|In force")) a[href^="/department/sharing/"]');
        await look(he, "department-share", lang, width);
        await he.page.selectOption("#kind", "uscc");
        await he.page.fill("#numbers", organisations[0].uscc);
        await he.page.fill("#case", "（2026）粤0604执1号");
        await he.submit("#ask button");
        await look(he, "department-share-answer", lang, width);
        await he.leave();
      });
    }
  }

  // By whom, and beside which record: open, waiting for its answer, and too young, once the story of repair was told.
  const REPAIRS = { open: ["陈志强", "9103"], waits: ["陈志强", "9102"], "too-young": ["黄晓敏", ""] };
  for (const lang of LANGUAGES) {
    for (const width of WIDTHS) {
      test(`a record's repair, ${lang}, ${width} px`, async (t) => {
        for (const [state, [name, document]] of Object.entries(REPAIRS)) {
          const someone = await city.person(name, { lang, width });
          await someone.page.goto("/my");
          const link = someone.page.locator("main ul.plain li", { hasText: document }).locator('a[href$="/repair"]');
          if ((await link.count()) > 0) {
            await someone.submit(link.first());
            await look(someone, `my-repair-${state}`, lang, width);
          } else {
            t.diagnostic(`nothing to follow: ${name} ${document}`);
          }
          await someone.leave();
        }
      });
    }
  }

  test("large print keeps to its width", async () => {
    const someone = await city.visitor({ width: 390 });
    await someone.page.goto("/guide/rating");
    await someone.submit("header .who a");
    await look(someone, "public-large-print", "zh", 390);
    await someone.leave();
  });

  test("the page is whole without its style sheet's animations and with the keyboard alone", async () => {
    const someone = await city.visitor();
    await someone.page.goto("/guide/rating");
    await someone.page.keyboard.press("Tab");
    const first = await someone.page.evaluate(() => document.activeElement.getAttribute("href"));
    assert.equal(first, "#main", "the first stop leads to the content");
    await someone.page.keyboard.press("Enter");
    assert.equal(await someone.page.evaluate(() => document.activeElement.id), "main");
    await someone.leave();
  });
}

async function look(someone, name, lang, width) {
  await shoot(someone.page, name, lang, width);
  await assertWellMade(someone.page, name, lang);
  await assertAccessible(someone.page, name);
}

/** Opens a page and gives back a name for its picture; nothing if there is no link to follow. */
export async function open(someone, page, company) {
  const [path, ...links] = [page].flat();
  await someone.page.goto(path.replace("@", company));
  for (const link of links) {
    if ((await someone.page.locator(link).count()) === 0) return undefined;
    await someone.submit(link);
  }
  return (path + (links.length > 0 ? "/one" : "")).replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "home";
}

function shoot(page, name, lang, width) {
  return page.screenshot({ path: fileURLToPath(new URL(`../shots/${name}-${lang}-${width}.png`, import.meta.url)), fullPage: true });
}
