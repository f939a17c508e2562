import { globalId } from '#libs/graphql/index.js';

/** Ids of one organisation's things that operations on contracts are asked about. */
interface Things {
  readonly organisation: string;
  readonly wallet: string;
  readonly contract: string;
  readonly case: string;
}

const NO_UUID = '00000000-0000-8000-8000-000000000000';
const key = (): string => `key-${Math.random()}`;
const money = { amount: '1.00' };
const onContract = ({ contract }: Things): object => ({ idempotencyKey: key(), contractId: contract });
const onUnit = (of: Things): object => ({ ...onContract(of), ruleId: 'deduction', dedupeKey: '1' });

/** How to ask each query about contracts about somebody's things. */
export const CONTRACT_QUERIES = {
  custodyCheck: () => ({}),
  releaseTemplates: () => ({}),
  releaseTemplate: () => ({ templateId: 'deposit-return' }),
  templateFindings: () => ({ document: 'x' }),
  regionalParameters: () => ({ region: 'CN' }),
  simulateContract: () => ({
    input: { template: { published: { templateId: 'deposit-return' } }, parameters: [], acts: [] },
  }),
  releaseContract: ({ contract }) => ({ id: contract }),
  releaseContracts: ({ organisation }) => ({ filter: { organisationId: organisation }, first: 5 }),
  releaseProof: ({ contract }) => ({ contractId: contract, releaseId: 'x' }),
  verifyReleaseProof: () => ({ document: '{}' }),
} satisfies Readonly<Record<string, (of: Things) => object>>;

export const CONTRACT_MUTATIONS = {
  publishTemplate: () => ({ document: 'x' }),
  setRegionalParameters: () => ({
    idempotencyKey: key(),
    region: 'CN',
    effectiveFrom: '2000-01-01',
    holidays: [],
    workingDays: [],
    values: [],
    reason: 'x',
  }),
  // Refused for its parameters: nothing but the caller may be what else it is refused for.
  draftContract: ({ wallet }) => ({
    idempotencyKey: key(),
    templateId: 'deposit-return',
    parameters: [],
    parties: [
      { role: 'lessor', party: { organisationId: globalId('Organisation', 'school-2') } },
      { role: 'lessee', party: { account: 'x' }, payTo: { walletId: wallet } },
    ],
  }),
  fundContract: (of) => ({
    ...onContract(of),
    amount: money,
    method: { wallet: { walletId: of.wallet } },
  }),
  retryPayout: (of) => ({ idempotencyKey: key(), caseId: of.case }),
  withdrawContract: (of) => ({ ...onContract(of), reason: 'x' }),
  signContract: (of) => ({ ...onContract(of), documentHash: '0'.repeat(64) }),
  attestContract: ({ contract }) => ({ contractId: contract, statement: '{}', signatures: [] }),
  confirmUnit: onUnit,
  objectToUnit: (of) => ({ ...onUnit(of), reasonCode: 'X' }),
  openDispute: (of) => ({ ...onContract(of), reasonCode: 'X' }),
  voteOnDispute: (of) => ({ ...onContract(of), disputeId: NO_UUID, outcome: 'THAW' }),
  approveUnit: onUnit,
  claimFromContract: (of) => ({
    ...onContract(of),
    ruleId: 'deduction',
    organisationId: of.organisation,
    amount: money,
  }),
  revealSecret: (of) => ({ ...onContract(of), ruleId: 'deduction', secret: 'x' }),
  drawFromContract: (of) => ({ ...onContract(of), ruleId: 'deduction' }),
  proposeAmendment: (of) => ({ ...onContract(of), parameters: [], reason: 'x' }),
  signAmendment: (of) => ({ ...onContract(of), amendmentId: NO_UUID, documentHash: '0'.repeat(64) }),
  withdrawAmendment: (of) => ({ ...onContract(of), amendmentId: NO_UUID }),
} satisfies Readonly<Record<string, (of: Things) => object>>;
