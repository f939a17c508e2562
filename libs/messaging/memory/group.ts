import type { Timers } from '#libs/runtime/port/index.js';
import type { IntegrationEvent } from '../port/index.js';

interface Member {
  readonly types: ReadonlySet<string>;
  readonly handle: (event: IntegrationEvent) => Promise<void>;
  readonly running: Set<Promise<void>>;
}

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 5_000;

/** The members of one group and what waits for them, in order per subject. */
export class Group {
  readonly #members: Member[] = [];
  /** By subject; the first event of each is the one at work or next. Subjects at work are first in line. */
  readonly #waiting = new Map<string, IntegrationEvent[]>();
  readonly #atWork = new Set<string>();
  readonly #controller = new AbortController();
  #size = 0;
  #turn = 0;

  constructor(
    readonly name: string,
    private readonly timers: Timers,
    private readonly concurrency: number,
  ) {}

  get size(): number {
    return this.#size;
  }

  isEmpty(): boolean {
    return this.#members.length === 0;
  }

  wants(type: string): boolean {
    return this.#members.some(({ types }) => types.has(type));
  }

  push(event: IntegrationEvent): void {
    const queue = this.#waiting.get(event.subject);
    if (queue) queue.push(event);
    else this.#waiting.set(event.subject, [event]);
    this.#size += 1;
    this.#startMore();
  }

  /** @returns the way to leave; resolves when the member's handlers have ended */
  join(types: readonly string[], handle: Member['handle']): () => Promise<void> {
    const member: Member = { types: new Set(types), handle, running: new Set() };
    this.#members.push(member);
    return async () => {
      const index = this.#members.indexOf(member);
      if (index >= 0) this.#members.splice(index, 1);
      await Promise.all(member.running);
    };
  }

  async stop(): Promise<void> {
    this.#controller.abort();
    const running = this.#members.flatMap((member) => [...member.running]);
    this.#members.length = 0;
    await Promise.all(running);
  }

  #startMore(): void {
    for (const [subject, queue] of this.#waiting) {
      if (this.#atWork.size >= this.concurrency) return;
      if (this.#atWork.has(subject)) continue;
      this.#atWork.add(subject);
      void this.#work(subject, queue);
    }
  }

  async #work(subject: string, queue: IntegrationEvent[]): Promise<void> {
    while (queue.length > 0 && !this.#controller.signal.aborted) {
      await this.#deliver(queue[0]!);
      queue.shift();
      this.#size -= 1;
    }
    this.#waiting.delete(subject);
    this.#atWork.delete(subject);
    this.#startMore();
  }

  /** Until a member has taken it; dropped when nobody is left who wants it. */
  async #deliver(event: IntegrationEvent): Promise<void> {
    const { signal } = this.#controller;
    for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const candidates = this.#members.filter(({ types }) => types.has(event.type));
      const member = candidates[this.#turn % candidates.length];
      this.#turn += 1;
      if (!member) return;
      const handled = member.handle(event).then(
        () => true,
        () => false,
      );
      const ended = handled.then(() => void member.running.delete(ended));
      member.running.add(ended);
      if (await handled) return;
      await this.timers.sleep(pauseMs, signal).catch(() => undefined);
    }
  }
}
