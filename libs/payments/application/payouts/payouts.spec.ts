import { describe, expect, it } from '@jest/globals';
import { asId, type ContractId } from '#libs/kernel/ids/index.js';
import {
  balancesOf,
  custodyNode,
  custodyOutside,
  custodyPlatform,
  faultsOf,
  finishCustody,
  outsideNode,
  refundsIn,
  type CustodyNode,
} from '#libs/testing/custody-fixture.js';
import { mortalLog, type Death } from '#libs/testing/mortal-log.js';
import { OPERATOR } from '#libs/testing/outside-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import {
  callerOf,
  fen,
  recordedEvents,
  requestOf,
  SCHOOL,
  type PaymentWorld,
} from '#libs/testing/payment-world.js';
import { approve, probeId, signedProbe, type Probe } from '#libs/testing/probe-contract.js';
import type { PaymentMethod } from '../../contract/index.js';
import { ConfirmRefund, DishonourCheque, RequestRefund, WithdrawRefund } from '../../contract/refunds.js';
import { ConfirmRefundHandler } from '../refund/confirm-refund.js';
import { DishonourChequeHandler } from '../refund/dishonour-cheque.js';
import { RequestRefundHandler } from '../refund/request-refund.js';
import { WithdrawRefundHandler } from '../refund/withdraw-refund.js';

const payer = callerOf('payer', 'payer-1');
const clerk = callerOf('clerk', 'clerk-1', SCHOOL);
const bursar = callerOf('bursar', 'bursar-1', SCHOOL);
const CASH: PaymentMethod = { channel: 'cash', tendered: fen(5_000) };
const NOBODYS_WALLET = '00000000-0000-8000-8000-000000000009';

interface Setting {
  readonly world: PaymentWorld;
  readonly node: CustodyNode;
  readonly contractId: ContractId;
  readonly wallets: { readonly payer: string; readonly teacher: string };
}

/** k1, whose fund is k2; both signed. `teacher`: the wallet that the teacher's share goes to, if not their own. */
async function ready(
  world: PaymentWorld = custodyPlatform(),
  teacher?: string,
  fund: Probe = {},
): Promise<Setting> {
  const node = custodyNode(world);
  const wallets = {
    payer: await node.payments.openWallet('payer-1', 5_000),
    teacher: await node.payments.openWallet('teacher-1', 0),
  };
  await signedProbe(node.contracts, 'k2', fund);
  const probe = { walletId: teacher ?? wallets.teacher, fund: probeId('k2') };
  return { world, node, contractId: await signedProbe(node.contracts, 'k1', probe), wallets };
}

async function paidIn(
  { contractId }: Pick<Setting, 'contractId'>,
  node: CustodyNode,
  { method, amount, key = 'key-1' }: { method: PaymentMethod; amount: number; key?: string },
): Promise<void> {
  const caller = method.channel === 'cash' ? clerk : payer;
  const input = { idempotencyKey: key, contractId, amount: fen(amount), method };
  accepted(await node.fund(caller, input));
}

const byWallet = ({ wallets }: Setting): PaymentMethod => ({
  channel: 'wallet',
  walletId: asId<'wallet'>(wallets.payer),
});

async function typesSince(world: PaymentWorld, first: string): Promise<readonly string[]> {
  const types = (await recordedEvents(world.log)).map(({ type }) => type.replace(/\.v\d+$/, ''));
  return types.slice(types.indexOf(first));
}

