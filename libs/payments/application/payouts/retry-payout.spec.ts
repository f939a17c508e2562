import { describe, expect, it } from '@jest/globals';
import type { CaseId } from '#libs/cases/contract/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { asId, type ContractId, type WalletId } from '#libs/kernel/ids/index.js';
import {
  balancesOf,
  custodyNode,
  custodyPlatform,
  faultsOf,
  finishCustody,
  type CustodyNode,
} from '#libs/testing/custody-fixture.js';
import { mortalLog } from '#libs/testing/mortal-log.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import {
  callerOf,
  fen,
  recordedEvents,
  requestOf,
  SCHOOL,
  TENANT,
  type PaymentWorld,
} from '#libs/testing/payment-world.js';
import { approve, probeId, signedProbe } from '#libs/testing/probe-contract.js';
import type { Caller } from '#libs/security/port/index.js';
import { OpenWallet } from '../../contract/index.js';
import { RetryPayout } from '../../contract/payouts.js';
import { OpenWalletHandler } from '../open-wallet.js';

const ops = callerOf('ops', 'ops-1');
const LATER = 'k3';

interface Setting {
  readonly world: PaymentWorld;
  readonly node: CustodyNode;
  readonly contractId: ContractId;
  readonly teacher: WalletId;
}

/** The same account and key name the same wallet, open or not. */
async function openTeachersWallet(world: PaymentWorld, node: CustodyNode): Promise<WalletId> {
  const handler = new OpenWalletHandler(node.payments.store, world.runtime, true);
  const input = { idempotencyKey: 'teachers-wallet', label: 'main' };
  const teacher = requestOf(callerOf('payer', 'teacher-1'));
  return accepted(await handler.execute(new OpenWallet(teacher, input))).id;
}

/** Paid in 1,800; the teacher's wallet is not open and the fund not drafted yet. */
async function paidIn(): Promise<Setting> {
  const elsewhere = custodyPlatform();
  const teacher = await openTeachersWallet(elsewhere, custodyNode(elsewhere));
  const world = custodyPlatform();
  const node = custodyNode(world);
  const walletId = await node.payments.openWallet('payer-1', 5_000);
  const contractId = await signedProbe(node.contracts, 'k1', { walletId: teacher, fund: probeId(LATER) });
  const method = { channel: 'wallet', walletId } as const;
  const input = { idempotencyKey: 'key-1', contractId, amount: fen(1_800), method };
  accepted(await node.fund(callerOf('payer', 'payer-1'), input));
  return { world, node, contractId, teacher };
}

/** The rule is paid, and what it pays cannot be delivered. */
async function undelivered(setting: Setting, ruleId: 'lesson' | 'grant'): Promise<CaseId> {
  await approve(setting.node.contracts, setting.contractId, ruleId);
  await finishCustody(setting.world, setting.node);
  const [caseId, ...others] = await casesIn(setting.world, 'CaseOpened');
  expect(others).toEqual([]);
  return caseId!;
}

async function casesIn(
  { log }: PaymentWorld,
  name: 'CaseOpened' | 'CaseResolved',
): Promise<readonly CaseId[]> {
  const events = await recordedEvents(log);
  return events.flatMap(({ type, data }) =>
    type.startsWith(`${name}.`) ? [asId<'case'>(data['caseId'] as string)] : [],
  );
}

function retry({ node }: Pick<Setting, 'node'>, caseId: CaseId, key: string, caller: Caller = ops) {
  return node.retries.execute(new RetryPayout(requestOf(caller), { idempotencyKey: key, caseId }));
}

const refusedWith = (code: string, more: object = {}) => ({ accepted: false, rejection: { code, ...more } });
const STILL = (reason: string) => refusedWith('PAYOUT_STILL_UNDELIVERABLE', { details: { reason } });

