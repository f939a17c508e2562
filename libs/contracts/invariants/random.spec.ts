import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shippedSetups } from '#libs/testing/contract-search/samples.js';
import { Walker, type AnyDecider } from '#libs/testing/contract-search/walk.js';
import { contractDecider } from '../domain/release-contract/index.js';

const LONGEST = 40;

/** I1 to I13 over histories that are longer than what can be searched through. */
describe('a long history of whatever comes', () => {
  it.each(shippedSetups().map((setup) => [setup.template.id, setup] as const))(
    '%s',
    (_id, setup) => {
      const choices = fc.array(fc.nat(999), { minLength: 5, maxLength: LONGEST });
      fc.assert(
        fc.property(choices, (numbers) => {
          const walker = new Walker(contractDecider as unknown as AnyDecider, setup);
          expect(walker.follow(numbers).breaches).toEqual([]);
        }),
        { numRuns: 150 },
      );
    },
    60_000,
  );
});
