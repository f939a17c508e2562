import type { DomainEvent, Decider } from '#libs/kernel/decider/index.js';
import type { Rejection } from '#libs/kernel/errors/index.js';
import { GENESIS_HASH } from './hash-chain.js';
import type { PendingAppend } from './pending-append.js';
import type { Aggregate, CommandContext } from './types.js';

/** An aggregate whose types were checked at the door. */
export type AnyAggregate = Aggregate<unknown, unknown, DomainEvent, Rejection>;
export type AnyDecider = Decider<unknown, unknown, DomainEvent, Rejection>;

/** One call of `run` or `load`. */
export interface Job {
  /** By the monotonic clock. */
  readonly deadlineAtMs: number;
  /** In the order of arrival at its stream. */
  place: number;
  /** It has been decided before, on an append that was discarded. */
  discarded: boolean;
  /** An append of it was answered with "stored" and discarded all the same. */
  mayBeStored: boolean;
}

export interface CommandJob extends Job {
  readonly command: unknown;
  readonly context: CommandContext;
  /** With another writer. */
  conflicts: number;
}

/** A job that waits for the ones before it on the same stream. */
export interface WaitingJob {
  readonly place: number;
  start(): void;
}

/** What is kept of one stream between commands. */
export interface StreamSlot {
  readonly stream: string;
  readonly streamJson: string;
  readonly aggregate: AnyAggregate;
  /** `false`: nothing was read yet, the four fields below are those of a stream that does not exist. Else all of it is durable. */
  loaded: boolean;
  state: unknown;
  /** Of the last event known; -1 for none. */
  revision: number;
  lastHash: string;
  commands: CommandIndex;
  /**
   * An append of this slot has been stored since it was read: no earlier one, given up with an unknown outcome, can still be
   * on its way. Until then no append may be handed over behind another.
   */
  proven: boolean;
  /** Handed to the log and not known to be durable; each was decided on the one before, the first on the fields above. */
  readonly ahead: PendingAppend[];
  /** In the order of their places. */
  readonly waiting: WaitingJob[];
  /** Who is deciding. */
  turn: Job | undefined;
  /** Jobs that have begun and not ended, with the one that has the turn. */
  underWay: number;
  arrivals: number;
  /** An append was discarded: no turn until all that is under way has ended. */
  broken: boolean;
  /** Then the stream is to be read again. */
  doubted: boolean;
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
    proven: false,
    ahead: [],
    waiting: [],
    turn: undefined,
    underWay: 0,
    arrivals: 0,
    broken: false,
    doubted: false,
  };
}

/** Makes the slot forget what it knew, so that the next job reads the stream. */
export function forget(slot: StreamSlot): void {
  slot.loaded = false;
  slot.proven = false;
  slot.doubted = false;
  slot.state = slot.aggregate.decider.initial;
  slot.revision = -1;
  slot.lastHash = GENESIS_HASH;
  slot.commands = new CommandIndex();
}

/** The oldest pending append of the stream is durable: the slot stands behind it. */
export function becomeDurable(slot: StreamSlot, pending: PendingAppend): void {
  if (slot.ahead.shift() !== pending)
    throw new Error(`${slot.stream}: an append came before those below it.`);
  const { command, revision } = pending;
  for (let event = revision - command.events + 1; event <= revision; event += 1) {
    slot.commands.push(event, command.id);
  }
  slot.state = pending.state;
  slot.revision = revision;
  slot.lastHash = pending.lastHash;
  pending.settle('durable');
}

/** Nothing counts that was decided on this append. The queue starts nothing more until all of it has come to its end. */
export function discardFrom(slot: StreamSlot, pending: PendingAppend): void {
  slot.broken = true;
  for (const each of slot.ahead.splice(slot.ahead.indexOf(pending))) each.settle('discarded');
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
