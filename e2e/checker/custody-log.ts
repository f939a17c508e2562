/** Two release contracts: paid into in cash and by one another, paid out to a school and a wallet, the rest given back. */
import * as on from './drafts.js';
import { cny, type DraftEvent } from './synthetic-log.js';

const { captured, draft, initiated, onRefund, onWallet, posting } = on;
type Data = Record<string, unknown>;

/** `[funded, released, refunded]`, fen. */
type Figures = readonly [number, number, number];

function contract(
  id: string,
  type: string,
  [funded, released, refunded]: Figures,
  data: Data = {},
): DraftEvent {
  const text = { funded, released, refunded, held: funded - released - refunded, frozen: 0 };
  const totals = Object.fromEntries(Object.entries(text).map(([name, minor]) => [name, String(minor)]));
  return draft(`contract-${id}`, type, { contractId: id, asset: 'CNY/2', totals, status: 'active', ...data });
}

interface Deposit {
  readonly depositId: string;
  readonly minor: number;
  readonly source: Data;
}

function deposited(id: string, figures: Figures, { depositId, minor, source }: Deposit): DraftEvent {
  const postings = [posting('clearing:funding', `custody:${id}`, minor)];
  return contract(id, 'FundsDeposited', figures, { depositId, source, amount: String(minor), postings });
}

interface Share {
  readonly role: string;
  readonly minor: number;
  readonly account: string;
  readonly onTo?: string;
}

function paidOut(id: string, figures: Figures, ids: Data, shares: readonly Share[]): DraftEvent {
  const total = shares.reduce((sum, { minor }) => sum + minor, 0);
  const splits = shares.map(({ minor, ...split }) => ({ ...split, amount: String(minor) }));
  const postings = shares.map(({ account, minor }) => posting(`custody:${id}`, account, minor));
  const type = 'releaseId' in ids ? 'FundsReleased' : 'FundsRefunded';
  return contract(id, type, figures, { ...ids, amount: String(total), splits, postings });
}

const PAID = { id: 'p20', billId: 'k1', minor: 1_000, tender: { channel: 'cash', tendered: cny(1_000) } };
const FUNDS_K1 = { funding: { contractId: 'k1' } };

/** 1,000 fen in cash for k1. */
function funded(): DraftEvent[] {
  const way = captured(PAID, [posting('world:cash', 'cash:d1', 1_000)], 'cash:d1');
  const [into] = way.data['postings'] as Data[];
  const postings = [into, posting('cash:d1', 'clearing:funding', 1_000)];
  return [
    contract('k1', 'ContractDrafted', [0, 0, 0], { status: 'drafted' }),
    initiated({ ...PAID, more: FUNDS_K1 }),
    contract('k1', 'FundingReserved', [0, 0, 0], { paymentId: 'p20', amount: '1000' }),
    { ...way, data: { ...way.data, ...FUNDS_K1, postings } },
    deposited('k1', [1_000, 0, 0], {
      depositId: 'payment-p20',
      minor: 1_000,
      source: { kind: 'payment', paymentId: 'p20' },
    }),
    on.receipt(7, 'p20', 'k1', [1_000]),
  ];
}

const UNDELIVERABLE = {
  kind: 'payoutUndeliverable',
  subject: 'contract-k1',
  facts: { payout: 'k1:lost:50', role: 'teacher', amount: '0.50' },
};

