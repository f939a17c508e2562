import { describe, expect, it } from '@jest/globals';
import {
  contractNode,
  contractPlatform,
  fund,
  lesson,
  moverFor,
  PAYER,
  signedContract,
  tuitionInput,
} from '#libs/testing/contracts-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import { proofSchemas } from '#libs/testing/release-proofs.js';
import { sm2Key } from '#libs/testing/sm2-key.js';
import { buildReleaseProof } from './build-proof.js';
import { verifyReleaseProof } from './verify-proof.js';

describe('a lesson terminal with an SM2 key', () => {
  it('lets money go by its evidence alone, and the proof of it holds', async () => {
    await using platform = contractPlatform();
    const { runtime, log, verifier } = platform;
    const node = contractNode(platform);
    const now = runtime.clock.now();
    const terminal = sm2Key(0x3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8n);
    const input = tuitionInput(now);
    const { contractId } = await signedContract(node, {
      ...input,
      params: { ...input.params, attKeys: [terminal.key] },
    });
    await fund(node, contractId);
    const evidence = terminal.signed(lesson(contractId, 1, now));
    const stranger = sm2Key(5n)
      .signed(evidence.statement)
      .signatures.map(({ alg, sig }) => ({ ...evidence.signatures[0]!, alg, sig }));
    const attest = (id: string, signed: typeof evidence) =>
      node.contracts.attest(moverFor(id), contractId, signed);
    expect(await attest('forged', { ...evidence, signatures: stranger })).toMatchObject({
      rejection: { code: 'BAD_SIGNATURE' },
    });
    accepted(await attest('given', evidence));
    const confirm = { kind: 'confirm', ruleId: 'lesson', dedupeKey: '1' } as const;
    const paid = accepted(
      await node.contracts.act(moverFor('confirmed', PAYER), 'payer', contractId, confirm),
    );
    expect(paid.released.amount).toBe(10_000n);
    const proof = accepted(
      await buildReleaseProof({ log, schemas: proofSchemas() }, contractId, `${contractId}:lesson:10000`),
    );
    const parts = { verifier, schemas: proofSchemas() };
    expect(await verifyReleaseProof(parts, JSON.stringify(proof))).toMatchObject({ valid: true });
  });
});
