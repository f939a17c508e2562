import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CNY, money } from '#libs/kernel/money/index.js';
import { contractSchemas, TERMINAL } from '#libs/testing/contracts-world.js';
import type { GivenParameter } from '../../contract/given-parameter.js';
import { parameterValuesOf } from './given-parameters.js';

const { language } = contractSchemas();
const { template } = language.builtIn.get('tuition-per-lesson')!.at(-1)!;
const read = (...given: readonly GivenParameter[]) => parameterValuesOf(template, given);

describe('parameters as a person gives them', () => {
  it('become what the compiler reads, amounts to the fen', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 17n), (fen) => {
        expect(read({ name: 'total', amount: money(CNY, fen) })).toEqual({
          accepted: true,
          value: { total: fen.toString() },
        });
      }),
    );
    const others: readonly GivenParameter[] = [
      { name: 'lessons', text: '24' },
      { name: 'attKeys', keys: [TERMINAL.key] },
    ];
    expect(read(...others)).toEqual({ accepted: true, value: { lessons: '24', attKeys: [TERMINAL.key] } });
  });

  it('that the template does not have are left to the compiler to refuse', () => {
    const given = [
      { name: 'nothing', text: 'x' },
      { name: 'constructor', amount: money(CNY, 1n) },
    ];
    expect(read(...given)).toEqual({ accepted: true, value: { nothing: 'x', constructor: '1' } });
  });

  it.each<[string, GivenParameter, string]>([
    ['an amount as text', { name: 'total', text: '5000' }, 'an amount of CNY/2'],
    ['an amount in a list of texts', { name: 'total', texts: ['5000'] }, 'an amount of CNY/2'],
    ['a count as an amount', { name: 'lessons', amount: money(CNY, 2_400n) }, 'no amount but a count'],
    ['another currency', { name: 'total', amount: money('JPY/0', 5_000n) }, 'an amount of CNY/2'],
  ])('are refused where they could be misread: %s', (_name, given, allowed) => {
    const details = { parameter: given.name, fault: 'MALFORMED', allowed };
    const message = `"${given.name}" is to be given as ${allowed}.`;
    const path = ['input', 'parameters', given.name];
    const rejection = { code: 'INVALID_PARAMETERS', message, path, details };
    expect(read(given)).toEqual({ accepted: false, rejection });
  });

  it.each<[string, readonly GivenParameter[]]>([
    [
      'twice',
      [
        { name: 'lessons', text: '1' },
        { name: 'lessons', text: '2' },
      ],
    ],
    ['under a name that is none', [{ name: '__proto__', text: '1' }]],
    ['too many', Array.from({ length: 101 }, (_, index) => ({ name: `p${index}`, text: '1' }))],
  ])('are refused: %s', (_name, given) => {
    expect(() => read(...given)).toThrow('Parameters are named once each, at most 100.');
  });
});
