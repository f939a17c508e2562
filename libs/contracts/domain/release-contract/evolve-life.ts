import type { Bare } from './bare-event.js';
import { planOf } from './conditions.js';
import { NO_BASE, stepAfter } from './entitlement.js';
import { heldBy, owedBy } from './figures.js';
import { impossible } from './impossible.js';
import type { MomentTimer } from './messages.js';
import type { Contract, EndedStatus, RuleBook } from './state.js';
import { compileTerms } from '../terms/index.js';
import type { Rule, Terms } from '../terms/types.js';
import { timerOfMoment } from './timers.js';

export function drafted(data: Bare<'ContractDrafted'>): Contract {
  const { template, templateHash, params, at } = data;
  const compiled = compileTerms(template, templateHash, params);
  if (!compiled.accepted) throw impossible('ContractDrafted', 'with parameters that do not fit');
  const terms = compiled.value;
  return {
    contractId: data.contractId,
    tenant: data.tenant,
    organisationId: data.organisationId,
    inputHash: data.inputHash,
    subject: data.subject,
    region: data.region,
    template,
    params,
    docHash: data.docHash,
    parties: data.parties,
    fundBy: data.fundBy,
    endsAt: data.endsAt,
    at,
    terms,
    status: 'drafted',
    plans: terms.rules.map(planOf),
    rules: terms.rules.map(emptyBook),
    retired: [],
    seq: 1,
    draftedAt: at,
    signed: [],
    activatedAt: null,
    fundByFired: false,
    endFired: false,
    funded: 0n,
    released: 0n,
    refunded: 0n,
    givenBack: 0n,
    fundingOpen: true,
    reserved: [],
    payments: null,
    deposits: null,
    open: null,
    cooling: null,
    backlog: null,
    seen: null,
    unitCount: 0,
    dispute: null,
    disputes: [],
    verdict: null,
    amendment: null,
    amendments: [],
    closing: null,
  };
}

export function emptyBook(rule: Rule): RuleBook {
  return {
    ruleId: rule.id,
    entitled: 0n,
    paid: 0n,
    waived: 0n,
    accruals: 0,
    reading: null,
    bareAccrued: false,
    revealed: [],
    moments: [],
    step: null,
    shiftMs: 0,
    base: NO_BASE,
  };
}

export function signed(state: Contract, { role, complete }: Bare<'ContractSigned'>): Contract {
  if (state.status !== 'drafted' || state.signed.includes(role)) throw impossible('ContractSigned', 'twice');
  return {
    ...state,
    signed: [...state.signed, role],
    status: complete ? 'awaitingFunding' : 'drafted',
  };
}

export function activated(state: Contract, { at, endsAt, timers }: Bare<'ContractActivated'>): Contract {
  if (state.status !== 'awaitingFunding') throw impossible('ContractActivated', 'without being signed');
  const rules = state.rules.map((book, index) => ({
    ...book,
    moments: momentsFrom(timers, state, index),
    step: firstStep(state.terms, index),
  }));
  return { ...state, status: 'active', activatedAt: at, endsAt, rules };
}

function momentsFrom(
  timers: readonly MomentTimer[],
  { terms, plans }: Contract,
  index: number,
): RuleBook['moments'] {
  const { id } = terms.rules[index]!;
  return plans[index]!.moments.map((_, nth) => {
    const timer = timers.find(({ timerId }) => timerId === timerOfMoment(id, nth));
    if (!timer) throw impossible('ContractActivated', 'without a timer of its rules');
    return { dueAt: timer.dueAt, fired: false };
  });
}

function firstStep({ rules }: Terms, index: number): RuleBook['step'] {
  const { amount } = rules[index]!;
  return amount.kind === 'linear' ? stepAfter(amount, null, { n: 1, shiftMs: 0 }) : null;
}

export function closed(state: Contract, { reason }: Bare<'ContractClosed'>): Contract {
  if (heldBy(state) !== 0n || state.reserved.length > 0)
    throw impossible('ContractClosed', 'with money held');
  if (owedBy(state) !== 0n) throw impossible('ContractClosed', 'with money owed');
  return { ...state, status: endedAs(state, reason), amendment: null, dispute: null };
}

function endedAs(state: Contract, reason: Bare<'ContractClosed'>['reason']): EndedStatus {
  switch (reason) {
    case 'paidOut':
    case 'final':
      return 'completed';
    case 'withdrawn':
    case 'notFunded':
      return 'cancelled';
    case 'end':
      return 'expired';
    case 'authority':
      return state.activatedAt === null ? 'cancelled' : 'refunded';
    case 'dispute':
      return state.verdict === 'refund' ? 'refunded' : 'completed';
  }
}
