import { describe, expect, it } from '@jest/globals';
import type { ContractId } from '#libs/kernel/ids/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { mortalLog, type Death } from '#libs/testing/mortal-log.js';
import {
  balancesOf,
  custodyNode,
  custodyPlatform,
  faultsOf,
  finishCustody,
} from '#libs/testing/custody-fixture.js';
import { callerOf, fen, OTHER_SCHOOL, recordedEvents, SCHOOL } from '#libs/testing/payment-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { probeId, signedProbe } from '#libs/testing/probe-contract.js';
import type { FundContractInput, PaymentMethod } from '../../contract/index.js';

const payer = callerOf('payer', 'payer-1');
const clerk = callerOf('clerk', 'clerk-1', SCHOOL);
const cash: PaymentMethod = { channel: 'cash', tendered: fen(2_000) };

function paying(
  contractId: ContractId,
  method: PaymentMethod,
  amount = 1_200,
  key = 'key-1',
): FundContractInput {
  return { idempotencyKey: key, contractId, amount: fen(amount), method };
}

async function ready(balance = 5_000) {
  const world = custodyPlatform();
  const node = custodyNode(world);
  const contractId = await signedProbe(node.contracts, 'k1');
  const walletId = await node.payments.openWallet('payer-1', balance);
  return { world, node, contractId, walletId, wallet: { channel: 'wallet', walletId } as const };
}

describe('funding a contract', () => {
  it('moves the money of a wallet into custody, with a receipt of the contract’s organisation', async () => {
    const { world, node, contractId, wallet, walletId } = await ready();
    const view = accepted(await node.fund(payer, paying(contractId, wallet)));
    expect(view).toMatchObject({
      status: 'CAPTURED',
      channel: 'wallet',
      total: fen(1_200),
      funding: { contractId },
      bills: [],
      receipts: [
        {
          organisationId: SCHOOL,
          total: fen(1_200),
          lines: [{ contractId, description: '托管试验 contract-k1', payerNumber: '-', payerName: null }],
        },
      ],
    });
    expect(await balancesOf(world)).toEqual({
      'world:topup': -5_000n,
      [`wallet:${walletId}`]: 3_800n,
      [`custody:${contractId}`]: 1_200n,
    });
    expect(await node.summaryOf(contractId)).toMatchObject({ status: 'active', held: fen(1_200) });
    expect(await faultsOf(world)).toEqual([]);
    expect(await node.fund(payer, paying(contractId, wallet))).toEqual({ accepted: true, value: view });
    expect(await node.fund(payer, paying(contractId, wallet, 1_300))).toMatchObject({
      accepted: false,
      rejection: { code: 'IDEMPOTENCY_CONFLICT', path: ['input', 'idempotencyKey'] },
    });
  });

  it('takes cash at the counter of the contract’s organisation alone', async () => {
    const { world, node, contractId } = await ready();
    const elsewhere = callerOf('clerk', 'clerk-2', OTHER_SCHOOL);
    const refusal = { accepted: false, rejection: { code: 'CONTRACT_NOT_FOUND' } };
    expect(await node.fund(elsewhere, paying(contractId, cash))).toMatchObject(refusal);
    expect(accepted(await node.fund(clerk, paying(contractId, cash)))).toMatchObject({ change: fen(800) });
    expect(await balancesOf(world)).toMatchObject({
      'world:cash': -1_200n,
      [`custody:${contractId}`]: 1_200n,
    });
    expect(await faultsOf(world)).toEqual([]);
  });

  it('through a sub-wallet goes to its own organisation', async () => {
    const { node, contractId, walletId } = await ready();
    const method = { channel: 'wallet', walletId, subWalletId: 'none' } as const;
    const outcome = await node.fund(payer, paying(contractId, method));
    expect(outcome).toMatchObject({ accepted: false, rejection: { code: 'SUB_WALLET_CLOSED' } });
  });

  it.each<[string, PaymentMethod]>([
    ['cheque', { channel: 'cheque', chequeNumber: '123456', bank: 'B', chequeDate: '2026-09-01' as never }],
    ['pos', { channel: 'pos', terminalId: 'POS1', approvalCode: '123456' }],
  ])('is refused by %s: its money can be taken back', async (_, method) => {
    const { world, node, contractId } = await ready();
    const before = (await recordedEvents(world.log)).length;
    expect(await node.fund(clerk, paying(contractId, method))).toMatchObject({
      accepted: false,
      rejection: { code: 'CHANNEL_NOT_ALLOWED', path: ['input', 'method'] },
    });
    expect(await recordedEvents(world.log)).toHaveLength(before);
  });

  it('is refused, and nothing stored, for who may not pay and for what is no contract of theirs', async () => {
    const { world, node, contractId, wallet } = await ready();
    const before = (await recordedEvents(world.log)).length;
    const codes = [];
    for (const [caller, input] of [
      [clerk, paying(contractId, wallet)],
      [payer, paying(contractId, cash)],
      [callerOf('payer', 'payer-2'), paying(contractId, wallet)],
      [callerOf('bursar', 'bursar-2', OTHER_SCHOOL), paying(contractId, { channel: 'transfer' })],
      [payer, paying(probeId('none'), wallet)],
      [payer, paying(asId('no-uuid'), wallet)],
      [payer, paying(contractId, wallet, 0)],
    ] as const) {
      const outcome = await node.fund(caller, input);
      codes.push(outcome.accepted ? 'accepted' : outcome.rejection.code);
    }
    const notFound = 'CONTRACT_NOT_FOUND';
    expect(codes).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
      notFound,
      notFound,
      notFound,
      notFound,
      'INVALID_AMOUNT',
    ]);
    expect(await recordedEvents(world.log)).toHaveLength(before);
  });

  it.each([
    ['too little', 999, 'BELOW_MIN_FUNDING', { min: '10.00' }],
    ['too much', 5_001, 'EXCEEDS_MAX_FUNDING', { max: '50.00' }],
    ['more than the wallet has', 4_999, 'INSUFFICIENT_FUNDS', undefined],
  ])('%s is refused, and leaves no promise behind', async (_, amount, code, details) => {
    const { world, node, wallet } = await ready(4_000);
    const contractId = await signedProbe(node.contracts, 'once', { once: true });
    const outcome = await node.fund(payer, paying(contractId, wallet, amount));
    expect(outcome).toMatchObject({ accepted: false, rejection: { code, ...(details && { details }) } });
    expect(await node.fund(payer, paying(contractId, wallet, amount))).toEqual(outcome);
    expect(await faultsOf(world)).toEqual([]);
    expect(await node.summaryOf(contractId)).toMatchObject({ fundable: { max: fen(5_000) } });
  });
});

