import { createHash } from 'node:crypto';
import type { TenantId } from '#libs/kernel/ids/index.js';
import { type Money, fromStoredMoney } from '#libs/kernel/money/index.js';
import { type Instant, addMs, epochMsOf } from '#libs/kernel/time/index.js';
import type { ChannelReply, OperationId, OperationKind } from '../../port/index.js';
import type { WireOperation } from '../../wire/messages.js';
import { type Behaviour, behaviourOf } from './behaviour.js';
import { Effects } from './effects.js';
import type { Operation } from './operation.js';
import type { BankStore, Row } from './store.js';

/** What is answered to a submit; `hangUp` and `silence` are answers too: none. */
export type Submitted =
  | { readonly answer: 'reply'; readonly reply: ChannelReply }
  | { readonly answer: 'conflict' }
  | { readonly answer: 'hangUp' }
  | { readonly answer: 'silence' };

export interface OperationsOptions {
  /** Between a promise and what comes late, milliseconds. */
  readonly noticeDelayMs: number;
}

const SELECT = 'SELECT * FROM operations WHERE tenant = ? AND operation_id = ?';

/** Takes, answers and bars operations. Runs inside one commit each; knows no network. */
export class Operations {
  readonly effects: Effects;

  constructor(
    private readonly store: BankStore,
    private readonly options: OperationsOptions,
  ) {
    this.effects = new Effects(store);
  }

  submit(tenant: TenantId, sent: WireOperation, now: Instant): Submitted {
    const content = contentOf(sent);
    const known = this.#find(tenant, sent.operationId);
    if (known?.['status'] === 'cancelled' && known['content'] === null)
      return reply({ outcome: 'cancelled' });
    if (known && known['content'] !== null)
      return known['content'] === content ? reply(replyOf(known)) : { answer: 'conflict' };
    const operation = operationOf(tenant, sent);
    const behaviour = behaviourOf(operation);
    if (behaviour === 'lost' && !known) {
      this.store.run(
        `INSERT INTO operations (tenant, operation_id, status) VALUES (?, ?, 'lost')`,
        tenant,
        sent.operationId,
      );
      return { answer: 'hangUp' };
    }
    this.#insert(operation, content);
    const refusal = this.#refusalOf(operation, sent, now);
    if (refusal !== undefined) this.#decline(operation, refusal);
    else this.#behave(operation, behaviour, now);
    if (refusal === undefined && behaviour === 'silent') return { answer: 'silence' };
    return reply(replyOf(this.#find(tenant, sent.operationId) as Row));
  }

  query(tenant: TenantId, operationId: OperationId): ChannelReply {
    const known = this.#find(tenant, operationId);
    return known ? replyOf(known) : { outcome: 'notFound' };
  }

  /** Bars it, unless money has moved; an operation nobody has heard of is barred ahead of its coming. */
  cancel(tenant: TenantId, operationId: OperationId): ChannelReply {
    const known = this.#find(tenant, operationId);
    if (known?.['status'] === 'succeeded') return replyOf(known);
    this.store.run(
      `INSERT INTO operations (tenant, operation_id, status) VALUES (?, ?, 'cancelled')
       ON CONFLICT DO UPDATE SET status = 'cancelled'`,
      tenant,
      operationId,
    );
    this.store.run('DELETE FROM agenda WHERE tenant = ? AND operation_id = ?', tenant, operationId);
    return { outcome: 'cancelled' };
  }

  /** A payer's transfer that names a remittance code. */
  credit(
    tenant: TenantId,
    code: string,
    amount: Money,
    now: Instant,
  ): 'taken' | 'unknownCode' | 'amountDiffers' | 'tooLate' {
    const row = this.store.one(
      'SELECT * FROM operations WHERE remittance_code = ? AND tenant = ?',
      code,
      tenant,
    );
    if (!row) return 'unknownCode';
    const operation = storedOperation(row);
    if (operation.amount.asset !== amount.asset || operation.amount.amount !== amount.amount)
      return 'amountDiffers';
    if (row['status'] === 'succeeded') return 'taken';
    if (row['status'] !== 'pending' || now > operation.expiresAt) return 'tooLate';
    this.effects.succeed(operation, now);
    const behaviour = behaviourOf(operation);
    this.effects.notify(operation, 'succeeded', {
      at: now,
      dueMs: epochMsOf(now) + (behaviour === 'late' ? this.options.noticeDelayMs : 0),
      copies: behaviour === 'duplicate' ? 3 : 1,
    });
    this.store.run('DELETE FROM agenda WHERE tenant = ? AND operation_id = ?', tenant, operation.operationId);
    return 'taken';
  }

  #behave(operation: Operation, behaviour: Behaviour, now: Instant): void {
    const dueMs = epochMsOf(now) + this.options.noticeDelayMs;
    if (behaviour === 'declines') return this.#decline(operation, 'DECLINED');
    if (operation.kind === 'awaitCredit') return this.#expectCredit(operation);
    switch (behaviour) {
      case 'late':
        return this.#plan(operation, 'succeed', dueMs);
      case 'lateSuccess':
        this.#decline(operation, 'DECLINED');
        return this.#plan(operation, 'succeed', dueMs);
      case 'plain':
      case 'silent':
      case 'lost':
        return this.effects.succeed(operation, now);
      case 'duplicate':
        this.effects.succeed(operation, now);
        return this.effects.notify(operation, 'succeeded', { at: now, dueMs: epochMsOf(now), copies: 3 });
      case 'returned':
        this.effects.succeed(operation, now);
        return this.#plan(operation, 'return', dueMs);
    }
  }

  /** What is due late, done now. Past its expiry nothing succeeds any more, however late the sandbox itself is. */
  act(tenant: TenantId, operationId: OperationId, act: string, now: Instant): void {
    this.store.run(
      'DELETE FROM agenda WHERE tenant = ? AND operation_id = ? AND act = ?',
      tenant,
      operationId,
      act,
    );
    const row = this.#find(tenant, operationId);
    if (!row || row['content'] === null || row['status'] === 'cancelled') return;
    const operation = storedOperation(row);
    const notice = { at: now, dueMs: epochMsOf(now), copies: 1 };
    if (act === 'return') {
      if (this.effects.giveBack(operation, now)) this.effects.notify(operation, 'returned', notice);
    } else if (act === 'succeed' && now <= operation.expiresAt) {
      this.effects.succeed(operation, now);
      this.effects.notify(operation, 'succeeded', notice);
    } else if (row['status'] === 'pending') {
      this.#decline(operation, 'EXPIRED');
      this.effects.notify(operation, 'declined', { ...notice, reason: 'EXPIRED' });
    }
  }

  #expectCredit(operation: Operation): void {
    this.store.run(
      'UPDATE operations SET remittance_code = ? WHERE tenant = ? AND operation_id = ?',
      remittanceCodeOf(operation),
      operation.tenant,
      operation.operationId,
    );
    this.#plan(operation, 'expire', epochMsOf(addMs(operation.expiresAt, 1)));
  }

