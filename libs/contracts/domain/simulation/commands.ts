import type { Rejection } from '#libs/kernel/errors/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import type { Calendar } from '../calendar/types.js';
import type { Contract, ContractCommand, Party, PartySignature } from '../release-contract/index.js';
import type { Condition, Rule, Terms } from '../terms/types.js';
import { amendedParameters } from '../terms/index.js';
import type { SimulatedAct, SimulationInput } from './types.js';

/** Ids of a simulation stand for nothing outside it. */
export const CONTRACT = asId<'contract'>('00000000-0000-4000-8000-000000000000');
const TENANT = asId<'tenant'>('simulation');
const ORGANISATION = asId<'organisation'>('simulation');
const HASH = '0'.repeat(64);

type Common = Pick<ContractCommand, 'at' | 'by' | 'calendar'>;
type Act<Kind extends SimulatedAct['kind']> = Extract<SimulatedAct, { kind: Kind }>;

/** One act may take several commands: a payment is reserved for and then deposited. */
export type Commands =
  { readonly commands: readonly ContractCommand[] } | { readonly refusal: Rejection<'INVALID_PARAMETERS'> };

/** Drafting, and the signatures of everybody who signs. */
export function agreement(input: SimulationInput, signers: readonly string[]): readonly ContractCommand[] {
  const { template, templateHash, params, calendar, startsAt: at } = input;
  const draft: ContractCommand = {
    kind: 'draft',
    at,
    by: { role: 'system', partyId: 'simulation' },
    calendar,
    contractId: CONTRACT,
    tenant: TENANT,
    organisationId: ORGANISATION,
    inputHash: HASH,
    subject: 'simulation',
    region: calendar.region,
    template,
    templateHash,
    params,
    parties: partiesOf(input),
    docHash: HASH,
  };
  return [draft, ...signers.map((role) => signAs(role, { at, by: partyOf(role), calendar }))];
}

/** Everybody is there but whom the contract can do without; what is paid back goes the way it came. */
function partiesOf({ template: { roles, funding } }: SimulationInput): readonly Party[] {
  return Object.entries(roles)
    .filter(([, { optional }]) => !optional)
    .map(([role]) => ({
      role,
      partyId: role,
      kind: 'organisation',
      payTo: role === funding.from ? null : `org:${role}:payable`,
    }));
}

function signAs(role: string, common: Common): ContractCommand {
  return { kind: 'sign', ...common, role, signature: signatureOf(role, HASH) };
}

function signatureOf(role: string, docHash: string): PartySignature {
  return { keyId: role, alg: 'account', docHash, sig: '' };
}

function partyOf(role: string): Common['by'] {
  return { role, partyId: role };
}

/** @param nth number of the act, for its ids */
export function commandsOf(act: SimulatedAct, nth: number, state: Contract, calendar: Calendar): Commands {
  const by = 'role' in act ? partyOf(act.role) : { role: 'system', partyId: 'simulation' };
  const common: Common = { at: act.at, by, calendar };
  const id = `act-${nth}`;
  switch (act.kind) {
    case 'fund':
      return { commands: funding(act, common, id) };
    case 'attest':
      return { commands: [attest(act, common, id, state.terms)] };
    case 'confirm':
      return { commands: [{ kind: 'confirm', ...common, ruleId: act.rule, dedupeKey: act.unit }] };
    case 'object':
      return { commands: [object(act, common, id)] };
    case 'vote': {
      const disputeId = state.dispute?.disputeId ?? 'none';
      return { commands: [{ kind: 'vote', ...common, disputeId, outcome: act.outcome }] };
    }
    case 'approve': {
      const unit = { ruleId: act.rule, dedupeKey: act.unit ?? '' };
      return { commands: [{ kind: 'approve', ...common, ...unit, decision: act.decision ?? 'approve' }] };
    }
    case 'claim':
      return { commands: [claim(act, common, id)] };
    case 'reveal': {
      const rule = state.terms.rules.find((one) => one.id === act.rule);
      const preimageHash = (rule && secretOf(rule.when)) ?? HASH;
      return { commands: [{ kind: 'reveal', ...common, ruleId: act.rule, preimage: '', preimageHash }] };
    }
    case 'draw':
      return { commands: [{ kind: 'draw', ...common, ruleId: act.rule }] };
    case 'withdraw':
      return { commands: [{ kind: 'withdrawDraft', ...common, reason: 'simulation' }] };
    case 'amend':
      return amend(act, common, id, state);
    default:
      return assertNever(act, 'simulated act');
  }
}

