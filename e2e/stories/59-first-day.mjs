// The first day, as its chapter of the book tells it, in a district of its own: every button is pressed by the name that the chapter gives it, so
// that neither can change without the other.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { startDemo } from "../support/demo.mjs";
import { LANGUAGES } from "../support/city.mjs";

const BOOK = fileURLToPath(new URL("../../docs/book/", import.meta.url));
const DOCUMENT = "佛禅市监处〔2026〕9101号";

/** What the chapter prints in bold, in the order in which it is met. */
const WORDS = {
  en: {
    enter: "Enter", residents: "Enter as a resident", staff: "Enter as staff", back: "Back to the demo’s start",
    todo: "To do", handIn: "Hand in a file", check: "Check and preview", take: "Hand in 1 row",
    refused: "Download refused rows (to correct and send again)", menuHandIn: "Hand in",
    toConfirm: "To confirm", colleague: "A colleague must confirm",
    forYou: "For you to confirm", confirm: "Confirm", evidence: "Open the evidence",
    compared: "I have compared each record with its effective document", confirmOne: "Confirm 1 record",
    why: "Why C", object: "Object", objectTo: "Object to this record", send: "Send the objection", contested: "Contested, suspended",
    mine: "My credit", owed: "For the department to answer", answer: "Answer", open: "Open", uphold: "Uphold the objection",
    checked: "What you checked, and why", sendAnswer: "Send the answer", mustAnswer: "A colleague must answer",
    withdrawn: "Withdrawn", happened: "What happened", upheld: "Objection upheld", search: "Public search",
  },
  zh: {
    enter: "进入", residents: "以居民身份进入", staff: "以工作人员身份进入", back: "回到演示首页",
    todo: "待办", handIn: "报送文件", check: "检查并预览", take: "确认报送 1 行",
    refused: "下载退回表（可改后再报）", menuHandIn: "报送",
    toConfirm: "待复核", colleague: "须由同事复核",
    forYou: "等您复核", confirm: "去复核", evidence: "打开证据",
    compared: "我已对照生效文书逐条核对", confirmOne: "复核，使 1 条生效",
    why: "为什么是 C", object: "提出异议", objectTo: "提出异议", send: "提交异议", contested: "有异议，暂停计入",
    mine: "我的信用", owed: "等本部门答复", answer: "去答复", open: "打开", uphold: "异议成立",
    checked: "核实情况和理由", sendAnswer: "答复", mustAnswer: "须由同事答复",
    withdrawn: "已撤回", happened: "经过", upheld: "异议成立", search: "信用公示查询",
  },
};

export default function firstDay(city) {
  for (const lang of LANGUAGES) {
    test(`the first day, as the book tells it, ${lang}`, { timeout: 400_000 }, async () => {
      const chapter = await readFile(path.join(BOOK, `first-day.${lang}.md`), "utf8");
      for (const [key, word] of Object.entries(WORDS[lang])) {
        assert.ok(chapter.replace(/\s+/g, " ").includes(`**${word}`), `the chapter no longer says **${word}** (${key})`);
      }
      const demo = await startDemo();
      try {
        const someone = await city.elsewhere(demo.url).visitor({ lang });
        await theDay(new Reader(someone, WORDS[lang]), lang, path.dirname(demo.data));
        await someone.leave();
      } finally {
        await demo.stop();
      }
    });
  }
}