describe('what a contract pays out', () => {
  it('is at an organisation at once, in a wallet and back with the payer shortly after', async () => {
    const setting = await ready();
    const { world, node, contractId, wallets } = setting;
    await paidIn(setting, node, { method: byWallet(setting), amount: 1_200 });
    await approve(node.contracts, contractId, 'lesson');
    await approve(node.contracts, contractId, 'rest');
    await finishCustody(world, node);
    expect(await balancesOf(world)).toEqual({
      'world:topup': -5_000n,
      [`org:${SCHOOL}:payable`]: 200n,
      [`wallet:${wallets.teacher}`]: 100n,
      [`wallet:${wallets.payer}`]: 4_700n,
    });
    expect(await faultsOf(world)).toEqual([]);
    const [refundId, ...others] = await refundsIn(world);
    expect(others).toEqual([]);
    const events = await recordedEvents(world.log);
    const asked = events.find(({ type }) => type === 'RefundRequested.v2');
    expect(asked?.data).toMatchObject({
      refundId,
      refundKind: 'contract',
      lines: [{ billId: contractId }],
      payout: { contractId, payoutId: `${contractId}:rest:900`, role: 'payer' },
      approvalNeeded: false,
    });
  });

  it('goes back to the youngest payment first, each by its own way; cash waits for a clerk', async () => {
    const setting = await ready();
    const { world, node, contractId, wallets } = setting;
    await paidIn(setting, node, { method: byWallet(setting), amount: 1_000 });
    await paidIn(setting, node, { method: CASH, amount: 500, key: 'key-2' });
    await approve(node.contracts, contractId, 'lesson');
    await approve(node.contracts, contractId, 'rest');
    await finishCustody(world, node);
    expect(await balancesOf(world)).toMatchObject({
      'clearing:refund': 500n,
      'world:cash': -500n,
      [`wallet:${wallets.payer}`]: 4_700n,
    });
    const [first, second] = await refundsIn(world);
    const inCash = (await node.refunds.finish(first!, FINISHER))!;
    expect(inCash).toMatchObject({ status: 'sent', amount: fen(500), approvalNeeded: false });
    expect(await node.refunds.finish(second!, FINISHER)).toMatchObject({ status: 'returned' });
    const confirm = { idempotencyKey: 'confirm-1', refundId: first!, reference: '' };
    const confirmed = new ConfirmRefundHandler(node.refunds);
    accepted(await confirmed.execute(new ConfirmRefund(requestOf(clerk), confirm)));
    expect(await balancesOf(world)).not.toHaveProperty('clearing:refund');
    expect(await faultsOf(world)).toEqual([]);
  });

  it('goes back through the institution that brought it, under one operation id', async () => {
    const at = await custodyOutside();
    await using _world = at;
    const node = outsideNode(at);
    const contractId = await signedProbe(node.contracts, 'k1');
    await paidIn({ contractId }, node, { method: OPERATOR, amount: 1_200 });
    await at.bank.deliver();
    await finishCustody(at.world, node);
    await approve(node.contracts, contractId, 'rest');
    await at.bank.stop();
    await finishCustody(at.world, node);
    const [refundId] = await refundsIn(at.world);
    expect(await node.refunds.finish(refundId!, FINISHER)).toMatchObject({ status: 'sent' });
    await at.bank.restart();
    await finishCustody(at.world, node);
    await at.bank.deliver();
    await finishCustody(at.world, node);
    expect(await at.bank.effectOf(`refund-${refundId}`)).toMatchObject({ moved: 1, kind: 'refund' });
    expect(await balancesOf(at.world)).toEqual({});
    expect(await faultsOf(at.world)).toEqual([]);
  });

  it('to another contract is deposited there, and what that one gives back comes home', async () => {
    const setting = await ready();
    const { world, node, contractId, wallets } = setting;
    await paidIn(setting, node, { method: byWallet(setting), amount: 1_500 });
    await approve(node.contracts, contractId, 'grant');
    await finishCustody(world, node);
    const k2 = probeId('k2');
    expect(await balancesOf(world)).toMatchObject({
      [`custody:${contractId}`]: 500n,
      [`custody:${k2}`]: 1_000n,
    });
    await approve(node.contracts, k2, 'rest');
    await finishCustody(world, node);
    expect(await balancesOf(world)).toMatchObject({ [`custody:${contractId}`]: 1_500n });
    // It is the payer's money as it was before.
    await approve(node.contracts, contractId, 'rest');
    await finishCustody(world, node);
    expect(await balancesOf(world)).toEqual({
      'world:topup': -5_000n,
      [`wallet:${wallets.payer}`]: 5_000n,
    });
    expect(await faultsOf(world)).toEqual([]);
  });

  it('cannot be given back to a contract that has come to its end: one case tells', async () => {
    const setting = await ready();
    const { world, node, contractId } = setting;
    await paidIn(setting, node, { method: byWallet(setting), amount: 1_500 });
    await approve(node.contracts, contractId, 'grant');
    await finishCustody(world, node);
    await approve(node.contracts, contractId, 'rest');
    await approve(node.contracts, probeId('k2'), 'rest');
    await finishCustody(world, node);
    expect(await balancesOf(world)).toMatchObject({ 'clearing:funding': 1_000n });
    const payout = `${probeId('k2')}:rest:1000`;
    expect(await casesIn(world)).toEqual([
      { amount: '10.00', payout, role: 'payer', to: 'origin', reason: 'CONTRACT_CLOSED' },
    ]);
  });

  it('cannot be delivered to a contract of another asset, which would take it for its own', async () => {
    const setting = await ready(undefined, undefined, { dollars: true });
    const { world, node, contractId } = setting;
    await paidIn(setting, node, { method: byWallet(setting), amount: 1_500 });
    await approve(node.contracts, contractId, 'grant');
    await finishCustody(world, node);
    expect(await balancesOf(world)).toMatchObject({ 'clearing:funding': 1_000n });
    const payout = `${contractId}:grant:1000`;
    expect(await casesIn(world)).toEqual([
      { amount: '10.00', payout, role: 'fund', to: 'contract', reason: 'EXCEEDS_MAX_FUNDING' },
    ]);
  });

  it('cannot be delivered to a wallet that is none: the money stays in clearing, and one case tells', async () => {
    const setting = await ready(undefined, NOBODYS_WALLET);
    const { world, node, contractId } = setting;
    await paidIn(setting, node, { method: byWallet(setting), amount: 1_200 });
    await approve(node.contracts, contractId, 'lesson');
    await finishCustody(world, node);
    await finishCustody(world, custodyNode(world));
    expect(await balancesOf(world)).toMatchObject({ 'clearing:payout': 100n });
    expect(await casesIn(world)).toEqual([
      {
        amount: '1.00',
        payout: `${contractId}:lesson:300`,
        role: 'teacher',
        to: 'wallet',
        reason: 'WALLET_NOT_FOUND',
      },
    ]);
  });
});

