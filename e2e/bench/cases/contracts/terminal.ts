import { generateKeyPairSync, sign } from 'node:crypto';
import type { AttestorKey } from '#libs/contracts/contract/release-contracts.js';
import { globalId } from '#libs/graphql/index.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import { canonicalJson, keyIdOf } from '#libs/signatures/canonical/index.js';
import { ATTEST_DOCUMENT } from '../../servers/attest-document.js';

export interface LessonGiven {
  readonly contractId: ContractId;
  readonly lessonNo: number;
}

/** A school's lesson terminal with an Ed25519 key of its own. */
export class Terminal {
  readonly key: AttestorKey;
  readonly #privateKey;

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    this.key = { keyId: keyIdOf(raw), alg: 'Ed25519', publicKey: raw.toString('base64url') };
    this.#privateKey = privateKey;
  }

  /** The request as it goes over HTTP, about a lesson given now. */
  bodyOf({ contractId, lessonNo }: LessonGiven): string {
    const observedAt = new Date().toISOString();
    const statement = canonicalJson({
      contractId,
      rule: 'lesson',
      schema: 'lesson.v1',
      dedupeKey: String(lessonNo),
      payload: { lessonNo: String(lessonNo), deliveredOn: observedAt.slice(0, 10) },
      observedAt,
    });
    const signature = sign(null, Buffer.from(statement), this.#privateKey).toString('base64url');
    const signatures = [{ keyId: this.key.keyId, signature }];
    const input = { contractId: globalId('Contract', contractId), statement, signatures };
    return JSON.stringify({ query: ATTEST_DOCUMENT, operationName: 'Attest', variables: { input } });
  }
}
