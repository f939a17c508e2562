import { describe, expect, it } from '@jest/globals';
import { shippedSetups } from '#libs/testing/contract-search/samples.js';
import { Walker, type AnyDecider } from '#libs/testing/contract-search/walk.js';
import { contractDecider } from '../domain/release-contract/index.js';

/** Moves in a row; templates of which little can be asked are followed further. */
const DEPTH = 5;
const DEEPER = 7;
const SMALL_ALPHABET = 10;

/** I1 to I13 over everything that a few moves of a fixed alphabet can make of a contract, and the clock after them. */
describe('every history of five moves', () => {
  it.each(shippedSetups().map((setup) => [setup.template.id, setup] as const))(
    '%s',
    (_id, setup) => {
      const walker = new Walker(contractDecider as unknown as AnyDecider, setup);
      const found = walker.exhaust(walker.alphabet <= SMALL_ALPHABET ? DEEPER : DEPTH);
      expect(found.breaches).toEqual([]);
      // Fewer would mean that the alphabet says nothing to this template.
      expect(found.histories).toBeGreaterThan(200);
    },
    60_000,
  );
});
