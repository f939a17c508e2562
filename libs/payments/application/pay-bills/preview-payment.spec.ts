import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accepted, byWallet, payer } from '#libs/testing/payment-fixture.js';
import {
  callerOf,
  fen,
  NO_INSTITUTION,
  paymentNode,
  paymentWorld,
  recordedEvents,
  SCHOOL,
  type PaymentWorld,
} from '#libs/testing/payment-world.js';
import type { Caller } from '#libs/security/port/index.js';
import type { PayBillsInput } from '../../contract/index.js';

/** Over its own memory of the log, as another process would. */
function previewer(world: PaymentWorld) {
  const node = paymentNode(world);
  return (caller: Caller, input: PayBillsInput) => node.preview(caller, input);
}

async function scene(balance: number) {
  const world = paymentWorld(NO_INSTITUTION);
  const node = paymentNode(world);
  await node.setTerms({ partialAllowed: true, minimumPartial: fen(100), advanceAllowed: true });
  const bills = [await node.issueBill('0001', 1_000), await node.issueBill('0002', 1_500)];
  return { world, node, bills, walletId: await node.openWallet('payer-1', balance) };
}

describe('a preview', () => {
  const asked = fc.record({
    balance: fc.integer({ min: 1, max: 4_000 }),
    chosen: fc.uniqueArray(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 2 }),
    part: fc.option(fc.integer({ min: 50, max: 1_800 }), { nil: undefined }),
    off: fc.integer({ min: 0, max: 7 }).map((dice) => (dice === 0 ? 1 : 0)),
    channel: fc.constantFrom('wallet' as const, 'cash' as const, 'pos' as const),
    before: fc.boolean(),
  });

  it('answers what paying would, receipts and refusals included, and stores nothing', async () => {
    await fc.assert(
      fc.asyncProperty(asked, async ({ balance, chosen, part, off, channel, before }) => {
        const { world, node, bills, walletId } = await scene(balance);
        if (before) await node.pay(payer, byWallet(walletId, [bills[0]!], 1_000, 'earlier'));
        const clerk = callerOf('clerk', 'clerk-1', SCHOOL);
        const caller = channel === 'wallet' ? payer : clerk;
        const net = chosen.reduce((sum, index) => sum + (part ?? [1_000, 1_500][index]!), 0);
        const total = net + off + (channel === 'pos' ? Math.floor((net * 6) / 1_000) : 0);
        const method: PayBillsInput['method'] =
          channel === 'wallet'
            ? { channel, walletId }
            : channel === 'cash'
              ? { channel, tendered: fen(3_000) }
              : { channel, terminalId: 'T0001', approvalCode: 'A12345' };
        const input: PayBillsInput = {
          idempotencyKey: 'key-1',
          bills: chosen.map((index) => ({
            billId: bills[index]!,
            ...(part === undefined ? {} : { amount: fen(part) }),
          })),
          expectedTotal: fen(total),
          method,
        };
        const stored = (await recordedEvents(world.log)).length;
        const preview = previewer(world);
        const foreseen = await preview(caller, input);
        expect(await preview(caller, input)).toEqual(foreseen);
        expect(await recordedEvents(world.log)).toHaveLength(stored);
        expect(await node.pay(caller, input)).toEqual(foreseen);
        // What has been done is foreseen as it is.
        expect(await previewer(world)(caller, input)).toEqual(foreseen);
      }),
      { numRuns: 60 },
    );
  });

  it('asks no institution: such a payment would wait for it', async () => {
    const { world, bills } = await scene(0);
    const stored = (await recordedEvents(world.log)).length;
    const input: PayBillsInput = {
      idempotencyKey: 'key-1',
      bills: [{ billId: bills[0]! }],
      expectedTotal: fen(1_000),
      method: { channel: 'operator', payerToken: 't' },
    };
    expect(accepted(await previewer(world)(payer, input))).toMatchObject({ status: 'AUTHORISING' });
    expect(await previewer(world)(callerOf('bursar', 'b', SCHOOL), input)).toMatchObject({
      accepted: false,
      rejection: { code: 'FORBIDDEN' },
    });
    expect(await recordedEvents(world.log)).toHaveLength(stored);
  });
});
