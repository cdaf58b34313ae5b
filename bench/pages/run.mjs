// How long every page takes and how much it weighs, beside SUBJECTS made-up persons (180,000 are a million records): the release program,
// asked by one client over the loopback, ROUNDS times after five to warm up. Prints a section for docs/performance.md. On Linux the
// processor time of the whole program for a page stands beside, which others on the machine blur less; of a program that runs already
// (XINLIAN_E2E_URL) only if XINLIAN_E2E_PID says which process it is.
//
// Pages and who opens them are those of the story of pages, so that none is left out.
import { readFileSync } from "node:fs";
import { request, Agent } from "node:http";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { launch } from "../../e2e/support/chromium.mjs";
import { City } from "../../e2e/support/city.mjs";
import { startDemo } from "../../e2e/support/demo.mjs";
import { open, PAGES, SIT } from "../../e2e/stories/60-pages.mjs";

const SUBJECTS = Number(process.env.SUBJECTS ?? 180_000);
const ROUNDS = Number(process.env.ROUNDS ?? 200);
const WARM = 5;
const TOLD = 12;
/** What the system counts processor time in. */
const TICK_MS = 10;

process.env.XINLIAN_E2E_PROGRAM ??= fileURLToPath(new URL("../../target/release/xinlian", import.meta.url));
const demo = process.env.XINLIAN_E2E_URL ? { url: process.env.XINLIAN_E2E_URL, pid: process.env.XINLIAN_E2E_PID, stop() {} } : await startDemo({ subjects: SUBJECTS, readyWithin: 900_000 });
const browser = await launch();
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const city = new City(browser, demo.url);
const company = (await city.guide()).organisations[0].uscc;
const shared = await sharedWeight();
const asked = [];
for (const [desk, pages] of Object.entries(PAGES)) {
  const someone = await SIT[desk](city, {});
  for (const page of pages) {
    if ((await open(someone, page, company)) === undefined) continue;
    const address = new URL(someone.page.url());
    const cookies = await someone.context.cookies(address.href);
    asked.push({ desk, address, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") });
  }
  await someone.context.close();
}
// The browser has gone when it is measured: it would take the processors away from the program.
await browser.close();
const figures = [];
for (const { desk, address, cookie } of asked) figures.push({ desk, page: decodeURIComponent(address.pathname + address.search), ...(await timed(address, cookie)) });
agent.destroy();
await demo.stop();
told();

async function timed(address, cookie) {
  const headers = { cookie, "accept-encoding": "gzip" };
  const times = [];
  let last;
  let before;
  for (let round = -WARM; round < ROUNDS; round += 1) {
    if (round === 0) before = processorMs();
    const begun = process.hrtime.bigint();
    last = await got(address, headers);
    if (last.status !== 200) return { status: last.status };
    if (round >= 0) times.push(Number(process.hrtime.bigint() - begun) / 1e6);
  }
  const cpu = (processorMs() - before) / ROUNDS;
  times.sort((a, b) => a - b);
  const at = (part) => times[Math.min(times.length - 1, Math.floor(times.length * part))];
  return { p50: at(0.5), p99: at(0.99), cpu, weight: last.bytes + shared };
}

/** Processor time of the program so far, user and system; not a number if that is not told. */
function processorMs() {
  if (demo.pid === undefined || process.platform !== "linux") return NaN;
  const fields = readFileSync(`/proc/${demo.pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** The style sheet and the script, which come with the first page only. */
async function sharedWeight() {
  const { body } = await got(new URL("/", demo.url), {});
  const assets = [...body.matchAll(/(?:href|src)="(\/assets\/[^"]+\.(?:css|js)[^"]*)"/g)].map((match) => match[1]);
  const answers = await Promise.all([...new Set(assets)].map((path) => got(new URL(path, demo.url), { "accept-encoding": "gzip" })));
  return answers.reduce((sum, answer) => sum + answer.bytes, 0);
}

function got(url, headers) {
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => {
        const body = Buffer.concat(chunks);
        resolve({ status: answer.statusCode, bytes: body.length, body: body.toString("utf8") });
      });
    });
    asked.on("error", reject).end();
  });
}

function told() {
  const timed = figures.filter((one) => one.p99 !== undefined);
  const other = figures.filter((one) => one.p99 === undefined);
  const slow = timed.filter((one) => one.p99 >= 20);
  const heavy = timed.filter((one) => one.weight >= 60_000);
  console.log(`### ${new Date().toISOString().slice(0, 10)}, pages beside ${SUBJECTS.toLocaleString("en")} persons\n`);
  console.log(`${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 2 ** 30)} GiB; ${ROUNDS} rounds after ${WARM}; style sheet and script, ${kB(shared)} kB gzip, are counted with every page.\n`);
  console.log(`${timed.length} pages; ${slow.length} at 20 ms or more (p99); ${heavy.length} at 60 kB or more.\n`);
  console.log("| page | p50 ms | p99 ms | CPU ms | kB gzip |\n|---|---|---|---|---|");
  timed.sort((a, b) => b.p99 - a.p99);
  for (const one of timed.slice(0, Math.max(TOLD, slow.length))) console.log(`| ${one.desk} ${one.page} | ${one.p50.toFixed(1)} | ${one.p99.toFixed(1)} | ${Number.isNaN(one.cpu) ? "" : one.cpu.toFixed(1)} | ${kB(one.weight)} |`);
  const heaviest = timed.toSorted((a, b) => b.weight - a.weight)[0];
  console.log(`\nThe heaviest is ${heaviest.desk} ${heaviest.page}: ${kB(heaviest.weight)} kB.`);
  for (const one of other) console.log(`\nNot timed, answered ${one.status}: ${one.desk} ${one.page}`);
}

function kB(bytes) {
  return (bytes / 1000).toFixed(1);
}
