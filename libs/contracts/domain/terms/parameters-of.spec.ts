import { describe, expect, it } from '@jest/globals';
import { parseInstant } from '#libs/kernel/time/index.js';
import { GIVEN, SOUND } from '#libs/testing/bad-templates.data.js';
import type { Template } from '../template/index.js';
import { amendedParameters, parametersOf } from './index.js';

const words = { 'zh-CN': '字', 'en-US': 'words' };
const at = parseInstant('2026-09-01T00:00:00Z');

/** Of a refusal: parameter, fault, and what would be allowed. */
function faultOf(outcome: ReturnType<typeof parametersOf>): readonly unknown[] {
  if (outcome.accepted) return ['accepted'];
  const { code, path, details = {} } = outcome.rejection;
  expect(code).toBe('INVALID_PARAMETERS');
  expect(path).toEqual(['input', 'params', details['parameter']]);
  return [details['parameter'], details['fault'], details['allowed']];
}

describe('parameters of the region', () => {
  const regional = { ...SOUND.params, cooling: { type: 'duration', title: words, from: 'region' } } as const;
  const template: Template = {
    ...SOUND,
    params: regional,
    rules: [{ ...SOUND.rules[0]!, cooling: '$cooling' }, SOUND.rules[1]!],
  };

  it('are filled in, and nobody else sets them', () => {
    expect(parametersOf(template, { given: GIVEN, regional: { cooling: '3WD', other: '1' }, at })).toEqual({
      accepted: true,
      value: { ...GIVEN, cooling: '3WD' },
    });
    expect(
      faultOf(
        parametersOf(template, { given: { ...GIVEN, cooling: 'P0D' }, regional: { cooling: '3WD' }, at }),
      ),
    ).toEqual(['cooling', 'SET_BY_REGION', undefined]);
    expect(faultOf(parametersOf(template, { given: GIVEN, regional: {}, at }))[1]).toBe('NOT_SET_BY_REGION');
  });

  it('make no contract that could not be funded any more', () => {
    const late = parseInstant('2026-09-07T16:00:00Z');
    expect(faultOf(parametersOf(template, { given: GIVEN, regional: { cooling: '3WD' }, at: late }))).toEqual(
      ['fundBy', 'TOO_EARLY', '> 2026-09-07T16:00:00.000Z'],
    );
  });

  it('stay in an amendment, where what is asked anew comes from the region of the day', () => {
    const current = { ...GIVEN, cooling: '3WD' };
    const changed = { total: '240000', lessons: '12' };
    expect(amendedParameters(template, { current, changed, regional: { cooling: '5WD' } })).toEqual({
      accepted: true,
      value: { ...current, ...changed },
    });
    expect(
      amendedParameters(template, { current: GIVEN, changed, regional: { cooling: '5WD' } }),
    ).toMatchObject({
      value: { cooling: '5WD' },
    });
    expect(
      faultOf(amendedParameters(template, { current, changed: { cooling: 'P0D' }, regional: {} }))[1],
    ).toBe('SET_BY_REGION');
    // What the new version does not ask for is left out.
    expect(amendedParameters(SOUND, { current, changed, regional: {} })).toEqual({
      accepted: true,
      value: { ...GIVEN, ...changed },
    });
  });
});
