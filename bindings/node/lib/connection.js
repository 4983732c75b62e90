"use strict";
// What is behind a client: the native handle, the requests that have no reply yet, and who wants events.

const { Aborts } = require("./aborts");
const { CancelledError, InvalidArgumentError, errorOfReply, errorOfResult } = require("./errors");
const { native } = require("./native");

const BAD_HANDLE = 2;
const ENDED = { error: { code: "SHUTTING_DOWN", message: "the client was closed", retryable: false }, meta: {} };

/** Text for the library; what JSON cannot hold (a BigInt, a cycle) is the caller's mistake. */
function jsonText(value, what) {
  if (value === undefined) return undefined;
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new InvalidArgumentError({ message: `${what}: ${cause.message}`, retryable: false }, undefined, cause);
  }
}

function openHandle(configuration, onEvents) {
  const opened = native().open(jsonText(configuration, "configuration"), onEvents);
  if (typeof opened === "string") throw errorOfReply(JSON.parse(opened));
  if (typeof opened === "number") throw errorOfResult(opened);
  return opened;
}

/**
 * The handle refers to it as long as it is open, and it to the client only while somebody waits or listens: a client
 * that nobody can reach can be collected.
 */
class Connection {
  #handle;
  #pending = new Map();
  #aborts = new Aborts((id) => native().cancel(this.#handle, id));
  #streams = new Set();
  #waiting = 0;
  #listener = null;
  #isKeptAlive = false;
  #gone;
  #onGone;

  constructor(configuration) {
    this.#gone = new Promise((resolve) => (this.#onGone = resolve));
    this.#handle = openHandle(configuration, (text) => this.#take(text));
  }

  get isOpen() {
    return this.#handle !== null;
  }

  get pending() {
    return this.#pending.size;
  }

  /** Sends a request; `reply` resolves to the event that tells of its end, also when it failed. */
  submit(operation, params, { signal, reply, ...options } = {}) {
    if (signal?.aborted) throw new CancelledError(cancelled(operation), undefined, signal.reason);
    Aborts.check(signal);
    if (this.#handle === null) throw errorOfResult(BAD_HANDLE, "the client is closed; make a new one");
    const id = this.#send(operation, jsonText(params, operation), jsonText(options, "options"));
    if (signal) this.#aborts.add(signal, id);
    const ended = new Promise((resolve) => this.#pending.set(id, { resolve, signal, isEvent: reply === "event" }));
    this.#updateLife();
    return { id, ended };
  }

  #send(operation, params, options) {
    if (typeof operation !== "string" || operation.includes("\0")) {
      throw new InvalidArgumentError({ message: "the name of an operation must be a string", retryable: false });
    }
    const id = native().submit(this.#handle, operation, params, options === "{}" ? undefined : options);
    if (id <= 0) throw errorOfResult(-id);
    return id;
  }

  /** Events go to the emitter, which lives until the client is closed. */
  listen(emitter) {
    if (this.#handle !== null) this.#listener = emitter;
  }

  addStream(stream) {
    if (this.#handle === null) stream.finish();
    else this.#streams.add(stream);
  }

  removeStream(stream) {
    this.#streams.delete(stream);
  }

  /** Who waits for an event keeps the process alive, as who waits for a reply does. */
  wait(difference) {
    this.#waiting += difference;
    this.#updateLife();
  }

  get isListenedTo() {
    return this.#listener !== null || this.#streams.size > 0;
  }

  /** Ends the handle; resolves when its thread and descriptors are gone. */
  end() {
    if (this.#handle !== null) native().end(this.#handle);
    return this.#gone;
  }

  /** `text` is an array of events, or undefined when the handle is gone. */
  #take(text) {
    if (text === undefined) return this.#finish();
    for (const event of JSON.parse(text)) {
      if (event.type === "reply") this.#settle(event);
      else this.#publish(event);
    }
    return this.#updateLife();
  }

  #settle(event) {
    const request = this.#pending.get(event.request_id);
    if (!request) return;
    this.#pending.delete(event.request_id);
    if (request.signal) this.#aborts.remove(request.signal, event.request_id);
    request.resolve(event);
    if (request.isEvent) this.#publish(event);
  }

  /** What a listener throws must not take the other events along: it is thrown when they are delivered. */
  #publish(event) {
    for (const stream of this.#streams) stream.push(event);
    if (this.#listener === null) return;
    for (const name of [event.type, "event"]) {
      try {
        this.#listener.emit(name, event);
      } catch (exception) {
        queueMicrotask(() => {
          throw exception;
        });
      }
    }
  }

  #finish() {
    this.#handle = null;
    for (const id of [...this.#pending.keys()]) this.#settle({ request_id: id, result: 21, reply: ENDED });
    for (const stream of this.#streams) stream.finish();
    this.#streams.clear();
    this.#listener = null;
    this.#onGone();
  }

  #updateLife() {
    const isKept = this.#pending.size + this.#waiting > 0;
    if (this.#handle === null || isKept === this.#isKeptAlive) return;
    this.#isKeptAlive = isKept;
    native().keepAlive(this.#handle, isKept);
  }
}

function cancelled(operation) {
  return { message: `${operation}: cancelled before it was sent`, retryable: false };
}

module.exports = { Connection };
