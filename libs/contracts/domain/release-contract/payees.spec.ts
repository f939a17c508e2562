import { describe, expect, it } from '@jest/globals';
import {
  COURSE,
  draft,
  PARTIES,
  refusal,
  rule,
  stateAfter,
  withRules,
} from '#libs/testing/contract-fixture.js';
import type { Template } from '../template/types.js';

const [payer, school, bureau] = PARTIES as [(typeof PARTIES)[0], (typeof PARTIES)[0], (typeof PARTIES)[0]];

describe('a person without a wallet', () => {
  const unpaid = { ...school, partyId: 'a-tutor', kind: 'account', payTo: null } as const;
  const withdrawal = COURSE.rules[1]!;
  const split = [
    { to: 'bureau', share: '1/2' },
    { to: 'school', share: 'rest' },
  ];
  const ending = { ...COURSE.end, do: 'release', to: 'school' } as const;
  const toBureau = [rule({ to: 'bureau' }), withdrawal];

  it.each<readonly [string, Template]>([
    ['a rule', COURSE],
    ['a split', withRules([rule({ to: split }), withdrawal])],
    ['the end', { ...COURSE, rules: toBureau, end: ending }],
  ])('cannot be paid by %s: it would go back to the payer, and be called released', (_, template) => {
    expect(refusal(draft({ template, parties: [payer, unpaid, bureau] }))).toMatchObject({
      code: 'INVALID_PARAMETERS',
      message: 'The contract pays school: name a wallet to be paid into.',
      path: ['input', 'parties'],
      details: { parameter: 'parties/school/payTo' },
    });
  });

  it('can fund, and fill a role that is paid nothing', () => {
    const template = { ...COURSE, rules: toBureau };
    expect(stateAfter(draft({ template, parties: [payer, unpaid, bureau] })).status).toBe('drafted');
  });
});
