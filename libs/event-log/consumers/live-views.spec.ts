import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SubjectId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { temporaryFolder } from '#libs/testing/temporary-folder.js';
import { temporaryViews } from '#libs/testing/temporary-views.js';
import { contextOf, tillWorld } from '#libs/testing/till-store.js';
import { tillRows, tillView } from '#libs/testing/till-view.js';
import { till, tillEvents, type TillCommand } from '#libs/testing/till.js';
import type { Views } from '#libs/views/port/index.js';
import { SqliteEventLog } from '../sqlite/index.js';
import { type Consumers, createConsumers, type Projection } from './index.js';

/** Writes down every event exactly as a projection is given it, order of properties included. */
const journalView: Projection = {
  name: 'journal',
  version: 1,
  tables: [
    {
      name: 'journal',
      columns: { position: 'integer', given: 'text' },
      primaryKey: ['position'],
    },
  ],
  events: [tillEvents],
  project: (event, view) => {
    const given = JSON.stringify(event, (_key, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
    view.put('journal', { position: Number(event.position), given });
  },
};

/**
 * `outside`: appended by somebody else than the decider store. `unseen`: stores events that no subscription delivers.
 * `erase`: while somebody writes about that very person.
 */
type Act =
  | { readonly kind: 'deposits'; readonly ids: readonly string[]; readonly times: number }
  | { readonly kind: 'name'; readonly id: string; readonly owner: string }
  | { readonly kind: 'outside'; readonly text: boolean }
  | { readonly kind: 'unseen'; readonly id: string }
  | { readonly kind: 'pause' | 'catch-up' | 'restart-consumers' | 'restart-log' }
  | { readonly kind: 'erase'; readonly owner: string };

const id = fc.constantFrom('a', 'b', 'c');
const owner = fc.constantFrom('s1', 's2');
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('deposits' as const),
      ids: fc.array(id, { minLength: 1, maxLength: 12 }),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('name' as const), id, owner }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('outside' as const), text: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('unseen' as const), id }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'pause' as const,
        'catch-up' as const,
        'restart-consumers' as const,
        'restart-log' as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('erase' as const), owner }) },
);

/** One program on real files: log, store, consumers and views, restarted at will. */
class Program {
  readonly #folder = temporaryFolder();
  readonly #files = temporaryViews();
  readonly #views: Views;
  readonly #keys = tillWorld().subjectKeys;
  #world!: ReturnType<typeof tillWorld>;
  #store!: ReturnType<ReturnType<typeof tillWorld>['store']>;
  #consumers!: Consumers;
  #log!: SqliteEventLog;
  #sent = 0;
  #outside = 0;
  readonly #slow: number;

  constructor(
    private readonly runtime: Runtime,
    slow: number,
  ) {
    this.#slow = slow;
    this.#views = this.#files.open({ largeFrom: 4 });
  }

  async open(): Promise<void> {
    this.#log = await SqliteEventLog.open({ file: this.#folder.file('events.sqlite') }, this.runtime);
    this.#world = { ...tillWorld({ runtime: this.runtime, log: this.#log }), subjectKeys: this.#keys };
    // The world's own store would seal with its own keys.
    const { createDeciderStore } = await import('../runner/index.js');
    this.#store = createDeciderStore({ ...this.#world, options: { onlyWriter: true } });
    await this.#startConsumers();
  }

