import { type MoneyInput, badInput, localId, readMoney } from '#libs/graphql/index.js';
import type { ParameterValues, SignatureProfile } from '#libs/contracts/contract/release-contracts.js';
import { type GivenParameter, parameterValueOf } from '#libs/contracts/contract/given-parameter.js';
import type { DraftContract, DraftParty, PartyKey } from '#libs/contracts/contract/requests.js';
import { keyIdOf } from '#libs/signatures/canonical/index.js';
import { presentFields } from '../present-fields.js';

export type Algorithm = 'ED25519' | 'SM2';

const PROFILES: Readonly<Record<Algorithm, SignatureProfile>> = { ED25519: 'Ed25519', SM2: 'SM2' };

export const profileOf = (algorithm: Algorithm): SignatureProfile => PROFILES[algorithm];

/** `@oneOf`: exactly one is given. */
interface ValueInput {
  readonly amount?: MoneyInput;
  readonly amounts?: readonly MoneyInput[];
  readonly text?: string;
  readonly texts?: readonly string[];
  readonly keys?: readonly { readonly algorithm: Algorithm; readonly publicKey: string }[];
}

export interface ParameterInput {
  readonly name: string;
  readonly value: ValueInput;
}

export function readParameter(
  { name, value }: ParameterInput,
  path: readonly string[] = ['input', 'parameters'],
): GivenParameter {
  const { amount, amounts, text, texts, keys } = value;
  const place = [...path, name];
  if (amount) return { name, amount: readMoney(amount, place) };
  if (amounts) return { name, amounts: amounts.map((one) => readMoney(one, place)) };
  if (keys) {
    const read = keys.map(({ algorithm, publicKey }) => ({
      keyId: keyIdOf(Buffer.from(publicKey, 'base64url')),
      alg: profileOf(algorithm),
      publicKey,
    }));
    return { name, keys: read };
  }
  return texts ? { name, texts } : { name, text: text! };
}

/** For what takes the compiler's values as they are, such as a preview. */
export function readParameters(
  parameters: readonly ParameterInput[],
  path: readonly string[] = ['input', 'parameters'],
): ParameterValues {
  return Object.fromEntries(
    parameters.map((given) => [given.name, parameterValueOf(readParameter(given, path))]),
  );
}

/** `@oneOf` in `party` and in `payTo`. */
interface PartyInput {
  readonly role: string;
  readonly party: { readonly account?: string; readonly organisationId?: string };
  readonly payTo?: {
    readonly walletId?: string;
    readonly treasury?: string;
    readonly bankFees?: boolean;
  } | null;
}

export interface DraftInput {
  readonly idempotencyKey: string;
  readonly templateId: string;
  readonly templateVersion?: string | null;
  readonly region: string;
  readonly parameters: readonly ParameterInput[];
  readonly parties: readonly PartyInput[];
}

function readParty({ role, party, payTo }: PartyInput): DraftParty {
  const path = ['input', 'parties', role];
  const paid = payTo ? { payTo: readPayTo(payTo, path) } : {};
  if (party.account !== undefined) return { role, account: party.account, ...paid };
  const organisationId = localId<'organisation'>('Organisation', party.organisationId!, path);
  return { role, organisationId, ...paid };
}

function readPayTo(
  { walletId, treasury, bankFees }: NonNullable<PartyInput['payTo']>,
  path: readonly string[],
): NonNullable<DraftParty['payTo']> {
  if (walletId !== undefined) return { walletId: localId<'wallet'>('Wallet', walletId, path) };
  if (treasury !== undefined) return { treasury };
  if (!bankFees) throw badInput('INVALID_PARTIES', 'bankFees is true, or left out.', path);
  return { bankFees: true };
}

export function readDraft(input: DraftInput): DraftContract['input'] {
  const { templateVersion, parameters, parties, ...rest } = input;
  return {
    ...rest,
    ...(templateVersion && { templateVersion }),
    parameters: parameters.map((parameter) => readParameter(parameter)),
    parties: parties.map(readParty),
  };
}

export interface KeyInput {
  readonly algorithm: Algorithm;
  readonly publicKey: string;
  readonly signature: string;
}

export function readKey(key: KeyInput | null | undefined): { readonly key?: PartyKey } {
  if (!key) return {};
  const { algorithm, publicKey, signature: sig } = key;
  return { key: { alg: profileOf(algorithm), publicKey, sig } };
}

export interface OnContractInput {
  readonly idempotencyKey: string;
  readonly contractId: string;
  readonly role?: string | null;
}

/** The part that every act on a contract has, and the rest as it is. */
export function readAct<Input extends OnContractInput>(input: Input) {
  const contractId = localId<'contract'>('Contract', input.contractId, ['input', 'contractId']);
  return { ...presentFields(input), contractId };
}
