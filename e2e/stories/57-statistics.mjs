// What is told of the district in counts, and another engine that comes to the same from the statement beside each table.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { assertAccessible, assertWellMade } from "../support/axe.mjs";
import { LANGUAGES, WIDTHS } from "../support/city.mjs";

export default function statistics(city) {
  test("DuckDB comes to the same counts by the statements that are shown", async (t) => {
    if (!city.data) return t.skip("the demo is somebody else's");
    const folder = await mkdtemp(join(tmpdir(), "xinlian-statistics-"));
    const run = (...args) => promisify(execFile)(city.program, args, { maxBuffer: 1 << 26 });
    const told = JSON.parse((await run("statistics", "--data", city.data, "--json", "--tables", folder)).stdout);
    const duck = await (await DuckDBInstance.create(":memory:")).connect();
    for (const table of ["arrived", "facts", "subjects", "outcome", "towns"]) {
      await duck.run(`CREATE VIEW ${table} AS SELECT * FROM '${join(folder, `${table}.parquet`)}'`);
    }
    const statements = told.statements[told.edition];
    const sums = new Map();
    const count = (key, n) => sums.set(key, (sums.get(key) ?? 0) + n);
    const read = async (name, keys) => {
      const rows = (await duck.runAndReadAll(statements[name])).getRowObjectsJson();
      for (const row of rows) for (const key of keys(row)) count([name, ...key].join("|"), Number(row.records ?? row.subjects));
      return rows.length;
    };
    const lines = (of, row, column) => [[of, row, column], [of, row, "sum"], [of, "sum", column], [of, "sum", "sum"]];
    assert.ok(await read("classes", (row) => lines(row.month, row.source, row.class)) > 5);
    assert.ok(await read("acts", (row) => [[row.month, row.item, "sum"]]) >= 0);
    assert.ok(await read("grades", (row) => lines(row.kind, row.town, row.grade)) > 8);
    // Of sources whose sum is not told the second table says nothing, so its own sums are of the others.
    const shown = new Set(told.data.filter((one) => one.table === "days").map((one) => `${one.of}|${one.row}`));
    await read("days", (row) => (shown.has(`${row.month}|${row.source}`) ? lines(row.month, row.source, String(row.days)) : []));
    let counts = 0;
    for (const one of told.data) {
      const theirs = sums.get([one.table, one.of, one.row, one.column].join("|")) ?? 0;
      const where = JSON.stringify(one);
      if (one.told === "told") assert.equal(theirs, one.count, where);
      if (one.told === "few") assert.ok(theirs > 0 && theirs < 10, `${theirs}: ${where}`);
      assert.ok(one.count === null || one.count === 0 || one.count >= 10, where);
      counts += one.count ? 1 : 0;
    }
    assert.ok(counts > 40, `${counts} counts are told`);
    await rm(folder, { recursive: true });
  });

  for (const lang of LANGUAGES) {
    for (const width of WIDTHS) {
      test(`the office narrows the statistics and takes them away, ${lang}, ${width} px`, async () => {
        const guan = await city.staff("guan", { lang, width });
        await guan.page.goto("/office/statistics");
        await shoot(guan, "office-statistics", lang, width);
        await guan.page.selectOption("#source", "chancheng.market");
        await guan.submit('form[action="/office/statistics"] button');
        assert.equal(new URL(guan.page.url()).searchParams.get("source"), "chancheng.market");
        await guan.page.locator("#records details summary").click();
        assert.match(await guan.page.locator("#records pre").innerText(), /FROM arrived/);
        const csv = await guan.page.getAttribute('main a[href^="/office/statistics.csv"]', "href");
        assert.ok(csv.includes("source=chancheng.market"), csv);
        await shoot(guan, "office-statistics-narrowed", lang, width);
        await guan.leave();
      });
    }
  }

  test("anyone reads the grades of the towns, and nothing about fewer than ten", async () => {
    const anyone = await city.visitor({ script: false });
    await anyone.page.goto("/");
    await anyone.page.click('footer a[href="/statistics"]');
    assert.equal(await anyone.page.locator("#grades table").count() > 0, true);
    const data = await (await fetch(`${city.url}/statistics.json`)).json();
    assert.ok(data.data.some((one) => one.table === "grades" && one.count >= 10));
    assert.ok(data.data.every((one) => one.count === null || one.count === 0 || one.count >= 10));
    assert.ok((await (await fetch(`${city.url}/statistics.csv`)).text()).includes("grades,person,"));
    await anyone.leave();
  });
}

async function shoot(someone, name, lang, width) {
  await someone.page.screenshot({ path: new URL(`../shots/${name}-${lang}-${width}.png`, import.meta.url).pathname, fullPage: true });
  await assertWellMade(someone.page, name, lang);
  await assertAccessible(someone.page, name);
}
