// Mr Luo of the article forgot his letter of authority. He is told, he is asked, and he need not come twice.
import assert from "node:assert/strict";
import { test } from "node:test";

const SERVICE = "hygiene-licence-renewal";
const FORGOTTEN = "letter-of-authority";
const CASE = "NZ-2026-0417";

export default function counter(city) {
  test("the counter says 可容缺受理 to Mr Luo once he has agreed", async () => {
    const luo = await find(city);
    const li = await city.staff("li");
    await identify(li, luo, CASE);

    assert.equal(await li.page.locator(".verdict.as-usual").count(), 1, "without consent the ordinary path is followed");
    assert.ok(!/[ABCD] ?级/.test(await li.words()), "the counter sees no grade");

    assert.equal(await li.page.locator("#consent").count(), 0, "and nobody is asked what would not help");

    await handInAllBut(li, FORGOTTEN);
    if ((await li.page.locator("#told").count()) > 0) await li.page.check("#told");
    await li.page.check("#agreed");
    await li.submit("#consent button");

    const verdict = await li.page.locator(".verdict").innerText();
    assert.match(verdict, /容缺/, "the verdict");
    assert.match(verdict, /20\d\d/, "with the day by which the paper is due");
    assert.equal(await li.page.locator(".verdict.as-usual").count(), 0);
    assert.equal(await li.page.isChecked(`#m-${FORGOTTEN}`), false, "and the paper is still missing");
    assert.ok(!/[ABCD] ?级/.test(await li.words()), "the counter still sees no grade");
    await li.leave();
  });

  test("without a core paper nobody is accepted, whatever the grade", async () => {
    const luo = await find(city);
    const li = await city.staff("li", { script: false });
    await identify(li, luo, `${CASE}-b`);
    assert.equal(await li.page.locator("form[data-submit-on-change] button").isVisible(), true, "without script there is a button");
    assert.equal(await li.page.locator(".verdict.as-usual").count(), 1);
    await li.leave();
  });

  test("the same question without JavaScript has the same answer", async () => {
    const luo = await find(city);
    const li = await city.staff("li", { script: false });
    await identify(li, luo, `${CASE}-c`);
    for (const box of await papers(li)) if (!box.endsWith(FORGOTTEN)) await li.page.check(`#${box}`);
    await li.submit("form[data-submit-on-change] button");
    assert.match(await li.page.locator(".verdict").innerText(), /容缺/);
    await li.leave();
  });

  test("the counter is worked with the keyboard alone", async () => {
    const luo = await find(city);
    const li = await city.staff("li");
    const at = () => li.page.evaluate(() => document.activeElement.id);
    const press = (key) => li.press(key);
    await li.page.goto("/counter");
    assert.equal(await at(), "identifier", "the card is read into the box");
    await li.page.keyboard.press("F3");
    assert.equal(await at(), "service");
    for (let n = 0; n < 20 && (await li.page.inputValue("#service")) !== SERVICE; n += 1) await li.page.keyboard.press("ArrowDown");
    assert.equal(await li.page.inputValue("#service"), SERVICE, "the arrows choose the service");
    await li.page.keyboard.press("F2");
    await li.page.keyboard.type(luo.identifier);
    await press("Enter");
    assert.equal(await li.page.locator(".verdict").count(), 1, "Enter asks");
    await li.page.keyboard.press("F6");
    const box = await at();
    const before = await li.page.isChecked(`#${box}`);
    await press("Space");
    assert.equal(await li.page.isChecked(`#${box}`), !before, "the space bar ticks a paper");
    assert.equal(await at(), box, "and the hand stays where it was");
    await press("F4");
    assert.match(new URL(li.page.url()).pathname, /\/letter$/);
    await press("F2");
    assert.equal(await at(), "identifier", "the next applicant");
    await press("F8");
    assert.equal(new URL(li.page.url()).pathname, "/counter/ledger");
    await li.leave();
  });

  test("the next card is read on the answer of the last one, and a company's code is known for one", async () => {
    const { organisations } = await city.guide();
    const luo = await find(city);
    const li = await city.staff("li", { script: false });
    await identify(li, luo, `${CASE}-e`);
    await li.page.fill("#identifier", organisations[0].uscc);
    await li.submit('form[action="/counter/check"] button');
    assert.match(await li.words(), new RegExp(organisations[0].uscc));
    await li.leave();
  });

  test("a stranger to the register is no worse off, and nothing about anyone is told", async () => {
    const li = await city.staff("li");
    await identify(li, { identifier: strange((await find(city)).identifier) }, `${CASE}-d`);
    assert.ok(!(await li.words()).includes("罗"), "no name is shown");
    await li.leave();
  });
}

async function find(city) {
  const { persons } = await city.guide();
  const luo = persons.find((person) => person.name.startsWith("罗"));
  assert.ok(luo, "Mr Luo is on the start page");
  return luo;
}

async function identify(clerk, person, number) {
  await clerk.page.goto("/counter");
  await clerk.page.fill("#identifier", person.identifier);
  await clerk.page.selectOption("#service", SERVICE);
  await clerk.page.fill("#case", number);
  await clerk.submit('form[action="/counter/check"] button');
}

function papers(clerk) {
  return clerk.page.locator('input[name="in_hand"]').evaluateAll((boxes) => boxes.map((box) => box.id));
}

/** Ticks what is on the desk; with script each tick asks again. */
async function handInAllBut(clerk, missing) {
  for (const box of await papers(clerk)) {
    if (box.endsWith(missing) || (await clerk.page.isChecked(`#${box}`))) continue;
    await clerk.submit(`#${box}`);
  }
}

/** Another made-up number of the same form, which nobody has: one day of birth later, the check digit moved along. */
function strange(identifier) {
  const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const LAST = "10X98765432";
  const body = `${identifier.slice(0, 14)}998`;
  const sum = (text) => [...text].reduce((total, digit, place) => total + Number(digit) * WEIGHTS[place], 0) % 11;
  const shift = (LAST.indexOf(identifier[17]) - sum(identifier.slice(0, 17)) + 11) % 11;
  return body + LAST[(sum(body) + shift) % 11];
}
