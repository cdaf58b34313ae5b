// A spreadsheet with headers of its own: the officer says once which column is which, and the next file with these headers is
// read without asking.
import assert from "node:assert/strict";
import { test } from "node:test";
import { rated, upload } from "../support/desk.mjs";
import { daysAgo } from "../support/files.mjs";

export default function columns(city) {
  const HEADERS = ["当事人", "类型", "身份证", "文号", "违法情况", "根据", "种类", "决定", "罚没款", "作出日期", "作出机关"];
  const row = (person, document) => [
    person.name, "自然人", person.identifier, document, "未按规定公示经营信息", "《无证无照经营查处办法》第十三条", "罚款",
    "处以罚款人民币五百元。", "0.05", daysAgo(2), "佛山市禅城区市场监督管理局",
  ];
  const file = (name, rows) => ({ name, mimeType: "text/csv", buffer: Buffer.from([["禅城区处罚台账"], HEADERS, ...rows].map((cells) => cells.join(",")).join("\r\n")) });

  test("headers nobody knows are matched by hand, on a proposal", async () => {
    const person = await rated(city);
    const chen = await city.staff("chen");
    await upload(chen, file("台账.csv", [row(person, "佛禅市监处〔2026〕9201号")]));
    assert.equal(await chen.page.locator('[role="alert"]').count(), 1, "it is not read as it stands");
    await chen.submit('a[href$="/columns"]');
    await chen.page.selectOption("#layout", "sgs-penalty-2018");
    await chen.submit("form.filters button");
    // What is proposed stands there; an officer completes it.
    const chosen = async (code) => chen.page.locator(`#column-${code} option:checked`).innerText();
    assert.match(await chosen("CF_JDRQ"), /作出日期/, "by its header and its days");
    await chen.page.selectOption("#column-CF_XDR_MC", { label: await option(chen, "当事人") });
    await chen.submit("#columns button");
    assert.match(await chen.words(), /必填的列还没有对应|一列只能对应一列/, "what is missing is named");
    for (const [code, header] of [
      ["CF_XDR_MC", "当事人"], ["CF_XDR_LB", "类型"], ["CF_XDR_ZJHM", "身份证"], ["CF_WSH", "文号"], ["CF_SY", "违法情况"], ["CF_YJ", "根据"],
      ["CF_CFLB", "种类"], ["CF_NR", "决定"], ["CF_NR_FK", "罚没款"], ["CF_JDRQ", "作出日期"], ["CF_CFJG", "作出机关"],
    ]) {
      await chen.page.selectOption(`#column-${code}`, { label: await option(chen, header) });
    }
    for (const select of await chen.page.locator("#columns select").all()) {
      const id = await select.getAttribute("id");
      if (!/_(MC|LB|ZJHM|WSH|SY|YJ|CFLB|NR|FK|JDRQ|CFJG)$/.test(id) || /column-CF_FR/.test(id)) await select.selectOption("");
    }
    await chen.submit("#columns button");
    await chen.page.locator("main progress").waitFor({ state: "detached", timeout: 30_000 });
    assert.match(await chen.words(), /9201/, "now it is read");
    assert.equal(await chen.page.locator('form[action^="/department/upload/"] button[data-key="F8"]').count(), 1);
    await chen.leave();
  });

  test("the next file with these headers is read at once", async () => {
    const person = await rated(city);
    const chen = await city.staff("chen");
    await upload(chen, file("台账二.csv", [row(person, "佛禅市监处〔2026〕9202号")]));
    assert.equal(await chen.page.locator('[role="alert"]').count(), 0);
    assert.match(await chen.words(), /9202/);
    await chen.leave();
  });
}

/** The words of the option for a header of the file, with its values. */
async function option(officer, header) {
  const all = await officer.page.locator("#columns select").first().locator("option").allInnerTexts();
  return all.find((text) => text === header || text.startsWith(`${header}（`));
}
