import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { signatureVerifier } from '#libs/signatures/adapters/index.js';
import { CONTRACT_SCHEMAS_DIRECTORY } from '#libs/testing/contract-language.js';
import { proofSchemas } from '#libs/testing/release-proofs.js';
import { systemRuntime } from '#libs/runtime/system/index.js';
import { verifyReleaseProof } from './verify-proof.js';

const GOLDEN = path.join(CONTRACT_SCHEMAS_DIRECTORY, 'golden-proofs');

/** Handed out once, a proof holds for good: whoever changes the decider must still decide these as they were decided (decision 0032). */
describe('a proof of before', () => {
  it.each(readdirSync(GOLDEN))('still holds: %s', async (name) => {
    const verifier = signatureVerifier({ timers: systemRuntime().timers });
    const text = readFileSync(path.join(GOLDEN, name), 'utf8');
    const { valid, checks } = await verifyReleaseProof({ verifier, schemas: proofSchemas() }, text);
    await verifier.close();
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(valid).toBe(true);
  });
});
