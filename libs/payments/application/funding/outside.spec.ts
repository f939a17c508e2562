import { describe, expect, it } from '@jest/globals';
import {
  balancesOf,
  custodyOutside,
  faultsOf,
  finishCustody,
  outsideNode,
  paymentsIn,
} from '#libs/testing/custody-fixture.js';
import { OPERATOR, PAYER, finishOne, settled, typesIn } from '#libs/testing/outside-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { fen, TENANT } from '#libs/testing/payment-world.js';
import { signedProbe } from '#libs/testing/probe-contract.js';
import type { PaymentMethod } from '../../contract/index.js';

async function begun(method: PaymentMethod, amount: number) {
  const at = await custodyOutside();
  const node = outsideNode(at);
  const contractId = await signedProbe(node.contracts, 'k1');
  const fund = (by = method, of = amount, idempotencyKey = 'key-1') =>
    node.fund(PAYER, { idempotencyKey, contractId, amount: fen(of), method: by });
  return { at, node, contractId, fund };
}

describe('funding a contract through an institution', () => {
  it.each([
    ['operator', OPERATOR],
    ['transfer', { channel: 'transfer' }],
  ] as const)('by %s is captured when the institution has the money', async (_, method) => {
    const { at, node, contractId, fund } = await begun(method, 1_200);
    await using _world = at;
    const first = accepted(await fund());
    if (first.remittanceCode !== undefined) await at.bank.credit(TENANT, first.remittanceCode, fen(1_200));
    await at.bank.deliver();
    await settled(node.payments, first.id, ({ status }) => status === 'captured');
    await finishCustody(at.world, node);
    expect(accepted(await fund())).toMatchObject({ status: 'CAPTURED', funding: { contractId } });
    expect(await balancesOf(at.world)).toEqual({
      [`world:${method.channel}`]: -1_200n,
      [`custody:${contractId}`]: 1_200n,
    });
    expect(await faultsOf(at.world)).toEqual([]);
  });

  it('which never comes keeps room for it until it is called off', async () => {
    const { at, node, contractId, fund } = await begun({ channel: 'transfer' }, 4_500);
    await using _world = at;
    const first = accepted(await fund());
    expect((await node.summaryOf(contractId)).fundable.max).toEqual(fen(500));
    expect(accepted(await node.payments.cancel(PAYER, first.id)).status).toBe('CANCELLED');
    expect((await node.summaryOf(contractId)).fundable.max).toEqual(fen(5_000));
    expect(await faultsOf(at.world)).toEqual([]);
  });
});

// .05: the institution declines, and succeeds later all the same.
describe('money that comes in after the funding payment has failed', () => {
  it('is used for the same contract, by another payment, while the contract takes it', async () => {
    const { at, node, contractId, fund } = await begun(OPERATOR, 1_205);
    await using _world = at;
    expect(await fund()).toMatchObject({ accepted: false, rejection: { code: 'CHANNEL_DECLINED' } });
    const [id] = await paymentsIn(at.world);
    expect(await at.bank.deliver()).toEqual([200]);
    const isSettled = (one: object) =>
      (one as { lateSuccess?: { status: string } }).lateSuccess?.status === 'settled';
    await settled(node.payments, id!, isSettled);
    await finishCustody(at.world, node);
    expect((await typesIn(at)).filter((type) => /^(PaymentCaptured|FundsDeposited)$/.test(type))).toEqual([
      'PaymentCaptured',
      'FundsDeposited',
    ]);
    expect(await balancesOf(at.world)).toEqual({
      'world:operator': -1_205n,
      [`custody:${contractId}`]: 1_205n,
    });
    expect(await faultsOf(at.world)).toEqual([]);
  });

  it('goes back when the contract has no room for it any more', async () => {
    const { at, node, contractId, fund } = await begun(OPERATOR, 1_205);
    await using _world = at;
    await fund();
    const walletId = await node.payments.openWallet('payer-1', 4_500);
    accepted(await fund({ channel: 'wallet', walletId }, 4_500, 'key-2'));
    const [id] = await paymentsIn(at.world);
    expect(await at.bank.deliver()).toEqual([200]);
    while (!(await at.bank.effectOf(`return-${id}`))) await finishOne(node.payments, id!);
    await at.bank.deliver();
    await finishCustody(at.world, node);
    expect(await balancesOf(at.world)).toEqual({
      'world:topup': -4_500n,
      [`custody:${contractId}`]: 4_500n,
    });
    expect(await faultsOf(at.world)).toEqual([]);
  });
});
