// How the package finds its addon and library, and what it shares its process with.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { PACKAGE, REPOSITORY, akool, run, startSimulator } from "./support.mjs";

const require = createRequire(import.meta.url);
const APT = /apt-get install -y libcurl4 libjansson4 libsqlite3-0 libssl3/;

test("ES modules and CommonJS have the same things", () => {
  const common = require(PACKAGE);
  assert.equal(common.Client, akool.Client);
  assert.deepEqual(Object.keys(akool).filter((name) => name !== "default").sort(), Object.keys(common).sort());
  assert.equal(akool.default, common);
});

test("the versions of package and library agree", () => {
  assert.equal(akool.version(), require(path.join(PACKAGE, "package.json")).version);
  assert.equal(akool.describe().version, akool.version());
});

/** The package in a folder of its own: without a library, or with the one that is given. */
function stage(t, { addon = true, library } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "akool-node-"));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  fs.cpSync(path.join(PACKAGE, "lib"), path.join(folder, "lib"), { recursive: true });
  fs.mkdirSync(path.join(folder, "prebuilt"));
  const places = [path.join(PACKAGE, "prebuilt"), path.join(REPOSITORY, "build/node")];
  const built = places.find((place) => fs.existsSync(place));
  for (const name of addon ? ["akool.node", "bridge.so"] : []) {
    fs.copyFileSync(path.join(built, name), path.join(folder, "prebuilt", name));
  }
  if (library) fs.copyFileSync(library, path.join(folder, "prebuilt/libakool.so.1"));
  return folder;
}

/** The error of the first use of a package, in a process of its own. */
async function failure(folder, env = {}) {
  const entry = JSON.stringify(path.join(folder, "lib/index.js"));
  const program = `const { createRequire } = await import("node:module");
    const staged = createRequire("/")(${entry});
    try { staged.version(); } catch (error) {
      console.log(JSON.stringify({ ...error, message: error.message, is: error instanceof staged.LocalIoError }));
    }`;
  const result = await run(program, { env });
  assert.equal(result.code, 0, JSON.stringify(result));
  return JSON.parse(result.stdout);
}

function compile(t, name, ...flags) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "akool-stub-"));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const file = path.join(folder, name);
  const empty = ["-x", "c", "/dev/null", "-x", "none"];
  execFileSync("gcc", ["-shared", "-fPIC", ...empty, `-Wl,-soname,${name}`, "-o", file, ...flags]);
  return file;
}

test("a missing addon is named, with how to build it", async (t) => {
  const error = await failure(stage(t, { addon: false }));
  assert.ok(error.is);
  assert.match(error.message, /akool\.node/);
  assert.match(error.hint, /build_node\.sh/);
});

test("a missing library is named, with AKOOL_LIB", async (t) => {
  const error = await failure(stage(t), { AKOOL_LIB: "/nowhere/libakool.so.1" });
  assert.equal(error.code, "LOCAL_IO");
  assert.match(error.message, /\/nowhere\/libakool\.so\.1/);
  assert.match(error.hint, /AKOOL_LIB/);
});

test("a missing library of the system is named, with the line for apt-get", async (t) => {
  const stub = compile(t, "libjansson.so.99");
  const library = compile(t, "libakool.so.1", "-Wl,--no-as-needed", stub);
  fs.rmSync(stub);
  const error = await failure(stage(t, { library }));
  assert.match(error.message, /libjansson\.so\.99/);
  assert.match(error.hint, APT);
});

test("a library that is no libakool is refused", async (t) => {
  const error = await failure(stage(t, { library: compile(t, "libakool.so.1") }));
  assert.match(error.message, /undefined symbol: akool_version/);
});

const PRELOADS = ["libjemalloc.so.2", "libtcmalloc_minimal.so.4", "libmimalloc.so.2.0"];
const preloadable = (name) =>
  ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"].map((folder) => path.join(folder, name)).find(fs.existsSync);

/** Our TLS and node's own, side by side: libcurl must not come to use node's OpenSSL. */
const TLS = `
  import https from "node:https";
  import fs from "node:fs";
  import crypto from "node:crypto";
  const configuration = JSON.parse(process.argv.at(-1));
  const client = new akool.Client(configuration);
  const ca = fs.readFileSync(configuration.ca_file);
  const ask = () => new Promise((resolve, reject) =>
    https.get(configuration.base_url + "/_simulator/books", { ca, agent: false }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode));
    }).on("error", reject));
  for (let round = 0; round < 5; round++) {
    const ours = Array.from({ length: 20 }, () => client.account.credit());
    const theirs = Array.from({ length: 5 }, ask);
    crypto.createHash("sha256").update("text").digest("hex");
    await Promise.all([...ours, ...theirs]);
  }
  const maps = fs.readFileSync("/proc/self/maps", "utf8");
  console.log(maps.includes("libssl.so.3"), (await client.account.credit()).credit);
  await client.close();`;

async function checkTLS(t, preload) {
  const configuration = await startSimulator(t, "--tls");
  const env = preload ? { LD_PRELOAD: preload } : {};
  const result = await run(TLS, { args: [JSON.stringify(configuration)], env });
  assert.deepEqual([result.code, result.stdout], [0, "true 6000\n"], JSON.stringify(result));
}

test("TLS of ours beside TLS of node's", (t) => checkTLS(t));

test("TLS with jemalloc preloaded", { skip: !preloadable(PRELOADS[0]) }, (t) => checkTLS(t, preloadable(PRELOADS[0])));

test("TLS with tcmalloc preloaded", { skip: !preloadable(PRELOADS[1]) }, (t) => checkTLS(t, preloadable(PRELOADS[1])));

test("TLS with mimalloc preloaded", { skip: !preloadable(PRELOADS[2]) }, (t) => checkTLS(t, preloadable(PRELOADS[2])));

test("a preloaded allocator leaves no folder behind", { skip: !preloadable(PRELOADS[0]) }, async (t) => {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "akool-tmp-"));
  t.after(() => fs.rmSync(temporary, { recursive: true }));
  const env = { LD_PRELOAD: preloadable(PRELOADS[0]), TMPDIR: temporary };
  const result = await run("console.log(akool.version())", { env });
  assert.equal(result.code, 0, JSON.stringify(result));
  assert.deepEqual(fs.readdirSync(temporary), []);
});

test("the environment reaches the library", async () => {
  const program = `process.env.AKOOL_BASE_URL = "simulator:"; process.env.AKOOL_API_KEY = "simulator";
    const client = new akool.Client(); console.log((await client.account.credit()).credit); await client.close();`;
  assert.equal((await run(program)).stdout, "6000\n");
});

/** AddressSanitizer's run-time library, if node starts with it. */
async function sanitizer() {
  const file = execFileSync("gcc", ["-print-file-name=libasan.so"], { encoding: "utf8" }).trim();
  if (!path.isAbsolute(file)) return undefined;
  const env = { LD_PRELOAD: fs.realpathSync(file), ASAN_OPTIONS: "detect_leaks=0" };
  const result = await run("", { env });
  return result.code === 0 ? env : undefined;
}

test("a sanitizer is refused with what to do, unless that is asked for", async (t) => {
  const env = await sanitizer();
  if (!env) return t.skip("node does not start with AddressSanitizer here");
  const program = `try { console.log(akool.version()); } catch (error) { console.log(error.message); }`;
  assert.match((await run(program, { env })).stdout, /AKOOL_NO_DEEPBIND=1/);
  const result = await run(program, { env: { ...env, AKOOL_NO_DEEPBIND: "1" } });
  assert.match(result.stdout, /^\d+\.\d+\.\d+\n$/, JSON.stringify(result));
});
