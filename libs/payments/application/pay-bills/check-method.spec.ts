import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { passesLuhn } from '../../domain/payer-code/index.js';
import { parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';
import { accepted, ready } from '#libs/testing/payment-fixture.js';
import { callerOf, fen, recordedEvents, SCHOOL } from '#libs/testing/payment-world.js';
import { auditPayments } from '#libs/testing/payment-audit.js';
import type { PaymentMethod } from '../../contract/index.js';
import { holdsCardNumber, methodRefusal } from './check-method.js';

const at = parseInstant('2026-09-11T03:00:00.000Z');
const cheque = {
  channel: 'cheque',
  chequeNumber: '30401234',
  bank: '示例银行',
  chequeDate: parseLocalDate('2026-09-01'),
} as const;
const pos = { channel: 'pos', terminalId: 'T0001234', approvalCode: 'A12345' } as const;
const codeOf = (method: PaymentMethod) => {
  const refusal = methodRefusal(method, at);
  return refusal && !refusal.accepted ? refusal.rejection.code : undefined;
};

/** A number that passes the check digit of cards. */
function cardOf(digits: string): string {
  return [...'0123456789'].map((digit) => digits + digit).find(passesLuhn)!;
}

describe('a cheque', () => {
  it('is good for ten days from its date', () => {
    const days: [string, string | undefined][] = [
      ['2026-08-31', 'CHEQUE_NOT_ACCEPTABLE'],
      ['2026-09-01', undefined],
      ['2026-09-11', undefined],
      ['2026-09-12', 'CHEQUE_NOT_ACCEPTABLE'],
    ];
    for (const [date, code] of days) {
      expect([date, codeOf({ ...cheque, chequeDate: parseLocalDate(date) })]).toEqual([date, code]);
    }
  });

  it('has a number and a bank', () => {
    for (const chequeNumber of ['', '12345', '1234567890123', '1234 5678', 'abcdefg']) {
      expect(codeOf({ ...cheque, chequeNumber })).toBe('CHEQUE_NOT_ACCEPTABLE');
    }
    for (const bank of ['', ' ', '行'.repeat(81)])
      expect(codeOf({ ...cheque, bank })).toBe('CHEQUE_NOT_ACCEPTABLE');
  });
});

describe('a card number', () => {
  it('is refused wherever it hides, however it is grouped', () => {
    const fifteen = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 12, maxLength: 18 });
    fc.assert(
      fc.property(
        fifteen,
        fc.constantFrom('', ' ', '-', '.', '_', ':', ' - ', '　', '·'),
        fc.nat(5),
        (digits, gap, before) => {
          const grouped = cardOf(digits).replace(/(\d{4})(?=\d)/g, `$1${gap}`);
          expect(holdsCardNumber(`${'x'.repeat(before)}${grouped}y`)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
    const number = cardOf('622202020011223');
    const fullWidth = [...number].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join('');
    expect(codeOf({ ...cheque, bank: `银行${fullWidth}` })).toBe('CARD_NUMBER_REFUSED');
    expect(holdsCardNumber(`99${number}77`)).toBe(true);
    expect(codeOf({ ...pos, approvalCode: number })).toBe('CARD_NUMBER_REFUSED');
    expect(codeOf({ ...cheque, bank: `银行 ${number}` })).toBe('CARD_NUMBER_REFUSED');
    expect(codeOf({ channel: 'operator', payerToken: `acct-${number}` })).toBe('CARD_NUMBER_REFUSED');
    expect(JSON.stringify(methodRefusal({ ...pos, terminalId: number }, at))).not.toContain(number);
  });

  it('is not seen in what is none', () => {
    for (const text of ['', 'T0001234', '2026-09-01', '6222020200112233445566x'.slice(0, 12)]) {
      expect(holdsCardNumber(text)).toBe(false);
    }
    expect(codeOf(pos)).toBeUndefined();
  });
});

describe('what a terminal or an institution named', () => {
  it('has a shape, or is no input at all', () => {
    expect(() => methodRefusal({ ...pos, terminalId: 'a b' }, at)).toThrow(
      expect.objectContaining({ code: 'INVALID_TERMINAL' }),
    );
    expect(() => methodRefusal({ ...pos, approvalCode: '1' }, at)).toThrow(
      expect.objectContaining({ code: 'INVALID_APPROVAL_CODE' }),
    );
    expect(() => methodRefusal({ channel: 'operator', payerToken: '' }, at)).toThrow(
      expect.objectContaining({ code: 'INVALID_PAYER_TOKEN' }),
    );
    // Not looked through for card numbers, however long it is.
    const long = cardOf('622202020011223').repeat(1_000);
    expect(() => methodRefusal({ channel: 'operator', payerToken: long }, at)).toThrow(
      expect.objectContaining({ code: 'INVALID_PAYER_TOKEN' }),
    );
  });
});

describe('at the counter', () => {
  const clerk = callerOf('clerk', 'clerk-1', SCHOOL);
  it('a cheque and a card terminal are captured at once; the terminal’s charge is the payer’s', async () => {
    const { world, node, billId } = await ready();
    const other = await node.issueBill('0002', 100_000);
    const one = { ...cheque, chequeDate: parseLocalDate('2026-09-01') };
    const input = { idempotencyKey: 'c', bills: [{ billId }], expectedTotal: fen(14_095), method: one };
    expect(accepted(await node.pay(clerk, input))).toMatchObject({ status: 'CAPTURED', channel: 'cheque' });
    const byCard = { idempotencyKey: 'p', bills: [{ billId: other }], method: pos };
    expect(await node.pay(clerk, { ...byCard, expectedTotal: fen(100_000) })).toMatchObject({
      accepted: false,
      rejection: { code: 'AMOUNT_MISMATCH', details: { expected: '1000.00', actual: '1006.00' } },
    });
    const paid = accepted(
      await node.pay(clerk, { ...byCard, idempotencyKey: 'q', expectedTotal: fen(100_600) }),
    );
    expect(paid).toMatchObject({ status: 'CAPTURED', charge: fen(600), receipts: [{ total: fen(100_000) }] });
    const events = await recordedEvents(world.log);
    const captured = events.findLast(({ type }) => type === 'PaymentCaptured.v1')!;
    const postings = captured.data['postings'] as { source: string; destination: string }[];
    expect(postings.map(({ source, destination }) => `${source} → ${destination}`)).toEqual([
      'world:pos → clearing:pos',
      'clearing:pos → org:school-1:payable',
      'clearing:pos → bank:fees',
    ]);
    expect(auditPayments(events)).toEqual([]);
  });
});
