import { epochMsOf, type Instant } from '#libs/kernel/time/index.js';
import { canonicalJson } from '#libs/signatures/canonical/index.js';
import { contractAggregate, contractEvents } from '../../codec/index.js';
import { shortestMs } from '../../domain/calendar/index.js';
import type { Duration } from '../../domain/calendar/types.js';
import { type Contract, nextDueAt, totalsOf } from '../../domain/release-contract/index.js';
import type { ContractEvent } from '../../domain/release-contract/messages.js';
import { commandsOf } from './command-of.js';
import { ProofFault, type Step } from './history.js';

/** Moments that a calendar of working days has a say in. */
const BY_CALENDAR = ['payableAt', 'deadline', 'nextDueAt', 'timers'];

/**
 * Decides every command anew, from what its events say it asked, on the contract as it was: what the terms give must be what is
 * stored, event by event and figure by figure. The last command's events may be cut off after the payout.
 *
 * @throws ProofFault
 */
export function checkDecisions(steps: readonly Step[]): string {
  const commands = byCommand(steps);
  for (const [index, batch] of commands.entries()) assertDecided(batch, index === commands.length - 1);
  for (const step of steps) assertMoments(step);
  return `${commands.length} commands give these ${steps.length} events`;
}

function byCommand(steps: readonly Step[]): readonly (readonly Step[])[] {
  const commands: Step[][] = [];
  for (const step of steps) {
    const last = commands.at(-1);
    if (last?.[0]?.metadata.commandId === step.metadata.commandId) last.push(step);
    else commands.push([step]);
  }
  return commands;
}

function assertDecided(batch: readonly Step[], mayBeCutOff: boolean): void {
  const { before, revision } = batch[0]!;
  const stored = batch.map(({ event }) => textOf(event));
  for (const command of commandsOf(
    batch.map(({ event }) => event),
    before,
  )) {
    const decision = contractAggregate.decider.decide(command, before);
    if (!decision.accepted) continue;
    const decided = decision.events.map(textOf);
    const whole = decided.length === stored.length || (mayBeCutOff && decided.length > stored.length);
    if (whole && stored.every((text, place) => text === decided[place])) return;
  }
  throw new ProofFault(`the terms do not give what is stored from event ${revision} on`);
}

/** An event in stored form, without the moments that the calendar decides. */
function textOf(event: ContractEvent): string {
  const data = { ...encoded(event) };
  for (const member of BY_CALENDAR) if (data[member] !== undefined) data[member] = null;
  return canonicalJson({ type: event.type, data });
}

function encoded({ type, data }: ContractEvent): Record<string, unknown> {
  const codec = contractEvents.types[type] as {
    encode(data: ContractEvent['data']): Record<string, unknown>;
  };
  return codec.encode(data);
}

/** No notice is shorter than any calendar allows, and the figures are those of the contract after the event. */
function assertMoments({ revision, event, before, after }: Step): void {
  if (after.status === 'absent') throw new ProofFault(`event ${revision} leaves no contract`);
  const { at, status, nextDueAt: due, totals } = event.data;
  const now = totalsOf(after);
  const same = Object.entries(now).every(([name, amount]) => totals[name as keyof typeof totals] === amount);
  if (status !== after.status || due !== nextDueAt(after) || !same) {
    throw new ProofFault(`event ${revision} says of the contract what is not so`);
  }
  if (before.status === 'absent') return;
  const notice = noticeOf(event, before);
  if (notice && !isLongEnough(at, notice))
    throw new ProofFault(`the notice of event ${revision} is too short`);
}

interface Notice {
  readonly until: Instant;
  /** Null: none. */
  readonly period: Duration | null;
}

function noticeOf(event: ContractEvent, { terms }: Contract): Notice | undefined {
  switch (event.type) {
    case 'EvidenceAccepted': {
      const { payableAt: until, statement } = event.data;
      return until === null ? undefined : { until, period: coolingOf(terms, statement.rule) };
    }
    case 'EntitlementAccrued':
      return { until: event.data.payableAt, period: coolingOf(terms, event.data.ruleId) };
    case 'DisputeOpened':
      return { until: event.data.deadline, period: terms.dispute.timeout };
    default:
      return undefined;
  }
}

function coolingOf({ rules }: Contract['terms'], ruleId: string): Duration | null {
  return rules.find(({ id }) => id === ruleId)?.cooling ?? null;
}

function isLongEnough(at: Instant, { until, period }: Notice): boolean {
  return period === null ? until === at : epochMsOf(until) - epochMsOf(at) >= shortestMs(period);
}
