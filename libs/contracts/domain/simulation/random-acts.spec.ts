import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addMs, parseInstant } from '#libs/kernel/time/index.js';
import { CONTRACT_SCHEMAS_DIRECTORY, sampleParameters } from '#libs/testing/contract-language.js';
import { loadTemplateLanguage } from '../../application/templates/template-language.js';
import { WEEKDAYS } from '../calendar/index.js';
import type { Template } from '../template/index.js';
import { simulate, type SimulatedAct } from './index.js';

const language = loadTemplateLanguage(CONTRACT_SCHEMAS_DIRECTORY);
const startsAt = parseInstant('2026-09-01T00:00:00Z');
const IDS = [...language.builtIn.keys()];

/** Everything that anybody may try, sensible or not. */
function actsOf({ roles, rules }: Template): fc.Arbitrary<SimulatedAct> {
  const at = fc.integer({ min: -1, max: 800 }).map((days) => addMs(startsAt, days * 86_400_000));
  const role = fc.constantFrom(...Object.keys(roles), 'nobody');
  const rule = fc.constantFrom(...rules.map(({ id }) => id), 'none');
  const unit = fc.constantFrom('1', '2', 'A', '');
  const amount = fc.bigInt({ min: 0n, max: 600_000n });
  const no = fc.constantFrom('1', '2', 'A');
  const payload = fc.record({
    lessonNo: no,
    milestone: no,
    assessmentNo: no,
    payable: fc.constantFrom('1000', '9000000'),
    readingNo: no,
    reading: fc.constantFrom('1.5', '100', '99999'),
    inspectionNo: no,
    deduction: fc.constantFrom('0', '700', '900000'),
  });
  return fc.oneof(
    fc.record({ at, kind: fc.constant('attest' as const), rule, payload }),
    fc.record({ at, kind: fc.constant('confirm' as const), role, rule, unit }),
    fc.record({ at, kind: fc.constant('object' as const), role, rule, unit }),
    fc.record({ at, kind: fc.constant('object' as const), role }),
    fc.record({
      at,
      kind: fc.constant('vote' as const),
      role,
      outcome: fc.constantFrom('release' as const, 'refund' as const, 'thaw' as const),
    }),
    fc.record({ at, kind: fc.constant('approve' as const), role, rule, unit }),
    fc.record({ at, kind: fc.constant('claim' as const), role, rule, amount, mcc: fc.constant('5812') }),
    fc.record({ at, kind: fc.constant('reveal' as const), role, rule }),
    fc.record({ at, kind: fc.constant('draw' as const), role, rule }),
    fc.record({ at, kind: fc.constant('fund' as const), amount }),
    fc.record({ at, kind: fc.constant('withdraw' as const), role }),
  );
}

describe('whatever is tried', () => {
  it.each(IDS)('%s ends by itself with nothing held, and what was paid adds up', (id) => {
    const { template, hash } = language.builtIn.get(id)!.at(-1)!;
    const { given, regional } = sampleParameters(id);
    const params = { ...given, ...regional };
    const max = template.funding.max.slice(1);
    const funded: SimulatedAct = {
      kind: 'fund',
      at: addMs(startsAt, 3_600_000),
      amount: BigInt(params[max] as string),
    };
    fc.assert(
      fc.property(fc.array(actsOf(template), { maxLength: 25 }), (acts) => {
        const all = [funded, ...acts];
        const result = simulate({
          template,
          templateHash: hash,
          params,
          calendar: WEEKDAYS,
          startsAt,
          acts: all,
        });
        const { totals, status, lines, paid, truncated } = result;
        expect({ ...totals, status, truncated }).toMatchObject({ held: 0n, frozen: 0n, truncated: false });
        expect(['completed', 'cancelled', 'refunded', 'expired']).toContain(status);
        const out = paid.reduce((sum, part) => sum + part.amount, 0n);
        expect(out).toBe(totals.released + totals.refunded);
        expect(out).toBe(totals.funded);
        let running = 0n;
        for (const { what, amount, splits, totals: after } of lines) {
          if (what === 'FundsDeposited') running += amount!;
          if (what === 'FundsReleased' || what === 'FundsRefunded') {
            expect(splits.reduce((sum, part) => sum + part.amount, 0n)).toBe(amount);
            running -= amount!;
          }
          expect(after.held).toBe(running);
        }
        // Every act is told: what it did, or why it was refused, or that it changed nothing.
        expect(lines.every(({ act }) => act === null || act < all.length)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
});
