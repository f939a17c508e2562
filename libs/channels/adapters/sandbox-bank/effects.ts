import { createHash } from 'node:crypto';
import { toStoredMoney } from '#libs/kernel/money/index.js';
import { type Instant, localDateOf } from '#libs/kernel/time/index.js';
import type { ChannelNotice } from '../../port/index.js';
import type { WireNotice } from '../../wire/messages.js';
import type { Operation } from './operation.js';
import type { BankStore } from './store.js';

interface Announcement {
  readonly at: Instant;
  readonly dueMs: number;
  readonly copies: number;
  readonly reason?: string;
}

/** Money moves here and nowhere else: at most once an operation, with its line in the book. */
export class Effects {
  constructor(private readonly store: BankStore) {}

  /** Nothing happens when it has happened. */
  succeed(operation: Operation, at: Instant): void {
    const { tenant, operationId } = operation;
    const { moved } = this.#counts(operation);
    if (moved) return;
    const reference = referenceOf(operation, 'moved');
    this.store.run(
      `UPDATE operations SET status = 'succeeded', reason = NULL, reference = ?, at = ?, moved = moved + 1
       WHERE tenant = ? AND operation_id = ?`,
      reference,
      at,
      tenant,
      operationId,
    );
    this.#book(operation, { at, reference, isReturn: false });
  }

  /** @returns false when there is nothing to give back, or it has been */
  giveBack(operation: Operation, at: Instant): boolean {
    const { moved, returned } = this.#counts(operation);
    if (!moved || returned) return false;
    this.store.run(
      'UPDATE operations SET returned = returned + 1 WHERE tenant = ? AND operation_id = ?',
      operation.tenant,
      operation.operationId,
    );
    this.#book(operation, { at, reference: referenceOf(operation, 'returned'), isReturn: true });
    return true;
  }

  /** Kept until it is delivered. The same outcome is the same notice. */
  notify(
    operation: Operation,
    outcome: ChannelNotice['outcome'],
    { at, dueMs, copies, reason }: Announcement,
  ): void {
    const { tenant, operationId, amount } = operation;
    const because = reason ?? (outcome === 'returned' ? 'ACCOUNT_CLOSED' : undefined);
    const notice: WireNotice = {
      noticeId: `notice-${referenceOf(operation, outcome)}`,
      operationId,
      outcome,
      amount: toStoredMoney(amount),
      reference: referenceOf(operation, outcome === 'returned' ? 'returned' : 'moved'),
      ...(because === undefined ? {} : { reason: because }),
      at,
    };
    this.store.run(
      `INSERT OR IGNORE INTO notices (notice_id, tenant, operation_id, body, copies, next_ms, state)
       VALUES (?, ?, ?, ?, ?, ?, 'due')`,
      notice.noticeId,
      tenant,
      operationId,
      JSON.stringify(notice),
      copies,
      dueMs,
    );
  }

  #counts({ tenant, operationId }: Operation): { readonly moved: boolean; readonly returned: boolean } {
    const row = this.store.one(
      'SELECT moved, returned FROM operations WHERE tenant = ? AND operation_id = ?',
      tenant,
      operationId,
    );
    return { moved: row?.['moved'] === 1, returned: row?.['returned'] === 1 };
  }

  #book(
    { tenant, operationId, kind, amount, purpose }: Operation,
    {
      at,
      reference,
      isReturn,
    }: { readonly at: Instant; readonly reference: string; readonly isReturn: boolean },
  ): void {
    const comesIn = (kind === 'collect' || kind === 'awaitCredit') !== isReturn;
    this.store.run(
      `INSERT INTO entries (tenant, date, at, operation_id, direction, asset, amount, reference, text, is_return)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      tenant,
      localDateOf(at),
      at,
      operationId,
      comesIn ? 'CRDT' : 'DBIT',
      amount.asset,
      amount.amount.toString(),
      reference,
      purpose,
      isReturn ? 1 : 0,
    );
  }
}

/** The sandbox's own number of a movement, without a dice: 16 characters. */
function referenceOf({ tenant, operationId }: Operation, what: string): string {
  const hash = createHash('sha256').update(`${tenant}\n${operationId}\n${what}`).digest('hex');
  return `SB${hash.slice(0, 14).toUpperCase()}`;
}
