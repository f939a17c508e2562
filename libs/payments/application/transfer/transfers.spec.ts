import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ExternalChannel } from '#libs/channels/port/index.js';
import type { WalletId } from '#libs/kernel/ids/index.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import {
  fen,
  NO_INSTITUTION,
  paymentWorld,
  recordedEvents,
  type PaymentWorld,
} from '#libs/testing/payment-world.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { sandboxBank } from '#libs/testing/sandbox-bank.js';
import { transferIds, transferNode, type TransferNode } from '#libs/testing/transfer-world.js';

type Bank = Awaited<ReturnType<typeof sandboxBank>>;

let bank: Bank;
let world: PaymentWorld;
let node: TransferNode;
let runtime: ReturnType<typeof manualRuntime>;

beforeEach(async () => {
  runtime = manualRuntime();
  bank = await sandboxBank({ clock: runtime.clock, deadlineMs: 1_500 });
  world = paymentWorld(bank.channel, runtime);
  node = transferNode(world);
  bank.controls.bind(node.notices);
  bank.controls.hold();
});

afterEach(async () => {
  await bank.close();
  expect(auditPayments(await recordedEvents(world.log))).toEqual([]);
});

const by = (walletId: WalletId, amount: number, idempotencyKey = 'key-1') => ({
  idempotencyKey,
  walletId,
  amount: fen(amount),
  bankAccount: 'account-0001',
});

/** Notices and whatever they set going. */
async function deliver(): Promise<readonly number[]> {
  const statuses = await bank.controls.deliver();
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return statuses;
}

async function movedAtBank(): Promise<Readonly<Record<string, number>>> {
  const effects = await bank.controls.effects();
  return Object.fromEntries(effects.map(({ operationId, moved }) => [operationId.split('-')[0]!, moved]));
}

async function typesOf(prefix: string): Promise<readonly string[]> {
  const events = await recordedEvents(world.log);
  return events
    .filter(({ stream }) => stream.startsWith(prefix))
    .map(({ type }) => type.replace(/\.v\d+$/, ''));
}