const FINISHER = { actor: 'system:refund-finisher', correlationId: 'finisher' };

async function casesIn({ log }: PaymentWorld): Promise<readonly unknown[]> {
  const events = await recordedEvents(log);
  return events.flatMap(({ type, data }) =>
    type === 'CaseOpened.v2' && data['kind'] === 'payoutUndeliverable' ? [data['facts']] : [],
  );
}

/** Moments at which the process can die in so many appends. */
function deathsIn(appends: number): readonly Death[] {
  return Array.from({ length: appends }, (_, index) => index + 1).flatMap((append) => [
    { append, moment: 'before' as const },
    { append, moment: 'after' as const },
  ]);
}

describe('a crash between any two steps of payouts', () => {
  /** Everything has been paid out; nothing is carried on yet. */
  async function paidOut(): Promise<Setting> {
    const setting = await ready();
    const { node, contractId } = setting;
    await paidIn(setting, node, { method: byWallet(setting), amount: 1_800 });
    for (const ruleId of ['lesson', 'grant', 'rest']) await approve(node.contracts, contractId, ruleId);
    return setting;
  }

  it('loses nothing and pays nothing twice, also when the next start crashes itself', async () => {
    const whole = await paidOut();
    const counted = mortalLog(whole.world.log, undefined);
    await finishCustody(whole.world, custodyNode(whole.world, counted.log));
    const expected = await balancesOf(whole.world);
    const types = (await typesSince(whole.world, 'ContractOriginRecorded')).length;
    expect(counted.appends()).toBeGreaterThan(7);
    for (const first of deathsIn(counted.appends())) {
      for (const second of [undefined, { append: 2, moment: 'after' as const }]) {
        const { world } = await paidOut();
        for (const death of [first, second]) {
          const log = death && mortalLog(world.log, death).log;
          await finishCustody(world, custodyNode(world, log)).catch(() => undefined);
        }
        await finishCustody(world, custodyNode(world));
        expect({ first, second, faults: await faultsOf(world) }).toEqual({ first, second, faults: [] });
        expect(Object.values(await balancesOf(world)).sort()).toEqual(Object.values(expected).sort());
        expect((await typesSince(world, 'ContractOriginRecorded')).length).toBe(types);
      }
    }
  });

  it('and the same event again stores nothing more', async () => {
    const { world } = await paidOut();
    await finishCustody(world, custodyNode(world));
    const before = (await recordedEvents(world.log)).length;
    await finishCustody(world, custodyNode(world));
    expect(await recordedEvents(world.log)).toHaveLength(before);
  });
});

describe('past the contract', () => {
  it('nobody refunds what funds it, and nobody calls off what it gives back', async () => {
    const setting = await ready();
    const { world, node, contractId } = setting;
    await paidIn(setting, node, { method: CASH, amount: 1_200 });
    const events = await recordedEvents(world.log);
    const initiated = events.find(({ type }) => type.startsWith('PaymentInitiated.'));
    const paymentId = asId<'payment'>(initiated!.data['paymentId'] as string);
    const reason = '重复缴费';
    const asked = { idempotencyKey: 'refund-1', paymentId, reason };
    const refusal = { accepted: false, rejection: { code: 'REFUND_THROUGH_CONTRACT' } };
    const request = new RequestRefundHandler(node.refunds);
    expect(await request.execute(new RequestRefund(requestOf(bursar), asked))).toMatchObject(refusal);
    const dishonour = new DishonourChequeHandler(node.refunds);
    expect(await dishonour.execute(new DishonourCheque(requestOf(bursar), asked))).toMatchObject(refusal);
    await approve(node.contracts, contractId, 'rest');
    await finishCustody(world, node);
    const [refundId] = await refundsIn(world);
    const off = { idempotencyKey: 'off-1', refundId: refundId!, reason };
    const withdraw = new WithdrawRefundHandler(node.refunds);
    // It has no maker among people, so that nobody may even ask.
    expect(await withdraw.execute(new WithdrawRefund(requestOf(bursar), off))).toMatchObject({
      accepted: false,
      rejection: { code: 'REFUND_NOT_FOUND' },
    });
  });
});
