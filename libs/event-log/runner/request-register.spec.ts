import { describe, expect, it } from '@jest/globals';
import { parseInstant } from '#libs/kernel/time/index.js';
import { goldenSamples } from '#libs/testing/golden.js';
import { callerOf, paymentNode, paymentWorld, requestOf } from '#libs/testing/payment-world.js';
import { claimKey, requestEvents } from './request-register.js';

goldenSamples(requestEvents);

const at = parseInstant('2026-10-01T02:00:00Z');
const CONFLICT = {
  code: 'IDEMPOTENCY_CONFLICT',
  message: 'The key was used with another input.',
  path: ['input', 'idempotencyKey'],
};

describe('a claimed key', () => {
  const { store } = paymentNode(paymentWorld());
  const context = requestOf(callerOf('payer', 'payer-1'));
  const request = { operation: 'adjustBill', idempotencyKey: 'k1', input: ['bill-1', '5.00'] };

  it('stands for one input for good', async () => {
    expect(await claimKey({ store, at }, context, request)).toBeUndefined();
    expect(await claimKey({ store, at }, context, request)).toBeUndefined();
    expect(await claimKey({ store, at }, context, { ...request, input: ['bill-2', '5.00'] })).toEqual(
      CONFLICT,
    );
    expect(await claimKey({ store, at }, context, { ...request, input: ['bill-15', '.00'] })).toEqual(
      CONFLICT,
    );
  });

  it('is the account’s own and the operation’s own', async () => {
    const other = requestOf(callerOf('payer', 'payer-2'));
    const input = ['bill-9'];
    expect(await claimKey({ store, at }, other, { ...request, input })).toBeUndefined();
    const cancel = { ...request, operation: 'cancelBill', input };
    expect(await claimKey({ store, at }, context, cancel)).toBeUndefined();
  });

  it('goes to one of many inputs at once', async () => {
    const inputs = Array.from({ length: 50 }, (_, index) => [`bill-${index % 5}`]);
    const answers = await Promise.all(
      inputs.map((input) => claimKey({ store, at }, context, { ...request, idempotencyKey: 'k2', input })),
    );
    const winners = new Set(inputs.filter((_, index) => answers[index] === undefined).map(([bill]) => bill));
    expect(winners.size).toBe(1);
    expect(answers.filter((answer) => answer === undefined)).toHaveLength(10);
  });
});