describe('a top-up by bank', () => {
  it('collects, credits, and answers alike for the same key', async () => {
    const walletId = await node.wallet('payer-1');
    const answer = await node.topUp('payer-1', by(walletId, 10_000));
    expect(answer).toEqual({
      accepted: true,
      value: {
        id: expect.any(String),
        kind: 'topUp',
        status: 'COMPLETED',
        amount: fen(10_000),
        walletId,
        direction: 'IN',
        requestedAt: '2026-09-01T00:00:00.000Z',
        reference: expect.any(String),
      },
    });
    expect(await node.topUp('payer-1', by(walletId, 10_000))).toEqual(answer);
    expect(await node.topUp('payer-1', by(walletId, 10_100))).toMatchObject({
      rejection: { code: 'IDEMPOTENCY_CONFLICT' },
    });
    expect(await typesOf('transfer-')).toEqual([
      'TransferRequested',
      'TransferSought',
      'TransferTaken',
      'TransferCompleted',
    ]);
    expect((await node.state(walletId)).available).toBe(10_000n);
    expect(await movedAtBank()).toEqual({ transfer: 1 });
  });

  it('declined leaves nothing behind', async () => {
    const walletId = await node.wallet('payer-1');
    const answer = await node.topUp('payer-1', by(walletId, 10_001));
    expect(answer).toMatchObject({ rejection: { code: 'CHANNEL_DECLINED' } });
    expect(await node.topUp('payer-1', by(walletId, 10_001))).toEqual(answer);
    expect((await node.state(walletId)).available).toBe(0n);
  });

  it('without an answer is unknown, never failed, and found out later', async () => {
    const walletId = await node.wallet('payer-1');
    expect(await node.topUp('payer-1', by(walletId, 10_002))).toMatchObject({ value: { status: 'UNKNOWN' } });
    expect((await node.state(walletId)).available).toBe(0n);
    await node.finishAll();
    expect(await node.topUp('payer-1', by(walletId, 10_002))).toMatchObject({
      value: { status: 'COMPLETED' },
    });
    expect((await node.state(walletId)).available).toBe(10_002n);
    expect(await movedAtBank()).toEqual({ transfer: 1 });
  });

  it('that got lost is sent again under the same id', async () => {
    const walletId = await node.wallet('payer-1');
    expect(await node.topUp('payer-1', by(walletId, 10_006))).toMatchObject({ value: { status: 'UNKNOWN' } });
    await node.finishAll();
    expect((await node.state(walletId)).available).toBe(10_006n);
    expect(await movedAtBank()).toEqual({ transfer: 1 });
  });

  it('pending is completed by the notice; a notice three times is one', async () => {
    const walletId = await node.wallet('payer-1');
    expect(await node.topUp('payer-1', by(walletId, 10_003))).toMatchObject({ value: { status: 'PENDING' } });
    expect(await deliver()).toEqual([200]);
    expect((await node.state(walletId)).available).toBe(10_003n);
    await node.topUp('payer-1', by(walletId, 10_004, 'key-2'));
    expect(await deliver()).toEqual([200, 200, 200]);
    expect((await node.state(walletId)).available).toBe(20_007n);
  });

  it('that succeeds after it was declined goes back to the bank, and a person is told', async () => {
    const walletId = await node.wallet('payer-1');
    expect(await node.topUp('payer-1', by(walletId, 10_005))).toMatchObject({
      rejection: { code: 'CHANNEL_DECLINED' },
    });
    expect(await deliver()).toEqual([200]);
    await node.finishAll();
    const [id] = await transferIds(world.log);
    // The bank declines the refund of such an amount too, and changes its mind later.
    expect(await node.transfer(id!)).toMatchObject({ status: 'sought', sought: { act: 'refund' } });
    expect(await deliver()).toEqual([200]);
    expect(await node.transfer(id!)).toMatchObject({ status: 'failed', sought: { act: 'refund' } });
    expect((await node.state(walletId)).available).toBe(0n);
    expect(await movedAtBank()).toEqual({ transfer: 1, transferReturn: 1 });
    expect(await typesOf('case-')).toEqual(['CaseOpened', 'CaseOpened']);
    expect(await node.topUp('payer-1', by(walletId, 10_005))).toMatchObject({
      rejection: { code: 'CHANNEL_DECLINED' },
    });
  });

  it('above what the wallet may hold is refused before the bank hears of it', async () => {
    const walletId = await node.wallet('payer-1', 0, 'IV');
    const answer = await node.topUp('payer-1', by(walletId, 1_000_100));
    expect(answer).toMatchObject({
      rejection: { code: 'LIMIT_EXCEEDED', details: { name: 'balance', suggestion: 'UPGRADE', tier: 'III' } },
    });
    expect(await bank.controls.effects()).toEqual([]);
  });

  it('never fills a wallet above its limit, however many come at once; the rest goes back', async () => {
    const walletId = await node.wallet('payer-1', 0, 'IV');
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((key) => node.topUp('payer-1', by(walletId, 600_000, key))),
    );
    expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
    await node.finishAll();
    expect((await node.state(walletId)).available).toBe(600_000n);
    const effects = await bank.controls.effects();
    const sum = effects.reduce((net, { kind, moved }) => net + (kind === 'refund' ? -moved : moved), 0);
    expect(sum).toBe(1);
  });

  it('is nobody else’s, and never by account number', async () => {
    const walletId = await node.wallet('payer-1');
    expect(await node.topUp('payer-2', by(walletId, 100))).toMatchObject({
      rejection: { code: 'WALLET_NOT_FOUND' },
    });
    expect(await node.topUp('payer-1', by(walletId, 0))).toMatchObject({
      rejection: { code: 'INVALID_AMOUNT' },
    });
    const number = { ...by(walletId, 100), bankAccount: '6200000000000000' };
    await expect(node.topUp('payer-1', number)).rejects.toMatchObject({ code: 'INVALID_BANK_ACCOUNT' });
    expect(await transferIds(world.log)).toEqual([]);
  });
});

