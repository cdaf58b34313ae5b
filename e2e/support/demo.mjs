// A small demo of its own: the debug program on a free port with data in a temporary folder.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const READY = /(http:\/\/127\.0\.0\.1:\d+)\//;
const READY_WITHIN_MS = 240_000;

/** Starts it and resolves when it serves: `{ url, stop() }`. */
export async function startDemo({ subjects = 400, readyWithin = READY_WITHIN_MS } = {}) {
  const program = process.env.XINLIAN_E2E_PROGRAM ?? path.join(ROOT, "target/debug/xinlian");
  if (!existsSync(program)) throw new Error(`no program at ${program}: run \`cargo build -p xinlian\` first`);
  const data = await mkdtemp(path.join(tmpdir(), "xinlian-e2e-"));
  const child = spawn(program, ["demo", "--subjects", String(subjects), "--port", "0", "--data", path.join(data, "demo")], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Whatever happens to this process, the program does not outlive it.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);

  let said = "";
  const url = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready in ${readyWithin / 1000} s; it said:\n${said}`)), readyWithin);
    const hear = (chunk) => {
      said += chunk;
      const ready = READY.exec(said);
      if (ready) {
        clearTimeout(late);
        resolve(ready[1]);
      }
    };
    child.stdout.setEncoding("utf8").on("data", hear);
    child.stderr.setEncoding("utf8").on("data", hear);
    child.once("exit", (code) => reject(new Error(`the demo ended with ${code}; it said:\n${said}`)));
    child.once("error", reject);
  }).catch(async (error) => {
    kill();
    await rm(data, { recursive: true, force: true });
    throw error;
  });

  return {
    url,
    pid: child.pid,
    /** The program, and the folder of its store, for what an operator does. */
    program,
    data: path.join(data, "demo"),
    /** Everything it has printed so far, logs included. */
    said: () => said,
    async stop() {
      process.removeListener("exit", kill);
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const late = setTimeout(kill, 10_000);
      await ended;
      clearTimeout(late);
      await rm(data, { recursive: true, force: true });
    },
  };
}
