import type { TenantId } from '#libs/kernel/ids/index.js';
import type { Asset } from '#libs/kernel/money/index.js';
import type { Instant, LocalDate } from '#libs/kernel/time/index.js';
import type { OperationId } from '../../../port/index.js';
import type { BankStore, Row } from '../store.js';

export type Direction = 'CRDT' | 'DBIT';

export interface BookLine {
  readonly number: string;
  readonly at: Instant;
  readonly operationId: OperationId;
  readonly direction: Direction;
  /** Minor units. */
  readonly amount: bigint;
  readonly reference: string;
  readonly text: string;
  readonly isReturn: boolean;
}

/** One tenant's account in one asset on one day. */
export interface DayBook {
  readonly asset: Asset;
  readonly opening: bigint;
  readonly lines: readonly BookLine[];
}

/** Books of the day, one for each asset that was ever moved; of CNY where nothing was. */
export function dayBooks(store: BankStore, tenant: TenantId, date: LocalDate): readonly DayBook[] {
  const assets = store
    .all('SELECT DISTINCT asset FROM entries WHERE tenant = ? AND date <= ? ORDER BY asset', tenant, date)
    .map((row) => row['asset'] as Asset);
  return (assets.length > 0 ? assets : (['CNY/2'] as const)).map((asset) => ({
    asset,
    opening: total(
      store.all(
        'SELECT direction, amount FROM entries WHERE tenant = ? AND asset = ? AND date < ?',
        tenant,
        asset,
        date,
      ),
    ),
    lines: store
      .all(
        'SELECT * FROM entries WHERE tenant = ? AND asset = ? AND date = ? ORDER BY number',
        tenant,
        asset,
        date,
      )
      .map(lineOf),
  }));
}

export function signed({ direction, amount }: Pick<BookLine, 'direction' | 'amount'>): bigint {
  return direction === 'CRDT' ? amount : -amount;
}

function total(rows: readonly Row[]): bigint {
  return rows.reduce(
    (sum, row) =>
      sum + signed({ direction: row['direction'] as Direction, amount: BigInt(row['amount'] as string) }),
    0n,
  );
}

function lineOf(row: Row): BookLine {
  return {
    number: String(row['number']),
    at: row['at'] as Instant,
    operationId: row['operation_id'] as string,
    direction: row['direction'] as Direction,
    amount: BigInt(row['amount'] as string),
    reference: row['reference'] as string,
    text: row['text'] as string,
    isReturn: row['is_return'] === 1,
  };
}
