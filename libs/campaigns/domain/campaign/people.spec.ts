import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fold } from '#libs/kernel/decider/index.js';
import { open, signUp } from '#libs/testing/campaign-fixture.js';
import { campaignDecider } from './decider.js';
import { includesPerson, withPerson, type People } from './people.js';
import { signUpsInOrder, type CampaignState } from './state.js';

describe('people who have signed up', () => {
  const key = fc.stringMatching(/^[0-9a-f]{64}$/);

  it('are a set like any other, and older states keep theirs', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 60 }), fc.array(key, { maxLength: 5 }), (keys, others) => {
        const states: People[] = [undefined];
        for (const one of keys) states.push(withPerson(states.at(-1), one));
        for (const [count, people] of states.entries()) {
          const known = new Set(keys.slice(0, count));
          for (const one of [...keys, ...others]) expect(includesPerson(people, one)).toBe(known.has(one));
        }
      }),
      { numRuns: 60, seed: 4 },
    );
  });

  it('of one long beginning are told apart', () => {
    const [a, b] = ['0'.repeat(64), `${'0'.repeat(63)}1`];
    const people = withPerson(withPerson(undefined, a!), b!);
    expect([
      includesPerson(people, a!),
      includesPerson(people, b!),
      includesPerson(people, `${'0'.repeat(63)}2`),
    ]).toEqual([true, true, false]);
  });

  it('take part in order of signing up', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (tries) => {
        let state: CampaignState = fold(campaignDecider, open);
        const expected: string[] = [];
        for (const person of tries.map((number) => `p${number}`)) {
          const decision = campaignDecider.decide(signUp(person), state);
          expect(decision.accepted).toBe(!expected.includes(person));
          if (!decision.accepted) continue;
          expected.push(person);
          for (const event of decision.events) state = campaignDecider.evolve(state, event);
        }
        if (state.status === 'absent') throw new Error('It is there.');
        expect(signUpsInOrder(state).map(({ account }) => account)).toEqual(
          expected.map((person) => `account-${person}`),
        );
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});