  #refusalOf(operation: Operation, { account }: WireOperation, now: Instant): string | undefined {
    if (now > operation.expiresAt) return 'EXPIRED';
    if (operation.kind === 'collect' && account?.startsWith('poor-')) return 'INSUFFICIENT_FUNDS';
    if (operation.kind === 'refund') return this.#refundRefusal(operation);
    return undefined;
  }

  #refundRefusal({ tenant, operationId, ofOperation, amount }: Operation): string | undefined {
    const original = this.#find(tenant, ofOperation ?? '');
    if (original?.['status'] !== 'succeeded' || original['asset'] !== amount.asset) return 'UNKNOWN_ORIGINAL';
    const others = this.store.all(
      `SELECT amount FROM operations WHERE tenant = ? AND of_operation = ? AND operation_id <> ?
       AND status IN ('succeeded', 'pending') AND returned = 0`,
      tenant,
      ofOperation ?? '',
      operationId,
    );
    const refunded = others.reduce((total, row) => total + BigInt(String(row['amount'])), amount.amount);
    return refunded > BigInt(String(original['amount'])) ? 'EXCEEDS_ORIGINAL' : undefined;
  }

  #insert(
    { tenant, operationId, kind, amount, ofOperation, purpose, expiresAt }: Operation,
    content: string,
  ): void {
    this.store.run('DELETE FROM operations WHERE tenant = ? AND operation_id = ?', tenant, operationId);
    this.store.run(
      `INSERT INTO operations (tenant, operation_id, content, kind, asset, amount, of_operation, purpose, expires_at, status)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')`,
      tenant,
      operationId,
      content,
      kind,
      amount.asset,
      amount.amount.toString(),
      ofOperation ?? null,
      purpose,
      expiresAt,
    );
  }

  #decline({ tenant, operationId }: Operation, reason: string): void {
    this.store.run(
      `UPDATE operations SET status = 'declined', reason = ? WHERE tenant = ? AND operation_id = ?`,
      reason,
      tenant,
      operationId,
    );
  }

  #plan({ tenant, operationId }: Operation, act: 'succeed' | 'return' | 'expire', dueMs: number): void {
    this.store.run(
      'INSERT INTO agenda (tenant, operation_id, act, due_ms) VALUES (?, ?, ?, ?)',
      tenant,
      operationId,
      act,
      dueMs,
    );
  }

  #find(tenant: TenantId, operationId: OperationId): Row | undefined {
    return this.store.one(SELECT, tenant, operationId);
  }
}

const reply = (answer: ChannelReply): Submitted => ({ answer: 'reply', reply: answer });

/** Same id must mean the same; the order of the fields means nothing. */
function contentOf({ operationId: _id, ...sent }: WireOperation): string {
  return JSON.stringify(Object.entries(sent).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function operationOf(tenant: TenantId, sent: WireOperation): Operation {
  const { operationId, kind, ofOperation, purpose, expiresAt } = sent;
  return { tenant, operationId, kind, ofOperation, purpose, expiresAt, amount: fromStoredMoney(sent.amount) };
}

function storedOperation(row: Row): Operation {
  return {
    tenant: row['tenant'] as TenantId,
    operationId: row['operation_id'] as string,
    kind: row['kind'] as OperationKind,
    amount: fromStoredMoney({ asset: row['asset'] as string, amount: row['amount'] as string }),
    ...(row['of_operation'] === null ? {} : { ofOperation: row['of_operation'] as string }),
    purpose: row['purpose'] as string,
    expiresAt: row['expires_at'] as Instant,
  };
}

function replyOf(row: Row): ChannelReply {
  switch (row['status']) {
    case 'succeeded':
      return { outcome: 'succeeded', reference: row['reference'] as string, at: row['at'] as Instant };
    case 'declined':
      return { outcome: 'declined', reason: row['reason'] as string };
    case 'cancelled':
      return { outcome: 'cancelled' };
    case 'lost':
      return { outcome: 'notFound' };
    default: {
      const remittanceCode = row['remittance_code'] as string | null;
      return { outcome: 'pending', ...(remittanceCode === null ? {} : { instructions: { remittanceCode } }) };
    }
  }
}

/** Ten characters a payer can copy by hand, without those that look alike. */
function remittanceCodeOf({ tenant, operationId }: Operation): string {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const bytes = createHash('sha256').update(`${tenant}\n${operationId}`).digest();
  return Array.from(bytes.subarray(0, 10), (byte) => alphabet[byte & 31]).join('');
}
