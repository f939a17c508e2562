import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contractEvents } from '../../codec/index.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { signatureVerifier } from '#libs/signatures/adapters/index.js';
import { CONTRACT_ID } from '#libs/testing/contract-search/act.js';
import { shippedSetups } from '#libs/testing/contract-search/samples.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { genuineSetup, play } from '#libs/testing/proved-history.js';
import { proofSchemas } from '#libs/testing/release-proofs.js';
import { buildReleaseProof } from './build-proof.js';
import { verifyReleaseProof } from './verify-proof.js';

const verifier = signatureVerifier({ timers: systemRuntime().timers });
const schemas = proofSchemas();
afterAll(async () => {
  await verifier.close();
});

const setups = shippedSetups().map((setup) => [setup.template.id, genuineSetup(setup)] as const);
const met = new Set<string>();

describe('whatever a contract’s terms let go has a proof that holds', () => {
  it.each(setups)('%s', async (template, setup) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(999), { maxLength: 14 }), async (choices) => {
        const { log, payouts } = play(setup, choices);
        const last = payouts.at(-1);
        if (last === undefined) return;
        const proof = accepted(await buildReleaseProof({ log, schemas }, CONTRACT_ID, last));
        for (const { type } of proof.events) met.add(type);
        met.add(template);
        const { checks } = await verifyReleaseProof({ verifier, schemas }, JSON.stringify(proof));
        expect(checks.filter(({ ok }) => !ok)).toEqual([]);
      }),
      { numRuns: 40, seed: 5 },
    );
  });

  it('and every template has let something go, after everything that can have happened to it', () => {
    const expected = [
      ...setups.map(([template]) => template),
      ...Object.keys(contractEvents.types).map((type) => `${type}.v1`),
    ];
    // A contract closes behind its last payout.
    expect(expected.filter((name) => !met.has(name))).toEqual(['ContractClosed.v1']);
  });
});
