import type { Position } from '#libs/event-log/port/index.js';
import type { Batch } from './batch.js';
import { follow, type Following } from './follow.js';
import { reaches, type Member } from './member.js';
import type { Pace } from './pace.js';

/** Events joined into one batch while far behind; a transaction of so many rows spares most rewriting of index pages. */
const CATCH_UP_EVENTS = 10_000;
const LIVE_EVENTS = 1_000;

/**
 * Reads the log for all consumers: each starts on a subscription of its own, from its checkpoint, and joins the common one
 * once it is as far. So an event is read, parsed and decoded once for all, and a rebuild holds nobody up.
 */
export class Feed {
  readonly #members = new Set<Member>();
  readonly #alone = new Map<
    Member,
    { readonly controller: AbortController; readonly ended: Promise<void> }
  >();
  readonly #controller = new AbortController();
  #position: Position | undefined;
  #atEnd = false;
  #busy: Promise<unknown> = Promise.resolve();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly following: Following,
    private readonly pace: Pace,
  ) {}

  /** Members as far as `after` share one subscription from the first event on, the others come later. */
  start(members: readonly Member[], after: Position | undefined): void {
    this.#position = after;
    for (const member of members) {
      if (member.position === after) this.#members.add(member);
      else this.readAlone(member);
    }
    this.#running = this.#runShared();
  }

  readAlone(member: Member): void {
    if (this.#controller.signal.aborted) return;
    const controller = new AbortController();
    this.#alone.set(member, { controller, ended: this.#runAlone(member, controller) });
  }

  /** The member gets nothing more; resolves when what it was doing is done. */
  async remove(member: Member): Promise<void> {
    this.#members.delete(member);
    const alone = this.#alone.get(member);
    alone?.controller.abort();
    await alone?.ended;
    await member.settle();
  }

  async stop(): Promise<void> {
    this.#controller.abort();
    const alone = [...this.#alone.values()];
    for (const { controller } of alone) controller.abort();
    await Promise.all([this.#running, this.#busy, ...alone.map(({ ended }) => ended)]);
  }

  async #runShared(): Promise<void> {
    const { signal } = this.#controller;
    const request = { name: 'feed', after: this.#position, signal, catchUpEvents: LIVE_EVENTS };
    let isLive = false;
    for await (const message of follow(this.following, request)) {
      if (message.kind === 'batch') {
        this.#atEnd = false;
        // Before it is given out: who joins from here on has seen this batch by itself.
        this.#position = message.batch.position;
        this.#busy = Promise.all([...this.#members].map((member) => this.#give(member, message.batch)));
        await this.#busy;
        const { length } = message.batch.events;
        if (isLive && length < LIVE_EVENTS) await this.pace.afterBatch(length, signal);
      } else if (message.kind === 'checkpoint') {
        for (const member of this.#members)
          if (!reaches(member.position, message.position)) member.skipTo(message.position);
        this.#position = message.position;
      } else {
        isLive = true;
        this.#atEnd = true;
        for (const member of this.#members) member.reachedEnd();
      }
    }
  }

  async #give(member: Member, batch: Batch): Promise<void> {
    if (!(await took(member, batch))) {
      this.#members.delete(member);
      return;
    }
    if (!member.keepsUp() && this.#members.delete(member)) this.readAlone(member);
  }

  async #runAlone(member: Member, controller: AbortController): Promise<void> {
    const { name, position: after } = member;
    const request = { name, after, signal: controller.signal, catchUpEvents: CATCH_UP_EVENTS };
    let atEnd = false;
    for await (const message of follow(this.following, request)) {
      if (message.kind === 'batch') {
        if (!(await took(member, message.batch))) break;
      } else if (message.kind === 'checkpoint') {
        member.skipTo(message.position);
      } else {
        atEnd = true;
        member.reachedEnd();
      }
      if (atEnd && member.keepsUp() && this.#join(member, controller.signal)) break;
    }
    this.#alone.delete(member);
  }

  /** Without a pause between the comparison and the joining, so that no event is missed; those seen twice are skipped. */
  #join(member: Member, signal: AbortSignal): boolean {
    if (signal.aborted || !reaches(member.position, this.#position)) return false;
    this.#members.add(member);
    if (this.#atEnd) member.reachedEnd();
    return true;
  }
}

/** Whether the member goes on. */
async function took(member: Member, batch: Batch): Promise<boolean> {
  try {
    await member.take(batch);
    return true;
  } catch (error) {
    member.fail(error);
    return false;
  }
}
