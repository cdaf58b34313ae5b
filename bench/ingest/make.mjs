// A file of so many rows for the register of persons that stands on standard input as CSV: a year of insurance in each row, in no order.
// node make.mjs ROWS < persons.csv > insurance.csv
import { readFileSync, writeSync } from "node:fs";

const rows = Number(process.argv[2]);
const [, ...lines] = readFileSync(0, "utf8").split("\n");
const people = lines.filter(Boolean).map((line) => line.split(",").slice(0, 2).join(","));
// Each person in each year once: the step shares no divisor with how many there are.
const of = people.length * Math.ceil(rows / people.length);
let step = Math.floor(of * 0.618) | 1;
const divisor = (a, b) => (b ? divisor(b, a % b) : a);
while (divisor(step, of) > 1) step += 2;

let text = "姓名,身份证号,起始日期,截止日期,缴费月数\n";
for (let row = 0, at = 0; row < rows; row++, at = (at + step) % of) {
  const year = 1900 + Math.floor(at / people.length) % 120;
  const month = 1 + Math.floor(at / people.length / 120) % 12;
  text += `${people[at % people.length]},${year}/${month}/1,${year}/12/31,${13 - month}\n`;
  if (text.length > 1 << 20) {
    writeSync(1, text);
    text = "";
  }
}
writeSync(1, text);