describe('a withdrawal', () => {
  it('pays out what was held', async () => {
    const walletId = await node.wallet('payer-1', 10_000);
    expect(await node.withdraw('payer-1', by(walletId, 4_000))).toMatchObject({
      value: { status: 'COMPLETED', direction: 'OUT' },
    });
    expect(await node.state(walletId)).toMatchObject({ available: 6_000n, held: 0n });
    expect(await node.withdraw('payer-1', by(walletId, 6_100, 'key-2'))).toMatchObject({
      rejection: { code: 'INSUFFICIENT_FUNDS' },
    });
  });

  it('declined gives the hold back; unknown keeps it', async () => {
    const walletId = await node.wallet('payer-1', 10_000);
    expect(await node.withdraw('payer-1', by(walletId, 4_001))).toMatchObject({
      rejection: { code: 'CHANNEL_DECLINED' },
    });
    expect(await node.state(walletId)).toMatchObject({ available: 10_000n, held: 0n });
    expect(await node.withdraw('payer-1', by(walletId, 4_002, 'key-2'))).toMatchObject({
      value: { status: 'UNKNOWN' },
    });
    expect(await node.state(walletId)).toMatchObject({ available: 5_998n, held: 4_002n });
    await node.finishAll();
    expect(await node.state(walletId)).toMatchObject({ available: 5_998n, held: 0n });
  });

  it('paid after its refusal is booked as owed by the institution, once, and a person is told', async () => {
    const walletId = await node.wallet('payer-1', 10_000);
    expect(await node.withdraw('payer-1', by(walletId, 4_005))).toMatchObject({
      rejection: { code: 'CHANNEL_DECLINED' },
    });
    expect(await deliver()).toEqual([200]);
    await node.finishAll();
    const [id] = await transferIds(world.log);
    expect(await node.transfer(id!)).toMatchObject({ status: 'failed', paidAfterAll: true });
    expect(await node.state(walletId)).toMatchObject({ available: 10_000n, held: 0n });
    expect(await movedAtBank()).toEqual({ transfer: 1 });
    expect(await typesOf('transfer-')).toEqual([
      'TransferRequested',
      'TransferSought',
      'TransferRefused',
      'TransferFailed',
      'TransferPaidAfterAll',
    ]);
    expect(await typesOf('case-')).toEqual(['CaseOpened']);
  });

  it('paid by its own reply after a notice has refused it: a person is told too', async () => {
    const walletId = await node.wallet('payer-1', 10_000);
    const contradicting: ExternalChannel = {
      ...NO_INSTITUTION,
      async submit({ operationId, tenant, amount }) {
        const of = { noticeId: 'notice-1', operationId, tenant, amount, reference: 'r-1' };
        await contradicted.notices[0]!.receive({ ...of, outcome: 'declined', at: runtime.clock.now() });
        return { outcome: 'succeeded', reference: 'r-1', at: runtime.clock.now() };
      },
    };
    const contradicted = transferNode({ ...world, external: contradicting });
    await contradicted.withdraw('payer-1', by(walletId, 4_000));
    await contradicted.finishAll();
    const [id] = await transferIds(world.log);
    expect(await contradicted.transfer(id!)).toMatchObject({ status: 'failed', paidAfterAll: true });
    expect(await typesOf('case-')).toEqual(['CaseOpened']);
  });

  it('returned by the bank is credited again, once', async () => {
    const walletId = await node.wallet('payer-1', 10_000);
    await node.withdraw('payer-1', by(walletId, 4_007));
    expect(await deliver()).toEqual([200]);
    await node.finishAll();
    expect(await node.state(walletId)).toMatchObject({ available: 10_000n, held: 0n });
    expect(await node.withdraw('payer-1', by(walletId, 4_007))).toMatchObject({
      value: { status: 'RETURNED' },
    });
    expect(await typesOf('transfer-')).toEqual([
      'TransferRequested',
      'TransferSought',
      'TransferTaken',
      'TransferCompleted',
      'TransferReturned',
      'TransferGivenBack',
    ]);
  });
});
