// One company stands in the register under two codes. An officer of the register proposes to make its two files one, a
// second one compares both and confirms it; when that turns out to be wrong, the two are two again at once.
import assert from "node:assert/strict";
import { test } from "node:test";

export default function merge(city) {
  let two;

  test("an officer finds both files and proposes to merge them", async () => {
    const visitor = await city.visitor();
    await visitor.page.goto("/organisations?q=公司");
    const links = visitor.page.locator('main a[href^="/organisations/"]');
    const all = await links.evaluateAll((found) => found.map((link) => link.getAttribute("href").split("/").at(-1)));
    two = [...new Set(all)].filter((code) => /^[0-9A-Z]{18}$/.test(code)).slice(0, 2);
    assert.equal(two.length, 2);
    await visitor.leave();

    const chen = await city.staff("chen");
    await chen.page.goto("/department");
    await chen.submit('nav a[href="/department/merges"]');
    await fill(chen, two[0], two[0]);
    assert.match(await chen.words(), /已经属于同一份档案/, "one is not two");
    await fill(chen, ...two);
    assert.match(await chen.words(), /保留的档案.*并入的档案/s, "side by side");
    for (const code of two) assert.ok((await chen.words()).includes(code), code);
    await chen.page.fill("#why", "短");
    await chen.submit('form[action="/department/merges/new"] button');
    assert.match(await chen.words(), /至少 5 个字/);
    await chen.page.fill("#why", "两个代码是同一企业换照前后的代码，登记档案已核对");
    await chen.submit('form[action="/department/merges/new"] button');
    assert.match(await chen.words(), /等另一位工作人员确认/);
    await chen.submit('main a[href^="/department/merges/"]');
    assert.equal(await chen.page.locator('form[action$="/confirm"]').count(), 0, "not by the same officer");
    await chen.leave();
    assert.notEqual(await title(city, two[0]), await title(city, two[1]), "without effect yet");
  });

  test("a second officer confirms it, and the two are one", async () => {
    const lin = await city.staff("lin");
    await lin.page.goto("/department/merges");
    await lin.submit('main a[href^="/department/merges/"]');
    await lin.submit('form[action$="/confirm"] button');
    assert.match(await lin.words(), /两份档案成为一份/);
    await lin.leave();
    assert.equal(await title(city, two[1]), await title(city, two[0]), "either code leads to the one file");
  });

  test("it was wrong: the two are two again, at once", async () => {
    const lin = await city.staff("lin");
    await lin.page.goto("/department/merges");
    await lin.submit('main a[href^="/department/merges/"]');
    await lin.page.fill("#why", "两家企业法定代表人不同，不是同一企业");
    await lin.submit('form[action$="/undo"] button');
    assert.match(await lin.words(), /恢复为两份档案/);
    await lin.leave();
    assert.notEqual(await title(city, two[0]), await title(city, two[1]));
  });
}

async function fill(officer, kept, merged) {
  for (const [field, code] of [["kept", kept], ["merged", merged]]) {
    await officer.page.selectOption(`#${field}_kind`, "uscc");
    await officer.page.fill(`#${field}`, code);
  }
  await officer.submit('form[action="/department/merges/find"] button');
}

/** The name on the page of an organisation, by its code. */
async function title(city, code) {
  const visitor = await city.visitor();
  await visitor.page.goto(`/organisations/${code}`);
  const name = await visitor.page.locator("h1").first().innerText();
  await visitor.leave();
  return name;
}
