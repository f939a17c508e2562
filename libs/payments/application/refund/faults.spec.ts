import { Logger } from '@nestjs/common';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RefundId } from '#libs/kernel/ids/index.js';
import { parseLocalDate } from '#libs/kernel/time/index.js';
import { mortalLog, type Death } from '#libs/testing/mortal-log.js';
import { OPERATOR, type OutsideWorld } from '#libs/testing/outside-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { billStateOf, fen, recordedEvents } from '#libs/testing/payment-world.js';
import { auditRefunds } from '#libs/testing/refund-audit.js';
import {
  finishRefunds,
  paid,
  refundNode,
  type Paid,
  type RefundNode,
  refundWorld,
} from '#libs/testing/refund-world.js';
import { paymentAggregate } from '../../codec/index.js';
import type { PaymentMethod } from '../../contract/index.js';
import { refundableOf } from '../../domain/payment/index.js';

const CHEQUE: PaymentMethod = {
  channel: 'cheque',
  chequeNumber: '10000001',
  bank: '示例银行',
  chequeDate: parseLocalDate('2026-09-01'),
};
const CASH: PaymentMethod = { channel: 'cash', tendered: fen(100_000) };

interface Kind {
  readonly method: PaymentMethod | 'wallet';
  readonly amounts: readonly number[];
  ask(
    node: RefundNode,
    of: Paid,
  ): ReturnType<RefundNode['request'] | RefundNode['cancelReceipt'] | RefundNode['dishonour']>;
  /** What the process does after asking, until it dies. */
  readonly then?: (node: RefundNode, refundId: RefundId) => Promise<unknown>;
  readonly end: 'returned' | 'rejected';
  readonly outstanding: readonly bigint[];
  readonly refundable: bigint;
  /** Money moved at the bank; undefined: the bank was never asked. */
  readonly moved?: number;
}

const everything = (node: RefundNode, { paymentId }: Paid) => node.request({ paymentId });
const agree = (node: RefundNode, refundId: RefundId) => node.decide(refundId, true);

const kinds: Readonly<Record<string, Kind>> = {
  'a refund to the wallet': {
    method: 'wallet',
    amounts: [3_000, 2_000],
    ask: everything,
    end: 'returned',
    outstanding: [0n, 0n],
    refundable: 0n,
  },
  'a refund by an institution': {
    method: OPERATOR,
    amounts: [3_000, 2_000],
    ask: everything,
    end: 'returned',
    outstanding: [0n, 0n],
    refundable: 0n,
    moved: 1,
  },
  'a refund that the institution declines': {
    method: OPERATOR,
    amounts: [3_000, 2_000],
    ask: (node, { paymentId, bills }) =>
      node.request({ paymentId, lines: [{ billId: bills[0]!, amount: fen(1_001) }] }),
    end: 'rejected',
    outstanding: [0n, 0n],
    refundable: 5_000n,
    moved: 0,
  },
  'a refund with a second person': {
    method: OPERATOR,
    amounts: [60_000],
    ask: everything,
    then: agree,
    end: 'returned',
    outstanding: [0n],
    refundable: 0n,
    moved: 1,
  },
  'a refund that a second person declines': {
    method: OPERATOR,
    amounts: [60_000],
    ask: everything,
    then: (node, refundId) => node.decide(refundId, false),
    end: 'rejected',
    outstanding: [0n],
    refundable: 60_000n,
  },
  'a refund in cash': {
    method: CASH,
    amounts: [3_000],
    ask: everything,
    then: (node, refundId) => node.confirm(refundId),
    end: 'returned',
    outstanding: [0n],
    refundable: 0n,
  },
  'a cancelled receipt': {
    method: OPERATOR,
    amounts: [3_000, 2_000],
    ask: (node, { receiptId }) => node.cancelReceipt(receiptId),
    then: agree,
    end: 'returned',
    outstanding: [3_000n, 2_000n],
    refundable: 0n,
    moved: 1,
  },
  'a dishonoured cheque': {
    method: CHEQUE,
    amounts: [3_000, 2_000],
    ask: (node, { paymentId }) => node.dishonour(paymentId),
    then: agree,
    end: 'returned',
    outstanding: [3_000n, 2_000n],
    refundable: 0n,
  },
};

