// A department's own system asks under a share by a key, is told when the record is taken back, by a call that it can check and
// that names nobody, and says that it put it right. It is Node's own: server, client, HMAC and Ed25519.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { assertAccessible, assertWellMade } from "../support/axe.mjs";
import { LANGUAGES, WIDTHS } from "../support/city.mjs";
import { confirm, handIn, rated, takeBack } from "../support/desk.mjs";
import { daysAgo, fine, penaltyFile } from "../support/files.mjs";

const DOCUMENT = "佛禅市监处〔2026〕9601号";
const CASE = "佛人社评〔2026〕96号";
const FAILS = 2;

export default function told(city) {
  const heard = [];
  let [key, secret, share, submission] = [];
  const receiver = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part) => (body += part));
    request.on("end", () => {
      heard.push({ headers: request.headers, body });
      const test = request.headers["webhook-id"].startsWith("test-");
      const real = heard.filter(({ headers }) => !headers["webhook-id"].startsWith("test-")).length;
      response.writeHead(test || real > FAILS ? 204 : 503).end();
    });
  });
  after(() => receiver.close());
  const xinlian = async (...args) => (await promisify(execFile)(city.program, [...args, "--data", city.data])).stdout.trim();
  const api = async (path, body) => {
    const headers = { authorization: `Bearer ${key}`, ...(body ? { "content-type": "application/json" } : {}) };
    const answer = await fetch(`${city.url}/api/v1/${path}`, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
    return answer.json();
  };

  test("an operator registers a department's endpoint, and tries it", async (t) => {
    if (!city.data) return t.skip("the demo is somebody else's");
    await new Promise((resolve) => receiver.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${receiver.address().port}/xinlian`;
    key = (await xinlian("api-key", "add", "api-hrss", "--source", "foshan.hrss", "--days", "1")).split("\n").pop();
    secret = (await xinlian("webhook", "add", "--source", "foshan.hrss", "--url", url)).split("\n").pop();
    assert.match(await xinlian("webhook", "test", "--source", "foshan.hrss"), /204/);
    check(secret, heard.pop());
  });

  test("its system asks under what its people were granted", async (t) => {
    if (!key) return t.skip("there is no key");
    const person = await rated(city);
    ({ number: share } = (await api("shares")).shares.find(({ item, recipient }) => item.startsWith("penalty.") && recipient === "foshan.hrss"));
    if ((await api(`shares/${share}`)).state === "waiting") await grant(city, share);
    const chen = await city.staff("chen");
    submission = await handIn(chen, penaltyFile("处罚决定-推送.csv", [fine({ ...person, document: DOCUMENT, yuan: 900, day: daysAgo(3) })]));
    await chen.leave();
    await confirm(city, submission);
    const answer = await api(`shares/${share}/ask`, { case: CASE, identifiers: [{ kind: "resident_id", value: person.identifier }] });
    const keys = await (await fetch(`${city.url}/sharing/keys.json`)).json();
    const { kid } = JSON.parse(Buffer.from(answer.protected, "base64url"));
    const publicKey = createPublicKey({ key: keys.keys.find((one) => one.kid === kid), format: "jwk" });
    assert.ok(verify(null, Buffer.from(`${answer.protected}.${answer.payload}`), publicKey, Buffer.from(answer.signature, "base64url")));
    const said = JSON.parse(Buffer.from(answer.payload, "base64url"));
    assert.deepEqual([said.officer, said.case], ["api-hrss", CASE]);
    assert.ok(said.answers[0].records.some(({ document }) => document.number === DOCUMENT));
    const own = await city.person(person.name);
    await own.page.goto("/my/looks");
    assert.match(await own.words(), new RegExp(CASE), "the person reads of it");
    await own.leave();
  });

  test("when the record is taken back it is told until it takes it, and says that it put it right", async (t) => {
    if (!submission) return t.skip("nothing was handed out");
    const person = await rated(city);
    await takeBack(city, submission);
    for (let tries = 0; heard.length <= FAILS && tries < 300; tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(heard.length, FAILS + 1, "it failed twice, and took it then");
    for (const call of heard) check(secret, call);
    assert.equal(new Set(heard.map(({ headers }) => headers["webhook-id"])).size, 1, "the same at every try");
    const { headers, body } = heard.at(-1);
    assert.match(headers["content-type"], /^application\/cloudevents\+json/);
    for (const secretOf of [person.name, person.identifier, DOCUMENT, "penalty"]) assert.ok(!body.includes(secretOf), body);
    const event = JSON.parse(body);
    assert.deepEqual([event.specversion, event.type], ["1.0", "xinlian.record.withdrawn"]);
    assert.ok((await api("changes")).changes.some(({ change }) => change === event.data.change), "told is not put right");
    const { kind, ...which } = event.data;
    assert.equal(kind, "withdrawn");
    await api("changes/acknowledgements", { ...which, how: "已从评审系统删除" });
    assert.ok(!(await api("changes")).changes.some(({ change }) => change === event.data.change));
    assert.match(await xinlian("webhook", "list"), /told last .* 0 wait, 0 given up/);
  });

  test("an officer sees what was sent, and has it sent again", async (t) => {
    if (!submission) return t.skip("nothing was handed out");
    const person = await rated(city);
    for (const lang of LANGUAGES) {
      for (const width of WIDTHS) {
        const zhou = await city.staff("zhou", { lang, width });
        await zhou.page.goto("/department/sharing/events");
        const path = fileURLToPath(new URL(`../shots/department-events-${lang}-${width}.png`, import.meta.url));
        await zhou.page.screenshot({ path, fullPage: true });
        await assertWellMade(zhou.page, "events", lang);
        await assertAccessible(zhou.page, "events");
        await zhou.leave();
      }
    }
    const zhou = await city.staff("zhou");
    await zhou.page.goto("/department/sharing/events");
    await zhou.page.selectOption("#state", "sent");
    await zhou.submit("form.filters button");
    assert.match(zhou.page.url(), /state=sent/);
    const words = await zhou.words();
    assert.match(words, /已送达/);
    assert.match(words, /204/);
    for (const secretOf of [person.name, person.identifier, DOCUMENT]) assert.ok(!words.includes(secretOf), words);
    await zhou.submit("main tbody form button");
    assert.match(await zhou.words(), /正在重发 1 条/);
    await zhou.leave();
    await until(() => heard.length > FAILS + 1);
    check(secret, heard.at(-1));
    assert.equal(heard.at(-1).headers["webhook-id"], heard[0].headers["webhook-id"], "the id is the old one");
    const [event] = (await api("events?state=sent")).events;
    assert.deepEqual([event.id, event.status, event.replays], [heard[0].headers["webhook-id"], 204, 1]);
    const shen = await city.staff("shen");
    await shen.page.goto("/audit/acts?kind=events-replayed");
    assert.match(await shen.words(), /重发变化通知/);
    await shen.leave();
  });

  test("its system fetches what it handed in, and is answered about a list, in streams", async (t) => {
    if (!key) return t.skip("there is no key");
    const headers = { authorization: `Bearer ${key}`, "accept-encoding": "gzip" };
    const own = await lines(await fetch(`${city.url}/api/v1/records.ndjson`, { headers }));
    const end = own.pop();
    assert.deepEqual([end.end, end.records], [true, own.length]);
    assert.ok(own.length > 500, "more than a block");
    assert.ok(own.every((one, at) => at === 0 || one.number > own[at - 1].number), "by number");
    const from = own.at(-3).number;
    const rest = await lines(await fetch(`${city.url}/api/v1/records.ndjson?from=${from}`, { headers }));
    assert.deepEqual(rest.map(({ number }) => number).slice(0, 3), own.slice(-3).map(({ number }) => number), "it goes on from a number");
    const { persons } = await city.guide();
    const asked = persons.slice(0, 3).map(({ identifier }) => ({ kind: "resident_id", value: identifier }));
    const body = [{ case: CASE }, ...asked].map((line) => JSON.stringify(line)).join("\n");
    const answer = await fetch(`${city.url}/api/v1/shares/${share}/ask.ndjson`, { method: "POST", headers: { ...headers, "content-type": "application/x-ndjson" }, body });
    const said = await lines(answer);
    assert.deepEqual(said.map(({ line, end: last }) => line ?? last), [2, 3, 4, true]);
    const keys = await (await fetch(`${city.url}/sharing/keys.json`)).json();
    for (const [at, one] of said.slice(0, 3).entries()) {
      const { kid } = JSON.parse(Buffer.from(one.protected, "base64url"));
      const publicKey = createPublicKey({ key: keys.keys.find((known) => known.kid === kid), format: "jwk" });
      assert.ok(verify(null, Buffer.from(`${one.protected}.${one.payload}`), publicKey, Buffer.from(one.signature, "base64url")));
      const payload = JSON.parse(Buffer.from(one.payload, "base64url"));
      assert.deepEqual([payload.case, payload.answers[0].identifier[1]], [CASE, asked[at].value]);
    }
    const someone = await city.person(persons[0].name);
    await someone.page.goto("/my/looks");
    assert.match(await someone.words(), /取回本部门报送的信息/, "each of them sees it");
    await someone.leave();
    await xinlian("webhook", "remove", "--source", "foshan.hrss");
    await xinlian("api-key", "revoke", "api-hrss");
  });
}

async function until(is) {
  for (let tries = 0; !is() && tries < 300; tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(is(), "it did not come");
}

/** NDJSON, read as it comes. */
async function lines(answer) {
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "application/x-ndjson");
  const found = [];
  let rest = "";
  for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
    const whole = (rest + part).split("\n");
    rest = whole.pop();
    found.push(...whole.map((line) => JSON.parse(line)));
  }
  assert.equal(rest, "", "the last line is whole");
  return found;
}

/** Standard Webhooks: HMAC-SHA256 over id, time and body. */
function check(secret, { headers, body }) {
  const said = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const own = createHmac("sha256", Buffer.from(secret.replace("whsec_", ""), "base64")).update(said).digest();
  const [version, signature] = headers["webhook-signature"].split(",");
  assert.equal(version, "v1");
  assert.ok(timingSafeEqual(own, Buffer.from(signature, "base64")), "its signature");
  assert.ok(Math.abs(Date.now() / 1000 - Number(headers["webhook-timestamp"])) < 300, "its time");
}

async function grant(city, share) {
  const lin = await city.staff("lin");
  await lin.page.goto(`/department/sharing/${share}`);
  await lin.page.check("#decision-yes");
  await lin.page.fill("#why", "同意，仅限评审使用");
  await lin.submit("#answer button");
  await lin.leave();
}
