// The stories: node e2e/run.mjs [NAME...] runs all of them, or those whose file name holds a NAME.
//
// They share one demo and one browser, and run one after the other: each leaves the city as the next expects it.
import { after } from "node:test";
import { mkdir, readdir, rm } from "node:fs/promises";
import { launch } from "./support/chromium.mjs";
import { City } from "./support/city.mjs";
import { startDemo } from "./support/demo.mjs";

const wanted = process.argv.slice(2);
const shots = new URL("shots/", import.meta.url);
await rm(shots, { recursive: true, force: true });
await mkdir(shots, { recursive: true });

const demo = process.env.XINLIAN_E2E_URL ? { url: process.env.XINLIAN_E2E_URL, stop() {}, said: () => "" } : await startDemo();
const browser = await launch();
const city = new City(browser, demo.url);
Object.assign(city, { program: demo.program, data: demo.data });
after(async () => {
  await browser.close();
  await demo.stop();
});

const stories = new URL("stories/", import.meta.url);
const files = (await readdir(stories)).filter((name) => name.endsWith(".mjs")).sort();
const told = files.filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const modules = await Promise.all(told.map((file) => import(new URL(file, stories))));
// All at once: a test registered after the first has ended would come after `after`.
for (const story of modules) story.default(city);
