import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GIVEN, sampleKey, SOUND } from '#libs/testing/bad-templates.data.js';
import type { ParameterValues, RuleTerms, Template } from '../template/index.js';
import { compileTerms } from './index.js';

const words = { 'zh-CN': '字', 'en-US': 'words' };
const HASH = 'a'.repeat(64);

function compile(changed: Partial<Template> = {}, params: ParameterValues = GIVEN) {
  return compileTerms({ ...SOUND, ...changed }, HASH, params);
}

function withRule(rule: Partial<RuleTerms>): Partial<Template> {
  return { rules: [{ ...SOUND.rules[0]!, ...rule }, SOUND.rules[1]!] };
}

describe('compiling', () => {
  it('fills every reference in', () => {
    expect(compile()).toEqual({
      accepted: true,
      value: {
        templateId: 'sound',
        templateVersion: '1.0.0',
        templateHash: HASH,
        asset: 'CNY/2',
        roles: ['bureau', 'payer', 'school'],
        optionalRoles: [],
        signers: ['payer', 'school'],
        attestors: { terminal: { keys: [sampleKey(1)], k: 1, schema: 'lesson.v1' } },
        funding: {
          from: 'payer',
          min: 480_000n,
          max: 480_000n,
          by: '2026-09-07T16:00:00.000Z',
          mode: 'once',
        },
        rules: [
          {
            id: 'lesson',
            do: 'release',
            when: { kind: 'attested', by: 'terminal', dedupe: '/lessonNo', where: [] },
            amount: { kind: 'perUnit', total: 480_000n, units: 24n },
            to: [{ to: 'school', share: 'rest' }],
            cooling: { kind: 'elapsed', months: 0, days: 3, ms: 0 },
            confirmedBy: ['payer'],
            cap: null,
            final: false,
          },
          {
            id: 'withdraw',
            do: 'refund',
            when: { kind: 'approved', k: 1, of: ['payer'] },
            amount: { kind: 'remaining' },
            to: [{ to: 'payer', share: 'rest' }],
            cooling: null,
            confirmedBy: ['payer'],
            cap: null,
            final: true,
          },
        ],
        dispute: {
          by: ['payer', 'school'],
          freeze: 'unit',
          resolve: { k: 2, of: ['payer', 'school', 'bureau'] },
          timeout: { kind: 'elapsed', months: 0, days: 30, ms: 0 },
          default: 'refund',
        },
        end: { at: '2027-02-28T16:00:00.000Z', do: 'refund', to: 'payer' },
      },
    });
  });

  it('is the same whatever order stored members come back in', () => {
    const shuffled = fc.shuffledSubarray(Object.keys(SOUND.roles), { minLength: 3 });
    fc.assert(
      fc.property(shuffled, (roles) => {
        const reordered = Object.fromEntries(roles.map((role) => [role, SOUND.roles[role]!]));
        const where = { '/b': 1, '/a': true };
        const rule = withRule({ when: { attested: { by: 'terminal', dedupe: '/lessonNo', where } } });
        const other = withRule({
          when: { attested: { by: 'terminal', dedupe: '/lessonNo', where: { '/a': true, '/b': 1 } } },
        });
        expect(compile({ ...rule, roles: reordered })).toStrictEqual(compile(other));
      }),
      { numRuns: 20 },
    );
  });

  it('reads every condition and amount', () => {
    const params = {
      ...GIVEN,
      plan: ['1', '2'],
      shops: ['m-1', 'm-2'],
      any: ['*'],
      mccs: ['5812'],
      tariff: '53/10',
      secret: 'b'.repeat(64),
    };
    const declared = {
      ...SOUND.params,
      plan: { type: 'amounts', title: words },
      shops: { type: 'ids', title: words },
      any: { type: 'ids', title: words },
      mccs: { type: 'codes', title: words },
      tariff: { type: 'ratio', title: words },
      secret: { type: 'hash', title: words },
    } as const;
    const ruleOf = (rule: Partial<RuleTerms>) => {
      const compiled = compile({ ...withRule(rule), params: declared }, params);
      if (!compiled.accepted) throw new Error(compiled.rejection.message);
      return compiled.value.rules[0]!;
    };
    expect(ruleOf({ cooling: 'P0D' }).cooling).toBeNull();
    expect(ruleOf({ cooling: '3WD', cap: '5' })).toMatchObject({
      cooling: { kind: 'workingDays', days: 3 },
      cap: 5n,
    });
    expect(
      ruleOf({
        when: {
          all: [
            { any: [{ at: '$fundBy' }, { after: 'P1M' }] },
            { preimage: '$secret' },
            { claimed: { by: 'payer', merchants: '$shops', mcc: '$mccs', minSpend: '7' } },
            { claimed: { by: 'payer', merchants: '$any' } },
          ],
        },
        amount: { claim: true },
      }),
    ).toMatchObject({
      when: {
        kind: 'all',
        of: [
          {
            kind: 'any',
            of: [
              { kind: 'at', at: '2026-09-07T16:00:00.000Z' },
              { kind: 'after', after: { kind: 'elapsed', months: 1, days: 0, ms: 0 } },
            ],
          },
          { kind: 'preimage', hash: 'b'.repeat(64) },
          { kind: 'claimed', by: 'payer', merchants: ['m-1', 'm-2'], mcc: ['5812'], minSpend: 7n },
          { kind: 'claimed', by: 'payer', merchants: null, mcc: null, minSpend: 0n },
        ],
      },
      amount: { kind: 'claim' },
    });
    expect(ruleOf({ amount: { fixed: '5' } }).amount).toEqual({ kind: 'fixed', amount: 5n });
    expect(ruleOf({ amount: { tranches: '$plan' } }).amount).toEqual({ kind: 'tranches', amounts: [1n, 2n] });
    expect(ruleOf({ amount: { metered: { reading: '/r', tariff: '$tariff' } } }).amount).toEqual({
      kind: 'metered',
      reading: '/r',
      tariff: { numerator: 53n, denominator: 10n },
    });
    expect(ruleOf({ amount: { evidence: '/e' } }).amount).toEqual({ kind: 'evidence', pointer: '/e' });
    const linear = { total: '$total', start: '$fundBy', end: '$endsAt', step: 'P1M' };
    expect(ruleOf({ amount: { linear } }).amount).toEqual({
      kind: 'linear',
      total: 480_000n,
      start: '2026-09-07T16:00:00.000Z',
      end: '2027-02-28T16:00:00.000Z',
      cliff: null,
      step: { kind: 'elapsed', months: 1, days: 0, ms: 0 },
    });
  });
});
