/** Disputes on the small contract of contract-fixture.ts. */
import type { ContractEvent } from '#libs/contracts/domain/release-contract/index.js';
import type { DisputeOutcome } from '#libs/contracts/domain/terms/types.js';
import { ask, attest, COURSE, hour, unit } from './contract-fixture.js';

export const freezing = (freeze: 'held' | 'rule' | 'unit', more: object = {}) => ({
  template: { ...COURSE, dispute: { ...COURSE.dispute, freeze, ...more } },
});
export const dispute = (subject: string | null, at = hour(2), disputeId = 'x', role = 'payer') =>
  ask(role, at, {
    kind: 'dispute',
    disputeId,
    subject: subject === null ? null : unit(subject),
    reasonCode: 'notTaught',
  });
export const vote = (role: string, outcome: DisputeOutcome, at = hour(3), disputeId = 'x') =>
  ask(role, at, { kind: 'vote', disputeId, outcome });
export const settled = (outcome: DisputeOutcome, at = hour(3)) => [
  vote('payer', outcome, at),
  vote('bureau', outcome, at),
];
/** Type, status, held and frozen of each event. */
export const told = (events: readonly ContractEvent[], from: number) =>
  events.slice(from).map(({ type, data }) => [type, data.status, data.totals.held, data.totals.frozen]);

export const lessons = (...names: readonly string[]) => names.map((name) => attest(name, hour(1)));
