import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BillId, WalletId } from '#libs/kernel/ids/index.js';
import { callerOf, OTHER_SCHOOL, recordedEvents, SCHOOL } from '#libs/testing/callers.js';
import { mortalLog } from '#libs/testing/mortal-log.js';
import { fen, paymentWorld, type PaymentWorld } from '#libs/testing/payment-world.js';
import { bursar, clerk, inTenant, OTHER_TENANT, qrNode, type QrNode } from '#libs/testing/qr-world.js';
import { manualRuntime, type ManualRuntime } from '#libs/testing/runtime/index.js';
import type { ChargePayerCode, PayerCodeView } from '../../contract/index.js';

const payer = callerOf('payer', 'payer-1');
const secondClerk = callerOf('clerk', 'clerk-2', SCHOOL);
let runtime: ManualRuntime;
let world: PaymentWorld;
let node: QrNode;
let billId: BillId;
let walletId: WalletId;

beforeEach(async () => {
  runtime = manualRuntime();
  world = paymentWorld(undefined, runtime);
  node = qrNode(world);
  billId = await node.issueBill('0001', 14_095);
  walletId = await node.openWallet('payer-1', 200_000);
});

async function shown(limit?: number): Promise<PayerCodeView> {
  const outcome = await node.show(payer, { walletId, ...(limit && { limit: fen(limit) }) });
  if (!outcome.accepted) throw new Error(outcome.rejection.code);
  return outcome.value;
}

const charges = (code: string, input: Partial<ChargePayerCode['input']> = {}): ChargePayerCode['input'] => ({
  idempotencyKey: 'key-1',
  code,
  bills: [{ billId }],
  expectedTotal: fen(14_095),
  ...input,
});

const codeOf = (outcome: Awaited<ReturnType<QrNode['charge']>>): string =>
  outcome.accepted ? outcome.value.status : outcome.rejection.code;

describe('a payer’s code', () => {
  it('is 20 digits that say nothing, good for 60 seconds', async () => {
    const code = await shown();
    expect(code).toEqual({
      digits: expect.stringMatching(/^01\d{18}$/),
      limit: fen(100_000),
      expiresAt: '2026-09-01T00:01:00.000Z',
    });
    expect((await shown()).digits).not.toBe(code.digits);
  });

  it('charges the wallet of whoever showed it, for bills of the terminal’s own organisation', async () => {
    const { digits } = await shown();
    expect(await node.charge(clerk, charges(digits))).toMatchObject({
      accepted: true,
      value: { status: 'CAPTURED', channel: 'wallet', bills: [{ billId }] },
    });
    const captured = (await recordedEvents(world.log)).findLast(({ type }) => type === 'WalletHoldSpent.v1');
    expect(captured?.data).toMatchObject({ walletId, availableAfter: { amount: '185905' } });
    const elsewhere = await node.issueBill('0002', 500, OTHER_SCHOOL);
    const foreign = charges((await shown()).digits, {
      bills: [{ billId: elsewhere }],
      expectedTotal: fen(500),
    });
    expect(codeOf(await node.charge(bursar, foreign))).toBe('BILL_NOT_FOUND');
  });

  it('is good for one payment: the same terminal gets the same answer, everybody else nothing', async () => {
    const { digits } = await shown();
    const paid = await node.charge(clerk, charges(digits));
    expect(codeOf(paid)).toBe('CAPTURED');
    await runtime.advance(3_600_000);
    expect(await node.charge(clerk, charges(digits))).toEqual(paid);
    const more = await node.issueBill('0003', 100);
    for (const [caller, input] of [
      [clerk, charges(digits, { idempotencyKey: 'key-2' })],
      [secondClerk, charges(digits)],
      [clerk, charges(digits, { bills: [{ billId: more }], expectedTotal: fen(100) })],
    ] as const) {
      expect(codeOf(await node.charge(caller, input))).toBe('QR_USED');
    }
  });

  it('is spent by a payment that fails, too', async () => {
    const { digits } = await shown();
    const expensive = charges(digits, { expectedTotal: fen(14_094) });
    expect(codeOf(await node.charge(clerk, expensive))).toBe('AMOUNT_MISMATCH');
    expect(codeOf(await node.charge(clerk, charges(digits)))).toBe('QR_USED');
    expect(codeOf(await node.charge(clerk, charges((await shown()).digits)))).toBe('CAPTURED');
  });

  it('is charged once by two terminals at once', async () => {
    for (let run = 0; run < 30; run += 1) {
      const bills = [await node.issueBill(`a${run}`, 100), await node.issueBill(`b${run}`, 100)];
      const { digits } = await shown();
      const { rng } = world.runtime;
      const pause = async (): Promise<void> => {
        for (let turns = rng.bytes(1)[0]! % 6; turns > 0; turns -= 1) await Promise.resolve();
      };
      const nodes = [0, 1].map(() => qrNode(world, mortalLog(world.log, undefined, pause).log));
      const outcomes = await Promise.all(
        [clerk, secondClerk].map((caller, index) =>
          nodes[run % 2 ? 0 : index]!.charge(
            caller,
            charges(digits, { bills: [{ billId: bills[index]! }], expectedTotal: fen(100) }),
          ),
        ),
      );
      expect(outcomes.map(codeOf).sort()).toEqual(['CAPTURED', 'QR_USED']);
    }
  });
});

