// A row came without its number. The desk says whom it may concern and names nobody; an officer compares, links it with a
// reason, a second one confirms. It was somebody else: the link is undone, and nothing of it is left in the file.
import assert from "node:assert/strict";
import { test } from "node:test";
import { confirm, handIn, points, rated } from "../support/desk.mjs";
import { daysAgo, fine, penaltyFile } from "../support/files.mjs";

const DOCUMENT = "佛禅市监处〔2026〕9401号";
const EVIDENCE = "调取身份证复印件，出生日期和号码末四位相符";
const WRONG = "当事人到场，号码中间四位不同，是同名的另一人";

export default function rightPerson(city) {
  let before;
  let number;
  let submission;

  test("the row waits, and has no effect on anybody", async () => {
    const person = await rated(city);
    before = await points(city, person);
    const id = person.identifier;
    const born = `${id.slice(6, 10)}年${Number(id.slice(10, 12))}月${Number(id.slice(12, 14))}日`;
    const row = {
      ...fine({ ...person, identifier: `${id.slice(0, 6)}********${id.slice(-4)}`, document: DOCUMENT, yuan: 3000, day: daysAgo(6) }),
      出生日期: born,
    };
    const chen = await city.staff("chen");
    submission = await handIn(chen, penaltyFile("处罚决定-无号.csv", [row], ["出生日期"]));
    assert.match(await chen.words(), /未关联/);
    await chen.leave();
    assert.equal(await points(city, person), before);
  });

  test("it stands first in the queue, almost certain, and nobody is named", async () => {
    const person = await rated(city);
    const seen = await looks(city, person);
    const chen = await city.staff("chen");
    await chen.page.goto("/department/unlinked");
    const first = chen.page.locator("tbody tr").first();
    assert.match(await first.innerText(), new RegExp(DOCUMENT));
    assert.match(await first.innerText(), /几乎可以肯定/);
    await chen.submit("tbody tr:first-child a");
    number = /unlinked\/(\d+)/.exec(chen.page.url())[1];
    const beside = chen.page.locator(".proposal").first();
    for (const said of [/几乎可以肯定/, /姓名.*✓ 相同/, /出生日期.*✓ 相同/, /证件号码.*✓ 可见部分相同/]) {
      assert.match((await beside.innerText()).replace(/\s+/g, " "), said);
    }
    assert.equal(await looks(city, person), seen, "nobody's file was opened for it");
    await chen.submit('.proposal form[action$="/open"] button');
    assert.match(await chen.words(), new RegExp(person.identifier.slice(-4)));
    await chen.page.fill("#evidence", EVIDENCE);
    await chen.submit('form[action$="/link"] button');
    assert.match(await chen.words(), /已关联/);
    await chen.leave();
    assert.equal(await points(city, person), before, "an adverse record waits for a second officer");
  });

  test("confirmed by the other officer, it counts", async () => {
    const person = await rated(city);
    await confirm(city, submission);
    assert.ok((await points(city, person)) < before);
  });

  test("the link is undone, and nothing of it is left", async () => {
    const person = await rated(city);
    const lin = await city.staff("lin");
    await lin.page.goto("/department/records");
    await lin.page.fill("#number", number);
    await lin.submit('form.filters button');
    assert.match(await lin.words(), new RegExp(EVIDENCE.slice(0, 8)));
    await lin.page.fill("#why-unlink", WRONG);
    await lin.submit("#unlink button");
    assert.match(await lin.words(), /关联已解除/);
    await lin.page.goto(`/department/unlinked/${number}`);
    assert.equal(await lin.page.locator(".proposal").count(), 0, "whom it was taken from is not proposed again");
    await lin.page.goto(`/department/records/${number}`);
    await lin.page.fill("#why", "重复报送，原件已更正");
    await lin.submit("#withdraw button");
    assert.match(await lin.words(), /已撤回/);
    await lin.leave();
    assert.equal(await points(city, person), before);
  });
}

/** How often somebody looked at a person, as the person sees it. */
async function looks(city, person) {
  const someone = await city.person(person.name);
  await someone.page.goto("/my/looks");
  const rows = await someone.page.locator("main tbody tr, main li").count();
  await someone.leave();
  return rows;
}
