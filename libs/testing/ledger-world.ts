/** The ledger over a log of made-up events, with a clock that can be set back; for specs. */
import { randomUUID } from 'node:crypto';
import {
  buildCatalogue,
  defineEvents,
  eventSchemas,
  type SchemaDocument,
} from '#libs/event-log/codec/index.js';
import { decodePostings, encodePostings } from '#libs/event-log/codec/money.js';
import { type Consumers, createConsumers } from '#libs/event-log/consumers/index.js';
import type { JsonObject } from '#libs/event-log/port/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money, type Posting } from '#libs/kernel/money/index.js';
import { addMs, instantFromEpochMs, parseInstant, type Instant } from '#libs/kernel/time/index.js';
import { AccountBalances, AccountStatement, TrialBalance } from '#libs/ledger/contract/index.js';
import { AccountBalancesHandler } from '#libs/ledger/read-model/account-balances.js';
import { AccountStatementHandler } from '#libs/ledger/read-model/account-statement.js';
import { VisibleAccounts } from '#libs/ledger/read-model/accounts.js';
import { PastBalances } from '#libs/ledger/read-model/balances.js';
import { LEDGER, ledgerProjection } from '#libs/ledger/read-model/index.js';
import { RecordedTime } from '#libs/ledger/read-model/recorded-time.js';
import { TrialBalanceHandler } from '#libs/ledger/read-model/trial-balance.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { MemoryEventLog } from './memory-event-log.js';
import { memorySubjectKeys } from './memory-subject-keys.js';
import { temporaryViews } from './temporary-views.js';

interface Moved {
  readonly type: 'MoneyMoved';
  readonly data: { readonly postings: readonly Posting[] };
}
interface Noted {
  readonly type: 'MattersNoted';
  readonly data: { readonly note: string };
}

const events = defineEvents<Moved | Noted>('testing', {
  MoneyMoved: {
    version: 1,
    encode: ({ postings }) => ({ postings: encodePostings(postings) }),
    decode: (json) => ({ postings: decodePostings(json['postings']) }),
  },
  MattersNoted: {
    version: 1,
    encode: ({ note }) => ({ note }),
    decode: (json) => ({ note: json['note'] as string }),
  },
});

const schemas: readonly SchemaDocument[] = ['MoneyMoved.v1', 'MattersNoted.v1'].map((name) => ({
  path: `testing/${name}.json`,
  schema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `https://schemas.sluice.invalid/events/testing/${name}.json`,
    type: 'object',
  },
}));

export const LEDGER_START = parseInstant('2026-09-01T00:00:00.000Z');
export const BOOKKEEPING = 'tenant-1';

/** One movement in fen. */
export type Move = readonly [source: string, destination: string, fen: bigint];

export const auditorOf = (tenant = BOOKKEEPING) => ({
  caller: {
    accountId: 'auditor-1',
    personId: 'person-1',
    tenant: asId<'tenant'>(tenant),
    roles: ['auditor' as const],
  },
  correlationId: 'correlation-1',
});

export class LedgerWorld {
  now: Instant = LEDGER_START;
  readonly #system = systemRuntime();
  readonly runtime = {
    ...this.#system,
    clock: { now: () => this.now, monotonicMs: () => this.#system.clock.monotonicMs() },
  };
  readonly log = new MemoryEventLog({ clock: this.runtime.clock, pageSize: 8 });
  readonly #files = temporaryViews();
  readonly views = this.#files.open();
  readonly #catalogue = buildCatalogue([events], {
    schemas: eventSchemas(schemas),
    rng: this.runtime.rng,
    checks: false,
  });
  consumers: Consumers | undefined;

  /** A fresh program on the same log and views. */
  async start(): Promise<void> {
    await this.consumers?.stop();
    const { log, views, runtime } = this;
    const subjectKeys = memorySubjectKeys(runtime.rng);
    this.consumers = createConsumers({ log, catalogue: this.#catalogue, views, subjectKeys, runtime });
    this.consumers.addProjection(ledgerProjection([events]));
    await this.consumers.start();
    await this.consumers.caughtUp();
  }

  async rebuild(): Promise<void> {
    await this.consumers!.rebuild(LEDGER);
  }

  /** One event that moves money at the time of the clock; none: an event that moves nothing. */
  async record(moves: readonly Move[], metadata: { tenant?: string; at?: Instant } = {}): Promise<void> {
    const postings = moves.map(([source, destination, fen]) => ({
      source,
      destination,
      amount: money(CNY, fen),
    }));
    const type = moves.length > 0 ? 'MoneyMoved.v1' : 'MattersNoted.v1';
    const data: JsonObject = moves.length > 0 ? { postings: encodePostings(postings) } : { note: 'n' };
    const common = { tenant: BOOKKEEPING, at: this.now, ...metadata };
    await this.log.append(`move-${randomUUID()}`, 'no-stream', [
      { id: randomUUID(), type, data, metadata: common },
    ]);
  }

  async caughtUp(): Promise<void> {
    await this.consumers!.caughtUp();
  }

  wait(ms: number): void {
    this.now = addMs(this.now, ms);
  }

  trialBalance(asOf?: Instant, tenant = BOOKKEEPING) {
    const { time, past } = this.#parts();
    return new TrialBalanceHandler(this.views, time, past).execute(new TrialBalance(auditorOf(tenant), asOf));
  }

  accountBalances(of: AccountBalances['of'], context: RequestContext = auditorOf()) {
    const { time, past, visible } = this.#parts();
    const handler = new AccountBalancesHandler(this.views, time, past, visible);
    return handler.execute(new AccountBalances(context, of));
  }

  accountStatement(of: AccountStatement['of'], context: RequestContext = auditorOf()) {
    const { time, past, visible } = this.#parts();
    const handler = new AccountStatementHandler(this.views, time, past, visible);
    return handler.execute(new AccountStatement(context, of));
  }

  async close(): Promise<void> {
    await this.consumers?.stop();
    await this.views.close();
    this.#files.remove();
  }

  #parts() {
    const { views, log, runtime } = this;
    const time = new RecordedTime(views, this.consumers!, log, runtime);
    // Auditors have no wallets to ask for.
    const visible = new VisibleAccounts({ execute: () => Promise.reject(new Error('not asked')) });
    return { time, past: new PastBalances(views, runtime), visible };
  }
}

export const instantAt = instantFromEpochMs;
