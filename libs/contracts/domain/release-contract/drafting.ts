import { accept, reject, type Decision } from '#libs/kernel/decider/index.js';
import { compileTerms } from '../terms/index.js';
import type { Terms } from '../terms/types.js';
import { isPayee } from './accounts.js';
import { apply } from './apply.js';
import type { ContractCommand, ContractEvent, ContractRefusal } from './messages.js';
import { refuse } from './refusals.js';
import { figuresOf } from './scratch.js';
import type { ContractState } from './state.js';

type Draft = Extract<ContractCommand, { kind: 'draft' }>;

/** The same input again is the same contract; another under its id is a conflict. */
export function draft(command: Draft, state: ContractState): Decision<ContractEvent, ContractRefusal> {
  if (state.status !== 'absent') {
    if (state.inputHash === command.inputHash) return accept();
    return reject(refuse('IDEMPOTENCY_CONFLICT', 'Another contract has been drafted under this id.'));
  }
  const compiled = compileTerms(command.template, command.templateHash, command.params);
  if (!compiled.accepted) return reject(compiled.rejection);
  const terms = compiled.value;
  const fault = deadlineFault(command, terms) ?? partiesFault(command, terms);
  if (fault) return reject(fault);
  const { kind: _kind, calendar: _calendar, ...agreed } = command;
  const deadlines = { fundBy: terms.funding.by, endsAt: terms.end.at };
  const bare = { ...agreed, seq: 0, asset: terms.asset, ...deadlines };
  const drafted = apply(state, { type: 'ContractDrafted', data: bare });
  return accept({ type: 'ContractDrafted', data: { ...bare, ...figuresOf(drafted) } });
}

function deadlineFault({ at }: Draft, { funding, end }: Terms): ContractRefusal | undefined {
  if (funding.by > at && end.at > at) return undefined;
  return invalid('funding/by', 'The contract would be over before it began.');
}

/** Every role that the contract cannot do without has one party, and money has somewhere to go. */
export function partiesFault(
  { parties, contractId }: Pick<Draft, 'parties' | 'contractId'>,
  terms: Terms,
): ContractRefusal | undefined {
  const filled = new Set<string>();
  const paid = paidRoles(terms);
  for (const { role, payTo } of parties) {
    if (!terms.roles.includes(role)) return invalid(`parties/${role}`, `The contract has no role ${role}.`);
    if (filled.has(role)) return invalid(`parties/${role}`, `The role ${role} has two parties.`);
    if (payTo !== null && !isPayee(payTo, contractId)) {
      return invalid(`parties/${role}/payTo`, `Money cannot be paid out to ${payTo}.`);
    }
    // The way back is the funder's: anybody else's money would be called released and go to the payer.
    if (payTo === null && role !== terms.funding.from && paid.includes(role)) {
      return invalid(`parties/${role}/payTo`, `The contract pays ${role}: name a wallet to be paid into.`);
    }
    filled.add(role);
  }
  const missing = neededRoles(terms).find((role) => !filled.has(role));
  return missing === undefined
    ? undefined
    : invalid(`parties/${missing}`, `Nobody fills the role ${missing}.`);
}

/** Payees of claims may be open: the claim names them. */
function neededRoles(terms: Terms): readonly string[] {
  const payees = payeesOf(terms.rules.filter(({ amount }) => amount.kind !== 'claim'));
  const always = terms.roles.filter((role) => !terms.optionalRoles.includes(role));
  return [...always, ...payees, terms.funding.from, terms.end.to];
}

/** Roles that a rule, a share of one or the end pays. */
function paidRoles({ rules, end }: Terms): readonly string[] {
  return [...payeesOf(rules), end.to];
}

function payeesOf(rules: Terms['rules']): readonly string[] {
  return rules.flatMap(({ to }) => to.map((share) => share.to));
}

function invalid(parameter: string, message: string): ContractRefusal {
  return { code: 'INVALID_PARAMETERS', message, path: ['input', 'parties'], details: { parameter } };
}
