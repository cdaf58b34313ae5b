// axe-core on the page as it stands, and what axe does not ask.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const SOURCE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Fails with every violation: rule, element and what axe says to do. */
export async function assertAccessible(page, where) {
  // The protocol runs this beside the page's own Content-Security-Policy, which stays on.
  await page.evaluate(SOURCE);
  const violations = await page.evaluate(async (values) => {
    const found = await globalThis.axe.run(document, { runOnly: { type: "tag", values } });
    return found.violations.map((one) => ({
      rule: one.id,
      help: one.help,
      at: one.nodes.slice(0, 5).map((node) => `${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`),
    }));
  }, RULES);
  assert.deepEqual(violations, [], `${where} is not accessible`);
}

/** The page says its language, fits its width, and has words for every key. */
export async function assertWellMade(page, where, lang) {
  const facts = await page.evaluate(() => ({
    lang: document.documentElement.lang,
    title: document.title.trim(),
    headings: document.querySelectorAll("h1").length,
    wide: document.scrollingElement.scrollWidth - document.documentElement.clientWidth,
    missing: document.body.innerText.match(/⟦.*?⟧/g) ?? [],
  }));
  assert.equal(facts.lang.slice(0, 2), lang, `${where} says it is in \`${facts.lang}\``);
  assert.notEqual(facts.title, "", `${where} has no title`);
  assert.equal(facts.headings, 1, `${where} has ${facts.headings} main headings`);
  assert.deepEqual(facts.missing, [], `${where} lacks words`);
  assert.ok(facts.wide <= 0, `${where} is ${facts.wide} pixels wider than its window`);
}
