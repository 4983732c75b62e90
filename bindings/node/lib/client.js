"use strict";

const { EventEmitter } = require("node:events");
const catalogue = require("./catalogue");
const { Connection } = require("./connection");
const { errorOfReply } = require("./errors");
const { walkPages } = require("./pages");
const { ASYNC_DISPOSE, EventStream } = require("./stream");

const INSPECT = Symbol.for("nodejs.util.inspect.custom");
// As many events as the library itself keeps unless it is told otherwise.
const MAX_EVENTS = 1024;

// A client that was forgotten is ended like one that was closed; nobody is left to hear how it went.
const forgotten = new FinalizationRegistry((connection) => {
  if (!connection.isListenedTo) connection.end();
});

class Client extends EventEmitter {
  #connection;
  #maxEvents;
  #closing;

  constructor(configuration = {}) {
    super();
    this.#connection = new Connection(configuration);
    this.#maxEvents = configuration?.max_events ?? MAX_EVENTS;
    forgotten.register(this, this.#connection, this);
    this.on("newListener", () => this.#connection.listen(this));
    for (const entry of catalogue.methods) this.#addMethods(entry);
  }

  /** Methods are made for each client, so that they can be handed on without it. */
  #addMethods({ group, method, operation, iterator }) {
    const place = group === null ? this : (this[group] ??= {});
    const add = (name, value) => Object.defineProperty(place, name, { value, enumerable: true });
    add(method, (params, options) => this.#data(operation, params, options));
    if (iterator) add(iterator, (params, options) => this.#iterate(operation, params, options));
  }

  get closed() {
    return this.#closing !== undefined;
  }

  call(operation, params, options) {
    let id;
    const reply = this.#reply(operation, params, options, (requestId) => (id = requestId));
    return Object.defineProperty(reply, "requestId", { value: id });
  }

  events(options) {
    this.#connection.listen(this);
    return new EventStream(this.#connection, this.#maxEvents, options?.signal);
  }

  close() {
    return (this.#closing ??= this.#close());
  }

  [ASYNC_DISPOSE]() {
    return this.close().then(() => undefined);
  }

  [INSPECT](depth, options, inspect) {
    return `Client ${inspect({ closed: this.closed, pending: this.#connection.pending }, options)}`;
  }

  async #close() {
    try {
      return await this.#data("client.close");
    } finally {
      await this.#connection.end();
      forgotten.unregister(this);
    }
  }

  async #data(operation, params, options) {
    return (await this.#reply(operation, params, options)).data;
  }

  // An async function, so that the stack of an error names who awaits it.
  async #reply(operation, params, options, onSubmit) {
    const { id, ended } = this.#connection.submit(operation, params, options ?? undefined);
    onSubmit?.(id);
    const event = await ended;
    if (event.result === 0) return event.reply;
    throw errorOfReply(event.reply, options?.signal?.aborted ? options.signal.reason : undefined);
  }

  #iterate(operation, params, options) {
    return walkPages(operation, (page) => this.#data(operation, page, options), params ?? undefined);
  }
}

module.exports = { Client };
