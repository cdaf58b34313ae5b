// Mr Chen has paid his fine. Once its shortest display is over he asks for its repair from his own file; an officer finds
// it in the list of what is due, without a name, checks it and grants it; from then on it is used no more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { points } from "../support/desk.mjs";
import { daysAgo, fine, penaltyFile } from "../support/files.mjs";

const DOCUMENT = "佛禅市监处〔2026〕9101号";
/** One that waits for its answer and one that nobody asked about, for the pictures of the pages. */
const OTHERS = ["佛禅市监处〔2026〕9102号", "佛禅市监处〔2026〕9103号"];
const NAME = "陈志强";

/** A picture of one point. */
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

export default function repair(city) {
  let before;

  test("three old fines are handed in and confirmed", async () => {
    before = await points(city, { name: NAME });
    const { persons } = await city.guide();
    const person = persons.find((one) => one.name === NAME);
    const chen = await city.staff("chen");
    const rows = [DOCUMENT, ...OTHERS].map((document) => fine({ ...person, document, yuan: 2000, day: daysAgo(120) }));
    await chen.page.goto("/department/upload");
    await chen.page.setInputFiles("#file", penaltyFile("旧处罚.csv", rows));
    await chen.submit('form[action="/department/upload"] button');
    await chen.page.locator("main progress").waitFor({ state: "detached", timeout: 30_000 });
    await chen.submit('form[action^="/department/upload/"] button');
    await chen.page.waitForURL(/\/department\/submissions\/\d+/, { timeout: 30_000 });
    const submission = /\/submissions\/(\d+)/.exec(chen.page.url())[1];
    await chen.leave();

    const lin = await city.staff("lin");
    await lin.page.goto(`/department/confirm/${submission}`);
    await lin.page.check("#read");
    await lin.submit(`form[action="/department/confirm/${submission}"] button`);
    await lin.leave();
    assert.ok((await points(city, { name: NAME })) < before, "they count");
  });

  test("he sees what the repair asks for, and asks for it", async () => {
    for (const document of [DOCUMENT, OTHERS[0]]) {
      const someone = await city.person(NAME);
      await openRepair(someone, document);
      const said = await someone.words();
      assert.match(said, /现在可以申请/, "it is open");
      assert.match(said, /停止公示.*停止共享.*停止使用/, "what will stop");
      assert.match(said, /3 个工作日/, "by when it is decided");
      await someone.page.fill("#performed", daysAgo(100));
      await someone.page.check("#commitment");
      await someone.page.setInputFiles("#files", { name: "缴款书.png", mimeType: "image/png", buffer: PNG });
      await someone.submit("#apply button");
      assert.match(await someone.words(), /还没有提交.*缴款书\.png/, "it is checked first");
      if (document === DOCUMENT) await someone.page.screenshot({ path: fileURLToPath(new URL("../shots/my-repair-check.png", import.meta.url)), fullPage: true });
      await someone.submit('dl.answers a[href$="#performed"]');
      assert.equal(await someone.page.inputValue("#performed"), daysAgo(100), "the way back has what was answered");
      await someone.submit("#apply button");
      assert.match(await someone.words(), /缴款书\.png/, "the file is kept");
      await someone.submit("#send button");
      assert.match(await someone.words(), /等待答复/, "it waits");
      assert.equal(await someone.page.locator("#apply").count(), 0, "and is asked for once");
      await someone.leave();
    }
  });

  test("a fine that is too young says from which day on", async () => {
    const someone = await city.person("黄晓敏");
    await someone.page.goto("/my");
    await someone.submit('main a[href$="/repair"]');
    assert.match(await someone.words(), /年\d+月\d+日 起可以申请/);
    assert.equal(await someone.page.locator("#apply").count(), 0);
    await someone.leave();
  });

  test("an officer finds it among what is due, and grants it", async () => {
    const lin = await city.staff("lin");
    await lin.page.goto("/department");
    await lin.submit('main a[href="/department/due"]');
    assert.ok(!(await lin.words()).includes("陈"), "the list names nobody");
    const plea = await theirs(lin);
    assert.match(await lin.words(), /我郑重承诺/, "the commitment is there");
    const file = await lin.context.request.get(await lin.page.locator('main a[href*="/files/1"]').first().getAttribute("href"));
    assert.equal(file.headers()["content-disposition"].split(";")[0], "attachment", "what he handed in is there, to be kept");
    assert.deepEqual(await file.body(), PNG);
    await lin.page.check("#decision-yes");
    await lin.page.fill("#why", "缴款票据已核对，违法行为已改正。");
    await lin.submit("#answer button");
    assert.match(await lin.words(), /决定立即生效/);
    assert.equal(await lin.page.locator(`main a[href="${plea}"]`).count(), 0, "it is owed no more");
    await lin.leave();
  });

  test("from then on it is shown and used no more, and he sees why", async () => {
    const someone = await city.person(NAME);
    await someone.page.goto("/my");
    const row = someone.page.locator("main ul.plain li", { hasText: DOCUMENT });
    assert.match(await row.locator(".tag").first().innerText(), /已修复/);
    assert.equal(await row.locator('a[href$="/repair"]').count(), 0, "nothing is left to repair");
    await someone.submit(row.locator('a[href^="/my/records/"]').first());
    assert.match(await someone.words(), /缴款票据已核对/, "the officer's reason");
    await someone.page.goto("/my/looks");
    assert.match(await someone.words(), /异议或修复申请/, "and that the officer looked");
    await someone.leave();
  });
}

/** The repair page of the record of a document. */
async function openRepair(someone, document) {
  await someone.page.goto("/my");
  const row = someone.page.locator("main ul.plain li", { hasText: document });
  await someone.submit(row.locator('a[href$="/repair"]').first());
}

/** Opens what is due until it is the one about the document; gives back its address. */
async function theirs(officer) {
  const links = officer.page.locator('main a[href^="/department/due/"]');
  const all = await links.evaluateAll((found) => found.map((link) => link.getAttribute("href")));
  for (const href of all) {
    await officer.page.goto(href);
    if ((await officer.words()).includes(DOCUMENT)) return href;
  }
  throw new assert.AssertionError({ message: `nothing among what is due is about ${DOCUMENT}: ${all}` });
}
