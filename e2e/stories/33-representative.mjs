// The register cannot name who represents a company. One officer names the person, who gains nothing by that; a second one compares the papers and
// confirms, and the person has the company's desk.
import assert from "node:assert/strict";
import { test } from "node:test";

export default function representative(city) {
  let company;
  let person;

  test("an officer names a representative, and may not confirm it", async () => {
    const { organisations, persons } = await city.guide();
    company = organisations.at(-1);
    person = persons.find((one) => one.name.startsWith("黄"));
    const chen = await city.staff("chen");
    await chen.page.goto("/department");
    await chen.submit('nav a[href="/department/representatives"]');
    await chen.page.fill("#uscc", company.uscc);
    await chen.page.selectOption("#kind", "resident_id");
    await chen.page.fill("#number", person.identifier);
    await chen.page.fill("#name", "另一个人");
    await chen.submit('form[action$="/find"] button');
    assert.match(await chen.words(), /没有号码和姓名都相符的人/);
    await chen.page.fill("#name", person.name);
    await chen.submit('form[action$="/find"] button');
    assert.ok(!(await chen.words()).includes(person.name), "masked");
    await chen.page.fill("#why", "任命书和身份证原件已当面核对");
    await chen.submit('form[action="/department/representatives/new"] button');
    assert.match(await chen.words(), /等另一位工作人员确认/);
    await chen.submit('main table a[href^="/department/representatives/"]');
    assert.equal(await chen.page.locator('form[action$="/confirm"]').count(), 0, "not by the same officer");
    assert.match(await chen.words(), /需由同事确认/);
    await chen.leave();
    const own = await city.person(person.name);
    assert.equal(await own.open(`/company/${company.uscc}`), 403, "without effect yet");
    await own.leave();
  });

  test("a second officer confirms it, and the person acts for the company", async () => {
    const lin = await city.staff("lin");
    await lin.page.goto("/department");
    await lin.submit('main a[href^="/department/representatives"]');
    await lin.submit('main table a[href^="/department/representatives/"]');
    await lin.submit('form[action$="/confirm"] button');
    assert.match(await lin.words(), /可以为单位办事/);
    await lin.leave();
    const own = await city.person(person.name);
    await own.page.goto("/company");
    await own.submit(`main a[href="/company/${company.uscc}"]`);
    assert.ok((await own.page.locator("body").innerText()).includes(company.name));
    await own.page.goto("/my/looks");
    assert.match(await own.words(), /谁是法定代表人/, "and reads what the officers looked at");
    await own.leave();
  });

  test("what was wrong is taken back at once", async () => {
    const chen = await city.staff("chen");
    await chen.page.goto("/department/representatives?state=confirmed");
    await chen.submit('main table a[href^="/department/representatives/"]');
    await chen.page.fill("#why", "登记机关已经更正了任命");
    await chen.submit('form[action$="/take-back"] button');
    assert.match(await chen.words(), /已撤回/);
    await chen.leave();
    const own = await city.person(person.name);
    assert.equal(await own.open(`/company/${company.uscc}`), 403);
    await own.leave();
  });
}
