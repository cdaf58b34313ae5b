// The pictures of the README and the book: node e2e/pictures.mjs takes them anew, in both languages, into docs/pictures/.
//
// From a lively demo of its own, or from the one at XINLIAN_E2E_URL. Look at each one before it is committed.
import { writeFile } from "node:fs/promises";
import { City, LANGUAGES } from "./support/city.mjs";
import { launch } from "./support/chromium.mjs";
import { startDemo } from "./support/demo.mjs";

const SUBJECTS = 2000;
const HEIGHT = 800;
const QUALITY = 80;
const SERVICE = "hygiene-licence-renewal";
const FORGOTTEN = "letter-of-authority";

/** Who sits where, and what they open before the picture is taken. */
const PICTURES = {
  public: [(city, options) => city.visitor(options), company],
  grade: [luo, async ({ page }) => page.goto("/my")],
  "my-file": [luo, file],
  counter: [(city, options) => city.staff("li", options), verdict],
  department: [(city, options) => city.staff("lin", options), async ({ page }) => page.goto("/department")],
  office: [(city, options) => city.staff("guan", options), async ({ page }) => page.goto("/office")],
  simulation: [(city, options) => city.staff("guan", options), simulation],
};

const demo = process.env.XINLIAN_E2E_URL ? { url: process.env.XINLIAN_E2E_URL, stop() {} } : await startDemo({ subjects: SUBJECTS });
const browser = await launch();
const city = new City(browser, demo.url);
try {
  for (const lang of LANGUAGES) {
    for (const [name, [sit, open]] of Object.entries(PICTURES)) {
      const someone = await sit(city, { lang });
      await someone.page.setViewportSize({ width: 1366, height: HEIGHT });
      await open(someone, lang);
      await take(someone, `${name}.${lang}`);
      await someone.leave();
    }
  }
} finally {
  await browser.close();
  await demo.stop();
}

async function luo(city, options) {
  return city.person((await mrLuo()).name, options);
}

/** He of the article. */
async function mrLuo() {
  return (await city.guide()).persons.find(({ name }) => name.startsWith("罗"));
}

/** The page of the company that the start page names first. */
async function company({ page }) {
  const { organisations } = await city.guide();
  await page.goto(organisations[0].href);
}

/** What is held of oneself, below the grade. */
async function file({ page }) {
  await page.goto("/my?by=time");
  await below(page, "main .switch");
}

/** Mr Luo has agreed, and one paper may follow. */
async function verdict(clerk, lang) {
  const { page } = clerk;
  await page.goto("/counter");
  await page.fill("#identifier", (await mrLuo()).identifier);
  await page.selectOption("#service", SERVICE);
  await page.fill("#case", `NZ-2026-0417-${lang}`);
  await clerk.submit('form[action="/counter/check"] button');
  for (const box of await page.locator('input[name="in_hand"]').evaluateAll((boxes) => boxes.map((box) => box.id))) {
    if (!box.endsWith(FORGOTTEN) && !(await page.isChecked(`#${box}`))) await clerk.submit(`#${box}`);
  }
  if (await page.locator("#consent").count()) {
    if (await page.locator("#told").count()) await page.check("#told");
    await page.check("#agreed");
    await clerk.submit("#consent button");
  }
  await page.evaluate(() => window.scrollTo(0, 0));
}

/** A draft that is tried on everyone, read when it is done. */
async function simulation(clerk, lang) {
  const { page } = clerk;
  await page.goto("/office/simulations/new?card=person");
  await page.fill("#name", lang === "zh" ? "A 级从 80 分起" : "A from 80 points");
  await page.fill("#why", lang === "zh" ? "过半数的人止步于 84 分，拟下调分数线" : "More than half stop at 84 points");
  await page.fill('[id="rating.person.letters.a"]', "80");
  await clerk.submit('form[method="post"][action="/office/simulations/new"] button');
  while ((await page.locator("#attention").count()) === 0) {
    await page.waitForTimeout(500);
    await page.goto(page.url());
  }
  await below(page, 'main section[id="person"]');
}

/** Brings a part of the page to the top of the picture. */
async function below(page, part) {
  await page.locator(part).first().evaluate((element) => window.scrollTo(0, element.getBoundingClientRect().top + window.scrollY - 24));
}

/** WebP, which the browser makes itself. */
async function take({ page, context }, name) {
  await page.mouse.move(0, 0);
  const session = await context.newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: QUALITY });
  await writeFile(new URL(`../docs/pictures/${name}.webp`, import.meta.url), Buffer.from(data, "base64"));
}
