// What the tests share: the package under test, clients, simulators, child processes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";

export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
/** The folder of the package: the one in the repository, or AKOOL_NODE_PACKAGE. */
export const PACKAGE = process.env.AKOOL_NODE_PACKAGE ?? path.join(REPOSITORY, "bindings/node");
export const ENTRY = pathToFileURL(path.join(PACKAGE, "lib/index.mjs")).href;
export const akool = await import(ENTRY);

export const AVATAR = "dvp_Tristan_cloth2_1080P";
/** No test waits longer than this for what should happen at once. */
export const BOUND_MS = 60_000;

const SIMULATED = { base_url: "simulator:", api_key: "simulator", environment: false };

/** A client that is closed when the test is over. */
export function newClient(test, configuration = {}) {
  const client = new akool.Client({ ...SIMULATED, ...configuration });
  test?.after(() => client.close());
  return client;
}

/** Asks the simulator's admin endpoints. */
export async function admin(client, method, name, body) {
  return client.request({ method, path: `/_simulator/${name}`, ...(body && { body }) });
}

/** Looks until something holds. */
export async function until(what, holds) {
  const end = Date.now() + BOUND_MS;
  for (;;) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > end) throw new Error(`did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A program in a process of its own; ended when it takes too long. */
export async function run(source, { args = [], env = {}, flags = [] } = {}) {
  const program = `import * as akool from ${JSON.stringify(ENTRY)};
    const simulated = ${JSON.stringify(SIMULATED)};
    ${source}`;
  const child = spawn(process.execPath, [...flags, "--input-type=module", "--eval", program, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return outcome(child);
}

export async function outcome(child) {
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) child[name].setEncoding("utf8").on("data", (text) => (texts[name] += text));
  const timer = setTimeout(() => child.kill("SIGKILL"), BOUND_MS);
  const [code, signal] = await once(child, "close");
  clearTimeout(timer);
  return { code, signal, ...texts };
}

/** A folder with files in which `import "libakool"` finds the package; gone after the test. */
export function workspace(test, from) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "akool-workspace-"));
  test.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  if (from) fs.cpSync(path.join(REPOSITORY, from), folder, { recursive: true });
  fs.mkdirSync(path.join(folder, "node_modules"), { recursive: true });
  fs.symlinkSync(PACKAGE, path.join(folder, "node_modules/libakool"));
  return folder;
}

export function simulatorPath() {
  const builds = ["build/bin", "simulator/.build/release", "simulator/.build/debug"];
  const candidates = process.env.AKOOL_SIMULATOR_BIN
    ? [process.env.AKOOL_SIMULATOR_BIN]
    : builds.map((folder) => path.join(REPOSITORY, folder, "akool-simulator"));
  const found = candidates.find((file) => fs.existsSync(file));
  if (!found) throw new Error("no akool-simulator: run `make simulator`, or set AKOOL_SIMULATOR_BIN");
  return found;
}

/** akool-simulator on a free port, until the test is over. Resolves to what a client needs to reach it. */
export async function startSimulator(test, ...flags) {
  const child = spawn(simulatorPath(), ["--port", "0", "--exit-with-stdin", "--api-key", "key", ...flags], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  test.after(() => child.kill());
  const found = { api_key: "key", environment: false };
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /listening on (\S+)/.exec(line)?.[1];
    const authority = /ca certificate: (\S.*)/.exec(line)?.[1];
    if (address) found.base_url = address;
    if (authority) found.ca_file = authority;
    if (found.base_url && (found.ca_file || !flags.includes("--tls"))) return found;
  }
  throw new Error("the simulator did not start");
}

/** How many threads and descriptors this process has. */
export function resources() {
  const count = (name) => fs.readdirSync(`/proc/self/${name}`).length;
  return { threads: count("task"), descriptors: count("fd") };
}
