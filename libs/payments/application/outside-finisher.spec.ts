import { describe, expect, it } from '@jest/globals';
import { accepted } from '#libs/testing/payment-fixture.js';
import { OPERATOR, payOne } from '#libs/testing/outside-world.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import { fen, recordedEvents, SCHOOL } from '#libs/testing/payment-world.js';
import { productWorld } from '#libs/testing/product-world.js';
import { sandboxBank } from '#libs/testing/sandbox-bank.js';
import { billContent, bursar, defineFeeItem, issueBill, ops, payer } from '#libs/testing/school-fixture.js';
import { OpenPayments, PayBills, PaymentById, PaymentsOf } from '../contract/index.js';

describe('a payment that waits for an institution', () => {
  it('stays on the list with the reason until the institution answers, and is finished then', async () => {
    const { channel, controls, close } = await sandboxBank({ deadlineMs: 300 });
    await using world = await productWorld({ external: channel });
    try {
      const feeItem = await defineFeeItem(world, 'TUITION');
      const billId = await issueBill(world, billContent(feeItem, '0001', { amount: fen(1_000) }));
      await controls.stop();
      const paid = accepted(await world.execute(new PayBills(payer(), payOne(billId, 1_000, OPERATOR))));
      expect(paid).toMatchObject({ status: 'UNKNOWN', channel: 'operator' });
      expect(await world.query(new PaymentById(payer(), paid.id))).toEqual(paid);
      const listed = await world.query(
        new PaymentsOf(bursar(), SCHOOL, { statuses: ['UNKNOWN'] }, { first: 5 }),
      );
      expect(listed.items.map(({ item }) => item)).toEqual([paid]);
      await world.finisher.sweep(0);
      const open = await world.query(new OpenPayments(ops));
      expect(open).toEqual([
        expect.objectContaining({
          id: paid.id,
          status: 'UNKNOWN',
          channel: 'operator',
          reason: expect.stringContaining('ChannelUnknown'),
        }),
      ]);
      await controls.restart();
      await using after = await productWorld({ log: world.log, external: channel });
      await after.finisher.start();
      await after.finisher.stop();
      expect(await after.query(new OpenPayments(ops))).toEqual([]);
      const captured = await after.query(new PaymentById(payer(), paid.id));
      expect(captured).toMatchObject({
        status: 'CAPTURED',
        reference: expect.stringMatching(/./),
        receipts: [{}],
      });
      expect(captured).not.toHaveProperty('expiresAt');
      expect(await controls.effectOf(`payment-${paid.id}`)).toMatchObject({ moved: 1 });
      expect(auditPayments(await recordedEvents(world.log))).toEqual([]);
    } finally {
      await close();
    }
  });
});

describe('more payments than a sweep takes', () => {
  it('never hide one behind them: every sweep goes on where the last one ended', async () => {
    const pending = () => Promise.resolve({ outcome: 'pending' } as const);
    const asked = new Set<string>();
    const external = {
      submit: pending,
      query: ({ operationId }: { readonly operationId: string }) => {
        asked.add(operationId);
        return pending();
      },
      cancel: pending,
      statement: () => Promise.reject(new Error('none')),
    };
    await using world = await productWorld({ external });
    const feeItem = await defineFeeItem(world, 'TUITION');
    const count = 520;
    const paying = Array.from({ length: count }, async (_, index) => {
      const billId = await issueBill(world, billContent(feeItem, String(index)));
      const input = payOne(billId, 1_000, { channel: 'transfer' }, `key-${index}`);
      accepted(await world.execute(new PayBills(payer(), input)));
    });
    await Promise.all(paying);
    await world.consumers.caughtUp();
    await world.finisher.sweep(0);
    expect(asked.size).toBe(500);
    await world.finisher.sweep(0);
    expect(asked.size).toBe(count);
  });
});
