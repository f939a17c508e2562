import type { Posting } from '#libs/kernel/money/index.js';
import type { ContractEvent, Totals } from '../../domain/release-contract/messages.js';
import { ProofFault, type Step } from './history.js';

const ENDED: ReadonlySet<string> = new Set(['completed', 'cancelled', 'refunded', 'expired']);
/** Money may not move by these while everything is frozen; a verdict thaws first. */
const MOVING: ReadonlySet<string> = new Set(['FundsReleased', 'FundsRefunded']);

/**
 * The laws of custody over the figures that every event carries, and over the balance that its postings give; without a word of
 * what the contract says: an account of its own.
 *
 * @throws ProofFault
 */
export function checkFigures(steps: readonly Step[]): string {
  let last: Step | undefined;
  let balance = 0n;
  for (const step of steps) {
    const { data } = step.event;
    assertPlace(step, last);
    assertTotals(data.totals, last?.event.data.totals, step);
    balance += movedBy(step.event, `custody:${data.contractId}`);
    if (balance !== data.totals.held)
      fault(step, `custody holds ${balance}, the contract says ${data.totals.held}`);
    if (last && ENDED.has(last.event.data.status)) fault(step, 'it happened after the end');
    if (ENDED.has(data.status) && data.totals.held !== 0n)
      fault(step, 'the contract ended with money in custody');
    if (MOVING.has(step.event.type) && last?.event.data.status === 'frozen') {
      fault(step, 'money moved while it was frozen');
    }
    last = step;
  }
  return `custody holds what the contract says after each of ${steps.length} events`;
}

function assertPlace(step: Step, last: Step | undefined): void {
  const { seq, at, contractId, asset } = step.event.data;
  if (seq !== step.revision) fault(step, `it says that it is number ${seq}`);
  if (step.metadata.at !== at) fault(step, 'its metadata has another time');
  if (step.event.type === 'ContractDrafted') {
    const { tenant, organisationId } = step.event.data;
    if (tenant !== step.metadata.tenant) fault(step, 'it was stored for another tenant');
    if (organisationId !== step.metadata.organisation) fault(step, 'it was stored for another organisation');
  }
  if (!last) return;
  const before = last.event.data;
  if (at < before.at) fault(step, 'time went back');
  if (contractId !== before.contractId || asset !== before.asset) fault(step, 'it is about another contract');
  if (step.metadata.tenant !== last.metadata.tenant) fault(step, 'it belongs to another tenant');
}

function assertTotals(now: Totals, before: Totals | undefined, step: Step): void {
  const { funded, released, refunded, held, frozen } = now;
  if (funded !== released + refunded + held)
    fault(step, 'funded is not released, refunded and held together');
  if (held < 0n || frozen < 0n || frozen > held) fault(step, 'more is frozen than is held');
  if (before && (funded < before.funded || released < before.released || refunded < before.refunded)) {
    fault(step, 'a total fell');
  }
}

/** Into the account, less out of it. */
function movedBy(event: ContractEvent, account: string): bigint {
  if (!('postings' in event.data)) return 0n;
  return event.data.postings.reduce((sum, posting) => sum + effectOn(account, posting), 0n);
}

function effectOn(account: string, { source, destination, amount }: Posting): bigint {
  return (destination === account ? amount.amount : 0n) - (source === account ? amount.amount : 0n);
}

function fault({ revision, event }: Step, what: string): never {
  throw new ProofFault(`event ${revision}, ${event.type}: ${what}`);
}
