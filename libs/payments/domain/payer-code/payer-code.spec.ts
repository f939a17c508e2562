import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  isPayerCode,
  nonceIn,
  nonceOf,
  passesLuhn,
  payerCodeDecider,
  payerCodeOf,
  type PayerCode,
  type PayerCodeShown,
} from './index.js';

const code: PayerCode = {
  codeId: asId('code-1'),
  tenant: asId('demo'),
  walletId: asId('wallet-1'),
  subWalletId: null,
  owner: 'payer-1',
  limit: money(CNY, 100_000n),
  shownAt: parseInstant('2026-09-01T08:00:00.000Z'),
  expiresAt: parseInstant('2026-09-01T08:01:00.000Z'),
};
const shown: PayerCodeShown = { type: 'PayerCodeShown', data: code };

describe('a payer’s code', () => {
  it('is shown once: its digits are never another code’s', () => {
    spec(payerCodeDecider)
      .given([])
      .when({ kind: 'show', ...code })
      .then([shown]);
    spec(payerCodeDecider)
      .given([shown])
      .when({ kind: 'show', ...code })
      .thenRejected({ code: 'PAYER_CODE_TAKEN' });
    spec(payerCodeDecider).given([shown, shown]).thenImpossible();
  });

  it('is 20 digits, begins as no card number does, and holds its chance where it is looked for', () => {
    const bytes = fc.uint8Array({ minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(bytes, bytes, (chance, seal) => {
        const nonce = nonceOf(chance);
        const digits = payerCodeOf(nonce, seal);
        expect(digits).toMatch(/^01\d{18}$/);
        expect(isPayerCode(digits)).toBe(true);
        expect(nonceIn(digits)).toBe(nonce);
      }),
      { seed: 20_260_901 },
    );
    for (const wrong of [
      '',
      '0112345678901234567',
      '011234567890123456789',
      '02123456789012345678',
      '01１23456789012345678',
    ])
      expect(isPayerCode(wrong)).toBe(false);
  });

  it('knows the check of card numbers', () => {
    // The example of ISO/IEC 7812-1, annex B.
    expect(passesLuhn('79927398713')).toBe(true);
    expect([...'012456789'].map((digit) => passesLuhn(`7992739871${digit}`))).not.toContain(true);
  });
});
