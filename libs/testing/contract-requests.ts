/** What people ask of release contracts, on one process of the contracts world; without views. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { AttestContractHandler } from '#libs/contracts/application/requests/attest-contract.js';
import { ContractActs } from '#libs/contracts/application/requests/contract-acts.js';
import { PartySignatures } from '#libs/contracts/application/requests/party-signature.js';
import type { ContractSummary } from '#libs/contracts/contract/release-contracts.js';
import { asId } from '#libs/kernel/ids/index.js';
import { recordedEvents } from './callers.js';
import {
  contractNode,
  contractPlatform,
  fund,
  signedContract,
  tuitionInput,
  type ContractNode,
  type ContractPlatform,
} from './contracts-world.js';

export interface RequestsWorld extends AsyncDisposable {
  readonly platform: ContractPlatform;
  readonly node: ContractNode;
  readonly acts: ContractActs;
  readonly signatures: PartySignatures;
  readonly attest: AttestContractHandler;
  /** Whatever was stored since: types, in order. */
  stored(): Promise<readonly string[]>;
  /** By the school and the payer. */
  signed(name?: string): Promise<ContractSummary>;
  active(name?: string): Promise<ContractSummary>;
}

export function requestsWorld(): RequestsWorld {
  const platform = contractPlatform();
  const node = contractNode(platform);
  const { runtime, verifier } = platform;
  const signed = (name?: string) => signedContract(node, tuitionInput(runtime.clock.now(), name));
  let seen = 0;
  return {
    platform,
    node,
    acts: new ContractActs(node.contracts, node.store, runtime),
    signatures: new PartySignatures(verifier),
    attest: new AttestContractHandler(node.contracts, runtime),
    async stored() {
      const events = await recordedEvents(platform.log);
      const types = events.slice(seen).map(({ type }) => type);
      seen = events.length;
      return types;
    },
    signed,
    active: async (name) => fund(node, (await signed(name)).contractId),
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  };
}

/** A party's own Ed25519 key. */
export function partyKey() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    publicKey: raw.toString('base64url'),
    sign: (message: Uint8Array) => sign(null, message, privateKey).toString('base64url'),
  };
}

export const NO_CONTRACT = asId<'contract'>('00000000-0000-8000-8000-000000000000');
