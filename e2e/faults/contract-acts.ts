/** What is asked of release contracts in a run, and what an answer promises. */
import { fenOf } from './money.js';

const FIELDS = `id number status documentHash funded { amount } released { amount } refunded { amount } held { amount }
  openDispute { disputeId } openAmendment { amendmentId documentHash }`;

interface Sum {
  readonly amount: string;
}

/** Members of the answer to every act on a contract. */
export interface ContractAnswer {
  readonly number?: string;
  readonly status?: string;
  readonly documentHash?: string;
  readonly funded?: Sum;
  readonly released?: Sum;
  readonly refunded?: Sum;
  readonly held?: Sum;
  readonly openDispute?: { readonly disputeId: string } | null;
  readonly openAmendment?: { readonly amendmentId: string; readonly documentHash: string } | null;
}

/** Two at one contract, a clock that was quicker, an end that has come. */
const GONE = ['CONTRACT_CLOSED', 'CONTRACT_CLOSING', 'CONTRACT_NOT_ACTIVE', 'CONTRACT_FROZEN'];

const on = (...expected: readonly string[]) => ({
  success: 'ReleaseContract',
  fields: FIELDS,
  expected: [...GONE, ...expected],
});

export const CONTRACT_ACTS = {
  draftContract: on('INVALID_PARAMETERS'),
  withdrawContract: on('FUNDING_CLOSED'),
  signContract: on(),
  attestContract: on('DUPLICATE', 'EVIDENCE_CONFLICT', 'EVIDENCE_OUT_OF_ORDER', 'EXCEEDS_UNITS'),
  confirmUnit: on('NOT_COOLING', 'UNIT_NOT_FOUND'),
  objectToUnit: on('NOT_COOLING', 'UNIT_NOT_FOUND', 'DISPUTE_OPEN'),
  openDispute: on('DISPUTE_OPEN'),
  voteOnDispute: on('DISPUTE_NOT_FOUND', 'ALREADY_VOTED'),
  approveUnit: on('ALREADY_VOTED', 'NOTHING_TO_PAY', 'RULE_NOT_APPLICABLE'),
  claimFromContract: on('EXCEEDS_CAP'),
  proposeAmendment: on('AMENDMENT_OPEN', 'AMENDMENT_NOT_POSSIBLE', 'DISPUTE_OPEN'),
  signAmendment: on('AMENDMENT_NOT_FOUND', 'AMENDMENT_NOT_POSSIBLE', 'DISPUTE_OPEN'),
} as const;

/** Refusals of `fundContract` beside those of every payment. */
export const FUNDING_REFUSALS = [
  'CONTRACT_CLOSED',
  'CONTRACT_FROZEN',
  'FUNDING_CLOSED',
  'BELOW_MIN_FUNDING',
  'EXCEEDS_MAX_FUNDING',
];

type Input = Readonly<Record<string, unknown>>;

/** What must be in the log after a yes, in the checker's words; undefined: nothing beside the figures. */
export function factOf(act: string, input: Input): readonly string[] | undefined {
  const text = (name: string): string => String(input[name] ?? '');
  switch (act) {
    case 'draftContract':
      return ['ContractDrafted'];
    case 'withdrawContract':
      return ['ContractClosed'];
    case 'signContract':
      return ['ContractSigned', text('role')];
    case 'attestContract': {
      const [signature] = input['signatures'] as readonly { readonly signature: string }[];
      return ['EvidenceAccepted', signature?.signature ?? ''];
    }
    case 'confirmUnit':
      return ['AccrualConfirmed', text('ruleId'), text('dedupeKey')];
    case 'objectToUnit':
      return ['DisputeOpened', text('role'), text('ruleId'), text('dedupeKey')];
    case 'openDispute':
      return ['DisputeOpened', text('role'), '', ''];
    case 'voteOnDispute':
      return ['VoteRecorded', text('disputeId'), text('role'), text('outcome').toLowerCase()];
    case 'approveUnit':
      return ['ApprovalRecorded', text('role'), text('ruleId')];
    case 'claimFromContract':
      return ['EntitlementAccrued', text('ruleId')];
    case 'proposeAmendment':
      return ['AmendmentProposed', text('reason')];
    case 'signAmendment':
      return ['AmendmentSigned', text('amendmentId'), text('role')];
    default:
      return undefined;
  }
}

/** The contract as it was shown: at some moment it was exactly so. */
export function shownAs(answer: ContractAnswer): Readonly<Record<string, string>> {
  const { status = '', funded, released, refunded, held } = answer;
  const fen = (sum: Sum | undefined): string => String(fenOf(sum?.amount ?? ''));
  return { status, funded: fen(funded), released: fen(released), refunded: fen(refunded), held: fen(held) };
}
