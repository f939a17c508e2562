import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { canonicalJson } from '#libs/signatures/canonical/index.js';
import type { Person } from './person.js';
import type { Money } from './tuition-acts.js';

/** What people do with release contracts, as the scenarios need it again and again. */
export interface Contract {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
  readonly path?: readonly string[];
  readonly id: string;
  readonly number: string;
  readonly status: string;
  readonly documentHash: string;
  readonly unsigned: readonly string[];
  readonly funded: Money;
  readonly released: Money;
  readonly refunded: Money;
  readonly held: Money;
  readonly frozen: Money;
  readonly openUnits: readonly {
    readonly ruleId: string;
    readonly dedupeKey: string;
    readonly status: string;
  }[];
  readonly openDispute: { readonly disputeId: string } | null;
  readonly openAmendment: { readonly amendmentId: string; readonly documentHash: string } | null;
}

const FIELDS = `id number status documentHash unsigned funded { amount } released { amount } refunded { amount }
  held { amount } frozen { amount } openUnits { ruleId dedupeKey status payableAt } openDispute { disputeId }
  openAmendment { amendmentId documentHash }`;

/** Runs a mutation that answers with a contract. */
export function onContract(person: Person, mutation: string, input: object): Promise<Contract> {
  return person.act<Contract>(mutation, input, `... on ReleaseContract { ${FIELDS} }`);
}

export function contractOf(person: Person, id: string): Promise<Contract> {
  return person.get<Contract>(`query C($id: ID!) { releaseContract(id: $id) { __typename ${FIELDS} } }`, {
    id,
  });
}

export interface Payout {
  readonly releaseId: string;
  readonly type: string;
  readonly amount: Money;
}

interface Entry extends Payout {
  readonly sequence: number;
  readonly message: string;
  readonly totals: { readonly held: Money; readonly released: Money; readonly refunded: Money };
}

export async function timelineOf(person: Person, id: string): Promise<readonly Entry[]> {
  const { timeline } = await person.get<{ readonly timeline: { readonly nodes: readonly Entry[] } }>(
    `query T($id: ID!) { releaseContract(id: $id) { timeline(first: 250) { nodes { sequence type message releaseId
      amount { amount } totals { held { amount } released { amount } refunded { amount } } } } } }`,
    { id },
  );
  return timeline.nodes;
}

export interface Verdict {
  readonly valid: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

export function verdictOn(person: Person, document: string): Promise<Verdict> {
  return person.get<Verdict>(
    'query V($document: String!) { verifyReleaseProof(document: $document) { valid checks { name ok detail } } }',
    { document },
  );
}

export const text = (name: string, value: string) => ({ name, value: { text: value } });
export const amount = (name: string, value: string) => ({ name, value: { amount: { amount: value } } });
export const keys = (name: string, ...signers: readonly Signer[]) => ({
  name,
  value: { keys: signers.map(({ publicKey }) => ({ publicKey })) },
});

/** An Ed25519 key, made as a device or a party makes its own. */
export interface Signer {
  readonly publicKey: string;
  readonly keyId: string;
  sign(value: object): string;
}

export function signer(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    publicKey: raw.toString('base64url'),
    keyId: `k1-${createHash('sha256').update(raw).digest('hex').slice(0, 16)}`,
    sign: (value) => sign(null, Buffer.from(canonicalJson(value)), privateKey).toString('base64url'),
  };
}

export interface Statement {
  readonly contractId: string;
  readonly rule: string;
  readonly schema: string;
  readonly dedupeKey: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly observedAt: string;
}

export function lessonGiven({ number }: Contract, lessonNo: number, observedAt = new Date()): Statement {
  return {
    contractId: number,
    rule: 'lesson',
    schema: 'lesson.v1',
    dedupeKey: String(lessonNo),
    payload: { lessonNo: String(lessonNo), deliveredOn: observedAt.toISOString().slice(0, 10) },
    observedAt: observedAt.toISOString(),
  };
}

export function readingTaken({ number }: Contract, readingNo: number, reading: string): Statement {
  return {
    contractId: number,
    rule: 'usage',
    schema: 'reading.v1',
    dedupeKey: String(readingNo),
    payload: { readingNo: String(readingNo), reading },
    observedAt: new Date().toISOString(),
  };
}

/** The statement and who has signed it, as the mutation takes them. */
export function evidence({ id }: Contract, statement: Statement, ...signers: readonly Signer[]) {
  return {
    contractId: id,
    statement: JSON.stringify(statement),
    signatures: signers.map((one) => ({ keyId: one.keyId, signature: one.sign(statement) })),
  };
}

/** Pays all of it from a wallet. */
export function fundFromWallet(
  person: Person,
  { id }: Contract,
  walletId: string,
  sum: string,
): Promise<{
  readonly __typename: string;
  readonly status: string;
  readonly id: string;
  readonly code?: string;
}> {
  return person.act(
    'fundContract',
    {
      idempotencyKey: `fund-${id}`,
      contractId: id,
      amount: { amount: sum },
      method: { wallet: { walletId } },
    },
    '... on Payment { id status }',
  );
}
