import type { Position } from '#libs/event-log/port/index.js';
import type { Batch } from './batch.js';
import { follow, type Following } from './follow.js';
import { reaches, type Member } from './member.js';
import type { Pace } from './pace.js';

/** Events joined into one batch while far behind; a transaction of so many rows spares most rewriting of index pages. */
const CATCH_UP_EVENTS = 10_000;
const LIVE_EVENTS = 1_000;

/** Consumers behind the common subscription that read together because they were equally far. */
interface Party {
  readonly members: Set<Member>;
  readonly controller: AbortController;
  ended: Promise<void>;
}

/**
 * Reads the log for all consumers: who is behind starts on a subscription of its own, from its checkpoint, together with
 * those that are exactly as far, and joins the common one once it has caught up. So an event is read, parsed and decoded
 * once for all, and a rebuild holds nobody up.
 */
export class Feed {
  readonly #members = new Set<Member>();
  readonly #behind = new Map<Member, Party>();
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
    const behind = new Map<Position | undefined, Member[]>();
    for (const member of members) {
      const { position } = member;
      if (position === after) this.#members.add(member);
      else if (!member.sharesCatchUp) this.readAlone(member);
      else if (behind.get(position)?.push(member) === undefined) behind.set(position, [member]);
    }
    for (const party of behind.values()) this.#readTogether(party);
    this.#running = this.#runShared();
  }

  readAlone(member: Member): void {
    this.#readTogether([member]);
  }

  #readTogether(members: readonly Member[]): void {
    const { signal } = this.#controller;
    if (signal.aborted) return;
    const party: Party = {
      members: new Set(members),
      controller: new AbortController(),
      ended: Promise.resolve(),
    };
    for (const member of members) this.#behind.set(member, party);
    party.ended = this.#runParty(party, members);
  }

  /** The member gets nothing more; resolves when what it was doing is done. */
  async remove(member: Member): Promise<void> {
    this.#members.delete(member);
    const party = this.#behind.get(member);
    if (party) {
      this.#leave(party, member);
      if (party.members.size === 0) {
        party.controller.abort();
        await party.ended;
      }
    }
    await member.settle();
  }

  async stop(): Promise<void> {
    this.#controller.abort();
    const parties = new Set(this.#behind.values());
    for (const { controller } of parties) controller.abort();
    await Promise.all([this.#running, this.#busy, ...[...parties].map(({ ended }) => ended)]);
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

  async #runParty(party: Party, [first, ...others]: readonly Member[]): Promise<void> {
    const { members, controller } = party;
    const name = [first!, ...others].map((member) => member.name).join(' and ');
    const request = {
      name,
      after: first!.position,
      signal: controller.signal,
      catchUpEvents: CATCH_UP_EVENTS,
    };
    let atEnd = false;
    for await (const message of follow(this.following, request)) {
      if (message.kind === 'batch') {
        await Promise.all(
          [...members].map(async (member) => {
            if (!(await took(member, message.batch))) this.#leave(party, member);
          }),
        );
      } else if (message.kind === 'checkpoint') {
        for (const member of members) member.skipTo(message.position);
      } else {
        atEnd = true;
        for (const member of members) member.reachedEnd();
      }
      if (atEnd) for (const member of members) if (member.keepsUp()) this.#join(party, member);
      if (members.size === 0) break;
    }
    for (const member of members) this.#leave(party, member);
  }

  /** Without a pause between the comparison and the joining, so that no event is missed; those seen twice are skipped. */
  #join(party: Party, member: Member): void {
    if (party.controller.signal.aborted || !reaches(member.position, this.#position)) return;
    this.#leave(party, member);
    this.#members.add(member);
    if (this.#atEnd) member.reachedEnd();
  }

  #leave(party: Party, member: Member): void {
    party.members.delete(member);
    if (this.#behind.get(member) === party) this.#behind.delete(member);
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