describe('a payout that could not be delivered, tried again', () => {
  it('stays with its case as long as it is refused, and arrives once when it is not', async () => {
    const setting = await paidIn();
    const { world, node, contractId, teacher } = setting;
    const caseId = await undelivered(setting, 'lesson');
    expect(await retry(setting, caseId, 'too early')).toMatchObject(STILL('WALLET_NOT_FOUND'));
    expect(await balancesOf(world)).toMatchObject({ 'clearing:payout': 100n });
    expect(await casesIn(world, 'CaseResolved')).toEqual([]);
    expect(await openTeachersWallet(world, node)).toBe(teacher);
    const delivered = {
      accepted: true,
      value: { caseId, contractId, payoutId: `${contractId}:lesson:300`, role: 'teacher', amount: fen(100) },
    };
    // The key of the refused try is good for the very same thing, also when its first answer is lost.
    for (const key of ['too early', 'too early', 'again']) {
      expect(await retry(setting, caseId, key)).toEqual(delivered);
    }
    await finishCustody(world, custodyNode(world));
    const balances = await balancesOf(world);
    expect(balances).not.toHaveProperty('clearing:payout');
    expect(balances).toMatchObject({ [`wallet:${teacher}`]: 100n });
    expect(await casesIn(world, 'CaseResolved')).toEqual([caseId]);
    expect(await faultsOf(world)).toEqual([]);
  });

  it('is deposited in another contract once that takes it, however many try at once', async () => {
    const setting = await paidIn();
    const { world, node, contractId } = setting;
    const caseId = await undelivered(setting, 'grant');
    expect(await retry(setting, caseId, 'no contract')).toMatchObject(STILL('CONTRACT_NOT_FOUND'));
    const fund = await signedProbe(node.contracts, LATER);
    const other = { node: custodyNode(world) };
    const answers = await Promise.all([
      retry(setting, caseId, 'one'),
      retry(setting, caseId, 'two'),
      retry(other, caseId, 'three', callerOf('ops', 'ops-2')),
      finishCustody(world, custodyNode(world)),
    ]);
    expect(answers.slice(0, 3)).toMatchObject([{ accepted: true }, { accepted: true }, { accepted: true }]);
    expect(await balancesOf(world)).toMatchObject({
      [`custody:${fund}`]: 1_000n,
      [`custody:${contractId}`]: 800n,
    });
    expect(await casesIn(world, 'CaseResolved')).toEqual([caseId]);
    expect(await faultsOf(world)).toEqual([]);
  });

  it('stays with its case for good where the contract that it belongs to has come to its end', async () => {
    const setting = await paidIn();
    const { world, node, contractId } = setting;
    const fund = await signedProbe(node.contracts, LATER);
    await approve(node.contracts, contractId, 'grant');
    await finishCustody(world, node);
    await approve(node.contracts, contractId, 'rest');
    await approve(node.contracts, fund, 'rest');
    await finishCustody(world, node);
    const [caseId] = await casesIn(world, 'CaseOpened');
    expect(await retry(setting, caseId!, 'closed')).toMatchObject(STILL('CONTRACT_CLOSED'));
    expect(await balancesOf(world)).toMatchObject({ 'clearing:funding': 1_000n });
    expect(await casesIn(world, 'CaseResolved')).toEqual([]);
  });

  it('is ended by the next try when the process dies before the case is resolved', async () => {
    const setting = await paidIn();
    const { world, node, teacher } = setting;
    const caseId = await undelivered(setting, 'lesson');
    await openTeachersWallet(world, node);
    // Before the key is claimed; before the wallet has it; and when it has, finding the key claimed by a first append.
    for (const append of [1, 2, 3]) {
      const dying = custodyNode(world, mortalLog(world.log, { append, moment: 'before' }).log);
      await expect(retry({ node: dying }, caseId, 'key-1')).rejects.toThrow('The process is dead.');
    }
    expect(await balancesOf(world)).toMatchObject({ [`wallet:${teacher}`]: 100n });
    expect(await casesIn(world, 'CaseResolved')).toEqual([]);
    expect(await retry(setting, caseId, 'key-1')).toMatchObject({ accepted: true });
    expect(await balancesOf(world)).toMatchObject({ [`wallet:${teacher}`]: 100n });
    expect(await casesIn(world, 'CaseResolved')).toEqual([caseId]);
    expect(await faultsOf(world)).toEqual([]);
  });
});

describe('who tries a payout again', () => {
  it('is operations of the tenant; to everybody else there is no such payout', async () => {
    const setting = await paidIn();
    const { world, node } = setting;
    const caseId = await undelivered(setting, 'lesson');
    await openTeachersWallet(world, node);
    const before = (await recordedEvents(world.log)).length;
    for (const caller of [
      callerOf('supervisor', 'supervisor-1', SCHOOL),
      callerOf('auditor', 'auditor-1'),
      callerOf('payer', 'teacher-1'),
      callerOf('ops', 'ops-1', SCHOOL),
    ]) {
      expect(await retry(setting, caseId, 'key-1', caller)).toMatchObject(refusedWith('FORBIDDEN'));
    }
    const foreign = { ...ops, tenant: asId<'tenant'>('other') };
    const none = await retry(setting, asId('00000000-0000-8000-8000-00000000000f'), 'key-1');
    expect(none).toMatchObject(refusedWith('PAYOUT_NOT_FOUND', { path: ['input', 'caseId'] }));
    expect(await retry(setting, caseId, 'key-1', foreign)).toEqual(none);
    expect(await retry(setting, asId('no id'), 'key-1')).toEqual(none);
    expect(await recordedEvents(world.log)).toHaveLength(before);
  });

  it('names a case of a payout, and under one key one alone', async () => {
    const setting = await paidIn();
    const { world, node, contractId } = setting;
    const caseId = await undelivered(setting, 'lesson');
    const openedAt = parseInstant('2026-09-01T03:00:00.000Z');
    const facts = { payout: `${contractId}:lesson:300`, role: 'school', amount: '2.00' };
    const others = [
      { kind: 'lateSuccess', subject: `contract-${contractId}`, facts: { ...facts, role: 'teacher' } },
      { kind: 'payoutUndeliverable', subject: 'refund-1', facts: { ...facts, role: 'teacher' } },
      // Lies at the organisation's account since it was paid.
      { kind: 'payoutUndeliverable', subject: `contract-${contractId}`, facts },
    ] as const;
    for (const [index, content] of others.entries()) {
      const other = asId<'case'>(`00000000-0000-8000-8000-00000000001${index}`);
      await node.cases.open({ ...content, caseId: other, tenant: TENANT, openedAt }, 'correlation-1');
      expect(await retry(setting, other, 'other')).toMatchObject(refusedWith('PAYOUT_NOT_FOUND'));
    }
    await approve(node.contracts, contractId, 'grant');
    await finishCustody(world, node);
    const [, second] = (await casesIn(world, 'CaseOpened')).filter((id) => !id.startsWith('00000000'));
    expect(await retry(setting, caseId, 'one key')).toMatchObject(STILL('WALLET_NOT_FOUND'));
    expect(await retry(setting, second!, 'one key')).toMatchObject(refusedWith('IDEMPOTENCY_CONFLICT'));
  });
});
