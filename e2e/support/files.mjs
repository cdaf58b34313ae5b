// Files as a department hands them in, written on the spot.

/** The 2018 layout of penalties: the columns that a penalty needs. */
const COLUMNS = [
  "CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_XDR_ZJLX", "CF_XDR_ZJHM", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ", "CF_CFLB",
  "CF_NR", "CF_NR_FK", "CF_NR_WFFF", "CF_JDRQ", "CF_CFJG", "CF_CFJGDM", "CF_SJLY", "CF_SJLYDM", "BZ",
];

/** One fine of a natural person, in 万元 as the layout has it. */
export function fine({ name, identifier, document, yuan, day }) {
  return {
    CF_XDR_MC: name,
    CF_XDR_LB: "自然人",
    CF_XDR_ZJLX: "身份证",
    CF_XDR_ZJHM: identifier,
    CF_WSH: document,
    CF_WFXW: "未按规定公示经营信息",
    CF_SY: "在经营场所未按规定公示经营信息，经责令改正逾期未改。",
    CF_YJ: "《无证无照经营查处办法》第十三条",
    CF_CFLB: "罚款",
    CF_NR: `处以罚款人民币${yuan}元。`,
    CF_NR_FK: String(yuan / 10_000),
    CF_JDRQ: day.replaceAll("-", "/"),
    CF_CFJG: "佛山市禅城区市场监督管理局",
    CF_CFJGDM: "",
    CF_SJLY: "佛山市禅城区市场监督管理局",
    CF_SJLYDM: "",
  };
}

/** A CSV with these rows, and columns that the layout does not have of its own, as a file that Playwright hands to a file field. */
export function penaltyFile(name, rows, more = []) {
  const columns = [...COLUMNS, ...more];
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))];
  const text = lines.map((cells) => cells.map(quoted).join(",")).join("\r\n") + "\r\n";
  return { name, mimeType: "text/csv", buffer: Buffer.from(`\ufeff${text}`, "utf8") };
}

function quoted(cell) {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A day so many days before today in the city, `YYYY-MM-DD`. */
export function daysAgo(days) {
  const there = new Date(Date.now() + 8 * 3_600_000 - days * 86_400_000);
  return there.toISOString().slice(0, 10);
}
