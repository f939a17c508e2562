import { Inject, Injectable } from '@nestjs/common';
import { SIGNATURE_VERIFIER } from '#libs/runtime/port/tokens.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { keyIdOf } from '#libs/signatures/canonical/index.js';
import type { SignatureVerifier } from '#libs/signatures/port/index.js';
import type { PartySignature } from '../../contract/release-contracts.js';
import type { PartyKey } from '../../contract/requests.js';
import { partySignatureBytes } from '../hashes.js';
import type { ActingParty } from './contract-acts.js';

/** Makes the signature that goes into the log out of what a party handed in. */
@Injectable()
export class PartySignatures {
  constructor(@Inject(SIGNATURE_VERIFIER) private readonly verifier: SignatureVerifier) {}

  /**
   * `undefined`: the key did not make this signature. Without a key it is the account's that is signed in.
   *
   * @throws SignatureVerifierOverloaded, SignatureVerifierUnavailable
   */
  async read(
    { caller }: RequestContext,
    { contract: { contractId }, role }: ActingParty,
    docHash: string,
    key: PartyKey | undefined,
  ): Promise<PartySignature | undefined> {
    if (!key) return { keyId: caller.accountId, alg: 'account', docHash, sig: '' };
    const { alg, publicKey, sig } = key;
    const message = partySignatureBytes({ contractId, role, docHash });
    if (!(await this.verifier.verify({ alg, publicKey, message, sig }))) return undefined;
    return { keyId: keyIdOf(Buffer.from(publicKey, 'base64url')), alg, docHash, sig, publicKey };
  }
}

/** For the register of keys: which signature was meant. */
export function saidBy(key: PartyKey | undefined): readonly string[] {
  return key ? [key.alg, key.publicKey, key.sig] : [];
}
