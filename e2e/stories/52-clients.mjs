// Clients that other people's tools make from the API's document, tried against the program: TypeScript always; Python, and calls made
// up to find what the document does not say, where XINLIAN_E2E_PYTHON names a Python that has e2e/clients/requirements.txt.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import openapiTS, { astToString } from "openapi-typescript";

const run = promisify(execFile);
const folder = fileURLToPath(new URL("../clients/", import.meta.url));
const made = join(folder, "generated");
const python = process.env.XINLIAN_E2E_PYTHON;
// The document cannot say all that is asked of a body: that a number is somebody's, that a layout is one of this department's. And
// few texts are a key for one hand-in, which makes the tool wary of its own luck.
const LEFT_OUT = ["--exclude-checks", "positive_data_acceptance", "--suppress-health-check", "filter_too_much"];
const tool = (name) => join(dirname(python), name);

export default function clients(city) {
  let key;
  let found;

  test("a client in TypeScript is made, holds its callers to the document, and reads every page", async (t) => {
    if (!city.data) return t.skip("the demo is somebody else's");
    const args = ["api-key", "add", "api-clients", "--source", "foshan.hrss", "--days", "1", "--data", city.data];
    key = (await run(city.program, args)).stdout.trim().split("\n").pop();
    await rm(made, { recursive: true, force: true });
    await mkdir(made, { recursive: true });
    const document = await (await fetch(`${city.url}/api/openapi.json`)).json();
    await writeFile(join(made, "openapi.json"), JSON.stringify(document));
    await writeFile(join(made, "xinlian.d.ts"), astToString(await openapiTS(document)));
    // What is marked as no program in it must be none, or this fails.
    await run(join(folder, "../node_modules/.bin/tsc"), ["--project", folder]);
    found = JSON.parse((await run("node", [join(made, "js/shares.js"), city.url, key])).stdout);
    assert.ok(found.shares.length > 0, JSON.stringify(found));
    assert.equal(found.refused, "/problems/api-wrong-limit");
    assert.ok(["waiting", "taking", "failed"].includes(found.job), found.job);
    assert.equal(new Set(found.changes).size, found.changes.length, "no change is given on two pages");
  });

  test("a client in Python finds the same", async (t) => {
    if (!key || !python) return t.skip("XINLIAN_E2E_PYTHON is not set");
    const at = join(made, "xinlian_client");
    await run(tool("openapi-python-client"), ["generate", "--path", join(made, "openapi.json"), "--output-path", at, "--meta", "none"]);
    const { stdout } = await run(python, [join(folder, "shares.py"), city.url, key], { env: { ...process.env, PYTHONPATH: made } });
    assert.deepEqual(JSON.parse(stdout), { shares: found.shares, changes: found.changes });
  });

  test("calls made up from the document are answered as it says", { timeout: 600_000 }, async (t) => {
    if (!key || !python) return t.skip("XINLIAN_E2E_PYTHON is not set");
    const args = ["run", `${city.url}/api/openapi.json`, "--header", `Authorization: Bearer ${key}`, "--rate-limit", "15/s", "--workers", "1"];
    await run(tool("schemathesis"), [...args, "--max-examples", "40", ...LEFT_OUT], { maxBuffer: 1 << 24 }).catch((failed) => {
      throw new Error(failed.stdout);
    });
  });
}
