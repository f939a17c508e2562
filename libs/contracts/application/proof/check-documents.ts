import { documentHashOf, partySignatureBytes, templateHashOf } from '../hashes.js';
import { keyIdOf } from '#libs/signatures/canonical/index.js';
import type { SignatureVerifier } from '#libs/signatures/port/index.js';
import type { Contract } from '../../domain/release-contract/index.js';
import type { ContractEvent, PartySignature } from '../../domain/release-contract/messages.js';
import { ProofFault, type Step } from './history.js';

/** @throws ProofFault when a template is not the one that its hash names */
export function checkTemplates(steps: readonly Step[]): string {
  let count = 0;
  for (const { event, revision } of steps) {
    if (event.type !== 'ContractDrafted' && event.type !== 'AmendmentProposed') continue;
    const { template, templateHash } = event.data;
    if (templateHashOf(template) !== templateHash) {
      throw new ProofFault(`the template of event ${revision} has another hash`);
    }
    count += 1;
  }
  return `${count} template${count === 1 ? '' : 's'}`;
}

/** @throws ProofFault when what was signed is not this contract with these parameters and parties */
export function checkTerms(steps: readonly Step[]): string {
  let count = 0;
  for (const { event, before, revision } of steps) {
    const expected = documentOf(event, before.status === 'absent' ? undefined : before);
    if (expected === undefined) continue;
    if (expected.docHash !== expected.stated)
      throw new ProofFault(`the document of event ${revision} has another hash`);
    count += 1;
  }
  return `${count} document${count === 1 ? '' : 's'}`;
}

function documentOf(
  event: ContractEvent,
  before: Contract | undefined,
): { readonly docHash: string; readonly stated: string } | undefined {
  if (event.type === 'ContractDrafted') {
    return { docHash: documentHashOf(event.data), stated: event.data.docHash };
  }
  if (event.type !== 'AmendmentProposed' || !before) return undefined;
  const { contractId, parties } = before;
  const { amendmentId, templateHash, params, docHash } = event.data;
  return {
    docHash: documentHashOf({ contractId, amendmentId, templateHash, params, parties }),
    stated: docHash,
  };
}

/**
 * Signatures with keys are verified. One made by an account that was signed in rests on the log alone, and the account must be the
 * party's own where the party is a person.
 *
 * @throws ProofFault; SignatureVerifierOverloaded, SignatureVerifierUnavailable
 */
export async function checkPartySignatures(
  steps: readonly Step[],
  verifier: SignatureVerifier,
): Promise<string> {
  const counted = { keys: 0, accounts: 0 };
  for (const { event, before, revision } of steps) {
    if (event.type !== 'ContractSigned' && event.type !== 'AmendmentSigned') continue;
    const { contractId, role, signature } = event.data;
    const fault =
      signature.alg === 'account'
        ? accountFault(signature, role, before as Contract)
        : await keyFault(signature, { contractId, role, docHash: signature.docHash }, verifier);
    if (fault !== undefined) throw new ProofFault(`the signature of event ${revision}: ${fault}`);
    counted[signature.alg === 'account' ? 'accounts' : 'keys'] += 1;
  }
  return `${counted.keys} by keys, ${counted.accounts} by accounts that were signed in`;
}

function accountFault(
  { keyId, sig, publicKey }: PartySignature,
  role: string,
  { parties }: Contract,
): string | undefined {
  const party = parties.find((known) => known.role === role);
  if (sig !== '' || publicKey !== undefined) return 'an account signs without a key';
  return party?.kind === 'account' && party.partyId !== keyId
    ? 'another account than the party’s'
    : undefined;
}

async function keyFault(
  { keyId, alg, sig, publicKey }: PartySignature,
  signed: Parameters<typeof partySignatureBytes>[0],
  verifier: SignatureVerifier,
): Promise<string | undefined> {
  if (alg === 'account' || publicKey === undefined) return 'there is no key to verify it with';
  if (keyIdOf(Buffer.from(publicKey, 'base64url')) !== keyId) return 'the key has another id';
  const good = await verifier.verify({ alg, publicKey, message: partySignatureBytes(signed), sig });
  return good ? undefined : 'it does not verify';
}
