/** A contract that was played to its end, and the proofs of everything it paid out; for specs. */
import { buildReleaseProof, digestOf } from '#libs/contracts/application/proof/build-proof.js';
import { historyOf } from '#libs/contracts/application/proof/history.js';
import { loadProofSchemas, type ProofSchemas } from '#libs/contracts/application/proof/proof-schemas.js';
import { readableOf } from '#libs/contracts/application/proof/readable.js';
import { verifyReleaseProof } from '#libs/contracts/application/proof/verify-proof.js';
import type { ProofVerdict, ReleaseProof } from '#libs/contracts/contract/proof.js';
import type { ContractAct } from '#libs/contracts/contract/release-contracts.js';
import { GENESIS_HASH, linkEvent } from '#libs/event-log/runner/hash-chain.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import {
  BUREAU,
  contractEventsIn,
  contractNode,
  type ContractNode,
  contractPlatform,
  type ContractPlatform,
  DAY_MS,
  fund,
  lesson,
  moverFor,
  PAYER,
  signedContract,
  TERMINAL,
  tuitionInput,
} from './contracts-world.js';
import { CONTRACT_SCHEMAS_DIRECTORY } from './contract-language.js';
import { EVENT_SCHEMAS_DIRECTORY } from './golden.js';
import { accepted } from './payment-fixture.js';

let schemas: ProofSchemas | undefined;

export function proofSchemas(): ProofSchemas {
  return (schemas ??= loadProofSchemas(EVENT_SCHEMAS_DIRECTORY, CONTRACT_SCHEMAS_DIRECTORY));
}

export interface PlayedContract extends AsyncDisposable {
  readonly platform: ContractPlatform;
  readonly contractId: ContractId;
  /** releaseIds and refundIds, in order. */
  readonly payouts: readonly string[];
  proofOf(payoutId: string): Promise<ReleaseProof>;
  verify(proof: ReleaseProof): Promise<ProofVerdict>;
  verifyText(text: string): Promise<ProofVerdict>;
}

/** Lessons that are confirmed, run out in silence, are objected to and won and lost, and a withdrawal. */
export async function playedContract(): Promise<PlayedContract> {
  const platform = contractPlatform();
  const node = contractNode(platform);
  const input = tuitionInput(platform.runtime.clock.now());
  const { contractId } = await signedContract(node, input);
  await fund(node, contractId);
  await playTuition(platform, node, contractId);
  const events = await contractEventsIn(platform);
  const payouts = events.flatMap((event) =>
    event.type === 'FundsReleased'
      ? [event.data.releaseId]
      : event.type === 'FundsRefunded'
        ? [event.data.refundId]
        : [],
  );
  const { log, verifier } = platform;
  const verifyText = (text: string) => verifyReleaseProof({ verifier, schemas: proofSchemas() }, text);
  return {
    platform,
    contractId,
    payouts,
    proofOf: async (id) =>
      accepted(await buildReleaseProof({ log, schemas: proofSchemas() }, contractId, id)),
    verify: (proof) => verifyText(JSON.stringify(proof)),
    verifyText,
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  };
}

async function playTuition(
  { runtime }: ContractPlatform,
  { contracts, clock }: ContractNode,
  contractId: ContractId,
): Promise<void> {
  let steps = 0;
  const act = async (role: string, what: ContractAct): Promise<void> => {
    steps += 1;
    const actor = role === 'payer' ? PAYER : role === 'bureau' ? BUREAU : 'bursar-1';
    accepted(await contracts.act(moverFor(`played ${steps}`, actor), role, contractId, what));
  };
  const attest = async (lessonNo: number): Promise<void> => {
    steps += 1;
    const statement = lesson(contractId, lessonNo, runtime.clock.now());
    accepted(await contracts.attest(moverFor(`played ${steps}`), contractId, TERMINAL.signed(statement)));
  };
  const unit = (lessonNo: number) => ({ ruleId: 'lesson', dedupeKey: String(lessonNo) });
  const object = (lessonNo: number): Promise<void> =>
    act('payer', {
      kind: 'dispute',
      disputeId: `d${lessonNo}`,
      subject: unit(lessonNo),
      reasonCode: 'notGiven',
    });
  const vote = async (lessonNo: number, outcome: 'release' | 'refund'): Promise<void> => {
    for (const role of ['school', 'bureau'])
      await act(role, { kind: 'vote', disputeId: `d${lessonNo}`, outcome });
  };
  await attest(1);
  await act('payer', { kind: 'confirm', ...unit(1) });
  await attest(2);
  await attest(3);
  await object(3);
  await runtime.advance(DAY_MS);
  await vote(3, 'release');
  await attest(4);
  await object(4);
  await vote(4, 'refund');
  await runtime.advance(10 * DAY_MS);
  await clock.sweep(0);
  await attest(5);
  await act('payer', { kind: 'approve', ruleId: 'withdraw', dedupeKey: '', decision: 'approve' });
  await runtime.advance(10 * DAY_MS);
  await clock.sweep(0);
}

/**
 * The proof with one event's data exchanged by somebody who writes the whole chain, the readable part and the digest anew:
 * nothing but what the contract says and the keys that signed stands against that.
 */
export function forged(proof: ReleaseProof, revision: number, data: string): ReleaseProof {
  const streamJson = JSON.stringify(`contract-${proof.contractId}`);
  let previous = GENESIS_HASH;
  let command: unknown;
  let index = 0;
  const events = proof.events.map((event) => {
    const dataJson = event.revision === revision ? data : event.data;
    const { commandId } = JSON.parse(event.metadata) as { readonly commandId: string };
    index = commandId === command ? index + 1 : 0;
    command = commandId;
    const content = { streamJson, type: event.type, dataJson, metadataJson: event.metadata };
    const link = linkEvent(previous, { index, revision: event.revision }, content);
    previous = link.hash;
    return { ...event, ...link, data: dataJson };
  });
  return redigested({ ...proof, ...readableAgain(proof, events), events, headHash: previous });
}

export function redigested(proof: ReleaseProof): ReleaseProof {
  const body: Partial<ReleaseProof> = { ...proof };
  delete (body as { digest?: string }).digest;
  return { ...proof, digest: digestOf(body) };
}

function readableAgain(proof: ReleaseProof, events: ReleaseProof['events']): Partial<ReleaseProof> {
  try {
    const { payout, ...readable } = readableOf(historyOf(events, proof.contractId, proofSchemas()));
    return { ...readable, payout: { ...payout, position: proof.payout.position } };
  } catch {
    return {};
  }
}

export type Path = readonly (string | number)[];

/** Paths of all values that hold no others. */
export function leavesOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, part]) => leavesOf(part, [...path, name]));
}

/** A copy with another value of the same kind at the path. */
export function altered(value: unknown, path: Path): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return otherThan(value);
  const copy: Record<string, unknown> = Array.isArray(value)
    ? ([...value] as unknown as Record<string, unknown>)
    : { ...(value as Record<string, unknown>) };
  copy[name] = altered(copy[name], rest);
  return copy;
}

function otherThan(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return otherText(value);
    case 'number':
      return value + 1;
    case 'boolean':
      return !value;
    default:
      return 'x';
  }
}

/** Another character of the same kind in the middle, so that the text may still be well-formed. */
function otherText(text: string): string {
  if (text === '') return 'x';
  const at = Math.floor(text.length / 2);
  const character = text[at]!;
  const other = /\d/.test(character) ? String((Number(character) + 1) % 10) : character === 'a' ? 'b' : 'a';
  return text.slice(0, at) + other + text.slice(at + 1);
}
