// Anyone looks a company up; nobody finds a person.
import assert from "node:assert/strict";
import { test } from "node:test";

export default function publicSearch(city) {
  for (const script of [true, false]) {
    test(`anyone finds a company by its name${script ? "" : ", without JavaScript"}`, async () => {
      const { organisations } = await city.guide();
      const company = organisations[0];
      const visitor = await city.visitor({ script });
      await visitor.page.goto("/");
      await visitor.page.fill("#q", company.name);
      await visitor.submit('form[role="search"] button');
      await visitor.submit(`main a[href="${company.href}"]`);
      assert.equal(await visitor.page.locator("h1").innerText(), company.name);
      assert.ok((await visitor.words()).includes(company.uscc), "the page shows the code");
      assert.equal(new URL(visitor.page.url()).pathname, company.href, "and has a stable address");
      await visitor.leave();
    });
  }

  test("public search finds no natural person, by name or by number", async () => {
    const { persons } = await city.guide();
    const visitor = await city.visitor();
    for (const text of persons.slice(0, 3).flatMap((person) => [person.name, person.identifier])) {
      await visitor.page.goto(`/organisations?q=${encodeURIComponent(text)}`);
      const found = await visitor.page.locator('main a[href^="/organisations/"]').count();
      assert.equal(found, 0, `\`${text}\` finds something`);
      assert.ok(!(await visitor.words()).includes("44060419"), "and no number is shown");
    }
    await visitor.leave();
  });

  test("a company that is not there is a page that says so", async () => {
    const visitor = await city.visitor();
    assert.equal(await visitor.open("/organisations/91440604MA00000000"), 404);
    assert.equal(await visitor.page.locator("h1").count(), 1);
    await visitor.leave();
  });
}
