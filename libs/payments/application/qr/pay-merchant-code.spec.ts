import { describe, expect, it } from '@jest/globals';
import { qrCodeAggregate } from '../../codec/qr-aggregates.js';
import { asId, type BillId, type WalletId } from '#libs/kernel/ids/index.js';
import { callerOf, OTHER_SCHOOL, recordedEvents } from '#libs/testing/callers.js';
import { mortalLog, type Death } from '#libs/testing/mortal-log.js';
import { finishAll } from '#libs/testing/payment-fixture.js';
import { billStateOf, fen, paymentWorld, type PaymentWorld } from '#libs/testing/payment-world.js';
import { codeFor, qrNode, type QrNode } from '#libs/testing/qr-world.js';
import { manualRuntime, type ManualRuntime } from '#libs/testing/runtime/index.js';
import type { MerchantCodeView, PayMerchantCodeInput } from '../../contract/index.js';

const payer = callerOf('payer', 'payer-1');
const secondPayer = callerOf('payer', 'payer-2');

interface Scene {
  readonly runtime: ManualRuntime;
  readonly world: PaymentWorld;
  readonly node: QrNode;
  readonly billId: BillId;
  readonly wallets: readonly [WalletId, WalletId];
  readonly code: MerchantCodeView;
}

async function scene(balance = 20_000): Promise<Scene> {
  const runtime = manualRuntime();
  const world = paymentWorld(undefined, runtime);
  const node = qrNode(world);
  const billId = await node.issueBill('0001', 14_095);
  const wallets = [
    await node.openWallet('payer-1', balance),
    await node.openWallet('payer-2', 20_000),
  ] as const;
  return { runtime, world, node, billId, wallets, code: await codeFor(node, { bills: [billId] }) };
}

const pays = ({ code, wallets: [walletId] }: Scene, input: Partial<PayMerchantCodeInput> = {}) => ({
  idempotencyKey: 'key-1',
  content: code.content,
  expectedTotal: fen(14_095),
  method: { channel: 'wallet', walletId } as const,
  ...input,
});

const codeOf = (outcome: Awaited<ReturnType<QrNode['payCode']>>): string =>
  outcome.accepted ? outcome.value.status : outcome.rejection.code;

async function statusOf({ node, code }: Scene): Promise<string> {
  return (await node.store.load(qrCodeAggregate, code.id)).state.status;
}

describe('paying a scanned code', () => {
  it('pays the code’s bills once, and answers the same for ever after', async () => {
    const of = await scene();
    const { node, billId, runtime } = of;
    const paid = await node.payCode(payer, pays(of));
    expect(paid).toMatchObject({
      accepted: true,
      value: { status: 'CAPTURED', total: fen(14_095), bills: [{ billId, amount: fen(14_095) }] },
    });
    expect(await statusOf(of)).toBe('used');
    expect(await node.read(payer, of.code.content)).toMatchObject({ rejection: { code: 'QR_USED' } });
    await runtime.advance(86_400_000);
    expect(await node.payCode(payer, pays(of))).toEqual(paid);
    expect(codeOf(await node.payCode(payer, pays(of, { idempotencyKey: 'key-2' })))).toBe('QR_USED');
    expect(codeOf(await node.payCode(payer, pays(of, { expectedTotal: fen(1) })))).toBe(
      'IDEMPOTENCY_CONFLICT',
    );
    expect(await node.withdrawCode(callerOf('bursar', 'b', asId('school-1')), of.code.id)).toMatchObject({
      rejection: { code: 'QR_USED' },
    });
  });

  it('is for payers, with their own money, for exactly what the code asks', async () => {
    const of = await scene();
    const { node } = of;
    expect(codeOf(await node.payCode(callerOf('clerk', 'clerk-1'), pays(of)))).toBe('FORBIDDEN');
    const cash = pays(of, { method: { channel: 'cash', tendered: fen(14_095) } });
    expect(codeOf(await node.payCode(payer, cash))).toBe('FORBIDDEN');
    expect(await node.payCode(payer, pays(of, { expectedTotal: fen(14_000) }))).toMatchObject({
      rejection: { code: 'AMOUNT_MISMATCH', details: { expected: '140.00', actual: '140.95' } },
    });
    const chosen = pays(of, { bills: [{ billId: of.billId }] });
    await expect(node.payCode(payer, chosen)).rejects.toMatchObject({ code: 'BILLS_FIXED' });
    expect(await statusOf(of)).toBe('open');
  });

  it('that is for an amount or hangs on a wall pays bills of its organisation alone', async () => {
    const of = await scene();
    const { node, billId } = of;
    const elsewhere = await node.issueBill('0002', 14_095, OTHER_SCHOOL);
    const amount = await codeFor(node, { amount: fen(14_095) }, { key: 'amount' });
    const wall = await codeFor(node, undefined, { key: 'wall' });
    for (const { content, id } of [amount, wall]) {
      const foreign = pays(of, { idempotencyKey: `foreign ${id}`, content, bills: [{ billId: elsewhere }] });
      expect(codeOf(await node.payCode(payer, foreign))).toBe('BILL_NOT_FOUND');
      const none = pays(of, { idempotencyKey: `none ${id}`, content });
      await expect(node.payCode(payer, none)).rejects.toMatchObject({ code: 'NO_BILLS' });
    }
    const part = pays(of, {
      idempotencyKey: 'part',
      content: wall.content,
      bills: [{ billId, amount: fen(4_095) }],
      expectedTotal: fen(4_095),
    });
    expect(codeOf(await node.payCode(payer, part))).toBe('CAPTURED');
    const rest = { ...part, idempotencyKey: 'rest', bills: [{ billId }], expectedTotal: fen(10_000) };
    expect(codeOf(await node.payCode(payer, { ...rest, content: amount.content }))).toBe('AMOUNT_MISMATCH');
    expect(codeOf(await node.payCode(payer, rest))).toBe('CAPTURED');
  });

  it('that fails gives the code back, to anybody but that payment', async () => {
    const of = await scene(100);
    const { node, wallets } = of;
    const failed = await node.payCode(payer, pays(of));
    expect(codeOf(failed)).toBe('INSUFFICIENT_FUNDS');
    expect(await statusOf(of)).toBe('open');
    expect(await node.payCode(payer, pays(of))).toEqual(failed);
    const other = pays(of, { method: { channel: 'wallet', walletId: wallets[1] } });
    expect(codeOf(await node.payCode(secondPayer, other))).toBe('CAPTURED');
  });
});

