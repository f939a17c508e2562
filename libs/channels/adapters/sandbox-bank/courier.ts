import { epochMsOf } from '#libs/kernel/time/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import type { SignedClient } from '../http/signed-client.js';
import type { Operations } from './operations.js';
import type { BankStore, Row } from './store.js';

export interface CourierParts {
  readonly store: BankStore;
  readonly operations: Operations;
  readonly runtime: Pick<Runtime, 'clock' | 'timers'>;
  /** Below the base url of the client. */
  readonly target: string;
  readonly client: SignedClient;
  /** First pause after a notice that was not taken; each further one is twice as long. */
  readonly firstPauseMs: number;
}

/** Longest time without a look at the books: another process may have written into them. */
const LONGEST_NAP_MS = 250;
const LONGEST_PAUSE_MS = 60_000;
const AT_ONCE = 16;

/** Does what is due late, and brings the notices until they are taken. Its order is nobody's order. */
export class Courier {
  #running: Promise<void> = Promise.resolve();
  #nap: AbortController | undefined;
  #poked = false;
  #stopped = false;
  #held = false;

  constructor(private readonly parts: CourierParts) {}

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.poke();
    await this.#running;
  }

  /** Nothing late happens and nothing is brought until `deliver` or `release`. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.poke();
  }

  /** Something was written that may be due. */
  poke(): void {
    this.#poked = true;
    this.#nap?.abort();
  }

  /**
   * Does everything that is planned, whenever it is due, and brings every notice once.
   *
   * @returns statuses of the answers, 0 for none that can be trusted
   */
  async deliver(): Promise<readonly number[]> {
    await this.#actAll(Number.MAX_SAFE_INTEGER);
    const statuses: number[] = [];
    const due = this.#notices(Number.MAX_SAFE_INTEGER, 10_000);
    for (const notice of due)
      for (let copy = Number(notice['copies']); copy > 0; copy -= 1) statuses.push(await this.#bring(notice));
    return statuses;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      this.#poked = false;
      // The books may be busy: what is due stays due.
      const waitMs = await this.#look().catch(() => LONGEST_NAP_MS);
      if (waitMs > 0) await this.#sleep(waitMs);
    }
  }

  /** @returns how long there is nothing to do, milliseconds */
  async #look(): Promise<number> {
    if (this.#held) return LONGEST_NAP_MS;
    const nowMs = epochMsOf(this.parts.runtime.clock.now());
    await this.#actAll(nowMs);
    const due = this.#notices(nowMs, AT_ONCE);
    await Promise.all(due.map((notice) => this.#bring(notice)));
    const next = this.parts.store.one(
      `SELECT min(at) AS at FROM
         (SELECT min(due_ms) AS at FROM agenda UNION ALL SELECT min(next_ms) FROM notices WHERE state = 'due')`,
    )?.['at'];
    return typeof next === 'number' ? Math.min(Math.max(next - nowMs, 0), LONGEST_NAP_MS) : LONGEST_NAP_MS;
  }

  async #sleep(durationMs: number): Promise<void> {
    const nap = new AbortController();
    this.#nap = nap;
    if (!this.#poked) await this.parts.runtime.timers.sleep(durationMs, nap.signal).catch(() => undefined);
    this.#nap = undefined;
  }

  async #actAll(dueMs: number): Promise<void> {
    const { store, operations, runtime } = this.parts;
    const due = store.all(
      // Whoever asks for everything does not ask for the end of what is still open.
      `SELECT * FROM agenda WHERE due_ms <= ? ${dueMs === Number.MAX_SAFE_INTEGER ? `AND act <> 'expire'` : ''}
       ORDER BY due_ms LIMIT 1000`,
      dueMs,
    );
    await Promise.all(
      due.map((row) =>
        store.commit(() =>
          operations.act(
            row['tenant'] as TenantId,
            row['operation_id'] as string,
            row['act'] as string,
            runtime.clock.now(),
          ),
        ),
      ),
    );
  }

  #notices(nowMs: number, most: number): readonly Row[] {
    return this.parts.store.all(
      `SELECT * FROM notices WHERE state = 'due' AND next_ms <= ? ORDER BY next_ms LIMIT ?`,
      nowMs,
      most,
    );
  }

  /** Taken: one copy fewer. Contradicted: they keep it as a case of their own. Otherwise later again, with growing pauses. */
  async #bring(notice: Row): Promise<number> {
    const { store, client, target, runtime, firstPauseMs } = this.parts;
    const noticeId = notice['notice_id'] as string;
    const status = await client
      .exchange({
        tenant: notice['tenant'] as TenantId,
        method: 'POST',
        target,
        body: JSON.parse(notice['body'] as string) as object,
        idempotencyKey: noticeId,
      })
      .then(
        (answer) => answer.status,
        () => 0,
      );
    const taken = status >= 200 && status < 300;
    const pauseMs = Math.min(firstPauseMs * 2 ** Math.min(Number(notice['attempts']), 20), LONGEST_PAUSE_MS);
    await store.commit(() =>
      store.run(
        `UPDATE notices SET attempts = attempts + 1, copies = copies - ?1, next_ms = ?2,
           state = CASE WHEN ?3 = 1 THEN 'contradicted' WHEN copies - ?1 <= 0 THEN 'delivered' ELSE 'due' END
         WHERE notice_id = ?4`,
        taken ? 1 : 0,
        taken ? 0 : epochMsOf(runtime.clock.now()) + pauseMs,
        status === 409 ? 1 : 0,
        noticeId,
      ),
    );
    return status;
  }
}
