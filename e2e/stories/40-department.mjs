// An officer hands a fine in; it has no effect until a second officer has read it; then a grade changes, and the
// person who contests it has the points back at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { commit, handIn, points, rated, upload } from "../support/desk.mjs";
import { daysAgo, fine, penaltyFile } from "../support/files.mjs";

const DOCUMENT = "佛禅市监处〔2026〕9001号";

export default function department(city) {
  test("a fine counts once a second officer has confirmed it, and not before", async () => {
    const person = await rated(city);
    const before = await points(city, person);

    const chen = await city.staff("chen");
    const submission = await handIn(chen, penaltyFile("处罚决定.csv", [
      fine({ ...person, document: DOCUMENT, yuan: 5000, day: daysAgo(3) }),
      fine({ ...person, identifier: `${person.identifier.slice(0, 17)}?`, document: "佛禅市监处〔2026〕9002号", yuan: 800, day: daysAgo(3) }),
    ]));
    assert.match(await chen.words(), /1/, "the report counts");
    const workbook = await Promise.all([
      chen.page.waitForEvent("download"),
      chen.page.locator('a[href$="/errors.xlsx"]').first().click(),
    ]);
    assert.match(workbook[0].suggestedFilename(), /\.xlsx$/, "the refused row comes back as a workbook");
    assert.equal(await points(city, person), before, "pending, it has no effect");

    await chen.open(`/department/confirm/${submission}`);
    assert.equal(await chen.page.locator("#read").count(), 0, "nobody confirms what they handed in");
    await chen.leave();

    const lin = await city.staff("lin");
    await lin.page.goto(`/department/confirm/${submission}`);
    assert.match(await lin.words(), /9001/, "the evidence is open");
    await lin.page.check("#read");
    await lin.submit(`form[action="/department/confirm/${submission}"] button`);
    await lin.leave();

    assert.ok((await points(city, person)) < before, "confirmed, it counts");
  });

  test("an objection suspends it the moment it is filed", async () => {
    const person = await rated(city);
    const fined = await points(city, person);
    const someone = await city.person(person.name);
    await someone.page.goto("/my");
    await someone.submit(someone.page.locator("main ul.plain li", { hasText: DOCUMENT }).locator('a[href^="/my/records/"]').first());
    await someone.page.fill("#ground", "处罚决定书送达有误，已申请行政复议。");
    await someone.submit("#object button");
    await someone.leave();
    assert.ok((await points(city, person)) > fined, "a contested record does not count");
  });

  test("the same file again is held already and counts nothing twice", async () => {
    const person = await rated(city);
    const before = await points(city, person);
    const chen = await city.staff("chen");
    await upload(chen, penaltyFile("处罚决定-再报.csv", [fine({ ...person, document: DOCUMENT, yuan: 5000, day: daysAgo(3) })]));
    assert.equal(await chen.page.locator('form[action^="/department/upload/"]').count(), 0, "there is no row to take in");
    await chen.leave();
    assert.equal(await points(city, person), before);
  });

  test("the same document with another fine is offered as a correction, and takes its place once confirmed", async () => {
    const person = await rated(city);
    const chen = await city.staff("chen");
    await upload(chen, penaltyFile("处罚决定-更正.csv", [fine({ ...person, document: DOCUMENT, yuan: 3000, day: daysAgo(3) })]));
    assert.match(await chen.words(), /CONFLICT/, "it is refused as it stands");
    await chen.page.check("#corrects");
    const submission = await commit(chen);
    await chen.leave();
    assert.match((await standings(city, person))[0], /复核/, "the correction waits");

    const lin = await city.staff("lin");
    await lin.page.goto(`/department/confirm/${submission}`);
    assert.match(await lin.words(), /更正/, "the evidence says what it corrects");
    await lin.page.check("#read");
    await lin.submit(`form[action="/department/confirm/${submission}"] button`);
    await lin.leave();
    const [correction, corrected] = await standings(city, person);
    assert.match(correction, /有效/, "confirmed, it counts");
    assert.match(corrected, /更正/, "and what it corrects is kept, and says so");
  });

  test("another department sees nothing of it", async () => {
    const he = await city.staff("he");
    await he.page.goto("/department/submissions");
    assert.ok(!(await he.words()).includes("处罚决定.csv"));
    await he.leave();
  });

  test("a file that is no file of ours is refused with a word about it", async () => {
    const chen = await city.staff("chen");
    await upload(chen, { name: "午饭.csv", mimeType: "text/csv", buffer: Buffer.from("菜,价\n云吞面,12\n") });
    assert.equal(await chen.page.locator('[role="alert"]').count(), 1);
    await chen.leave();
  });
}

/** How the records of the document stand in the person's own file, the newest first. */
async function standings(city, person) {
  const someone = await city.person(person.name);
  await someone.page.goto("/my");
  const says = await someone.page.locator("main ul.plain li", { hasText: DOCUMENT }).locator(".tag").allInnerTexts();
  await someone.leave();
  return says.map((text) => text.trim());
}
