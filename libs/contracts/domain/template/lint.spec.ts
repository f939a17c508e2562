import { describe, expect, it } from '@jest/globals';
import { BAD, clean, GOOD, SHAPES, SOUND } from '#libs/testing/bad-templates.data.js';
import type { FindingCode } from './findings.js';
import { lintTemplate, type Template } from './index.js';

function lint(changed: Partial<Template>, shapes = SHAPES) {
  return lintTemplate({ ...SOUND, ...changed }, shapes).map(({ code, path }) => `${code} ${path}`);
}

describe('the lint', () => {
  it('finds nothing wrong with a sound template', () => {
    expect(lintTemplate(SOUND, SHAPES)).toEqual([]);
    expect(lintTemplate(SOUND)).toEqual([]);
  });

  it.each(BAD)('finds %s: %s', (code, _, changed, found) => {
    expect(found.some((one) => one.startsWith(`${code} `))).toBe(true);
    expect(lint(changed)).toEqual(found);
  });

  it.each(GOOD)('takes %s', (_, changed) => {
    const template = { ...SOUND, ...changed } as Template;
    expect(
      lintTemplate({ ...template, params: clean(template.params) as Template['params'] }, SHAPES),
    ).toEqual([]);
  });

  it('has a bad template for every finding that it can make', () => {
    const codes = new Set(BAD.map(([code]) => code));
    const all: Record<Exclude<FindingCode, 'UNREADABLE' | 'SCHEMA'>, true> = {
      UNKNOWN_PARAMETER: true,
      WRONG_PARAMETER_TYPE: true,
      UNUSED_PARAMETER: true,
      INVALID_LITERAL: true,
      INVALID_BOUNDS: true,
      UNKNOWN_ROLE: true,
      UNUSED_ROLE: true,
      OPTIONAL_ROLE_NEEDED: true,
      NOBODY_SIGNS: true,
      FUNDER_DOES_NOT_SIGN: true,
      UNKNOWN_ATTESTOR: true,
      UNUSED_ATTESTOR: true,
      UNKNOWN_EVIDENCE_SCHEMA: true,
      UNKNOWN_EVIDENCE_FIELD: true,
      PAYEE_DECIDES_ALONE: true,
      PAYEE_RESOLVES_DISPUTES: true,
      DUPLICATE_RULE: true,
      INVALID_SHARES: true,
      K_TOO_LARGE: true,
      AMOUNT_DOES_NOT_FIT: true,
      REFUND_NOT_TO_FUNDER: true,
      RULE_NEVER_FIRES: true,
      TOO_COMPLEX: true,
      CLAIM_WITHOUT_CAP: true,
      REMAINING_NOT_FINAL: true,
      REMAINING_WITH_COOLING: true,
      FINAL_NOT_REMAINING: true,
      CONFIRMATION_WITHOUT_COOLING: true,
      PAYEE_CONFIRMS: true,
      END_NOT_AFTER: true,
      FUNDING_BOUNDS: true,
      DISPUTE_TIMEOUT: true,
    };
    expect([...codes].toSorted()).toEqual(Object.keys(all).toSorted());
  });
});
