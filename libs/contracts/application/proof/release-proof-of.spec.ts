import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContractId } from '#libs/kernel/ids/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { Caller } from '#libs/security/port/index.js';
import { callerOf, OTHER_SCHOOL, requestOf, SCHOOL } from '#libs/testing/callers.js';
import { BUREAU, contractNode, PAYER } from '#libs/testing/contracts-world.js';
import { playedContract, type PlayedContract, proofSchemas } from '#libs/testing/release-proofs.js';
import { ReleaseProofOf, VerifyReleaseProof } from '../../contract/proof.js';
import { ReleaseProofOfHandler } from './release-proof-of.js';
import { VerifyReleaseProofHandler } from './verify-release-proof.js';

let played: PlayedContract;
let handler: ReleaseProofOfHandler;
beforeAll(async () => {
  played = await playedContract();
  const { contracts } = contractNode(played.platform);
  handler = new ReleaseProofOfHandler(contracts, played.platform.log, proofSchemas());
});
afterAll(async () => {
  await played[Symbol.asyncDispose]();
});

async function answerTo(caller: Caller, contractId = played.contractId, payoutId = played.payouts[0]!) {
  const outcome = await handler.execute(new ReleaseProofOf(requestOf(caller), contractId, payoutId));
  return outcome.accepted ? outcome.value.payout.id : outcome.rejection.code;
}

describe('the proof of a release', () => {
  it.each<[string, Caller]>([
    ['the payer', callerOf('payer', PAYER)],
    ['the school’s bursar', callerOf('bursar', 'bursar-1', SCHOOL)],
    ['the school’s auditor', callerOf('auditor', 'auditor-1', SCHOOL)],
    ['the bureau, a party', callerOf('supervisor', 'officer-1', BUREAU)],
    ['the tenant’s auditor', callerOf('auditor', 'auditor-2')],
    ['the tenant’s operations', callerOf('ops', 'ops-1')],
  ])('is for %s', async (_, caller) => {
    expect(await answerTo(caller)).toBe(played.payouts[0]);
  });

  it.each<[string, Caller]>([
    ['another payer', callerOf('payer', 'payer-2')],
    ['the payer’s account in another role', callerOf('bd', PAYER)],
    ['another school’s bursar', callerOf('bursar', 'bursar-2', OTHER_SCHOOL)],
    ['another tenant’s auditor', { ...callerOf('auditor', 'auditor-1'), tenant: asId<'tenant'>('other') }],
  ])('is as if there were no contract for %s', async (_, caller) => {
    expect(await answerTo(caller)).toBe('CONTRACT_NOT_FOUND');
  });

  it('is not there for what was not paid, nor for no contract', async () => {
    const payer = callerOf('payer', PAYER);
    expect(await answerTo(payer, played.contractId, 'nothing')).toBe('RELEASE_NOT_FOUND');
    expect(await answerTo(payer, 'x' as ContractId)).toBe('CONTRACT_NOT_FOUND');
  });

  it('is judged for anybody', async () => {
    const judge = new VerifyReleaseProofHandler(played.platform.verifier, proofSchemas());
    const context = requestOf(callerOf('payer', 'payer-2'));
    const text = JSON.stringify(await played.proofOf(played.payouts[0]!));
    expect(await judge.execute(new VerifyReleaseProof(context, text))).toMatchObject({ valid: true });
    expect(await judge.execute(new VerifyReleaseProof(context, '{}'))).toMatchObject({
      valid: false,
      revision: -1,
    });
  });
});
