import { valuesOf } from '#libs/kernel/collections/index.js';
import { money, type Money } from '#libs/kernel/money/index.js';
import type { ContractSummary, UnitView } from '../contract/release-contracts.js';
import {
  booksOf,
  fundable,
  totalsOf,
  unitStandsStill,
  unsignedAmendmentIn,
  unsignedIn,
} from '../domain/release-contract/figures.js';
import type {
  Contract,
  OpenAmendment,
  OpenDispute,
  RuleBook,
  Unit,
} from '../domain/release-contract/state.js';
import { nextDueAt } from '../domain/release-contract/timers.js';

/** A contract as others may see it; open units are listed when somebody looks at them. */
export function summaryOf(state: Contract): ContractSummary {
  const { terms, template } = state;
  const figure = (minor: bigint): Money => money(terms.asset, minor);
  const totals = totalsOf(state);
  const room = fundable(state);
  let openUnits: readonly UnitView[] | undefined;
  return {
    contractId: state.contractId,
    tenant: state.tenant,
    organisationId: state.organisationId,
    subject: state.subject,
    region: state.region,
    title: template.title,
    templateId: terms.templateId,
    templateVersion: terms.templateVersion,
    templateHash: terms.templateHash,
    params: state.params,
    docHash: state.docHash,
    status: state.status,
    parties: state.parties,
    unsigned: unsignedIn(state),
    funded: figure(totals.funded),
    released: figure(totals.released),
    refunded: figure(totals.refunded),
    held: figure(totals.held),
    frozen: figure(totals.frozen),
    fundable: { min: figure(room?.min ?? 0n), max: figure(room?.max ?? 0n) },
    draftedAt: state.draftedAt,
    fundBy: state.fundBy,
    endsAt: state.endsAt,
    nextDueAt: nextDueAt(state),
    // Thousands in a large contract, and of no use to most who ask.
    get openUnits() {
      return (openUnits ??= openUnitsOf(state));
    },
    rules: booksOf(state).map((book) => ruleOf(state, book)),
    openDispute: state.dispute && disputeOf(state.dispute),
    openAmendment: state.amendment && amendmentOf(state, state.amendment),
  };
}

function openUnitsOf(state: Contract): readonly UnitView[] {
  const units = [...valuesOf(state.open)].toSorted((one, other) => one.order - other.order);
  return units.map((unit) => ({
    ruleId: unit.ruleId,
    dedupeKey: unit.dedupeKey,
    amount: money(state.terms.asset, unit.amount),
    status: statusOf(state, unit),
    payableAt: unit.payableAt,
  }));
}

function statusOf(state: Contract, unit: Unit): UnitView['status'] {
  if (unitStandsStill(state, unit)) return 'DISPUTED';
  switch (unit.status) {
    case 'waiting':
      return 'ACCEPTED';
    case 'cooling':
      return 'COOLING';
    case 'payable':
      return 'OWED';
  }
}

function ruleOf({ template, terms }: Contract, book: RuleBook): ContractSummary['rules'][number] {
  const { ruleId, accruals, entitled, paid, waived } = book;
  const rule = template.rules.find(({ id }) => id === ruleId);
  return {
    ruleId,
    // A rule that an amendment took out has no words any more.
    title: rule?.title ?? { 'zh-CN': ruleId, 'en-US': ruleId },
    units: accruals,
    entitled: money(terms.asset, entitled),
    paid: money(terms.asset, paid),
    waived: money(terms.asset, waived),
  };
}

function disputeOf({ disputeId, subject, deadline, votes }: OpenDispute): ContractSummary['openDispute'] {
  return { disputeId, subject, deadline, votes };
}

function amendmentOf(state: Contract, amendment: OpenAmendment): ContractSummary['openAmendment'] {
  const { amendmentId, terms, params, reason, docHash } = amendment;
  return {
    amendmentId,
    templateVersion: terms.templateVersion,
    templateHash: terms.templateHash,
    params,
    reason,
    docHash,
    unsigned: unsignedAmendmentIn(state),
  };
}
