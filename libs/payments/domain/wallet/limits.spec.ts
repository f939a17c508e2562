import { describe, expect, it } from '@jest/globals';
import { parseLocalDate } from '#libs/kernel/time/index.js';
import { balanceLimitHit, detailsOf, spendingLimitHit, type LimitsByTier, type Usage } from './limits.js';

const today = parseLocalDate('2026-12-31');
const limits: LimitsByTier = {
  IV: { balance: 1_000n, single: 200n, day: 500n, year: 2_000n },
  III: { balance: 2_000n, single: 500n, day: 1_000n },
  II: { balance: 50_000n, single: 5_000n, day: 10_000n },
  I: {},
};
const fresh: Usage = { tier: 'IV', day: 0n, year: 0n };
const hit = (amount: bigint, usage: Partial<Usage> = {}) =>
  spendingLimitHit(amount, { ...fresh, ...usage }, limits, today);

describe('a limit', () => {
  it('is not hit by the last fen that it allows', () => {
    expect(hit(200n, { day: 300n, year: 1_800n })).toBeUndefined();
    expect(hit(1_000_000_000n, { tier: 'I', day: 1_000_000_000n })).toBeUndefined();
  });

  it('of one payment suggests parts that fit into the day', () => {
    expect(hit(450n)).toEqual({
      name: 'single',
      limit: 200n,
      used: 0n,
      remaining: 200n,
      suggestion: { kind: 'SPLIT', amounts: [200n, 200n, 50n] },
    });
  });

  it('of one payment suggests the lowest tier that would do when the day is too short for parts', () => {
    expect(hit(450n, { day: 100n })).toMatchObject({
      name: 'single',
      suggestion: { kind: 'UPGRADE', tier: 'III' },
    });
    expect(hit(1_200n)).toMatchObject({ name: 'single', suggestion: { kind: 'UPGRADE', tier: 'II' } });
    expect(hit(10_001n)).toMatchObject({ name: 'single', suggestion: { kind: 'UPGRADE', tier: 'I' } });
  });

  it('of a day suggests to wait for the next, over the turn of a year too', () => {
    expect(hit(150n, { day: 400n, year: 400n })).toEqual({
      name: 'day',
      limit: 500n,
      used: 400n,
      remaining: 100n,
      suggestion: { kind: 'WAIT', until: '2027-01-01' },
    });
  });

  it('of a year suggests an upgrade', () => {
    expect(hit(150n, { year: 1_900n })).toEqual({
      name: 'year',
      limit: 2_000n,
      used: 1_900n,
      remaining: 100n,
      suggestion: { kind: 'UPGRADE', tier: 'III' },
    });
  });

  it('that was lowered below what was used leaves nothing, never less', () => {
    expect(hit(1n, { day: 700n, year: 700n })).toMatchObject({ name: 'day', used: 700n, remaining: 0n });
  });

  it('of a sub-wallet comes first, and only its owner can raise it', () => {
    const subWallet = { single: 100n, day: 150n, used: 0n };
    expect(hit(120n, { subWallet })).toMatchObject({
      name: 'subWalletSingle',
      suggestion: { kind: 'SPLIT', amounts: [100n, 20n] },
    });
    expect(hit(160n, { subWallet })).toMatchObject({
      name: 'subWalletSingle',
      suggestion: { kind: 'RELIMIT' },
    });
    expect(hit(90n, { subWallet: { ...subWallet, used: 100n } })).toMatchObject({
      name: 'subWalletDay',
      remaining: 50n,
      suggestion: { kind: 'WAIT', until: '2027-01-01' },
    });
    expect(hit(90n, { day: 450n, year: 450n, subWallet })).toMatchObject({ name: 'day' });
  });

  it('of what a wallet may hold suggests the tier that would do', () => {
    expect(balanceLimitHit(1n, { tier: 'IV', balance: 999n }, limits)).toBeUndefined();
    expect(balanceLimitHit(1_500n, { tier: 'IV', balance: 999n }, limits)).toEqual({
      name: 'balance',
      limit: 1_000n,
      used: 999n,
      remaining: 1n,
      suggestion: { kind: 'UPGRADE', tier: 'II' },
    });
  });

  it('explains itself in decimals', () => {
    expect(detailsOf(hit(450n)!, 'CNY/2')).toEqual({
      name: 'single',
      limit: '2.00',
      used: '0.00',
      remaining: '2.00',
      suggestion: 'SPLIT',
      amounts: '2.00,2.00,0.50',
    });
  });
});
