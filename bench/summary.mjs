// Medians over the rounds of one bench run, as a section of docs/performance.md.
import { readFileSync, readdirSync } from "node:fs";
import { cpus, totalmem } from "node:os";

const [folder, subjects, commit] = process.argv.slice(2);
const rounds = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => JSON.parse(readFileSync(`${folder}/${name}`, "utf8")));

const sorted = (key) => rounds.map((round) => round[key]).sort((a, b) => a - b);
const shown = (value) => (value >= 100 ? Math.round(value).toLocaleString("en") : Number(value.toPrecision(3)).toString());

console.log(`### ${new Date().toISOString().slice(0, 10)}, ${commit}, ${subjects} persons\n`);
console.log(`${cpus().length} cores (${cpus()[0].model}), ${Math.round(totalmem() / 2 ** 30)} GiB; ${rounds.length} rounds after one to warm up.\n`);
console.log("| figure | median | least | most |");
console.log("|---|---|---|---|");
for (const key of Object.keys(rounds[0])) {
  const values = sorted(key);
  console.log(`| ${key.replaceAll("_", " ")} | ${shown(values[Math.floor(values.length / 2)])} | ${shown(values[0])} | ${shown(values.at(-1))} |`);
}