describe('two payers at one code', () => {
  it('exactly one of them pays, whoever is faster', async () => {
    for (let run = 0; run < 60; run += 1) {
      const of = await scene();
      const { world } = of;
      // An amount to be paid on two bills of which either would do: nothing but the code keeps them apart.
      const bills = [of.billId, await of.node.issueBill('0002', 14_095)];
      const code = await codeFor(of.node, { amount: fen(14_095) }, { key: 'amount' });
      const { rng } = world.runtime;
      const pause = async (): Promise<void> => {
        for (let turns = rng.bytes(1)[0]! % 8; turns > 0; turns -= 1) await Promise.resolve();
      };
      for (let skip = 0; skip < run; skip += 1) rng.bytes(1);
      // In one process or in two.
      const nodes = [0, 1].map(() => qrNode(world, mortalLog(world.log, undefined, pause).log));
      const outcomes = await Promise.all(
        [payer, secondPayer].map((caller, index) =>
          nodes[run % 2 ? 0 : index]!.payCode(
            caller,
            pays(of, {
              content: code.content,
              bills: [{ billId: bills[index]! }],
              method: { channel: 'wallet', walletId: of.wallets[index]! },
            }),
          ),
        ),
      );
      expect(outcomes.map(codeOf).sort()).toEqual(['CAPTURED', 'QR_USED']);
      const captured = (await recordedEvents(world.log)).filter(({ type }) =>
        type.startsWith('PaymentCaptured'),
      );
      expect(captured).toHaveLength(1);
    }
  });
});

describe('a crash between any two steps', () => {
  const deathsIn = (appends: number): readonly Death[] =>
    Array.from({ length: appends }, (_, index) => index + 1).flatMap((append) => [
      { append, moment: 'before' as const },
      { append, moment: 'after' as const },
    ]);

  it.each([
    ['of a payment that goes through', 20_000],
    ['of a payment that the wallet cannot bear', 100],
  ])('%s leaves the code used by a captured payment or free', async (_name, balance) => {
    const whole = await scene(balance);
    const counted = mortalLog(whole.world.log, undefined);
    await qrNode(whole.world, counted.log).payCode(payer, pays(whole));
    expect(counted.appends()).toBeGreaterThan(6);
    for (const death of deathsIn(counted.appends())) {
      const of = await scene(balance);
      const doomed = qrNode(of.world, mortalLog(of.world.log, death).log);
      await doomed.payCode(payer, pays(of)).catch(() => undefined);
      const node = qrNode(of.world);
      await finishAll(of.world, node);
      const { status } = await billStateOf(node, of.billId);
      const { state } = await node.store.load(qrCodeAggregate, of.code.id);
      expect({ death, code: state.status }).toEqual({ death, code: status === 'paid' ? 'used' : 'open' });
      // Whoever comes next can pay what is still to be paid, and nothing else.
      const next = pays(of, {
        idempotencyKey: 'next',
        method: { channel: 'wallet', walletId: of.wallets[1] },
      });
      const outcome = codeOf(await node.payCode(secondPayer, next));
      expect({ death, outcome }).toEqual({ death, outcome: status === 'paid' ? 'QR_USED' : 'CAPTURED' });
    }
  });

  it('is answered to the payer who asks again', async () => {
    for (const death of deathsIn(8)) {
      const of = await scene();
      const doomed = qrNode(of.world, mortalLog(of.world.log, death).log);
      await doomed.payCode(payer, pays(of)).catch(() => undefined);
      const node = qrNode(of.world);
      expect({ death, outcome: codeOf(await node.payCode(payer, pays(of))) }).toEqual({
        death,
        outcome: 'CAPTURED',
      });
      expect(await node.store.load(qrCodeAggregate, of.code.id)).toMatchObject({ state: { status: 'used' } });
    }
  });
});
