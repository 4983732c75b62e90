"use strict";
// Finds and loads the addon, and has it load the library. Nothing is loaded before it is needed.

const fs = require("node:fs");
const path = require("node:path");
const { LocalIoError } = require("./errors");

// In the npm package everything is in prebuilt/; in the repository what was built is in build/.
const FOLDERS = [path.join(__dirname, "../prebuilt"), path.join(__dirname, "../../../build/node")];
const SYSTEM_PACKAGES = "apt-get install -y libcurl4 libjansson4 libsqlite3-0 libssl3";
const PLATFORMS = "Linux on x86_64 with glibc 2.36 and libcurl 7.87 or newer (Debian 12 and 13, Ubuntu 24.04)";

let loaded;

function fail(message, hint) {
  throw new LocalIoError({ message, hint });
}

function findAddon() {
  const found = FOLDERS.map((folder) => path.join(folder, "akool.node")).find((file) => fs.existsSync(file));
  if (found) return found;
  return fail(
    `libakool's addon is not there: ${FOLDERS.join(", ")} have no akool.node`,
    "Run scripts/build_node.sh, or install the package, which has it.",
  );
}

/** The library of the package, the one that AKOOL_LIB names, the one that was built here, or the system's. */
function findLibrary(folder) {
  const bundled = path.join(folder, "libakool.so.1");
  if (fs.existsSync(bundled)) return bundled;
  if (process.env.AKOOL_LIB) return path.resolve(process.env.AKOOL_LIB);
  const built = path.join(folder, "../lib/libakool.so.1");
  return fs.existsSync(built) ? built : "libakool.so.1";
}

/** What to do about a failure, from what the loader says of it. */
function advice(trouble) {
  const missing = /^(?:.*: )?(\S+): cannot open shared object file/.exec(trouble)?.[1] ?? "";
  if (path.basename(missing).startsWith("libakool.so")) {
    return "Install the package for Linux on x64, which has the library; or run `make lib` and set AKOOL_LIB.";
  }
  if (missing) return `${path.basename(missing)} is not installed. Run: ${SYSTEM_PACKAGES}`;
  if (/version `|undefined symbol/.test(trouble)) return `libakool needs ${PLATFORMS}; this system is older.`;
  return undefined;
}

function load() {
  if (process.platform !== "linux" || process.arch !== "x64") {
    fail(`libakool does not run on ${process.platform} ${process.arch}`, `It needs ${PLATFORMS}.`);
  }
  const file = findAddon();
  const addon = require(file);
  const folder = path.dirname(file);
  const trouble = addon.load(findLibrary(folder), path.join(folder, "bridge.so"));
  if (trouble !== undefined) {
    const hint = advice(trouble);
    fail(`libakool cannot be loaded: ${trouble}${hint ? `. ${hint}` : ""}`, hint);
  }
  return addon;
}

/** The addon, with the library loaded. */
exports.native = () => (loaded ??= load());