/** 200 to the school, 100 to a wallet; 150 to k2, which gives them back; 50 to a wallet that is none. */
function released(): DraftEvent[] {
  const toWallet = { role: 'teacher', account: 'clearing:payout' };
  const credit = { creditId: 'credit-k1', amount: cny(100), source: 'clearing:payout' };
  return [
    paidOut('k1', [1_000, 300, 0], { releaseId: 'k1:lesson:300' }, [
      { role: 'school', minor: 200, account: 'org:school-2:payable' },
      { ...toWallet, minor: 100, onTo: 'wallet:w9' },
    ]),
    onWallet('WalletCredited', { ...credit, postings: [posting('clearing:payout', 'wallet:w9', 100)] }, 'w9'),
    contract('k2', 'ContractDrafted', [0, 0, 0], { status: 'drafted' }),
    paidOut('k1', [1_000, 450, 0], { releaseId: 'k1:grant:150' }, [
      { role: 'fund', minor: 150, account: 'clearing:funding', onTo: 'contract:k2' },
    ]),
    deposited('k2', [150, 0, 0], {
      depositId: 'payout-1',
      minor: 150,
      source: { kind: 'contract', contractId: 'k1', releaseId: 'k1:grant:150' },
    }),
    paidOut('k2', [150, 0, 150], { refundId: 'k2:end:150' }, [
      { role: 'fund', minor: 150, account: 'clearing:payout', onTo: 'origin' },
    ]),
    planned('k2', 'k2:end:150', 'fund', [{ origin: { kind: 'contract', contractId: 'k1' }, minor: 150 }]),
    contract('k2', 'ContractClosed', [150, 0, 150], { status: 'expired' }),
    deposited('k1', [1_150, 450, 0], {
      depositId: 'return-1',
      minor: 150,
      source: { kind: 'contract', contractId: 'k2', releaseId: 'k2:end:150' },
    }),
    paidOut('k1', [1_150, 500, 0], { releaseId: 'k1:lost:50' }, [
      { ...toWallet, minor: 50, onTo: 'wallet:w0' },
    ]),
    draft('case-kc', 'CaseOpened', { caseId: 'kc', ...UNDELIVERABLE }, 2),
  ];
}

function planned(
  id: string,
  payoutId: string,
  role: string,
  parts: readonly { readonly origin: Data; readonly minor: number }[],
): DraftEvent {
  const minor = parts.reduce((sum, part) => sum + part.minor, 0);
  const toContracts = parts.filter(({ origin }) => origin['kind'] === 'contract');
  const postings = toContracts.map((part) => posting('clearing:payout', 'clearing:funding', part.minor));
  return draft(`contractOrigins-${id}`, 'ContractReturnPlanned', {
    contractId: id,
    payoutId,
    role,
    amount: cny(minor),
    parts: parts.map((part) => ({ origin: part.origin, amount: cny(part.minor) })),
    unknown: cny(0),
    ...(postings.length > 0 && { postings }),
  });
}

/** The other 650 fen go back in cash, and k1 is at its end. */
function givenBack(): DraftEvent[] {
  const payout = { contractId: 'k1', payoutId: 'k1:rest:650', role: 'payer' };
  const asked = on.refundRequested('rk1', {
    paymentId: 'p20',
    billId: 'k1',
    minor: 650,
    refundKind: 'contract',
  });
  return [
    paidOut('k1', [1_150, 500, 650], { refundId: 'k1:rest:650' }, [
      { role: 'payer', minor: 650, account: 'clearing:payout', onTo: 'origin' },
    ]),
    contract('k1', 'ContractClosed', [1_150, 500, 650], { status: 'completed' }),
    planned('k1', 'k1:rest:650', 'payer', [{ origin: { kind: 'payment', paymentId: 'p20' }, minor: 650 }]),
    { ...asked, type: 'RefundRequested.v2', data: { ...asked.data, payout, approvalNeeded: false } },
    onRefund('RefundApproved', 'rk1', { checker: null }),
    onRefund('RefundSent', 'rk1', {
      postings: [posting('clearing:payout', 'clearing:refund', 650)],
      sentAt: '2026-09-03T00:00:00.000Z',
    }),
    onRefund('RefundReturned', 'rk1', {
      postings: [posting('clearing:refund', 'cash:d2', 650), posting('cash:d2', 'world:cash', 650)],
    }),
    onRefund('RefundCompleted', 'rk1'),
  ];
}

/** The totals in an event of the contract, by its revision. */
export function contractsIn(
  events: readonly DraftEvent[],
  id: string,
  revision: number,
): Record<string, string> {
  const own = events.filter(({ stream }) => stream === `contract-${id}`);
  return own[revision]!.data['totals'] as Record<string, string>;
}

export function custody(): DraftEvent[] {
  return [...funded(), ...released(), ...givenBack()];
}
