// Anyone reads licences and penalties of organisations, narrows them in the address, and takes the same as data; no person is in any.
import assert from "node:assert/strict";
import { test } from "node:test";

export default function openData(city) {
  test("public lists say the same on the page, in JSON, CSV and Atom", async () => {
    const anyone = await city.visitor();
    const names = (await city.guide()).persons.map((person) => person.name);
    for (const list of ["licences", "penalties"]) {
      await anyone.page.goto(`/${list}`);
      const shown = await anyone.page.locator("main a[href^='/organisations/']").count();
      assert.ok(shown > 0, list);
      const get = (ending) => fetch(`${city.url}/${list}.${ending}`);
      const data = await (await get("json")).json();
      const csv = await (await get("csv")).text();
      const atom = await (await get("atom")).text();
      assert.equal(data.data.length, shown);
      for (const record of data.data) {
        assert.ok(csv.includes(record.organisation) && csv.includes(String(record.number)), JSON.stringify(record));
        assert.ok(atom.includes(record.organisation), record.organisation);
      }
      for (const name of names) assert.ok(!csv.includes(name), `${list}: a person`);
      const tag = (await get("json")).headers.get("etag");
      const again = await fetch(`${city.url}/${list}.json`, { headers: { "if-none-match": tag } });
      assert.equal(again.status, 304);
    }
    await anyone.leave();
  });

  test("a filter stands in the address and holds for the data too", async () => {
    const anyone = await city.visitor();
    const all = await (await fetch(`${city.url}/licences.json`)).json();
    const { source } = all.data[0];
    await anyone.page.goto("/licences");
    await anyone.page.locator('main select[name="source"]').selectOption(source);
    await anyone.page.locator("main form button").first().click();
    await anyone.page.waitForLoadState();
    const { search } = new URL(anyone.page.url());
    assert.equal(new URLSearchParams(search).get("source"), source);
    const found = await (await fetch(`${city.url}/licences.json${search}`)).json();
    assert.ok(found.data.length > 0 && found.data.every((record) => record.source === source));
    await anyone.leave();
  });
}