describe('an attack with a payer’s code', () => {
  const elsewhere = (digits: string): string => `${digits.slice(0, -1)}${(Number(digits.at(-1)) + 1) % 10}`;

  it.each([
    ['one digit more or less', elsewhere, 'QR_FORGED'],
    ['digits made up', () => '01000000000000000000', 'QR_FORGED'],
    ['a card number', () => '4111111111111111', 'QR_UNREADABLE'],
    ['a merchant’s code', () => '000201010211', 'QR_UNREADABLE'],
    ['4 KB', () => '01'.padEnd(4_096, '1'), 'QR_UNREADABLE'],
  ] as const)('%s is refused, and nothing is stored', async (_name, attack, code) => {
    const { digits } = await shown();
    const before = (await recordedEvents(world.log)).length;
    expect(codeOf(await node.charge(clerk, charges(attack(digits))))).toBe(code);
    expect((await recordedEvents(world.log)).length).toBe(before);
  });

  it('too late, for more than its limit, in another institution, or by nobody’s terminal is refused', async () => {
    const { digits } = await shown(10_000);
    const before = (await recordedEvents(world.log)).length;
    expect(await node.charge(clerk, charges(digits))).toMatchObject({
      rejection: { code: 'QR_OVER_LIMIT', details: { limit: '100.00' } },
    });
    expect(codeOf(await node.charge(inTenant(clerk, OTHER_TENANT), charges(digits)))).toBe('QR_OTHER_TENANT');
    for (const caller of [payer, callerOf('clerk', 'clerk-3'), callerOf('auditor', 'a', SCHOOL)]) {
      expect(codeOf(await node.charge(caller, charges(digits)))).toBe('FORBIDDEN');
    }
    await runtime.advance(60_000);
    expect(codeOf(await node.charge(clerk, charges(digits)))).toBe('QR_EXPIRED');
    expect((await recordedEvents(world.log)).length).toBe(before);
  });

  it('is not shown for what is not the payer’s', async () => {
    const codes = async (caller: typeof payer, limit?: number): Promise<string> => {
      const outcome = await node.show(caller, {
        walletId,
        ...(limit !== undefined && { limit: fen(limit) }),
      });
      return outcome.accepted ? 'shown' : outcome.rejection.code;
    };
    expect(await codes(callerOf('payer', 'payer-2'))).toBe('WALLET_NOT_FOUND');
    expect(await codes(inTenant(payer, OTHER_TENANT))).toBe('WALLET_NOT_FOUND');
    expect(await codes(clerk)).toBe('FORBIDDEN');
    expect(await codes(payer, 0)).toBe('INVALID_AMOUNT');
    expect(await codes(payer, 500_001)).toBe('INVALID_AMOUNT');
    expect(await codes(payer, 500_000)).toBe('shown');
  });
});
