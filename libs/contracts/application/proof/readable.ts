import type {
  ProvedAct,
  ProvedEvidence,
  ProvedPayout,
  ProvedSignature,
  ReleaseProof,
} from '../../contract/proof.js';
import type { Contract } from '../../domain/release-contract/index.js';
import type { ContractEvent, FundsRefunded, FundsReleased } from '../../domain/release-contract/messages.js';
import { ProofFault, type Step } from './history.js';

type Payout = FundsReleased | FundsRefunded;

/** What of a proof follows from its events; `position` is the log's own. */
export type Readable = Omit<
  ReleaseProof,
  'format' | 'digest' | 'events' | 'headHash' | 'revision' | 'payout'
> & {
  readonly payout: Omit<ProvedPayout, 'position'>;
};

/** @throws ProofFault when the history does not end with a payout */
export function readableOf(steps: readonly Step[]): Readable {
  const step = steps.at(-1);
  if (!step || !isPayout(step.event) || step.before.status === 'absent') {
    throw new ProofFault('the last event pays nothing out');
  }
  const { contractId, terms, docHash } = step.before;
  return {
    contractId,
    templateId: terms.templateId,
    templateVersion: terms.templateVersion,
    templateHash: terms.templateHash,
    docHash,
    payout: payoutOf(step.revision, step.event),
    evidence: steps.flatMap((each) => evidenceOf(each, step.event as Payout)),
    approvals: approvalsOf(steps, step.event),
    signatures: steps.flatMap((each) => signatureOf(each, docHash)),
  };
}

export function isPayout(event: ContractEvent): event is Payout {
  return event.type === 'FundsReleased' || event.type === 'FundsRefunded';
}

export function payoutIdOf(event: Payout): string {
  return event.type === 'FundsReleased' ? event.data.releaseId : event.data.refundId;
}

function payoutOf(revision: number, event: Payout): Omit<ProvedPayout, 'position'> {
  const { ruleId, dedupeKeys, amount, asset, at, splits, postings } = event.data;
  return {
    kind: event.type === 'FundsReleased' ? 'release' : 'refund',
    id: payoutIdOf(event),
    ruleId,
    dedupeKeys,
    amount: amount.toString(),
    asset,
    at,
    splits: splits.map((split) => ({
      role: split.role,
      amount: split.amount.toString(),
      account: split.account,
      ...(split.onTo === undefined ? {} : { onTo: split.onTo }),
    })),
    postings: postings.map((posting) => ({
      source: posting.source,
      destination: posting.destination,
      amount: posting.amount.amount.toString(),
    })),
    revision,
  };
}

function evidenceOf({ event, revision, before }: Step, payout: Payout): readonly ProvedEvidence[] {
  if (event.type !== 'EvidenceAccepted' || before.status === 'absent') return [];
  const { evidenceId, attestor, statement, statementHash, signatures } = event.data;
  const { ruleId, dedupeKeys } = payout.data;
  if (statement.rule !== ruleId || !dedupeKeys.includes(statement.dedupeKey)) return [];
  const { k, keys } = attestorOf(before, attestor);
  const signed = signatures.map(({ keyId, alg, sig }) => {
    const publicKey = keys.find((key) => key.keyId === keyId)?.publicKey ?? '';
    return { keyId, alg, publicKey, sig };
  });
  return [{ revision, evidenceId, attestor, statement, statementHash, k, signatures: signed }];
}

export function attestorOf({ terms }: Contract, name: string): Contract['terms']['attestors'][string] {
  const attestor = Object.hasOwn(terms.attestors, name) ? terms.attestors[name] : undefined;
  if (!attestor) throw new ProofFault(`the terms have no attestor ${name}`);
  return attestor;
}

function approvalsOf(steps: readonly Step[], payout: Payout): readonly ProvedAct[] {
  const disputeId = disputeThatPaid(steps);
  return steps
    .filter(({ event }) => isAbout(event, payout, disputeId))
    .map(({ revision, event }) => {
      const { by, at } = event.data;
      return { revision, type: event.type, role: by.role, partyId: by.partyId, at };
    });
}

/** The dispute that was resolved in the same command. */
function disputeThatPaid(steps: readonly Step[]): string | undefined {
  const commandId = steps.at(-1)?.metadata.commandId;
  for (const { event, metadata } of steps.toReversed()) {
    if (metadata.commandId !== commandId) return undefined;
    if (event.type === 'DisputeResolved') return event.data.disputeId;
  }
  return undefined;
}

function isAbout(event: ContractEvent, { data }: Payout, disputeId: string | undefined): boolean {
  const unit = (ruleId: string, dedupeKey: string): boolean =>
    ruleId === data.ruleId && data.dedupeKeys.includes(dedupeKey);
  switch (event.type) {
    case 'ApprovalRecorded':
      return unit(event.data.unit.ruleId, event.data.unit.dedupeKey);
    case 'AccrualConfirmed':
    case 'EntitlementAccrued':
      return unit(event.data.ruleId, event.data.dedupeKey);
    case 'SecretRevealed':
      return event.data.ruleId === data.ruleId;
    case 'VoteRecorded':
      return event.data.disputeId === disputeId;
    default:
      return false;
  }
}

function signatureOf({ event, revision }: Step, docHash: string): readonly ProvedSignature[] {
  if (event.type !== 'ContractSigned' && event.type !== 'AmendmentSigned') return [];
  const { signature, role, by, at } = event.data;
  if (signature.docHash !== docHash) return [];
  const { keyId, alg, sig, publicKey } = signature;
  const key = publicKey === undefined ? {} : { publicKey };
  return [{ revision, role, partyId: by.partyId, at, keyId, alg, sig, ...key }];
}
