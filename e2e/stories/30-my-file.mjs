// Mr Luo sees what is held about him, why his grade is what it is, who looked, and takes his consent back.
import assert from "node:assert/strict";
import { test } from "node:test";

export default function myFile(city) {
  test("he sees his grade with reasons that sum to it", async () => {
    const luo = await sitDown(city);
    await luo.page.goto("/my");
    const points = await luo.page.locator(".why").first().locator(".pts").allInnerTexts();
    const numbers = points.map((text) => Number(text.replace("−", "-").replace(/[^\d-]/g, "")));
    const sum = numbers.pop();
    assert.equal(numbers.reduce((total, one) => total + one, 0), sum, `the reasons ${numbers} sum to ${sum}`);
    assert.ok((await luo.page.locator("#records ~ section li").count()) > 0, "and every record");
    await luo.leave();
  });

  test("he sees that the counter looked, for what, and in which case", async () => {
    const luo = await sitDown(city);
    await luo.page.goto("/my/looks");
    const said = await luo.words();
    assert.match(said, /NZ-2026-0417/, "the case");
    assert.match(said, /南庄/, "the office");
    await luo.leave();
  });

  test("he revokes his consent, and the counter is back on the ordinary path", async () => {
    const luo = await sitDown(city);
    await luo.page.goto("/my/consents");
    const open = luo.page.locator('form[action$="/revoke"] button');
    const before = await open.count();
    assert.ok(before > 0, "there is a consent to revoke");
    await luo.submit(open.first());
    assert.equal(await luo.page.locator('form[action$="/revoke"]').count(), before - 1);
    await luo.leave();
  });

  test("each of his records has its own page, and nobody else's opens", async () => {
    const luo = await sitDown(city);
    await luo.page.goto("/my");
    const own = await luo.page.locator('main a[href^="/my/records/"]').first().getAttribute("href");
    assert.equal(await luo.open(own), 200);
    // Record 0 is the first policy bundle, 1 is most likely someone else's; absent and not his look the same.
    const answers = [await luo.open("/my/records/0"), await luo.open("/my/records/99999999")];
    assert.deepEqual(answers, [404, 404]);
    await luo.leave();
  });
}

async function sitDown(city) {
  const { persons } = await city.guide();
  const luo = persons.find((person) => person.name.startsWith("罗"));
  return city.person(luo.name);
}
