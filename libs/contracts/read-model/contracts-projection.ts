import type { EventSet } from '#libs/event-log/codec/types.js';
import type { Projection } from '#libs/event-log/consumers/types.js';
import type { ViewRow, ViewWriter } from '#libs/views/port/index.js';
import { contractEvents } from '../codec/index.js';
import type {
  Common,
  ContractDrafted,
  ContractEvent,
  EntitlementAccrued,
  EvidenceAccepted,
  Totals,
} from '../domain/release-contract/messages.js';
import { told } from './contract-story.js';
import { contractEntryTable, contractPartyTable, contractTable, contractUnitTable } from './tables.js';

/** Release contracts, their units and their timelines. Every event carries the figures after it: nothing is read here. */
export const contractsProjection: Projection = {
  name: 'contracts',
  version: 1,
  tables: [contractTable, contractPartyTable, contractUnitTable, contractEntryTable],
  events: [contractEvents as unknown as EventSet],
  project(decoded, view) {
    const event = decoded.event as ContractEvent;
    if (event.type === 'ContractDrafted') putContract(event.data, view);
    else patchContract(event, view);
    putEntry(event, decoded.id, view);
    followUnits(event, view);
  },
};

function putContract(data: ContractDrafted['data'], view: ViewWriter): void {
  view.put('contract', {
    id: data.contractId,
    tenant: data.tenant,
    organisation_id: data.organisationId,
    subject: data.subject,
    template_id: data.template.id,
    template_version: data.template.version,
    asset: data.asset,
    drafted_at: data.at,
    ends_at: data.endsAt,
    ...standingOf(data),
  });
  // Rows by reader, not by role: who fills two roles finds the contract once.
  const readers = [
    { kind: 'tenant', partyId: data.tenant },
    { kind: 'organisation', partyId: data.organisationId },
    ...data.parties.map(({ kind, partyId }) => ({ kind, partyId })),
  ];
  for (const { kind, partyId } of readers) {
    const row = { contract_id: data.contractId, kind, party_id: partyId, drafted_at: data.at };
    view.put('contract_party', row);
  }
}

function patchContract(event: ContractEvent, view: ViewWriter): void {
  const { data } = event;
  const endsMove = event.type === 'ContractAmended' || event.type === 'ContractActivated';
  const ends: ViewRow = endsMove ? { ends_at: event.data.endsAt } : {};
  view.patch('contract', { id: data.contractId }, { ...standingOf(data), ...ends });
}

function standingOf({ status, nextDueAt, seq, at, totals }: Common) {
  return { status, next_due_at: nextDueAt, last_seq: seq, last_at: at, ...figuresOf(totals) };
}

function figuresOf({ funded, released, refunded, held, frozen }: Totals) {
  return {
    funded_minor: funded,
    released_minor: released,
    refunded_minor: refunded,
    held_minor: held,
    frozen_minor: frozen,
  };
}

function putEntry(event: ContractEvent, eventId: string, view: ViewWriter): void {
  const { contractId, seq, at, by, totals, status } = event.data;
  const { messageKey, unit, amount, details } = told(event);
  view.put('contract_entry', {
    contract_id: contractId,
    seq,
    event_id: eventId,
    type: event.type,
    at,
    by_role: by.role,
    by_party: by.partyId,
    rule_id: unit?.ruleId ?? null,
    dedupe_key: unit?.dedupeKey ?? null,
    amount_minor: amount ?? null,
    ...figuresOf(totals),
    status,
    message_key: messageKey,
    details: JSON.stringify(details),
  });
}

function followUnits(event: ContractEvent, view: ViewWriter): void {
  const contract_id = event.data.contractId;
  switch (event.type) {
    case 'EvidenceAccepted':
      return putAttested(event.data, view);
    case 'EntitlementAccrued':
      return putAccrued(event.data, view);
    case 'FundsReleased':
    case 'FundsRefunded': {
      const { ruleId: rule_id, dedupeKeys } = event.data;
      if (rule_id === null) return;
      // A unit that was waived and refunded stays waived.
      if (event.type === 'FundsRefunded' && event.data.reason !== 'rule') return;
      for (const dedupe_key of dedupeKeys) {
        view.patch('contract_unit', { contract_id, rule_id, dedupe_key }, { status: 'RELEASED' });
      }
      return;
    }
    case 'EntitlementWaived': {
      const { ruleId, dedupeKey } = event.data;
      const unit = { contract_id, rule_id: ruleId, dedupe_key: dedupeKey };
      return view.patch('contract_unit', unit, { status: 'WAIVED' });
    }
    default:
      return;
  }
}

function putAttested(data: EvidenceAccepted['data'], view: ViewWriter): void {
  const { statement, payableAt, entitlementBefore, entitlementAfter } = data;
  view.put('contract_unit', {
    contract_id: data.contractId,
    rule_id: statement.rule,
    dedupe_key: statement.dedupeKey,
    since_seq: data.seq,
    amount_minor: entitlementAfter - entitlementBefore,
    status: payableAt === null ? 'ACCEPTED' : 'COOLING',
    payable_at: payableAt,
    evidence_id: data.evidenceId,
  });
}

function putAccrued(data: EntitlementAccrued['data'], view: ViewWriter): void {
  const { contractId, ruleId, dedupeKey, before, after, payableAt, seq } = data;
  const unit = { contract_id: contractId, rule_id: ruleId, dedupe_key: dedupeKey };
  // The evidence may have made the row before; a unit without a key grows with every step.
  view.accumulate('contract_unit', unit, { amount_minor: after - before });
  const grows: ViewRow = dedupeKey === '' ? { since_seq: seq } : {};
  view.patch('contract_unit', unit, { status: 'COOLING', payable_at: payableAt, ...grows });
  if (dedupeKey !== '') view.patch('contract_unit', { ...unit, since_seq: null }, { since_seq: seq });
}
