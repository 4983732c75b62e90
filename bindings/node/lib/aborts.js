"use strict";
// Which requests an AbortSignal cancels: one listener for each signal, however many requests share it.

const { InvalidArgumentError } = require("./errors");

class Aborts {
  #cancel;
  #signals = new Map();

  constructor(cancel) {
    this.#cancel = cancel;
  }

  static check(signal) {
    if (signal === undefined || typeof signal?.addEventListener === "function") return;
    throw new InvalidArgumentError({ message: "options: signal: is no AbortSignal", retryable: false });
  }

  add(signal, id) {
    const entry = this.#signals.get(signal) ?? this.#listen(signal);
    entry.ids.add(id);
  }

  remove(signal, id) {
    const entry = this.#signals.get(signal);
    if (!entry?.ids.delete(id) || entry.ids.size > 0) return;
    signal.removeEventListener("abort", entry.onAbort);
    this.#signals.delete(signal);
  }

  #listen(signal) {
    const ids = new Set();
    const entry = { ids, onAbort: () => ids.forEach(this.#cancel) };
    signal.addEventListener("abort", entry.onAbort, { once: true });
    this.#signals.set(signal, entry);
    return entry;
  }
}

module.exports = { Aborts };
