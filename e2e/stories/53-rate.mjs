// Everyone rated in one run, and once more by another engine from the statement that the program prints.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";

const RANK = { A: 3, B: 2, C: 1, D: 0 };

export default function rate(city) {
  const xinlian = async (...args) => (await promisify(execFile)(city.program, args, { maxBuffer: 1 << 26 })).stdout;

  test("DuckDB comes to the same points, grades and dimensions for everyone", async (t) => {
    if (!city.data) return t.skip("the demo is somebody else's");
    const folder = await mkdtemp(join(tmpdir(), "xinlian-rate-"));
    const duck = await (await DuckDBInstance.create(":memory:")).connect();
    const rows = async (sql) => (await duck.runAndReadAll(sql)).getRowObjectsJson();
    for (const on of ["2024-03-31", daysFromNow(0), daysFromNow(400)]) {
      const counts = JSON.parse(
        await xinlian("rate", "--data", city.data, "--on", on, "--out", join(folder, "out.parquet"), "--facts", folder, "--json"),
      );
      for (const table of ["facts", "subjects", "out"]) {
        await duck.run(`CREATE OR REPLACE VIEW ${table} AS SELECT * FROM '${join(folder, `${table}.parquet`)}'`);
      }
      const ours = await rows("SELECT * FROM out WHERE grade IS NOT NULL ORDER BY subject");
      const theirs = new Map();
      for (const card of ["organisation", "person", "sole-trader", "tech-enterprise"]) {
        for (const { subject, points, grade, ...dimensions } of await rows(await xinlian("rate", "--data", city.data, "--on", on, "--sql", card))) {
          const told = Object.entries(dimensions).map(([code, points]) => `${code}=${points}`).join(" ");
          const found = { scorecard: card, grade, points: Number(points), dimensions: told };
          // The best of those that apply counts, and of equals the last, as the rules have it.
          const before = theirs.get(subject);
          if (!before || better(found, before)) theirs.set(subject, found);
        }
      }
      assert.equal(ours.length, theirs.size, `${on}: as many are rated`);
      assert.ok(on !== daysFromNow(0) || ours.length > 300, `${ours.length} are rated`);
      for (const { subject, scorecard, grade, points, dimensions } of ours) {
        assert.deepEqual({ scorecard, grade, points, dimensions }, theirs.get(subject), `${on}: subject ${subject}`);
      }
      const letters = Object.values(counts.grades).flatMap((card) => Object.values(card));
      assert.equal(letters.reduce((sum, n) => sum + n, 0), ours.length, "the counts are of the same");
    }
    await rm(folder, { recursive: true });
  });

  test("a draft moves grades and changes nothing", async (t) => {
    if (!city.data) return t.skip("the demo is somebody else's");
    const folder = await mkdtemp(join(tmpdir(), "xinlian-draft-"));
    await promisify(execFile)("cp", ["-r", new URL("../../policies/", import.meta.url).pathname, join(folder, "policies")]);
    const card = join(folder, "policies/rating/person.toml");
    await writeFile(card, (await readFile(card, "utf8")).replace("[base]\npoints = 70", "[base]\npoints = 86"));
    const json = async (...more) => JSON.parse(await xinlian("rate", "--data", city.data, "--json", ...more));
    const before = await json();
    const draft = await json("--policy", join(folder, "policies"));
    const least = (counts) => Object.entries(counts.grades.person).filter(([letter]) => letter !== "A").reduce((sum, [, n]) => sum + n, 0);
    assert.ok(least(before) > 0 && least(draft) < least(before), `${least(before)} persons were below an A, ${least(draft)} would be`);
    const { seconds: _, ...again } = await json();
    const { seconds: __, ...first } = before;
    assert.deepEqual(again, first, "what is in force stays");
    await rm(folder, { recursive: true });
  });
}

function better(one, other) {
  return RANK[one.grade] > RANK[other.grade] || (RANK[one.grade] === RANK[other.grade] && one.points >= other.points);
}

function daysFromNow(days) {
  return new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
}
