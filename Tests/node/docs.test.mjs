// The programs in docs/node.md and in the package's README run as they stand.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { BOUND_MS, PACKAGE, REPOSITORY, workspace } from "./support.mjs";

const ENVIRONMENT = { AKOOL_API_KEY: "simulator", AKOOL_BASE_URL: "simulator:" };

/** The JavaScript in a page, with the line where each begins. */
function programs(file) {
  const text = fs.readFileSync(file, "utf8");
  return [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(({ 1: source, index }) => ({
    source,
    line: text.slice(0, index).split("\n").length,
  }));
}

/** What the comments say that a program prints. */
const promises = (source) => [...source.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, said]) => said);

async function check(t, file, least) {
  const found = programs(file);
  assert.ok(found.length >= least, `${found.length} programs in ${file}`);
  for (const { source, line } of found) {
    const folder = workspace(t);
    fs.writeFileSync(path.join(folder, "program.mjs"), source);
    const options = { cwd: folder, env: { ...process.env, ...ENVIRONMENT }, timeout: BOUND_MS };
    const { stdout } = await promisify(execFile)(process.execPath, ["program.mjs"], options).catch((error) => {
      throw new Error(`${file}:${line}: ${error.message}`);
    });
    const kept = promises(source).filter((said) => /^(true|AbortError|\{ closed)/.test(said));
    for (const said of kept) assert.ok(stdout.includes(said), `${file}:${line}: ${said} is not in ${stdout}`);
  }
}

test("the programs in docs/node.md run", (t) => check(t, path.join(REPOSITORY, "docs/node.md"), 8));

test("the program in the package's README runs", (t) => check(t, path.join(PACKAGE, "README.md"), 1));
