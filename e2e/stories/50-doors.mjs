// Each desk opens to its own people only; everyone else is sent to sign in or is told no.
import assert from "node:assert/strict";
import { test } from "node:test";

const DESKS = {
  department: ["/department", "/department/upload", "/department/submissions", "/department/confirm", "/department/unlinked"],
  counter: ["/counter", "/counter/ledger"],
  audit: ["/audit", "/audit/looks", "/audit/unusual", "/audit/questions", "/audit/acts"],
  office: ["/office", "/office/queue", "/office/rules", "/office/staff", "/office/health"],
  my: ["/my", "/my/looks", "/my/consents"],
};
const PEOPLE = [
  { who: "a visitor", opens: [], sit: (city) => city.visitor() },
  { who: "an officer", opens: ["department"], sit: (city) => city.staff("chen") },
  { who: "a clerk", opens: ["counter"], sit: (city) => city.staff("li") },
  { who: "an auditor", opens: ["audit"], sit: (city) => city.staff("shen") },
  { who: "the credit office", opens: ["office"], sit: (city) => city.staff("guan") },
  { who: "a person", opens: ["my"], sit: async (city) => city.person((await city.guide()).persons[0].name) },
];

/** The page's words without the number that an error is found by in the log. */
async function withoutReference(someone) {
  return (await someone.words()).replace(/404 · \S+/, "404");
}

export default function doors(city) {
  for (const { who, opens, sit } of PEOPLE) {
    test(`${who} opens ${opens.join(", ") || "no desk"} and nothing else`, async () => {
      const someone = await sit(city);
      for (const [desk, paths] of Object.entries(DESKS)) {
        for (const path of paths) {
          const status = await someone.open(path);
          const inside = status === 200 && new URL(someone.page.url()).pathname === path;
          assert.equal(inside, opens.includes(desk), `${who} at ${path}: ${status} ${someone.page.url()}`);
        }
      }
      await someone.leave();
    });
  }

  test("another department's hand-in and an absent one look the same", async () => {
    const chen = await city.staff("chen");
    await chen.page.goto("/department/submissions");
    const own = await chen.page.locator('main a[href^="/department/submissions/"]').first().getAttribute("href");
    await chen.leave();
    const he = await city.staff("he");
    const others = [await he.open(own), await withoutReference(he)];
    const absent = [await he.open("/department/submissions/99999999"), await withoutReference(he)];
    assert.equal(others[0], 404);
    assert.deepEqual(others, absent);
    await he.leave();
  });

  test("a wrong code, a wrong password and an unknown name are refused in the same words", async () => {
    const { password } = await city.guide();
    const said = [];
    for (const [name, secret, code] of [["chen", password, "000000"], ["chen", "wrong", "000000"], ["nobody", password, "000000"]]) {
      const visitor = await city.visitor();
      await visitor.page.goto("/sign-in");
      await visitor.page.fill("#name", name);
      await visitor.page.fill("#password", secret);
      await visitor.page.fill("#code", code);
      await visitor.submit('form[action="/sign-in"] button');
      said.push((await visitor.page.locator('[role="alert"], .errors').first().innerText()).trim());
      await visitor.leave();
    }
    assert.equal(new Set(said).size, 1, said.join(" / "));
  });

  test("signing out closes the door", async () => {
    const { persons } = await city.guide();
    const visitor = await city.visitor();
    await visitor.page.goto("/demo");
    await visitor.submit(`form[action="/demo/enter"]:has(input[name="person"][value="${persons[0].index}"]) button`);
    assert.equal(await visitor.open("/my"), 200);
    await visitor.submit('form[action="/sign-out"] button');
    await visitor.open("/my");
    assert.notEqual(new URL(visitor.page.url()).pathname, "/my");
    await visitor.leave();
  });
}
