import { InvalidInputError } from '#libs/kernel/errors/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import { fromStoredMoney } from '#libs/kernel/money/index.js';
import { parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import type { ChannelReply } from '../../port/index.js';
import { WireRefused, readCredit, readOperation } from '../../wire/schemas.js';
import { type Operations, type Submitted } from './operations.js';
import { statementOf } from './statements/statement.js';
import type { BankStore } from './store.js';

export interface Asked {
  readonly tenant: TenantId;
  readonly method: string;
  readonly url: URL;
  readonly body: Buffer;
  readonly idempotencyKey?: string;
}

/** Text is XML, everything else JSON. */
export interface Said {
  readonly status: number;
  readonly body: object | string;
}

/** The connection is cut. */
export const NO_ANSWER = Symbol('NO_ANSWER');
/** The connection stays, nothing comes. */
export const SILENCE = Symbol('SILENCE');

export interface DeskParts {
  readonly store: BankStore;
  readonly operations: Operations;
  readonly runtime: Pick<Runtime, 'clock' | 'timers'>;
  /** The institution's own slowness before it takes an operation, milliseconds. */
  readonly delayMs: number;
  /** Told when something late may have been planned. */
  readonly planned: () => void;
}

const OPERATION = /^\/operations\/([A-Za-z0-9-]{1,80})(\/cancel)?$/;
const STATEMENT = /^\/statements\/([0-9-]{10})$/;

/** What can be asked of the sandbox, once it is known who asks. */
export class Desk {
  constructor(private readonly parts: DeskParts) {}

  async serve(asked: Asked): Promise<Said | typeof NO_ANSWER | typeof SILENCE> {
    try {
      return await this.#route(asked);
    } catch (fault) {
      if (fault instanceof WireRefused || fault instanceof InvalidInputError)
        return { status: 400, body: { code: 'MALFORMED', message: fault.message } };
      throw fault;
    }
  }

  /** For whoever checks the sandbox from the same machine; nothing here is anybody's secret. */
  openPage({ pathname, searchParams }: URL): Said | undefined {
    if (pathname === '/sandbox/effects')
      return { status: 200, body: this.#effects(searchParams.get('operationId')) };
    if (pathname === '/sandbox/facts') return { status: 200, body: this.#facts() };
    return undefined;
  }

  async #route(asked: Asked): Promise<Said | typeof NO_ANSWER | typeof SILENCE> {
    const { method, url, tenant } = asked;
    if (method === 'POST' && url.pathname === '/operations') return this.#submit(asked);
    if (method === 'POST' && url.pathname === '/sandbox/credits') return this.#credit(asked);
    const [, operationId, cancel] = OPERATION.exec(url.pathname) ?? [];
    const { store, operations } = this.parts;
    if (operationId !== undefined && method === 'GET' && cancel === undefined)
      return replied(operations.query(tenant, operationId));
    if (operationId !== undefined && method === 'POST' && cancel !== undefined)
      return replied(await store.commit(() => operations.cancel(tenant, operationId)));
    const [, date] = STATEMENT.exec(url.pathname) ?? [];
    if (date !== undefined && method === 'GET') return this.#statement(tenant, date, url.searchParams);
    return { status: 404, body: { code: 'NOT_FOUND' } };
  }

  async #submit({ tenant, body, idempotencyKey }: Asked): Promise<Said | typeof NO_ANSWER | typeof SILENCE> {
    const operation = readOperation(body);
    parseInstant(operation.expiresAt);
    fromStoredMoney(operation.amount);
    if (idempotencyKey !== operation.operationId)
      throw new WireRefused('The idempotency key is the operation id.');
    const { store, operations, runtime, delayMs } = this.parts;
    if (delayMs > 0) await runtime.timers.sleep(delayMs);
    const submitted = await store.commit(() => operations.submit(tenant, operation, runtime.clock.now()));
    this.parts.planned();
    return answered(submitted);
  }

  async #credit({ tenant, body }: Asked): Promise<Said> {
    const { remittanceCode, amount } = readCredit(body);
    const { store, operations, runtime } = this.parts;
    const outcome = await store.commit(() =>
      operations.credit(tenant, remittanceCode, fromStoredMoney(amount), runtime.clock.now()),
    );
    this.parts.planned();
    // What is not expected goes back to the sender's bank.
    return { status: outcome === 'taken' ? 200 : 422, body: { outcome } };
  }

  #statement(tenant: TenantId, date: string, options: URLSearchParams): Said {
    const format = options.get('format');
    if (format !== 'camt.053' && format !== 'camt.054')
      throw new WireRefused('The format is camt.053 or camt.054.');
    const { store, runtime } = this.parts;
    const book = { tenant, date: parseLocalDate(date), madeAt: runtime.clock.now() };
    return { status: 200, body: statementOf(store, book, format, options.get('mistakes') === '1') };
  }

  #effects(operationId: string | null): object {
    const rows = this.parts.store.all(
      `SELECT operation_id, tenant, kind, asset, amount, moved, returned FROM operations
       WHERE content IS NOT NULL AND operation_id = coalesce(?, operation_id)`,
      operationId,
    );
    return {
      effects: rows.map((row) => ({
        operationId: row['operation_id'],
        tenant: row['tenant'],
        kind: row['kind'],
        amount: { asset: row['asset'], amount: row['amount'] },
        moved: row['moved'],
        returned: row['returned'],
      })),
    };
  }

  #facts(): object {
    const counted = (sql: string): object =>
      Object.fromEntries(this.parts.store.all(sql).map((row) => [row['name'], row['counted']]));
    return {
      operations: counted('SELECT status AS name, count(*) AS counted FROM operations GROUP BY status'),
      notices: counted('SELECT state AS name, count(*) AS counted FROM notices GROUP BY state'),
      entries: this.parts.store.one('SELECT count(*) AS counted FROM entries')?.['counted'],
      planned: this.parts.store.one('SELECT count(*) AS counted FROM agenda')?.['counted'],
    };
  }
}

function answered(submitted: Submitted): Said | typeof NO_ANSWER | typeof SILENCE {
  switch (submitted.answer) {
    case 'reply':
      return replied(submitted.reply);
    case 'conflict':
      return { status: 409, body: { code: 'OPERATION_CONFLICT' } };
    case 'hangUp':
      return NO_ANSWER;
    case 'silence':
      return SILENCE;
  }
}

function replied(reply: ChannelReply): Said {
  return { status: reply.outcome === 'notFound' ? 404 : 200, body: reply };
}
