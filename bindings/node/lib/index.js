"use strict";
// The package's entry for CommonJS; index.mjs has the same for ES modules. What there is: types/index.d.ts.

const { Client } = require("./client");
const { AkoolError, classes } = require("./errors");
const { native } = require("./native");

/** The catalogue of the library that is loaded. */
function describe() {
  return JSON.parse(native().describe());
}

/** The version of the library that is loaded. */
function version() {
  return native().version();
}

module.exports = { AkoolError, Client, describe, version, ...classes };
