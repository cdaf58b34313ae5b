// A segment of sealed records, read by an engine that nobody here wrote: with its key, and not without.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";

const FILE = fileURLToPath(new URL("../../crates/segment/tests/golden/segment.parquet", import.meta.url));

export default function segment() {
  test("DuckDB reads a segment with its key", async () => {
    const duck = await (await DuckDBInstance.create(":memory:")).connect();
    const rows = async (sql) => (await duck.runAndReadAll(sql)).getRowObjectsJson();
    for (const [name, byte] of [["its", 7], ["other", 8]]) {
      await duck.run(`PRAGMA add_parquet_key('${name}', '${Buffer.alloc(32, byte).toString("base64")}')`);
    }
    const read = (key) => `read_parquet('${FILE}'${key ? `, encryption_config = { footer_key: '${key}' }` : ""})`;
    // Taken in first: DuckDB 2.0 loses count of pages that a filter lets it pass over, and with it their place in what vouches for them.
    await duck.run(`CREATE TABLE segment AS SELECT * FROM ${read("its")}`);
    const [all] = await rows(`SELECT count(*) AS records, count(DISTINCT subject) AS subjects, min(occurred) AS first, max(octet_length(key)) AS key FROM segment`);
    assert.deepEqual(all, { records: "300", subjects: "12", first: "2026-06-01", key: "32" });
    const one = await rows(`SELECT number, source, item, decode(statement) AS statement FROM segment WHERE subject = 33 ORDER BY occurred, number`);
    assert.equal(one.length, 25);
    for (const { number, source, item, statement } of one) {
      assert.ok(["chancheng.market", "chancheng.tax"].includes(source) && item.includes("."));
      assert.equal(statement, `statement ${number}`.repeat((Number(number) % 251) % 9));
    }
    await assert.rejects(rows(`SELECT count(*) FROM ${read("other")}`));
    await assert.rejects(rows(`SELECT count(*) FROM ${read()}`));
  });
}
