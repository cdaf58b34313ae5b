// A whole file was of the wrong year. One officer proposes to take it back, a second one confirms it, and everything derived
// follows; the mended file can be handed in as if the first had never come.
import assert from "node:assert/strict";
import { test } from "node:test";
import { confirm, handIn, points, rated } from "../support/desk.mjs";
import { daysAgo, fine, penaltyFile } from "../support/files.mjs";

const DOCUMENT = "佛禅市监处〔2026〕9101号";

export default function undo(city) {
  let submission;
  let before;
  let undoneBefore;
  const file = (person) => penaltyFile("处罚决定-整批.csv", [fine({ ...person, document: DOCUMENT, yuan: 5000, day: daysAgo(3) })]);

  test("a fine of a batch counts", async () => {
    const person = await rated(city);
    before = await points(city, person);
    const chen = await city.staff("chen");
    undoneBefore = await undone(chen);
    submission = await handIn(chen, file(person));
    await chen.leave();
    await confirm(city, submission);
    assert.ok((await points(city, person)) < before, "confirmed, it counts");
  });

  test("one officer proposes to take the batch back, and alone changes nothing", async () => {
    const person = await rated(city);
    const chen = await city.staff("chen");
    await chen.page.goto(`/department/submissions/${submission}`);
    await chen.submit('a[href$="/undo"]');
    await chen.page.fill("#why", "短");
    await chen.submit('form[action$="/undo"] button');
    assert.match(await chen.words(), /5 至 500/);
    await chen.page.fill("#why", "整批报错了年度，原件已核对");
    await chen.submit('form[action$="/undo"] button');
    assert.match(await chen.words(), /等另一名工作人员复核/);
    await chen.submit('a[href$="/undo"]');
    assert.equal(await chen.page.locator('form[action$="/undo/confirm"]').count(), 0, "not by the same officer");
    await chen.leave();
    assert.ok((await points(city, person)) < before);
  });

  test("a second officer confirms it, and the points are back", async () => {
    const person = await rated(city);
    const lin = await city.staff("lin");
    await lin.page.goto("/department/confirm");
    await lin.submit(`a[href="/department/submissions/${submission}/undo"]`);
    assert.match(await lin.words(), /整批报错了年度/, "the reason");
    await lin.page.check("#read");
    await lin.submit('form[action$="/undo/confirm"] button');
    assert.match(await lin.words(), /已撤回/);
    assert.equal(await undone(lin), undoneBefore + 1);
    await lin.leave();
    assert.equal(await points(city, person), before);
  });

  test("the same file is new again", async () => {
    const person = await rated(city);
    const chen = await city.staff("chen");
    const again = await handIn(chen, file(person));
    assert.notEqual(again, submission);
    await chen.leave();
    await confirm(city, again);
    assert.ok((await points(city, person)) < before);
  });
}

/** How many files of the newest month the quality page says were taken back. */
async function undone(officer) {
  await officer.page.goto("/department/quality");
  const row = await officer.page.locator("table.stack tbody tr").first().innerText();
  return Number(/撤回 (\d+)/.exec(row)?.[1] ?? 0);
}
