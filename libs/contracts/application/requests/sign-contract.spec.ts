import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keyIdOf } from '#libs/signatures/canonical/index.js';
import { callerOf, requestOf, SCHOOL } from '#libs/testing/callers.js';
import { partyKey, requestsWorld, type RequestsWorld } from '#libs/testing/contract-requests.js';
import { contractEventsIn, moverFor, PAYER, tuitionInput } from '#libs/testing/contracts-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import type { ContractSummary } from '../../contract/release-contracts.js';
import { SignContract } from '../../contract/requests.js';
import { partySignatureBytes } from '../hashes.js';
import { SignContractHandler } from './sign-contract.js';

const payer = requestOf(callerOf('payer', PAYER));
const bursar = requestOf(callerOf('bursar', 'bursar-1', SCHOOL));

let world: RequestsWorld;
let drafted: ContractSummary;

beforeEach(async () => {
  world = requestsWorld();
  const input = tuitionInput(world.platform.runtime.clock.now());
  drafted = accepted(await world.node.contracts.draft(moverFor('draft', 'bursar-1'), 'school', input));
  await world.stored();
});
afterEach(async () => world[Symbol.asyncDispose]());

type Input = SignContract['input'];

function sign(request: typeof payer, change: Partial<Input> = {}) {
  const { contractId, docHash: documentHash } = drafted;
  const input = { idempotencyKey: `sign ${request.caller.accountId}`, contractId, documentHash, ...change };
  return new SignContractHandler(world.acts, world.signatures).execute(new SignContract(request, input));
}

const signatures = async () =>
  (await contractEventsIn(world.platform)).flatMap((event) =>
    event.type === 'ContractSigned' ? [{ role: event.data.role, ...event.data.signature }] : [],
  );

describe('signing', () => {
  it('as the account that is signed in, by whoever the roles name', async () => {
    expect(await sign(payer)).toMatchObject({ accepted: true, value: { unsigned: ['school'] } });
    expect(await sign(bursar)).toMatchObject({ value: { unsigned: [], status: 'awaitingFunding' } });
    const { docHash } = drafted;
    expect(await signatures()).toEqual([
      { role: 'payer', keyId: PAYER, alg: 'account', docHash, sig: '' },
      { role: 'school', keyId: 'bursar-1', alg: 'account', docHash, sig: '' },
    ]);
  });

  it('with a key of its own, which stays in the log so that anybody can verify', async () => {
    const { contractId, docHash } = drafted;
    const own = partyKey();
    const sig = own.sign(partySignatureBytes({ contractId, role: 'payer', docHash }));
    const key = { alg: 'Ed25519', publicKey: own.publicKey, sig } as const;
    expect(await sign(payer, { key })).toMatchObject({ accepted: true });
    const keyId = keyIdOf(Buffer.from(own.publicKey, 'base64url'));
    expect(await signatures()).toEqual([
      { role: 'payer', keyId, alg: 'Ed25519', docHash, sig, publicKey: own.publicKey },
    ]);
  });

  it('refuses who has seen another document, and stores nothing', async () => {
    expect(await sign(payer, { documentHash: '0'.repeat(64) })).toMatchObject({
      rejection: { code: 'WRONG_DOCUMENT', path: ['input', 'documentHash'] },
    });
    expect(await world.stored()).toEqual([]);
  });

  it('refuses a signature for another role, contract or document, by another key, or none at all', async () => {
    const { contractId, docHash } = drafted;
    const own = partyKey();
    const right = { contractId, role: 'payer', docHash };
    const attempts = [
      own.sign(partySignatureBytes({ ...right, role: 'school' })),
      own.sign(partySignatureBytes({ ...right, docHash: '0'.repeat(64) })),
      own.sign(
        partySignatureBytes({ ...right, contractId: tuitionInput(drafted.draftedAt, 'other').contractId }),
      ),
      own.sign(Buffer.from(docHash)),
      partyKey().sign(partySignatureBytes(right)),
      '',
      'x'.repeat(10_000),
    ];
    for (const sig of attempts) {
      const key = { alg: 'Ed25519', publicKey: own.publicKey, sig } as const;
      expect(await sign(payer, { key })).toMatchObject({ rejection: { code: 'BAD_SIGNATURE' } });
    }
    const sig = own.sign(partySignatureBytes(right));
    const otherAlgorithm = { alg: 'SM2', publicKey: own.publicKey, sig } as const;
    expect(await sign(payer, { key: otherAlgorithm })).toMatchObject({
      rejection: { code: 'BAD_SIGNATURE' },
    });
    expect(await world.stored()).toEqual([]);
  });
});
