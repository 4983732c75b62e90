"use strict";
// One class for each result of the library. The JSON of an error becomes properties with JavaScript's names.

const catalogue = require("./catalogue");

const PROPERTIES = {
  akool_code: "akoolCode",
  http_status: "httpStatus",
  retryable: "retryable",
  retry_after_ms: "retryAfterMs",
  hint: "hint",
  details: "details",
};

class AkoolError extends Error {
  constructor(error, meta, cause) {
    super(error.message, cause === undefined ? undefined : { cause });
    this.code = error.code ?? new.target.code;
    for (const [member, property] of Object.entries(PROPERTIES)) {
      if (error[member] !== undefined) this[property] = error[member];
    }
    if (meta !== undefined) this.meta = meta;
  }
}

/** Class names tell in stack traces what went wrong; they are no properties of each error. */
function nameClass(Class, name) {
  Object.defineProperty(Class.prototype, "name", { value: name, configurable: true, writable: true });
}

function makeClass(entry) {
  const Class = { [entry.class]: class extends AkoolError {} }[entry.class];
  Class.code = entry.code;
  nameClass(Class, entry.name);
  return Class;
}

nameClass(AkoolError, "AkoolError");
const byCode = new Map(catalogue.errors.map((entry) => [entry.code, makeClass(entry)]));
const byValue = new Map(catalogue.errors.map((entry) => [entry.value, entry]));

/** The error of a failed reply. A library newer than this package may have codes that it does not know. */
function errorOfReply(reply, cause) {
  const Class = byCode.get(reply.error.code) ?? AkoolError;
  return new Class(reply.error, reply.meta, cause);
}

/** The error of a function that failed without a reply. */
function errorOfResult(value, message) {
  const entry = byValue.get(value) ?? { code: `RESULT_${value}`, summary: "an unknown result" };
  return errorOfReply({ error: { code: entry.code, message: message ?? entry.summary, retryable: false } });
}

const classes = Object.fromEntries([...byCode.values()].map((Class) => [Class.name, Class]));

module.exports = { AkoolError, ...classes, errorOfReply, errorOfResult, classes };