function funding({ amount }: Act<'fund'>, common: Common, id: string): readonly ContractCommand[] {
  const paymentId = asId<'payment'>(id);
  const source = { kind: 'payment', paymentId } as const;
  return [
    { kind: 'reserveFunding', ...common, paymentId, amount },
    { kind: 'deposit', ...common, depositId: id, source, amount },
  ];
}

function attest(act: Act<'attest'>, common: Common, id: string, terms: Terms): ContractCommand {
  const { rule: ruleId, payload, observedAt } = act;
  const rule = terms.rules.find((one) => one.id === ruleId);
  const asked = rule ? attestedIn(rule.when) : [];
  const condition =
    asked.find(({ by, dedupe }) =>
      act.attestor === undefined ? unitIn(payload, dedupe) !== '' : by === act.attestor,
    ) ?? asked[0];
  const attestor = condition && terms.attestors[condition.by];
  const statement = {
    contractId: CONTRACT,
    rule: ruleId,
    schema: attestor?.schema ?? '',
    dedupeKey: condition ? unitIn(payload, condition.dedupe) : '',
    payload,
    observedAt: observedAt ?? act.at,
  };
  const keys = attestor?.keys.slice(0, attestor.k) ?? [];
  return {
    kind: 'attest',
    ...common,
    evidenceId: id,
    statement,
    // Nothing but a text that differs where the statement does.
    statementHash: JSON.stringify(statement),
    signatures: keys.map(({ keyId, alg }) => ({ keyId, alg, sig: '' })),
  };
}

function attestedIn(condition: Condition): readonly Extract<Condition, { kind: 'attested' }>[] {
  if (condition.kind === 'attested') return [condition];
  return condition.kind === 'all' || condition.kind === 'any' ? condition.of.flatMap(attestedIn) : [];
}

function secretOf(condition: Condition): string | undefined {
  if (condition.kind === 'preimage') return condition.hash;
  if (condition.kind !== 'all' && condition.kind !== 'any') return undefined;
  return condition.of.map(secretOf).find((hash) => hash !== undefined);
}

/** The payload's value at a pointer as text; '' where there is none. */
function unitIn(payload: Readonly<Record<string, unknown>>, pointer: string): string {
  let value: unknown = payload;
  for (const part of pointer.slice(1).split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return '';
    value = (value as Record<string, unknown>)[name];
  }
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? JSON.stringify(value) : '';
}

function object({ rule, unit, reasonCode }: Act<'object'>, common: Common, id: string): ContractCommand {
  const subject = rule === undefined ? null : { ruleId: rule, dedupeKey: unit ?? '' };
  return { kind: 'dispute', ...common, disputeId: id, subject, reasonCode: reasonCode ?? 'simulated' };
}

function claim(act: Act<'claim'>, common: Common, id: string): ContractCommand {
  const { rule: ruleId, amount, spend, merchantId = 'merchant', mcc = '0000' } = act;
  const merchantAccount = `org:${merchantId}:payable`;
  return {
    kind: 'claim',
    ...common,
    ruleId,
    claimId: id,
    amount,
    spend: spend ?? amount,
    merchantId,
    mcc,
    merchantAccount,
  };
}

function amend(
  { params: changed }: Act<'amend'>,
  common: Common,
  amendmentId: string,
  state: Contract,
): Commands {
  const { template, terms, params: current } = state;
  const params = amendedParameters(template, { current, changed, regional: {} });
  if (!params.accepted) return { refusal: params.rejection };
  const { templateHash } = terms;
  const docHash = amendmentId;
  const document = { template, templateHash, params: params.value, reason: 'simulation', docHash };
  const propose: ContractCommand = { kind: 'proposeAmendment', ...common, amendmentId, ...document };
  const sign = (role: Rule['id']): ContractCommand => ({
    kind: 'signAmendment',
    ...common,
    by: partyOf(role),
    amendmentId,
    role,
    signature: signatureOf(role, docHash),
  });
  return { commands: [propose, ...terms.signers.map(sign)] };
}