async function payment(at: OutsideWorld, { method, amounts }: Kind): Promise<Paid> {
  const node = refundNode(at);
  if (method !== 'wallet') return paid(node, method, amounts);
  const walletId = await node.payments.openWallet('payer-1', 5_000);
  return paid(node, { channel: 'wallet', walletId }, amounts);
}

/** What one process does until it dies; the refund's id if it has lived so long. */
async function live(node: RefundNode, kind: Kind, of: Paid): Promise<RefundId> {
  const { id } = accepted(await kind.ask(node, of));
  await kind.then?.(node, id);
  return id;
}

async function appendsOf(kind: Kind): Promise<number> {
  await using at = await refundWorld();
  const of = await payment(at, kind);
  const mortal = mortalLog(at.world.log, undefined);
  await live(refundNode(at, mortal.log), kind, of);
  return mortal.appends();
}

// Dead processes complain.
beforeAll(() => Logger.overrideLogger(false));

describe.each(Object.entries(kinds))('a crash between any two steps of %s', (_name, kind) => {
  it('is finished cleanly after the restart, with one effect', async () => {
    const appends = await appendsOf(kind);
    expect(appends).toBeGreaterThan(5);
    for (let append = 1; append <= appends; append += 1) {
      for (const moment of momentsOf(kind, append)) {
        const death: Death = { append, moment };
        await using at = await refundWorld();
        const of = await payment(at, kind);
        await live(refundNode(at, mortalLog(at.world.log, death).log), kind, of).catch(() => undefined);
        // The next process dies as well, somewhere in finishing.
        const second = mortalLog(at.world.log, { append: 1 + (append % 4), moment });
        await finishRefunds(at, refundNode(at, second.log)).catch(() => undefined);
        const node = refundNode(at);
        await finishRefunds(at, node);
        const left = auditRefunds(await recordedEvents(at.world.log));
        expect({ death, left }).toEqual({ death, left: [] });
        // Whoever asked comes again with the same key, and whoever has to act does so.
        const refundId = await live(node, kind, of).catch(() => asked(at));
        await finishRefunds(at, node);
        const refund = await node.refundOf(refundId);
        expect({ death, refund }).toMatchObject({ death, refund: { status: kind.end, complete: true } });
        await judge(at, kind, of, { node, refundId, death });
      }
    }
  });
});

/** Between two appends lies the call of the bank, for those who call one: after the one and before the next are two moments. */
function momentsOf({ moved }: Kind, append: number): readonly Death['moment'][] {
  if (moved !== undefined) return ['before', 'after'];
  return append % 2 === 0 ? ['before'] : ['after'];
}

/** The person had acted before: the same act is refused now. */
async function asked(at: OutsideWorld): Promise<RefundId> {
  const events = await recordedEvents(at.world.log);
  return events.find(({ type }) => type === 'RefundRequested.v2')!.data['refundId'] as RefundId;
}

async function judge(
  at: OutsideWorld,
  kind: Kind,
  { bills, paymentId }: Paid,
  {
    node,
    refundId,
    death,
  }: { readonly node: RefundNode; readonly refundId: RefundId; readonly death: Death },
): Promise<void> {
  const faults = auditRefunds(await recordedEvents(at.world.log));
  const states = await Promise.all(bills.map((billId) => billStateOf(node.payments, billId)));
  const { state } = await node.payments.store.load(paymentAggregate, paymentId);
  const effect = await at.bank.effectOf(`refund-${refundId}`);
  expect({
    death,
    faults,
    outstanding: states.map(({ outstanding }) => outstanding),
    refundable: state.status === 'captured' && kind.refundable >= 0n ? refundableOf(state).amount : -1n,
    moved: effect?.moved,
  }).toEqual({
    death,
    faults: [],
    outstanding: kind.outstanding,
    refundable: kind.refundable,
    moved: kind.moved,
  });
}
