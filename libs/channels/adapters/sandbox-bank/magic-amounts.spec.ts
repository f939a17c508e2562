import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type ChannelNotice,
  type ChannelOperation,
  ChannelMisused,
  ChannelUnknown,
  type NoticeAnswer,
} from '#libs/channels/port/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { manualRuntime } from '#libs/testing/runtime/index.js';
import { operationOf } from '#libs/testing/contracts/external-channel.js';
import { type SandboxBankInProcess, sandboxBank } from '#libs/testing/sandbox-bank.js';

let bank: SandboxBankInProcess;
let notices: ChannelNotice[];
let answer: NoticeAnswer | Error;

/** Patient, for a busy machine; a test whose question gets no answer is not. */
async function open(deadlineMs = 8_000): Promise<void> {
  const receiver = {
    prefix: 'payment',
    receive: async (notice: ChannelNotice) => {
      notices.push(notice);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  bank = await sandboxBank({ receivers: [receiver], deadlineMs });
  bank.controls.hold();
}

beforeEach(async () => {
  notices = [];
  answer = 'taken';
  await open();
});
afterEach(() => bank.close());

const submit = (operation: ChannelOperation) =>
  bank.channel.submit(operation).catch((fault: unknown) => {
    if (fault instanceof ChannelUnknown) return { outcome: 'unknown' };
    throw fault;
  });
const outcomeOf = async (operation: ChannelOperation) => (await bank.channel.query(operation)).outcome;
const movedFor = async ({ operationId }: ChannelOperation) => {
  const effect = await bank.controls.effectOf(operationId);
  return effect && [effect.moved, effect.returned];
};

describe('the last two digits of an amount', () => {
  interface Course {
    readonly kind: 'collect' | 'payout';
    readonly fen: bigint;
    readonly reply: string;
    /** What a query says, and how often money moved and came back; first and when everything late has happened. */
    readonly first: readonly [string, (readonly number[])?];
    readonly last: readonly [string, (readonly number[])?];
    readonly notices?: readonly string[];
  }
  const done = ['succeeded', [1, 0]] as const;
  const refused = ['declined', [0, 0]] as const;
  const waits = ['pending', [0, 0]] as const;
  const courses: readonly Course[] = [
    { kind: 'collect', fen: 100n, reply: 'succeeded', first: done, last: done },
    { kind: 'payout', fen: 199n, reply: 'succeeded', first: done, last: done },
    { kind: 'collect', fen: 101n, reply: 'declined', first: refused, last: refused },
    { kind: 'payout', fen: 101n, reply: 'declined', first: refused, last: refused },
    { kind: 'collect', fen: 102n, reply: 'unknown', first: done, last: done },
    { kind: 'collect', fen: 103n, reply: 'pending', first: waits, last: done, notices: ['succeeded'] },
    { kind: 'payout', fen: 103n, reply: 'pending', first: waits, last: done, notices: ['succeeded'] },
    {
      kind: 'collect',
      fen: 104n,
      reply: 'succeeded',
      first: done,
      last: done,
      notices: ['succeeded', 'succeeded', 'succeeded'],
    },
    { kind: 'collect', fen: 105n, reply: 'declined', first: refused, last: done, notices: ['succeeded'] },
    { kind: 'collect', fen: 106n, reply: 'unknown', first: ['notFound'], last: ['notFound'] },
    { kind: 'collect', fen: 107n, reply: 'succeeded', first: done, last: done },
    {
      kind: 'payout',
      fen: 107n,
      reply: 'succeeded',
      first: done,
      last: ['succeeded', [1, 1]],
      notices: ['returned'],
    },
  ];

  it.each(courses)(
    '$kind of $fen fen: $reply, then $last',
    async ({ kind, fen, reply, first, last, notices: outcomes = [] }) => {
      if (reply === 'unknown') {
        await bank.close();
        await open(1_000);
      }
      const operation = operationOf(kind, fen);
      const state = async () => [await outcomeOf(operation), await movedFor(operation)];
      expect((await submit(operation)).outcome).toBe(reply);
      expect(await state()).toEqual([first[0], first[1]]);
      expect(await bank.controls.deliver()).toEqual(outcomes.map(() => 200));
      expect(notices.map(({ outcome }) => outcome)).toEqual(outcomes);
      expect(new Set(notices.map((notice) => JSON.stringify(notice, text))).size).toBe(
        Math.min(outcomes.length, 1),
      );
      expect(await state()).toEqual([last[0], last[1]]);
      expect(await bank.controls.deliver()).toEqual([]);
      // Asked again it says the same and does nothing more; what was lost is taken then.
      const repeated = last[0] === 'notFound' ? done : last;
      expect((await submit(operation)).outcome).toBe(repeated[0]);
      expect(await state()).toEqual([repeated[0], repeated[1]]);
    },
  );

  const text = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

  it('are told whole in a notice', async () => {
    const operation = operationOf('collect', 103n);
    await submit(operation);
    await bank.controls.deliver();
    expect(notices).toEqual([
      {
        noticeId: expect.stringMatching(/^notice-SB[0-9A-F]{14}$/),
        operationId: operation.operationId,
        tenant: 'demo',
        outcome: 'succeeded',
        amount: money(CNY, 103n),
        reference: expect.stringMatching(/^SB[0-9A-F]{14}$/),
        at: expect.stringMatching(/Z$/),
      },
    ]);
    expect(await bank.channel.query(operation)).toMatchObject({ reference: notices[0]!.reference });
  });

  it.each([103n, 105n])('%s fen succeed no more once barred', async (fen) => {
    const operation = operationOf('collect', fen);
    await submit(operation);
    expect(await bank.channel.cancel(operation)).toEqual({ outcome: 'cancelled' });
    expect(await bank.controls.deliver()).toEqual([]);
    expect(await outcomeOf(operation)).toBe('cancelled');
    expect(await movedFor(operation)).toEqual([0, 0]);
  });

  it('give back a refund that the payee’s bank returns, so that it can be tried once more', async () => {
    const collected = operationOf('collect', 10_000n);
    await submit(collected);
    const refund = operationOf('refund', 9_907n, { ofOperation: collected.operationId });
    expect((await submit(refund)).outcome).toBe('succeeded');
    await bank.controls.deliver();
    expect(notices.map(({ outcome, reason }) => [outcome, reason])).toEqual([['returned', 'ACCOUNT_CLOSED']]);
    const again = operationOf('refund', 10_000n, { ofOperation: collected.operationId });
    expect((await submit(again)).outcome).toBe('succeeded');
  });
});

describe('the sandbox bank', () => {
  it('declines accounts without money', async () => {
    const poor = operationOf('collect', 100n, { account: 'poor-1' });
    expect(await bank.channel.submit(poor)).toEqual({ outcome: 'declined', reason: 'INSUFFICIENT_FUNDS' });
    const unknown = operationOf('refund', 100n, { ofOperation: poor.operationId });
    expect(await bank.channel.submit(unknown)).toEqual({ outcome: 'declined', reason: 'UNKNOWN_ORIGINAL' });
  });

  it('takes a transfer with the code once, of the right amount', async () => {
    const operation = operationOf('awaitCredit', 104n);
    const reply = await bank.channel.submit(operation);
    const code = reply.outcome === 'pending' ? reply.instructions!.remittanceCode : '';
    const { controls } = bank;
    const credit = (fen: bigint, by = code) => controls.credit(operation.tenant, by, money(CNY, fen));
    expect(await credit(104n, 'NOSUCHCODE')).toBe('unknownCode');
    expect(await controls.credit('other' as typeof operation.tenant, code, money(CNY, 104n))).toBe(
      'unknownCode',
    );
    expect(await credit(103n)).toBe('amountDiffers');
    expect(await movedFor(operation)).toEqual([0, 0]);
    expect(await credit(104n)).toBe('taken');
    expect(await credit(104n)).toBe('taken');
    expect(await movedFor(operation)).toEqual([1, 0]);
    expect(await bank.controls.deliver()).toEqual([200, 200, 200]);
    expect(await outcomeOf(operation)).toBe('succeeded');
  });

  it('takes no transfer for what was barred', async () => {
    const operation = operationOf('awaitCredit', 100n);
    const reply = await bank.channel.submit(operation);
    const code = reply.outcome === 'pending' ? reply.instructions!.remittanceCode : '';
    await bank.channel.cancel(operation);
    expect(await bank.controls.credit(operation.tenant, code, operation.amount)).toBe('tooLate');
  });

  it('repeats a notice until it is taken, and takes a contradiction for an answer', async () => {
    const operation = operationOf('collect', 103n);
    await submit(operation);
    answer = new Error('the disk is full');
    // What is not signed is no answer.
    expect(await bank.controls.deliver()).toEqual([0]);
    answer = 'unknownOperation';
    expect(await bank.controls.deliver()).toEqual([404]);
    answer = 'taken';
    bank.controls.release();
    while (!JSON.stringify(await bank.controls.facts()).includes('"delivered":1'))
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(notices).toHaveLength(3);
    bank.controls.hold();
    const other = operationOf('collect', 203n);
    await submit(other);
    answer = 'contradicts';
    expect(await bank.controls.deliver()).toEqual([409]);
    expect(await bank.controls.deliver()).toEqual([]);
    expect(await bank.controls.facts()).toMatchObject({
      operations: { succeeded: 2 },
      notices: { delivered: 1, contradicted: 1 },
      entries: 2,
      planned: 0,
    });
  });

  it('remembers over a restart what it has still to do, and does it once', async () => {
    const operations = [103n, 104n, 105n, 106n].map((fen) => operationOf('collect', fen));
    for (const operation of operations) await submit(operation);
    await bank.controls.restart();
    while (!JSON.stringify(await bank.controls.facts()).includes('"delivered":3'))
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(notices.map(({ amount }) => amount.amount).toSorted()).toEqual([103n, 104n, 104n, 104n, 105n]);
    await bank.controls.restart();
    expect(await bank.controls.deliver()).toEqual([]);
    expect(await Promise.all(operations.map(movedFor))).toEqual([[1, 0], [1, 0], [1, 0], undefined]);
    expect(new Set(notices.map(({ noticeId }) => noticeId)).size).toBe(3);
    // The lost one has been lost already.
    expect((await submit(operations[3]!)).outcome).toBe('succeeded');
  });

  it.each([
    ['no process in the id', { operationId: '0b1c2d3e-0000-7000-8000-000000000001' }],
    ['an unknown kind', { kind: 'steal' as 'collect' }],
    ['nothing', { amount: money(CNY, 0n) }],
    ['less than nothing', { amount: money(CNY, -100n) }],
    ['a long purpose', { purpose: 'x'.repeat(141) }],
    ['a day that does not exist', { expiresAt: '2026-02-30T00:00:00.000Z' as ChannelOperation['expiresAt'] }],
  ])('refuses %s as a misuse', async (_what, change) => {
    const operation = { ...operationOf('collect', 100n), ...change };
    await expect(bank.channel.submit(operation)).rejects.toThrow(ChannelMisused);
    expect(await bank.controls.effects()).toEqual([]);
  });
});

describe('expiry, by a clock of the test', () => {
  it('ends what is pending, with a notice; a late transfer is not taken', async () => {
    const runtime = manualRuntime();
    const own = await sandboxBank({
      clock: runtime.clock,
      receivers: [{ prefix: 'payment', receive: async (notice) => (notices.push(notice), 'taken') }],
    });
    try {
      const expiresAt = runtime.clock.now();
      const operation = operationOf('awaitCredit', 100n, { expiresAt });
      const reply = await own.channel.submit(operation);
      expect(reply.outcome).toBe('pending');
      await runtime.advance(1);
      const code = reply.outcome === 'pending' ? reply.instructions!.remittanceCode : '';
      expect(await own.controls.credit(operation.tenant, code, operation.amount)).toBe('tooLate');
      while (notices.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(notices.map(({ outcome, reason }) => [outcome, reason])).toEqual([['declined', 'EXPIRED']]);
      expect(await own.channel.query(operation)).toEqual({ outcome: 'declined', reason: 'EXPIRED' });
    } finally {
      await own.close();
    }
  });

  it('lets no late success through', async () => {
    const runtime = manualRuntime();
    const own = await sandboxBank({ clock: runtime.clock, noticeDelayMs: 5_000 });
    try {
      const operations = ([103n, 105n] as const).map((fen) =>
        operationOf('collect', fen, { expiresAt: runtime.clock.now() }),
      );
      for (const operation of operations) await own.channel.submit(operation);
      await runtime.advance(1);
      await own.controls.deliver();
      const replies = await Promise.all(operations.map((operation) => own.channel.query(operation)));
      expect(replies).toEqual([
        { outcome: 'declined', reason: 'EXPIRED' },
        { outcome: 'declined', reason: 'DECLINED' },
      ]);
      expect((await own.controls.effects()).map(({ moved }) => moved)).toEqual([0, 0]);
    } finally {
      await own.close();
    }
  });
});