/** Moments at which the process can die in so many appends. */
function deathsIn(appends: number): readonly Death[] {
  return Array.from({ length: appends }, (_, index) => index + 1).flatMap((append) => [
    { append, moment: 'before' as const },
    { append, moment: 'after' as const },
  ]);
}

describe.each([
  ['a wallet', payer, true],
  ['cash', clerk, true],
  ['a wallet that cannot bear it', payer, false],
] as const)('a crash between any two steps of funding by %s', (name, caller, bears) => {
  async function begun(death: Death | undefined) {
    const { world, contractId, wallet } = await ready(bears ? 5_000 : 1_000);
    const input = paying(contractId, name === 'cash' ? cash : wallet);
    const mortal = mortalLog(world.log, death);
    await custodyNode(world, mortal.log)
      .fund(caller, input)
      .catch(() => undefined);
    return { world, contractId, input, appends: mortal.appends() };
  }

  it('is finished cleanly after the restart, also when that crashes at any step itself', async () => {
    const { appends } = await begun(undefined);
    expect(appends).toBeGreaterThan(4);
    for (const first of deathsIn(appends)) {
      for (const second of [undefined, ...deathsIn(3)]) {
        const { world } = await begun(first);
        const again = custodyNode(world, mortalLog(world.log, second).log);
        await finishCustody(world, again).catch(() => undefined);
        await finishCustody(world, custodyNode(world));
        expect({ first, second, faults: await faultsOf(world) }).toEqual({ first, second, faults: [] });
      }
    }
  });

  it('is answered to who asks again with the same key, and funded once', async () => {
    for (const death of deathsIn((await begun(undefined)).appends)) {
      const { world, contractId, input } = await begun(death);
      const node = custodyNode(world);
      const answer = await node.fund(caller, input);
      await finishCustody(world, node);
      expect(await node.fund(caller, input)).toEqual(answer);
      expect({ death, accepted: answer.accepted }).toEqual({ death, accepted: bears });
      expect({ death, faults: await faultsOf(world) }).toEqual({ death, faults: [] });
      expect((await node.summaryOf(contractId)).funded).toEqual(fen(bears ? 1_200 : 0));
    }
  });
});

describe('two payers at once', () => {
  it('for one contract that has room for one: exactly one of them is captured', async () => {
    for (let run = 0; run < 40; run += 1) {
      const world = custodyPlatform();
      const setUp = custodyNode(world);
      const contractId = await signedProbe(setUp.contracts, 'k1');
      const walletId = await setUp.payments.openWallet('payer-1', 8_000);
      const { rng } = world.runtime;
      for (let skip = 0; skip < run; skip += 1) rng.bytes(1);
      const pause = async (): Promise<void> => {
        for (let turns = rng.bytes(1)[0]! % 8; turns > 0; turns -= 1) await Promise.resolve();
      };
      // In one process or in two.
      const nodes = [0, 1].map(() => custodyNode(world, mortalLog(world.log, undefined, pause).log));
      const methods = [{ channel: 'wallet', walletId } as const, cash];
      const outcomes = await Promise.all(
        [payer, clerk].map((caller, index) => {
          const tendered = { channel: 'cash', tendered: fen(4_000) } as const;
          const method = methods[index]!.channel === 'cash' ? tendered : methods[index]!;
          return nodes[run % 2 ? 0 : index]!.fund(caller, paying(contractId, method, 4_000));
        }),
      );
      const codes = outcomes.map((one) => (one.accepted ? 'CAPTURED' : one.rejection.code)).sort();
      expect(codes).toEqual(['CAPTURED', 'EXCEEDS_MAX_FUNDING']);
      await finishCustody(world, custodyNode(world));
      expect(await faultsOf(world)).toEqual([]);
    }
  });
});
