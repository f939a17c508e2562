import type { DomainEvent, Decider } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import { GENESIS_HASH } from './hash-chain.js';
import type { Aggregate, CommandContext } from './types.js';

/** An aggregate whose types were checked at the door. */
export type AnyAggregate = Aggregate<unknown, unknown, DomainEvent, Rejection>;
export type AnyDecider = Decider<unknown, unknown, DomainEvent, Rejection>;

/** One call of `run` or `load`. */
export interface Job {
  /** By the monotonic clock. */
  readonly deadlineAtMs: number;
}

export interface CommandJob extends Job {
  readonly command: unknown;
  readonly context: CommandContext;
}

/** A job that waits for the ones before it on the same stream. */
export interface WaitingJob {
  start(): void;
}

/** What is kept of one stream between commands. */
export interface StreamSlot {
  readonly stream: string;
  readonly streamJson: string;
  readonly aggregate: AnyAggregate;
  /** `false`: nothing was read yet, the fields below are those of a stream that does not exist. */
  loaded: boolean;
  state: unknown;
  /** Of the last event known; -1 for none. */
  revision: number;
  lastHash: string;
  commands: CommandIndex;
  readonly waiting: WaitingJob[];
}

export function freshSlot(aggregate: AnyAggregate, stream: string): StreamSlot {
  return {
    stream,
    streamJson: JSON.stringify(stream),
    aggregate,
    loaded: false,
    state: aggregate.decider.initial,
    revision: -1,
    lastHash: GENESIS_HASH,
    commands: new CommandIndex(),
    waiting: [],
  };
}

/** Makes the slot forget what it knew, so that the next job reads the stream. */
export function forget(slot: StreamSlot): void {
  slot.loaded = false;
  slot.state = slot.aggregate.decider.initial;
  slot.revision = -1;
  slot.lastHash = GENESIS_HASH;
  slot.commands = new CommandIndex();
}

/** A stream of so many events is searched from end to end faster than an index is kept. */
const UNINDEXED_EVENTS = 32;

/** Which command wrote which revisions of one stream. One string reference per event; the strings are shared. */
export class CommandIndex {
  readonly #ids: string[] = [];
  #firstRevision = 0;
  /** Where each command's events begin in `#ids`; made when the stream has grown long, such as a receipt book. */
  #places: Map<string, number> | undefined;

  push(revision: number, commandId: string): void {
    const place = this.#ids.length;
    if (place === 0) this.#firstRevision = revision;
    this.#ids.push(commandId);
    if (this.#places) this.#note(this.#places, place);
    else if (place >= UNINDEXED_EVENTS) this.#makeIndex();
  }

  /** The revisions written by the command: events of one command stand together. */
  find(commandId: string): { readonly revision: number; readonly count: number } | undefined {
    const first = this.#places ? (this.#places.get(commandId) ?? -1) : this.#ids.indexOf(commandId);
    if (first < 0) return undefined;
    let end = first + 1;
    while (this.#ids[end] === commandId) end += 1;
    return { revision: this.#firstRevision + first, count: end - first };
  }

  #makeIndex(): void {
    this.#places = new Map();
    for (let place = 0; place < this.#ids.length; place += 1) this.#note(this.#places, place);
  }

  #note(places: Map<string, number>, place: number): void {
    const commandId = this.#ids[place]!;
    if (!places.has(commandId)) places.set(commandId, place);
  }
}

/**
 * Slots between commands, in two generations: when the young one is full it becomes the old one, and the old one is
 * dropped. Keeps the `limit` / 2 slots used last and at most `limit`, for the price of a plain Map: moving an entry to the
 * end of a Map at every use costs as much as a whole decision once it has many thousand entries. A slot in use may be
 * dropped from here; its queue holds it, and it comes back when its work is done.
 */
export class SlotCache {
  #young = new Map<string, StreamSlot>();
  #old = new Map<string, StreamSlot>();
  readonly #generation: number;

  constructor(limit: number) {
    this.#generation = Math.max(1, Math.ceil(limit / 2));
  }

  get size(): number {
    let both = 0;
    for (const stream of this.#old.keys()) if (this.#young.has(stream)) both += 1;
    return this.#young.size + this.#old.size - both;
  }

  get(stream: string): StreamSlot | undefined {
    return this.#young.get(stream) ?? this.#old.get(stream);
  }

  put(slot: StreamSlot): void {
    if (this.#young.get(slot.stream) === slot) return;
    if (this.#young.size >= this.#generation) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(slot.stream, slot);
  }

  delete(stream: string): void {
    this.#young.delete(stream);
    this.#old.delete(stream);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