  async #startConsumers(): Promise<void> {
    const views = this.#slow === 0 ? this.#views : slowed(this.#views, this.#slow, this.runtime);
    this.#consumers = createConsumers({ ...this.#world, views });
    this.#consumers.addProjection(tillView);
    this.#consumers.addProjection(journalView);
    await this.#consumers.start();
  }

  async send(stream: string, command: TillCommand): Promise<void> {
    this.#sent += 1;
    await this.#store.run(till, stream, command, contextOf(`command ${this.#sent}`));
  }

  async do(given: Act): Promise<void> {
    switch (given.kind) {
      case 'deposits':
        await Promise.all(
          given.ids.map((to) =>
            this.send(to, { kind: 'deposit', amountFen: 1n, times: given.times, note: '元' }),
          ),
        );
        return;
      case 'name':
        return this.send(given.id, {
          kind: 'name',
          ownerId: given.owner,
          name: '学生0001',
          phone: '10000000001',
        });
      case 'outside':
        return this.#appendOutside(given.text);
      case 'unseen':
        return this.#log.setStreamMetadata(`till-${given.id}`, { maxCount: 1_000 });
      case 'pause':
        return this.runtime.timers.sleep(1);
      case 'catch-up':
        return this.#consumers.caughtUp();
      case 'restart-consumers':
        await this.#consumers.stop();
        return this.#startConsumers();
      case 'restart-log':
        await this.close();
        return this.open();
      case 'erase':
        return this.#erase(given.owner);
      default:
        given satisfies never;
    }
  }

  /** With an old version and an upper-case id; half of the time followed by the deletion of its stream. */
  async #appendOutside(keep: boolean): Promise<void> {
    this.#outside += 1;
    const stream = `till-outside-${this.#outside}`;
    const event = (type: string, data: Record<string, string>) => ({
      id: this.runtime.ids.next().toUpperCase(),
      type,
      data,
      metadata: { tenant: 'tenant-1' },
    });
    await this.#log.append(stream, 'any', [
      event('TillOpened.v1', { limit: '100' }),
      event('CashDeposited.v1', { amount: '7' }),
    ]);
    if (!keep) await this.#log.deleteStream(stream, 1);
  }

  async #erase(subject: string): Promise<void> {
    await Promise.all([
      this.do({ kind: 'name', id: 'a', owner: subject }),
      this.#keys.destroy(subject as SubjectId),
      this.do({ kind: 'deposits', ids: ['a', 'b'], times: 1 }),
    ]);
    // What was shown before goes with a rebuild.
    await this.#consumers.rebuild('journal');
    await this.#consumers.rebuild('tills');
  }

  async rebuild(): Promise<void> {
    await this.#consumers.rebuild('tills');
    await this.#consumers.rebuild('journal');
  }

  async content(): Promise<unknown> {
    await this.#consumers.caughtUp();
    const database = this.#views.database<{ journal: { position: number; given: string } }>();
    const journal = await database.selectFrom('journal').selectAll().orderBy('position').execute();
    const faults = this.#consumers.status().map(({ deadLetters, stopped }) => [deadLetters, stopped]);
    return { tills: await tillRows(this.#views), journal: journal.map((row) => ({ ...row })), faults };
  }

  async close(): Promise<void> {
    await this.#consumers.stop();
    await this.#log.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await this.#views.close();
    this.#files.remove();
    this.#folder[Symbol.dispose]();
  }
}

function slowed(views: Views, turns: number, { timers }: Runtime): Views {
  return new Proxy(views, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      if (property !== 'commit') return value.bind(target) as unknown;
      return async (...given: Parameters<Views['commit']>) => {
        await timers.sleep(turns);
        await target.commit(...given);
      };
    },
  });
}

describe('a view kept up to date by what the program appends', () => {
  it('is byte for byte what a rebuild from the file makes, whatever was appended, by whom, and however slowly it was read', async () => {
    const runtime = systemRuntime();
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { maxLength: 14 }),
        fc.integer({ min: 0, max: 3 }),
        async (acts, slow) => {
          const program = new Program(runtime, slow);
          await program.open();
          try {
            for (const name of ['a', 'b', 'c']) await program.send(name, { kind: 'open', limitFen: 1_000n });
            for (const each of acts) await program.do(each);
            const live = await program.content();
            // A log opened afresh has nothing in memory: everything is read from the file.
            await program.do({ kind: 'restart-log' });
            await program.rebuild();
            expect(live).toEqual(await program.content());
          } finally {
            await program.remove();
          }
        },
      ),
      { numRuns: 10 },
    );
  }, 60_000);
});
