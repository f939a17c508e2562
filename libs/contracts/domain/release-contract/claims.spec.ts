import { describe, expect, it } from '@jest/globals';
import {
  approve,
  ask,
  COURSE,
  history,
  hour,
  inForce,
  refusal,
  rule,
  stateAfter,
  withRules,
} from '#libs/testing/contract-fixture.js';
import type { ConditionTerms } from '../template/types.js';
import { bookOf, type ContractCommand } from './index.js';

/** What each payout pays, in the order in which they come. */
const payouts = (...commands: readonly ContractCommand[]) =>
  history(...commands).flatMap((event) =>
    event.type === 'FundsReleased' || event.type === 'FundsRefunded' ? [event.data.amount] : [],
  );

describe('claims', () => {
  const condition = { by: 'payer', merchants: '$shops', mcc: '$mccs', minSpend: '200' };
  const text = { 'zh-CN': '券', 'en-US': 'Voucher' };
  const template = withRules(
    [rule({ id: 'spend', when: { claimed: condition }, amount: { claim: true }, to: 'shop', cap: '900' })],
    {
      roles: {
        payer: { title: text, signs: true },
        school: { title: text, signs: true },
        bureau: { title: text },
        shop: { title: text, optional: true },
      },
      params: { ...COURSE.params, shops: { type: 'ids', title: text }, mccs: { type: 'codes', title: text } },
    },
  );
  const given = inForce({ template, params: { shops: ['o-shop', 'o-cafe'], mccs: ['5411'] } });
  const claim = (claimId: string, amount: bigint, change: object = {}) =>
    ask('payer', hour(1), {
      kind: 'claim',
      ruleId: 'spend',
      claimId,
      amount,
      spend: 1000n,
      merchantId: 'o-shop',
      mcc: '5411',
      merchantAccount: 'org:o-shop:payable',
      ...change,
    });

  it('are paid to the merchant at hand, once', () => {
    const events = history(...given, claim('x', 300n));
    expect(events.slice(-2)).toMatchObject([
      {
        type: 'EntitlementAccrued',
        data: {
          ruleId: 'spend',
          dedupeKey: 'x',
          before: 0n,
          after: 300n,
          claim: {
            claimId: 'x',
            spend: 1000n,
            merchantId: 'o-shop',
            mcc: '5411',
            account: 'org:o-shop:payable',
          },
        },
      },
      {
        type: 'FundsReleased',
        data: { dedupeKeys: ['x'], splits: [{ role: 'shop', amount: 300n, account: 'org:o-shop:payable' }] },
      },
    ]);
    expect(history(...given, claim('x', 300n), claim('x', 300n))).toEqual(events);
    expect(refusal(...given, claim('x', 300n), claim('x', 200n))?.code).toBe('IDEMPOTENCY_CONFLICT');
    expect(
      payouts(...given, claim('x', 300n), claim('y', 600n, { merchantAccount: 'contract:c-7' })),
    ).toEqual([300n, 600n]);
  });

  it.each<readonly [string, object, string]>([
    ['at another merchant', { merchantId: 'o-bar' }, 'MERCHANT_NOT_ALLOWED'],
    ['for other goods', { mcc: '5812' }, 'MERCHANT_NOT_ALLOWED'],
    ['paid to no account', { merchantAccount: 'world:bank' }, 'MERCHANT_NOT_ALLOWED'],
    ['into the contract itself', { merchantAccount: 'contract:c-1' }, 'MERCHANT_NOT_ALLOWED'],
    ['of too small a purchase', { spend: 199n }, 'BELOW_MIN_SPEND'],
    ['above the price', { amount: 250n, spend: 249n }, 'BELOW_MIN_SPEND'],
    ['above the cap', { amount: 901n }, 'EXCEEDS_CAP'],
    ['for nothing', { amount: 0n }, 'NOTHING_TO_PAY'],
    ['by another rule', { ruleId: 'lunch' }, 'RULE_NOT_FOUND'],
    ['by somebody else', { by: { role: 'payer', partyId: 'a-other' } }, 'NOT_AUTHORISED'],
    ['in another role', { by: { role: 'school', partyId: 'o-school' } }, 'NOT_AUTHORISED'],
  ])('%s are refused', (_, change, code) => {
    expect(refusal(...given, { ...claim('x', 100n), ...change } as ContractCommand)?.code).toBe(code);
  });

  it('are refused, not owed, when the money is not there', () => {
    const rich = { ...template, rules: [{ ...template.rules[0]!, cap: '5000' }] };
    const poor = inForce({ template: rich, params: { shops: ['*'], mccs: ['*'] } });
    expect(refusal(...poor, claim('x', 800n), claim('y', 300n))).toMatchObject({
      code: 'EXCEEDS_CAP',
      details: { available: '201' },
    });
    expect(refusal(...inForce(), claim('x', 5n, { ruleId: 'lesson' }))?.code).toBe('RULE_NOT_APPLICABLE');
  });

  it('may have to wait for a moment or an approval of their rule', () => {
    const when: ConditionTerms = { all: [{ claimed: condition }, { approved: { k: 1, of: ['bureau'] } }] };
    const gated = { ...template, rules: [{ ...template.rules[0]!, when }] };
    const closed = inForce({ template: gated, params: { shops: ['*'], mccs: ['*'] } });
    expect(refusal(...closed, claim('x', 300n))?.code).toBe('RULE_NOT_APPLICABLE');
    const open = [...closed, approve('bureau', 'spend', hour(1))];
    expect(payouts(...open, claim('x', 300n), claim('y', 300n))).toEqual([300n, 300n]);
  });
});

describe('secrets', () => {
  const hash = 'ab'.repeat(32);
  const template = withRules([
    rule({
      id: 'pay',
      when: { any: [{ preimage: hash }, { approved: { k: 2, of: ['payer', 'school', 'bureau'] } }] },
    }),
  ]);
  const reveal = (preimageHash: string, ruleId = 'pay') =>
    ask('stranger', hour(1), { kind: 'reveal', ruleId, preimage: 'open sesame', preimageHash });

  it('fulfil the condition, whoever reveals them', () => {
    const events = history(...inForce({ template }), reveal(hash));
    expect(events.slice(-3)).toMatchObject([
      { type: 'SecretRevealed', data: { ruleId: 'pay', preimage: 'open sesame', preimageHash: hash } },
      { type: 'EntitlementAccrued', data: { dedupeKey: '', after: 300n } },
      { type: 'FundsReleased', data: { amount: 300n } },
    ]);
    expect(history(...inForce({ template }), reveal(hash), reveal(hash))).toEqual(events);
  });

  it('must be the right ones, of a rule that has one, and of use', () => {
    const given = inForce({ template });
    expect(refusal(...given, reveal('00'.repeat(32)))?.code).toBe('WRONG_SECRET');
    expect(refusal(...given, reveal(hash, 'lunch'))?.code).toBe('RULE_NOT_FOUND');
    expect(refusal(...inForce(), reveal(hash, 'lesson'))?.code).toBe('RULE_NOT_APPLICABLE');
    const approved = [...given, approve('payer', 'pay', hour(1)), approve('school', 'pay', hour(1))];
    expect(payouts(...approved)).toEqual([300n]);
    expect(refusal(...approved, reveal(hash))?.code).toBe('NOTHING_TO_PAY');
    expect(bookOf(stateAfter(...approved), 'pay').bareAccrued).toBe(true);
  });
});
