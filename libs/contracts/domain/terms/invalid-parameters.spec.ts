import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GIVEN, sampleKey, SOUND } from '#libs/testing/bad-templates.data.js';
import type { ParameterValue, ParameterValues, RuleTerms, Template } from '../template/index.js';
import { compileTerms } from './index.js';

const words = { 'zh-CN': '字', 'en-US': 'words' };
const HASH = 'a'.repeat(64);
const sm2 = { keyId: 'k2', alg: 'SM2' as const, publicKey: Buffer.alloc(65, 4).toString('base64url') };

function compile(changed: Partial<Template> = {}, params: ParameterValues = GIVEN) {
  return compileTerms({ ...SOUND, ...changed }, HASH, params);
}

/** Of a refusal: parameter, fault, and what would be allowed. */
function faultOf(outcome: ReturnType<typeof compile>): readonly unknown[] {
  if (outcome.accepted) return ['accepted'];
  const { code, path, details = {} } = outcome.rejection;
  expect(code).toBe('INVALID_PARAMETERS');
  expect(path).toEqual(['input', 'params', details['parameter']]);
  return [details['parameter'], details['fault'], details['allowed']];
}

function withRule(rule: Partial<RuleTerms>): Partial<Template> {
  return { rules: [{ ...SOUND.rules[0]!, ...rule }, SOUND.rules[1]!] };
}

