"use strict";
// The events of a client as an async iterator.

const { Aborts } = require("./aborts");
const { CancelledError } = require("./errors");

const ASYNC_DISPOSE = Symbol.asyncDispose ?? Symbol.for("nodejs.asyncDispose");
const DONE = { value: undefined, done: true };

class EventStream {
  #connection;
  #signal;
  #limit;
  #events = [];
  #waiting = [];
  #isDone = false;
  #failure;
  #onAbort = () => this.#abort();

  constructor(connection, limit, signal) {
    Aborts.check(signal);
    this.#connection = connection;
    this.#limit = limit;
    this.#signal = signal;
    connection.addStream(this);
    if (signal?.aborted) this.#abort();
    else signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** For the connection. When nobody takes events the oldest is dropped, which a gap in `seq` shows. */
  push(event) {
    const waiter = this.#waiting.shift();
    if (!waiter) {
      this.#events.push(event);
      if (this.#events.length > this.#limit) this.#events.shift();
      return;
    }
    this.#connection.wait(-1);
    waiter.resolve({ value: event, done: false });
  }

  /** For the connection: no events come any more. Those that are here can still be taken. */
  finish() {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#connection.removeStream(this);
    this.#signal?.removeEventListener("abort", this.#onAbort);
    for (const waiter of this.#waiting.splice(0)) this.#release(waiter);
  }

  next() {
    if (this.#events.length > 0) return Promise.resolve({ value: this.#events.shift(), done: false });
    if (this.#isDone) return this.#end();
    this.#connection.wait(+1);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async return(value) {
    this.#events.length = 0;
    this.finish();
    return { value, done: true };
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async [ASYNC_DISPOSE]() {
    await this.return();
  }

  #abort() {
    const message = "waiting for events was cancelled";
    this.#failure = new CancelledError({ message, retryable: false }, undefined, this.#signal.reason);
    this.#events.length = 0;
    this.finish();
  }

  /** The failure is told once; afterwards the iterator is at its end like any other. */
  #end() {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure ? Promise.reject(failure) : Promise.resolve(DONE);
  }

  #release(waiter) {
    this.#connection.wait(-1);
    this.#end().then(waiter.resolve, waiter.reject);
  }
}

module.exports = { EventStream, ASYNC_DISPOSE };
