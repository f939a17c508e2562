/** One release contract from draft to end: lessons paid by silence and by confirmation, one objected to, books claimed. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { canonical } from './contract-signatures.js';
import * as on from './drafts.js';
import { cny, type DraftEvent } from './synthetic-log.js';

type Data = Record<string, unknown>;

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const RAW = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64url');

const TEMPLATE = {
  roles: { payer: { signs: true }, school: { signs: true }, bureau: {} },
  attestors: { terminal: { keys: '$keys', k: 1 } },
  funding: { from: 'payer', by: '$fundBy' },
  rules: [
    {
      id: 'lesson',
      do: 'release',
      amount: { perUnit: { total: '$total', units: '$lessons' } },
      cooling: '$notice',
      confirmedBy: ['payer'],
    },
    { id: 'books', do: 'release', amount: { claim: true }, cap: '60' },
  ],
  dispute: { resolve: { k: 2, of: ['payer', 'school', 'bureau'] }, default: 'thaw' },
};

const SAID = {
  template: TEMPLATE,
  params: {
    total: '1000',
    lessons: '3',
    notice: 'PT1M',
    fundBy: moment(60),
    keys: [{ keyId: 'k1-1', alg: 'Ed25519', publicKey: RAW }],
  },
  parties: ['payer', 'school', 'bureau'].map((role) => ({ role })),
  fundBy: moment(60),
};

/** Minutes into the day. */
export function moment(minute: number): string {
  return new Date(Date.UTC(2026, 8, 1) + minute * 60_000).toISOString();
}

const END = moment(600);

export function statement(lesson: number): Data {
  return {
    contractId: 'k5',
    rule: 'lesson',
    schema: 'lesson.v1',
    dedupeKey: String(lesson),
    payload: { lessonNo: String(lesson) },
    observedAt: moment(10),
  };
}

export function signatureOver(value: Data): Data {
  const sig = sign(null, Buffer.from(canonical(value)), privateKey).toString('base64url');
  return { keyId: 'k1-1', alg: 'Ed25519', sig };
}

interface Moment {
  readonly minute: number;
  readonly paid?: readonly [released: number, refunded: number];
  readonly next?: string | null;
}

const FUNDED = 1_050;

/** In force and funded. */
function event(type: string, { minute, paid = [0, 0], next = END }: Moment, data: Data = {}): DraftEvent {
  const [released, refunded] = paid;
  return stored(type, minute, [FUNDED, released, refunded], { nextDueAt: next, ...data });
}

function stored(
  type: string,
  minute: number,
  [funded, released, refunded]: readonly [number, number, number],
  data: Data,
): DraftEvent {
  const held = funded - released - refunded;
  const totals = { funded: `${funded}`, released: `${released}`, refunded: `${refunded}`, held: `${held}` };
  const common = { contractId: 'k5', asset: 'CNY/2', at: moment(minute), by: { role: 'payer' } };
  return on.draft('contract-k5', type, { ...common, totals, status: 'active', ...data });
}

function before(type: string, minute: number, data: Data): DraftEvent {
  return stored(type, minute, [0, 0, 0], { status: 'awaitingFunding', nextDueAt: moment(60), ...data });
}

function taught(
  lesson: number,
  minute: number,
  earned: readonly [number, number],
  paid: Moment['paid'],
): DraftEvent {
  const payableAt = moment(minute + 1);
  return event(
    'EvidenceAccepted',
    { minute, next: payableAt, ...(paid && { paid }) },
    {
      attestor: 'terminal',
      statement: statement(lesson),
      signatures: [signatureOver(statement(lesson))],
      entitlementBefore: String(earned[0]),
      entitlementAfter: String(earned[1]),
      payableAt,
    },
  );
}

interface Release {
  readonly rule: string;
  readonly key: string;
  readonly minor: number;
  readonly cumulative: number;
}

export function released(at: Moment, { rule, key, minor, cumulative }: Release): DraftEvent {
  const account = 'org:school-2:payable';
  return event('FundsReleased', at, {
    releaseId: `k5:${rule}:${cumulative}`,
    ruleId: rule,
    dedupeKeys: [key],
    amount: String(minor),
    cumulative: String(cumulative),
    splits: [{ role: 'school', amount: String(minor), account }],
    postings: [on.posting('custody:k5', account, minor)],
  });
}