describe('compiling', () => {
  it.each<readonly [string, Record<string, ParameterValue>, string, string]>([
    ['a missing amount', { total: undefined as unknown as string }, 'total', 'MISSING'],
    ['an unknown parameter', { extra: '1' }, 'extra', 'UNKNOWN'],
    ['a prototype', { ['__proto__x']: '1' }, '__proto__x', 'UNKNOWN'],
    ['a decimal', { total: '4800.00' }, 'total', 'MALFORMED'],
    ['a sign', { total: '-1' }, 'total', 'MALFORMED'],
    ['an exponent', { total: '1e3' }, 'total', 'MALFORMED'],
    ['full-width digits', { total: '１２' }, 'total', 'MALFORMED'],
    ['a leading zero', { total: '01' }, 'total', 'MALFORMED'],
    ['19 digits', { total: '1'.repeat(19) }, 'total', 'MALFORMED'],
    ['a list for an amount', { total: ['1'] }, 'total', 'MALFORMED'],
    ['nothing at all', { total: '0' }, 'total', 'TOO_SMALL'],
    ['a day that does not exist', { endsAt: '2027-02-30T00:00:00Z' }, 'endsAt', 'MALFORMED'],
    ['a year mistyped', { endsAt: '2206-02-28T00:00:00Z' }, 'endsAt', 'MALFORMED'],
    ['an end before the funding', { endsAt: '2026-09-01T00:00:00Z' }, 'endsAt', 'TOO_EARLY'],
    ['no keys', { keys: [] }, 'keys', 'MALFORMED'],
    ['17 keys', { keys: Array.from({ length: 17 }, (_, n) => sampleKey(n)) }, 'keys', 'MALFORMED'],
    ['a short key', { keys: [{ ...sampleKey(1), publicKey: 'AAAA' }] }, 'keys', 'MALFORMED'],
    ['an SM2 key without its point', { keys: [{ ...sampleKey(1), alg: 'SM2' }] }, 'keys', 'MALFORMED'],
    ['a key with more to it', { keys: [{ ...sampleKey(1), secret: 'x' } as never] }, 'keys', 'MALFORMED'],
    [
      'one key under two names',
      { keys: [sampleKey(1), { ...sampleKey(1), keyId: 'other' }] },
      'keys',
      'REPEATED',
    ],
    [
      'two keys under one name',
      { keys: [sampleKey(1), { ...sampleKey(2), keyId: 'k1-1' }] },
      'keys',
      'REPEATED',
    ],
  ])('refuses %s', (_, changed, parameter, fault) => {
    expect(faultOf(compile({}, present({ ...GIVEN, ...changed }))).slice(0, 2)).toEqual([parameter, fault]);
  });

  it('takes keys of both profiles, and refuses fewer than must sign', () => {
    expect(compile({}, { ...GIVEN, keys: [sampleKey(1), sm2] }).accepted).toBe(true);
    const attestors = { terminal: { ...SOUND.attestors!['terminal']!, k: 2 } };
    expect(faultOf(compile({ attestors }))).toEqual(['keys', 'NOT_ENOUGH_KEYS', '≥ 2']);
  });

  it('holds values to their bounds and to the checks', () => {
    const bounded = {
      ...SOUND.params,
      lessons: { type: 'count', title: words, min: '10', max: '60' },
    } as const;
    expect(faultOf(compile({ params: bounded }, { ...GIVEN, lessons: '9' }))).toEqual([
      'lessons',
      'TOO_SMALL',
      '≥ 10',
    ]);
    expect(faultOf(compile({ params: bounded }, { ...GIVEN, lessons: '61' }))).toEqual([
      'lessons',
      'TOO_LARGE',
      '≤ 60',
    ]);
    const checks = [
      { le: ['$total', '500000'], text: { 'zh-CN': '太贵', 'en-US': 'Too dear.' } },
      { within: ['$fundBy', '$endsAt', 'P6M'], text: words },
    ] as const;
    expect(compile({ checks }).accepted).toBe(true);
    const dear = compile({ checks }, { ...GIVEN, total: '500001', endsAt: '2027-03-08T00:00:00+08:00' });
    expect(dear).toMatchObject({
      rejection: {
        message: 'Too dear. (total)',
        details: {
          parameter: 'total',
          fault: 'CHECK_FAILED',
          given: '500001',
          allowed: '≤ 500000',
          'title.zh-CN': '字',
          'text.zh-CN': '太贵',
          'text.en-US': 'Too dear.',
        },
      },
    });
    expect(faultOf(compile({ checks }, { ...GIVEN, endsAt: '2027-03-08T00:00:01+08:00' }))).toEqual([
      'endsAt',
      'CHECK_FAILED',
      '≤ 2027-03-07T16:00:00.000Z',
    ]);
    // A month against 30 days proves nothing.
    const vague = [{ le: ['P1M', 'P30D'], text: words }] as const;
    expect(faultOf(compile({ checks: vague }))).toEqual(['checks/0', 'CHECK_FAILED', '≤ P30D']);
  });

  it('refuses what can never be paid, or goes on beyond the end', () => {
    const funding = { ...SOUND.funding, min: '1', max: '479999' };
    expect(faultOf(compile({ funding }))).toEqual(['total', 'TOO_LARGE', '≤ 479999']);
    expect(compile({ funding: { ...funding, mode: 'topup' } }).accepted).toBe(true);
    expect(faultOf(compile({ funding: { ...funding, min: '480000' } }))[1]).toBe('TOO_SMALL');
    const bonus = { when: { approved: { k: 1, of: ['bureau'] } }, amount: { fixed: '480001' } } as const;
    expect(faultOf(compile(withRule(bonus)))).toEqual(['rules/lesson/amount', 'TOO_LARGE', '≤ 480000']);
    const later = withRule({ when: { at: '2027-02-28T16:00:01Z' } });
    expect(faultOf(compile(later))).toEqual(['endsAt', 'TOO_EARLY', '≥ 2027-02-28T16:00:01.000Z']);
    const after = withRule({
      when: { all: [{ after: 'P6M' }, { attested: { by: 'terminal', dedupe: '/x' } }] },
    });
    expect(faultOf(compile(after))).toEqual(['endsAt', 'TOO_EARLY', '≥ 2027-03-07T16:00:00.000Z']);
    const amount = (linear: object) =>
      withRule({ amount: { linear: { total: '5', start: '$fundBy', end: '$endsAt', ...linear } } });
    expect(faultOf(compile(amount({ start: '$endsAt' })))).toEqual([
      'endsAt',
      'TOO_EARLY',
      '> 2027-02-28T16:00:00.000Z',
    ]);
    expect(faultOf(compile(amount({ cliff: '2027-03-01T00:00:00Z' })))[1]).toBe('TOO_LATE');
    expect(faultOf(compile(amount({ step: 'P0D' })))).toEqual([
      'rules/lesson/amount/step',
      'TOO_SMALL',
      '≤ 4000 steps',
    ]);
    expect(faultOf(compile(amount({ step: 'PT1H' })))[1]).toBe('TOO_SMALL');
  });

  it('names the others beside the first, and never one broken value twice', () => {
    const outcome = compile({}, present({ ...GIVEN, total: 'x', lessons: undefined as never, keys: [] }));
    expect(outcome).toMatchObject({
      rejection: {
        message: expect.stringMatching(/^"total" = x: .* 2 more\.$/),
        details: {
          parameter: 'total',
          fault: 'MALFORMED',
          given: 'x',
          others: 'lessons:MISSING keys:MALFORMED',
        },
      },
    });
  });

  it('never throws on what somebody may give', () => {
    const value = fc.oneof(
      fc.string(),
      fc.array(fc.string()),
      fc.jsonValue(),
    ) as fc.Arbitrary<ParameterValue>;
    const name = fc.oneof(fc.constantFrom(...Object.keys(GIVEN)), fc.string());
    fc.assert(
      fc.property(fc.dictionary(name, value), (changed) => {
        const outcome = compile({}, { ...GIVEN, ...changed });
        if (!outcome.accepted) expect(outcome.rejection.code).toBe('INVALID_PARAMETERS');
      }),
      { numRuns: 300 },
    );
  });
});

function present(values: Record<string, ParameterValue>): ParameterValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
