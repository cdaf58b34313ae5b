// A department's own system hands in over HTTP, by a key: at once answered, taken in once, reported row by row, and what is
// adverse waits for a person. The same with any client; this one is Node's own.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { confirm, points, rated } from "../support/desk.mjs";
import { daysAgo, fine, penaltyFile } from "../support/files.mjs";

const DOCUMENT = "佛禅市监处〔2026〕9501号";

export default function api(city) {
  let key;
  let submission;

  test("an operator makes a key, which opens no desk", async (t) => {
    if (!city.data) return t.skip("the demo is somebody else's");
    const args = ["api-key", "add", "api-market", "--source", "chancheng.market", "--days", "1", "--data", city.data];
    const { stdout } = await promisify(execFile)(city.program, args);
    key = stdout.trim().split("\n").pop();
    const desk = await fetch(`${city.url}/department`, { headers: { authorization: `Bearer ${key}` }, redirect: "manual" });
    assert.equal(desk.status, 303);
    const without = await fetch(`${city.url}/api/v1/jobs/1`);
    assert.equal(without.status, 401);
    assert.match(without.headers.get("content-type"), /problem\+json/);
  });

  test("rows as NDJSON are taken in once, and every row is reported", async (t) => {
    if (!key) return t.skip("there is no key");
    const person = await rated(city);
    const good = fine({ ...person, document: DOCUMENT, yuan: 2000, day: daysAgo(5) });
    const bad = { ...good, CF_WSH: "佛禅市监处〔2026〕9502号", CF_CFLB: "罚酒三杯" };
    const body = [good, bad].map((row) => JSON.stringify(row)).join("\n") + "\n";
    const send = () =>
      fetch(`${city.url}/api/v1/submissions?layout=sgs-penalty-2018&name=${encodeURIComponent("十一月")}`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "idempotency-key": "november/1", "content-type": "application/x-ndjson" },
        body,
      });
    const answer = await send();
    assert.equal(answer.status, 202);
    const job = answer.headers.get("location");
    assert.equal((await send()).headers.get("location"), job, "sent twice, it is one");
    let told = await asked(city, key, job);
    for (let tries = 0; told.state !== "done" && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      told = await asked(city, key, job);
    }
    assert.equal(told.state, "done", JSON.stringify(told));
    const report = await asked(city, key, told.submission);
    submission = report.submission;
    assert.deepEqual([report.rows, report.pending, report.refused], [2, 1, 1]);
    assert.deepEqual(report.errors.map(({ row, column, code }) => [row, column, code]), [[2, "CF_CFLB", "CODE-UNKNOWN"]]);
    assert.equal(report.state, "waiting");
  });

  test("a person confirms it, and it counts", async (t) => {
    if (!submission) return t.skip("nothing was handed in");
    const person = await rated(city);
    const before = await points(city, person);
    await confirm(city, submission);
    assert.ok((await points(city, person)) < before);
    const chen = await city.staff("chen");
    await chen.page.goto(`/department/submissions/${submission}`);
    assert.match(await chen.words(), /十一月\.ndjson/);
    await chen.leave();
  });
}

async function asked(city, key, path) {
  const answer = await fetch(`${city.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}