const PAID = { id: 'p21', billId: 'k5', minor: FUNDED, tender: { channel: 'cash', tendered: cny(FUNDED) } };
const FUNDS_K5 = { funding: { contractId: 'k5' } };
const UNIT = { ruleId: 'lesson', dedupeKey: '3' };

function paidFor(): DraftEvent[] {
  const way = on.captured(PAID, [on.posting('world:cash', 'cash:d1', FUNDED)], 'cash:d1');
  const [into] = way.data['postings'] as Data[];
  const postings = [into, on.posting('cash:d1', 'clearing:funding', FUNDED)];
  return [
    before('ContractDrafted', 0, { ...SAID, status: 'drafted' }),
    before('ContractSigned', 1, { role: 'payer', status: 'drafted' }),
    before('ContractSigned', 2, { role: 'school' }),
    on.initiated({ ...PAID, more: FUNDS_K5 }),
    before('FundingReserved', 3, { paymentId: 'p21', amount: String(FUNDED), nextDueAt: null }),
    { ...way, data: { ...way.data, ...FUNDS_K5, postings } },
    event(
      'FundsDeposited',
      { minute: 4 },
      {
        depositId: 'payment-p21',
        amount: String(FUNDED),
        source: { kind: 'payment', paymentId: 'p21' },
        postings: [on.posting('clearing:funding', 'custody:k5', FUNDED)],
      },
    ),
    event('ContractActivated', { minute: 4 }, { endsAt: END, timers: [] }),
    on.receipt(8, 'p21', 'k5', [FUNDED]),
  ];
}

function objectedTo(): DraftEvent[] {
  const paid = [716, 0] as const;
  const deadline = moment(90);
  const dispute = { minute: 30, paid, next: deadline };
  const back = [716, 334] as const;
  return [
    event('DisputeOpened', dispute, { disputeId: 'd1', subject: UNIT, scope: 'unit', deadline }),
    event('VoteRecorded', dispute, { disputeId: 'd1', role: 'payer', outcome: 'refund' }),
    event('VoteRecorded', dispute, { disputeId: 'd1', role: 'school', outcome: 'refund' }),
    event('DisputeResolved', { minute: 40, paid }, { disputeId: 'd1', outcome: 'refund', how: 'vote' }),
    event('EntitlementWaived', { minute: 40, paid }, { ...UNIT, amount: '334', reason: 'dispute' }),
    event(
      'FundsRefunded',
      { minute: 40, paid: back },
      {
        refundId: 'k5:@dispute:334',
        ruleId: null,
        reason: 'dispute',
        dedupeKeys: [],
        amount: '334',
        splits: [{ role: 'payer', amount: '334', account: 'treasury:unit-1' }],
        postings: [on.posting('custody:k5', 'treasury:unit-1', 334)],
      },
    ),
    event(
      'ContractClosed',
      { minute: 40, paid: back, next: null },
      { reason: 'paidOut', status: 'completed' },
    ),
  ];
}

export function lessons(): DraftEvent[] {
  const one = [333, 0] as const;
  const two = [666, 0] as const;
  const all = [716, 0] as const;
  return [
    ...paidFor(),
    taught(1, 10, [0, 333], undefined),
    event('TimerFired', { minute: 11 }, { timerId: 'payable:lesson:1', dueAt: moment(11) }),
    released({ minute: 11, paid: one }, { rule: 'lesson', key: '1', minor: 333, cumulative: 333 }),
    taught(2, 20, [333, 666], one),
    event('AccrualConfirmed', { minute: 20, paid: one }, { ruleId: 'lesson', dedupeKey: '2' }),
    released({ minute: 20, paid: two }, { rule: 'lesson', key: '2', minor: 333, cumulative: 666 }),
    event(
      'EntitlementAccrued',
      { minute: 25, paid: two },
      {
        ruleId: 'books',
        dedupeKey: 'claim-1',
        before: '0',
        after: '50',
        payableAt: moment(25),
      },
    ),
    released({ minute: 25, paid: all }, { rule: 'books', key: 'claim-1', minor: 50, cumulative: 50 }),
    taught(3, 30, [666, 1_000], all),
    ...objectedTo(),
  ];
}