async function theDay(reader, lang, folder) {
  const { w, seat } = reader;
  const [first, mended] = await files(folder);

  await reader.enter("陈科员");
  await reader.sees(w.todo);
  await reader.press(w.handIn);
  await handIn(reader, first);
  assert.match(await seat.words(), /4406\S{8,}/, `the faulty cell is named with its content: ${await seat.words()}`);
  await reader.take();
  const [download] = await Promise.all([seat.page.waitForEvent("download"), reader.target(w.refused).click({ noWaitAfter: true })]);
  assert.match(download.suggestedFilename(), /^returned-.*\.xlsx$/);
  await reader.press(w.menuHandIn, "nav");
  await handIn(reader, mended);
  await reader.take();
  await reader.press(w.toConfirm, "nav");
  assert.equal(await seat.page.getByText(w.colleague).count(), 2, "beside both of her files, and not beside the demo's own");

  await reader.enter("林科长");
  await reader.sees(w.forYou);
  await reader.press(w.confirm, `main li:has-text("${w.forYou}"), main`);
  // The newest stands first: it is the mended one.
  for (const file of ["penalties.csv", "mended.csv"]) {
    if (!new URL(seat.page.url()).pathname.endsWith("/confirm")) await seat.page.goto("/department/confirm");
    await reader.press(w.evidence, `main tr:has-text("${file}")`);
    await reader.sees(w.compared);
    await seat.page.check("#read");
    await reader.press(w.confirmOne);
  }

  await reader.enter("黄晓敏");
  await reader.sees(w.why);
  assert.equal(await points(seat), 60, "66 before, as the chapter says");
  const reason = seat.page.locator(".why li, .why tr, .why > *", { hasText: DOCUMENT }).last();
  await seat.submit(reason.locator("a", { hasText: new RegExp(`^\\s*${w.object}`) }));
  await reader.sees(w.objectTo);
  await seat.page.fill("#ground", { en: "This is not my stall; somebody of the same name was meant.", zh: "这不是我的摊位，处罚的是同名的另一个人。" }[lang]);
  await reader.press(w.send);
  await reader.sees(w.contested);
  await reader.press(w.mine, "nav");
  assert.equal(await points(seat), 66, "nobody had to decide anything for that");

  await reader.enter("陈科员");
  await seat.page.goto("/department/due");
  await reader.sees(w.mustAnswer);
  await reader.enter("林科长");
  await reader.sees(w.owed);
  await reader.press(w.answer, `main li:has-text("${w.owed}"), main`);
  await reader.press(w.open, "main table");
  await reader.sees(w.checked);
  await seat.page.getByText(w.uphold, { exact: true }).first().click();
  await seat.page.fill("#why", { en: "The file of the inspection shows that somebody of the same name was meant.", zh: "经核对执法记录，当事人是同名的另一人。" }[lang]);
  await reader.press(w.sendAnswer, "main form");

  await reader.enter("黄晓敏");
  await reader.sees(w.withdrawn);
  const entry = seat.page.locator("main ul.plain li", { hasText: DOCUMENT }).locator('a[href^="/my/records/"]');
  await seat.submit(entry.first());
  await reader.sees(w.happened);
  await reader.sees(w.upheld);
  await seat.page.goto("/my/looks");
  assert.ok((await seat.page.locator("main").innerText()).length > 200, "each time that they opened her file");
  await reader.press(w.search, "footer");
  await seat.page.goto("/organisations?q=黄晓敏");
  assert.equal(await seat.page.locator('main a[href^="/organisations/"]').count(), 0, "there is no way");
}

/** The file of the book with today in it, and the same with the digit that was missing. */
async function files(folder) {
  const text = await readFile(path.join(BOOK, "penalties.csv"), "utf8");
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll("-", "/");
  const first = text.replaceAll("2026/11/16", today);
  const mended = first.replace(",44060419840115047,", ",440604198401150479,");
  assert.notEqual(first, mended);
  const written = [path.join(folder, "penalties.csv"), path.join(folder, "mended.csv")];
  await writeFile(written[0], first);
  await writeFile(written[1], mended);
  return written;
}

async function handIn(reader, file) {
  await reader.seat.page.setInputFiles("#file", file);
  await reader.press(reader.w.check);
  await reader.seat.page.locator("main progress").waitFor({ state: "detached", timeout: 30_000 });
}

/** The sum under the reasons. */
async function points(seat) {
  return Number((await seat.page.locator(".why .sum .pts").first().innerText()).replace(/[^\d]/g, ""));
}

/** Somebody who presses what the chapter names, and nothing else. */
class Reader {
  constructor(seat, words) {
    this.seat = seat;
    this.w = words;
  }

  target(words, within = "main") {
    const begins = new RegExp(`^\\s*${words.replace(/[()（）]/g, "\\$&")}`);
    return this.seat.page.locator(within).first().locator("a, button", { hasText: begins }).first();
  }

  press(words, within) {
    return this.seat.submit(this.target(words, within));
  }

  async take() {
    await this.press(this.w.take);
    await this.seat.page.waitForURL(/\/department\/submissions\/\d+/, { timeout: 30_000 });
  }

  async sees(words) {
    const text = (await this.seat.page.locator("body").innerText()).replace(/\s+/g, " ");
    assert.ok(text.includes(words), `“${words}” is not at ${this.seat.page.url()}`);
  }

  /** Back to the start by the yellow line, and in as somebody else. */
  async enter(name) {
    const back = this.seat.page.locator("a", { hasText: this.w.back });
    if ((await back.count()) > 0) await this.seat.submit(back.first());
    else await this.seat.page.goto("/demo");
    await this.sees(this.w.residents);
    await this.sees(this.w.staff);
    const entry = this.seat.page.locator("main li", { hasText: name }).locator("form button", { hasText: this.w.enter });
    await this.seat.submit(entry.first());
  }
}
