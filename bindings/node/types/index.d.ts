// libakool: AKOOL streaming avatars for Node. Unofficial, not affiliated with AKOOL.
//
// Parameters, data and events of the single operations are in catalogue.d.ts, which is generated.
import type {
  AkoolEvent,
  ClientOperations,
  Configuration,
  EventTypes,
  Operations,
  RequestOptions,
  ClientCloseData,
} from "./catalogue";

export * from "./catalogue";

declare global {
  // Newer libraries of TypeScript have these; older ones do not know them yet.
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol;
  }
}

/** What an AbortSignal has that is needed here. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: any;
  addEventListener(type: "abort", listener: () => void, options?: any): void;
  removeEventListener(type: "abort", listener: () => void, options?: any): void;
}

/** The options of a call. */
export interface CallOptions extends RequestOptions {
  /**
   * Cancels the call. It then rejects with a CancelledError (`name` is "AbortError", `cause` the signal's reason);
   * when it has succeeded in the same moment, it resolves. What the server has done by then stays done.
   */
  signal?: AbortSignalLike;
}

/** What a reply says besides its data. */
export interface Meta {
  /** The operation that was called. */
  operation?: string;
  /** How many requests were sent. */
  attempts?: number;
  /** How long it took, in milliseconds. */
  elapsed_ms?: number;
  /** Whether the simulator answered. */
  simulated?: boolean;
  /** The option `tag`, if it was given. */
  tag?: string;
  /** With the option `trace`: every attempt. */
  trace?: Array<Record<string, unknown>>;
  [member: string]: any;
}

/** The reply to a call that succeeded. */
export interface Reply<Data = unknown> {
  data: Data;
  meta: Meta;
  /** With the option `raw`: AKOOL's untouched body. */
  raw?: unknown;
}

/** The reply to a call that failed, as events of type `reply` have it. Promises reject with an AkoolError instead. */
export interface Failure {
  error: { code: string; message: string; retryable: boolean; [member: string]: unknown };
  meta: Meta;
}

/** What all events have. */
export interface EventBase {
  /** Counts the events of a client; a gap shows that events were dropped. */
  seq: number;
  /** When it happened, in Unix milliseconds. */
  at: number;
  type: string;
}

/** What every failed call rejects with. There is a class for each result: see catalogue.d.ts. */
export class AkoolError extends Error {
  constructor(error: { message: string; code?: string; [member: string]: unknown }, meta?: Meta, cause?: unknown);
  /** The name of the result, as AVATAR_BUSY. */
  readonly code: string;
  /** AKOOL's own number, if it is AKOOL that refused. */
  readonly akoolCode?: number;
  /** The HTTP status of the answer that tells of the failure. */
  readonly httpStatus?: number;
  /** Whether the same call may succeed later without a change. */
  readonly retryable?: boolean;
  /** How long the service asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** What to do about it. */
  readonly hint?: string;
  /** More for programs: which fields are wrong, which sessions may be meant. Its members are AKOOL's and libakool's. */
  readonly details?: unknown;
  /** Operation, attempts and duration; absent where there was no request. */
  readonly meta?: Meta;
  /** What led to it: the reason of an AbortSignal. */
  readonly cause?: unknown;
}

/** The events of a client, in order. Leaving a `for await` loop ends it. */
export interface EventStream extends AsyncIterableIterator<AkoolEvent> {
  return(value?: unknown): Promise<IteratorResult<AkoolEvent, any>>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The names that listeners are registered for: every type of event, and `event` for all of them. */
export type EventMap = EventTypes & { event: AkoolEvent };

export interface Client extends ClientOperations {}

/**
 * A client: one account, one set of connections, one thread for I/O. One is enough for any number of calls.
 *
 * It is an EventEmitter of the library's events. Calls that have not ended and `for await` loops over `events()` keep
 * the process alive, listeners do not. A client belongs to the thread (main or worker) that made it.
 */
export class Client {
  /**
   * Makes a client; nothing is sent unless the configuration says `warm`. Without a key or token in the configuration,
   * those of the environment are used (AKOOL_API_KEY ...).
   *
   * @throws InvalidArgumentError for a wrong configuration; UnauthenticatedError without credentials; LocalIoError when
   *   the library cannot be loaded, or no thread or descriptor can be had.
   */
  constructor(configuration?: Configuration);

  /** Whether close() was called. */
  readonly closed: boolean;

  /**
   * Calls an operation by its name and resolves to the whole reply: data, meta and, with the option, raw.
   *
   * `requestId` is the number that events such as call.retrying name; undefined when nothing was submitted.
   */
  call<Name extends keyof Operations>(
    operation: Name,
    params?: Operations[Name]["params"],
    options?: CallOptions,
  ): Promise<Reply<Operations[Name]["data"]>> & { readonly requestId: number | undefined };

  /** The same for operations that are newer than this package. */
  call(
    operation: string,
    params?: object,
    options?: CallOptions,
  ): Promise<Reply<any>> & { readonly requestId: number | undefined };

  /**
   * The events from now on, as an async iterator. It ends when the client is closed; with `signal` it rejects with a
   * CancelledError. When nobody takes them, the oldest beyond max_events (1024 unless configured) are dropped.
   */
  events(options?: { signal?: AbortSignalLike }): EventStream;

  /**
   * Closes the sessions of the client and ends it: other calls reject with a ShuttingDownError. Resolves when its
   * thread and descriptors are gone; at the latest `close_timeout_ms` (3000 unless configured) after the call, what is
   * not closed by then is left to the ledger. May be called again.
   */
  close(): Promise<ClientCloseData>;
  [Symbol.asyncDispose](): Promise<void>;

  on<Name extends keyof EventMap>(name: Name, listener: (event: EventMap[Name]) => void): this;
  once<Name extends keyof EventMap>(name: Name, listener: (event: EventMap[Name]) => void): this;
  off<Name extends keyof EventMap>(name: Name, listener: (event: EventMap[Name]) => void): this;
  addListener<Name extends keyof EventMap>(name: Name, listener: (event: EventMap[Name]) => void): this;
  prependListener<Name extends keyof EventMap>(name: Name, listener: (event: EventMap[Name]) => void): this;
  prependOnceListener<Name extends keyof EventMap>(name: Name, listener: (event: EventMap[Name]) => void): this;
  removeListener<Name extends keyof EventMap>(name: Name, listener: (event: EventMap[Name]) => void): this;
  removeAllListeners(name?: keyof EventMap): this;
  listenerCount(name: keyof EventMap): number;
  eventNames(): Array<string | symbol>;
  setMaxListeners(count: number): this;
}

/** The catalogue of the library that is loaded: operations with JSON Schemas, results, events, configuration. */
export function describe(): Record<string, any>;

/** The version of the library that is loaded. */
export function version(): string;
