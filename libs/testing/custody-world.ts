/** Custody over a log of made-up contracts whose events may lie; for the specs of what must find them out. */
import { randomUUID } from 'node:crypto';
import {
  buildCatalogue,
  defineEvents,
  eventSchemas,
  type SchemaDocument,
} from '#libs/event-log/codec/index.js';
import { decodePostings, encodePostings } from '#libs/event-log/codec/money.js';
import { type Consumers, createConsumers } from '#libs/event-log/consumers/index.js';
import { CNY, money, type Posting } from '#libs/kernel/money/index.js';
import { CustodyCheck, type CustodyCheckView } from '#libs/ledger/contract/index.js';
import { CustodyCheckHandler } from '#libs/ledger/read-model/custody-check.js';
import {
  CUSTODY,
  CustodyMonitor,
  custodyProjection,
  ledgerProjection,
} from '#libs/ledger/read-model/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import type { Caller } from '#libs/security/port/index.js';
import { auditorOf, BOOKKEEPING, type Move } from './ledger-world.js';
import { MemoryEventLog } from './memory-event-log.js';
import { memorySubjectKeys } from './memory-subject-keys.js';
import { temporaryViews } from './temporary-views.js';

interface Moved {
  readonly type: 'MoneyMoved';
  readonly data: { readonly postings: readonly Posting[] };
}
interface Stated {
  readonly type: 'ContractStated';
  readonly data: {
    readonly asset: string;
    readonly totals: { readonly held: bigint };
    readonly postings: readonly Posting[];
  };
}

const events = defineEvents<Moved | Stated>('testing', {
  MoneyMoved: {
    version: 1,
    encode: ({ postings }) => ({ postings: encodePostings(postings) }),
    decode: (json) => ({ postings: decodePostings(json['postings']) }),
  },
  ContractStated: {
    version: 1,
    encode: ({ asset, totals, postings }) => ({
      asset,
      held: String(totals.held),
      postings: encodePostings(postings),
    }),
    decode: (json) => ({
      asset: json['asset'] as string,
      totals: { held: BigInt(json['held'] as string) },
      postings: decodePostings(json['postings']),
    }),
  },
});

const schemas: readonly SchemaDocument[] = ['MoneyMoved.v1', 'ContractStated.v1'].map((name) => ({
  path: `testing/${name}.json`,
  schema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `https://schemas.sluice.invalid/events/testing/${name}.json`,
    type: 'object',
  },
}));

export class CustodyWorld {
  readonly runtime = systemRuntime();
  readonly log = new MemoryEventLog({ clock: this.runtime.clock, pageSize: 4 });
  readonly #files = temporaryViews();
  readonly views = this.#files.open();
  readonly #catalogue = buildCatalogue([events], {
    schemas: eventSchemas(schemas),
    rng: this.runtime.rng,
    checks: false,
  });
  readonly #revisions = new Map<string, number>();
  consumers: Consumers | undefined;

  /** A fresh program on the same log and views. */
  async start(): Promise<void> {
    await this.consumers?.stop();
    const { log, views, runtime } = this;
    const subjectKeys = memorySubjectKeys(runtime.rng);
    this.consumers = createConsumers({ log, catalogue: this.#catalogue, views, subjectKeys, runtime });
    for (const projection of [ledgerProjection([events]), custodyProjection([events])]) {
      this.consumers.addProjection(projection);
    }
    await this.consumers.start();
    await this.consumers.caughtUp();
  }

  async rebuild(): Promise<void> {
    await this.consumers!.rebuild(CUSTODY);
    await this.consumers!.caughtUp();
  }

  /** An event of the contract that says what is held after it. */
  async state(contractId: string, held: bigint, moves: readonly Move[]): Promise<void> {
    const data = { asset: CNY, held: String(held), postings: encodePostings(postingsOf(moves)) };
    await this.#append(`contract-${contractId}`, 'ContractStated.v1', data);
  }

  /** An event of something else that moves money. */
  async move(moves: readonly Move[]): Promise<void> {
    await this.#append(`move-${randomUUID()}`, 'MoneyMoved.v1', {
      postings: encodePostings(postingsOf(moves)),
    });
  }

  async check(caller: Caller = auditorOf().caller): Promise<CustodyCheckView | undefined> {
    await this.consumers!.caughtUp();
    const handler = new CustodyCheckHandler(this.views);
    return handler.execute(new CustodyCheck({ caller, correlationId: 'correlation-1' }));
  }

  monitor(): CustodyMonitor {
    return new CustodyMonitor(this.views, this.consumers!, this.runtime);
  }

  async close(): Promise<void> {
    await this.consumers?.stop();
    await this.views.close();
    this.#files.remove();
  }

  async #append(
    stream: string,
    type: string,
    data: Parameters<MemoryEventLog['append']>[2][number]['data'],
  ): Promise<void> {
    const before = this.#revisions.get(stream);
    const metadata = { tenant: BOOKKEEPING, at: this.runtime.clock.now() };
    await this.log.append(stream, before ?? 'no-stream', [{ id: randomUUID(), type, data, metadata }]);
    this.#revisions.set(stream, (before ?? -1) + 1);
  }
}

function postingsOf(moves: readonly Move[]): readonly Posting[] {
  return moves.map(([source, destination, minor]) => ({ source, destination, amount: money(CNY, minor) }));
}
