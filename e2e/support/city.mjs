// The demo as people use it: who they are, how they get in, and what every page must keep to.
import assert from "node:assert/strict";
import { STEP_SECONDS, totp } from "./totp.mjs";

export const WIDTHS = [1366, 390];
export const LANGUAGES = ["zh", "en"];

export class City {
  #browser;
  #signedIn = new Map();
  #lastStep = new Map();

  constructor(browser, url) {
    this.#browser = browser;
    this.url = url;
  }

  /** What the start page tells: password, secret of the one-time codes, persons, organisations. */
  guide() {
    this.told ??= this.#readGuide();
    return this.told;
  }

  async #readGuide() {
    const visitor = await this.visitor();
    await visitor.page.goto("/demo");
    const told = await visitor.page.evaluate(() => {
      const text = (element) => element?.textContent.trim() ?? "";
      const forms = [...document.querySelectorAll('form[action="/demo/enter"]')];
      const codes = [...document.querySelectorAll("dd code")].map(text);
      return {
        password: codes[0],
        secret: codes[1],
        persons: forms
          .filter((form) => form.elements.person)
          .map((form) => {
            const entry = form.closest("li");
            return { index: form.elements.person.value, name: text(entry.querySelector("b")), identifier: text(entry.querySelector(".id")).split(/\s+/).pop() };
          }),
        organisations: [...document.querySelectorAll('main a[href^="/organisations/"]')].map((link) => ({
          name: text(link),
          href: link.getAttribute("href"),
          uscc: link.getAttribute("href").split("/").pop(),
        })),
      };
    });
    await visitor.leave();
    return told;
  }

  /** Another demo, seen by the same browser. */
  elsewhere(url) {
    return new City(this.#browser, url);
  }

  /** Someone who has not signed in. */
  visitor(options = {}) {
    return this.#sitDown({ ...options });
  }

  /** A member of staff, through the real door: password and one-time code. Signs in once and stays so. */
  async staff(name, options = {}) {
    const storageState = await this.#once(name, async (someone) => {
      const { password, secret } = await this.guide();
      await this.#freshCode(name);
      await someone.page.goto("/sign-in");
      await someone.page.fill("#name", name);
      await someone.page.fill("#password", password);
      await someone.page.fill("#code", totp(secret));
      await someone.submit("form[action='/sign-in'] button");
      assert.ok(!someone.page.url().includes("/sign-in"), `${name} could not sign in: ${await someone.words()}`);
    });
    return this.#sitDown({ ...options, storageState });
  }

  /** A made-up person, by the demo's door. */
  async person(name, options = {}) {
    const storageState = await this.#once(name, async (someone) => {
      const { persons } = await this.guide();
      const found = persons.find((person) => person.name === name);
      assert.ok(found, `nobody is called ${name} on the start page, only ${persons.map((person) => person.name).join(", ")}`);
      await someone.page.goto("/demo");
      await someone.submit(`form[action="/demo/enter"]:has(input[name="person"][value="${found.index}"]) button`);
    });
    return this.#sitDown({ ...options, storageState });
  }

  /** What somebody's browser holds once they are in. Stories that run at a time wait for the same one. */
  #once(name, enter) {
    const entered = async () => {
      const someone = await this.visitor();
      await enter(someone);
      const state = await someone.context.storageState();
      await someone.leave();
      return state;
    };
    if (!this.#signedIn.has(name)) this.#signedIn.set(name, entered());
    return this.#signedIn.get(name);
  }

  /** A code is good once: the same person's next sign-in waits for the next one. */
  async #freshCode(name) {
    const step = () => Math.floor(Date.now() / 1000 / STEP_SECONDS);
    while (this.#lastStep.get(name) === step()) await new Promise((resolve) => setTimeout(resolve, 500));
    this.#lastStep.set(name, step());
  }

  async #sitDown({ width = 1366, lang = "zh", script = true, storageState } = {}) {
    const context = await this.#browser.newContext({
      baseURL: this.url,
      viewport: { width, height: width < 500 ? 844 : 900 },
      javaScriptEnabled: script,
      locale: lang === "zh" ? "zh-CN" : "en-GB",
      timezoneId: "Asia/Shanghai",
      acceptDownloads: true,
      storageState,
    });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    await page.goto(`/?lang=${lang}`);
    return new Seat(context, page, this.url);
  }
}

/** One person before one browser. Notices what no page may do. */
class Seat {
  /** Faults of pages: requests to outside, errors of scripts, broken content rules. */
  faults = [];

  constructor(context, page, url) {
    this.context = context;
    this.page = page;
    page.on("request", (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith("data:")) this.faults.push(`asks outside: ${request.url()}`);
    });
    page.on("pageerror", (error) => this.faults.push(`script: ${error.message}`));
    page.on("console", (message) => {
      const expected = /status of (403|404|422|429)/.test(message.text());
      if (message.type() === "error" && !expected) this.faults.push(`console: ${message.text()}`);
    });
  }

  /** Clicks what sends a form or follows a link, and waits for the page that answers. */
  async submit(selector) {
    const target = typeof selector === "string" ? this.page.locator(selector).first() : selector;
    await Promise.all([this.page.waitForEvent("load"), target.click({ noWaitAfter: true })]);
  }

  /** Presses a key that leads to another page, and waits until that has been drawn: with its first picture the hand is put where it belongs. */
  async press(key) {
    await Promise.all([this.page.waitForEvent("load"), this.page.keyboard.press(key)]);
    await this.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  }

  /** The words of the page's main part, spaces made one. */
  async words() {
    return (await this.page.locator("main").innerText()).replace(/\s+/g, " ");
  }

  /** Opens an address and gives back its status. */
  async open(path) {
    const answer = await this.page.goto(path);
    return answer.status();
  }

  async leave() {
    await this.context.close();
    assert.deepEqual(this.faults, [], "a page did what no page may do");
  }
}
