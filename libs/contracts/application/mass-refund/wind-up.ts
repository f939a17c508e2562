import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { ContractId } from '#libs/kernel/ids/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { contractAggregate } from '../../codec/index.js';
import type { Regions } from '../../contract/templates.js';
import { closureRuleFor, type KnownMassRefund, type WoundUp } from '../../domain/mass-refund/index.js';
import {
  heldBy,
  isEnded,
  type Contract,
  type ContractActor,
  type ContractCommand,
  type ContractEvent,
} from '../../domain/release-contract/index.js';

export interface WindUpParts {
  readonly store: DeciderStore;
  readonly regions: Regions;
  readonly runtime: Runtime;
}

/**
 * Winds one contract up: by its own closure rule where the authority decides on it, by the approved override otherwise. The command
 * is named by mass refund and contract, so that a repeat answers with what the first time did, whatever came since.
 *
 * @returns undefined when it had ended before
 */
export async function windUp(
  { store, regions, runtime }: WindUpParts,
  refund: KnownMassRefund,
  contractId: ContractId,
): Promise<WoundUp | undefined> {
  const { state } = await store.load(contractAggregate, contractId);
  if (state.status === 'absent' || state.tenant !== refund.tenant) return undefined;
  const { tenant, massRefundId } = refund;
  const region = await regions.on(tenant, state.region, localDateOf(runtime.clock.now()));
  // A region that once had parameters has them on every later day.
  if (!region) throw new Error(`Region ${state.region} of contract ${contractId} has no calendar.`);
  // Read last of all: commands reach the stream in the order of their moments.
  const at = runtime.clock.now();
  const result = await store.run(
    contractAggregate,
    contractId,
    { ...closingOf(state, refund), at, calendar: region.calendar },
    {
      commandId: deriveUuid(UUID_NAMESPACES.command, massRefundId, contractId),
      correlationId: massRefundId,
      actor: refund.requester.accountId,
      tenant,
      organisation: state.organisationId,
      at,
    },
  );
  const after = result.state;
  if (after.status === 'absent') throw new Error(`Contract ${contractId} has no history.`);
  if (!result.accepted) {
    return isEnded(after) ? undefined : outcomeOf(after, NOTHING, result.rejection.code);
  }
  return outcomeOf(after, movedBy(result.events), null);
}

/** What is still live and cannot be wound up, with the reason; undefined when it has ended. */
export async function leftAs(
  { store }: Pick<WindUpParts, 'store'>,
  refund: KnownMassRefund,
  contractId: ContractId,
): Promise<WoundUp | undefined> {
  const { state } = await store.load(contractAggregate, contractId);
  if (state.status === 'absent' || state.tenant !== refund.tenant || isEnded(state)) return undefined;
  const code = state.status === 'frozen' ? 'CONTRACT_FROZEN' : 'NOT_WOUND_UP';
  return outcomeOf(state, NOTHING, code);
}

type Closing = ContractCommand extends infer Command
  ? Command extends ContractCommand
    ? Omit<Command, 'at' | 'calendar'>
    : never
  : never;

function closingOf(state: Contract, refund: KnownMassRefund): Closing & { readonly by: ContractActor } {
  const { massRefundId, authorityId, reason } = refund;
  const rule = authorityId === null ? undefined : closureRuleFor(state, authorityId);
  if (rule && authorityId !== null) {
    const { ruleId, role } = rule;
    const by = { role, partyId: authorityId };
    return { kind: 'approve', ruleId, dedupeKey: '', decision: 'approve', by };
  }
  const by = { role: 'system', partyId: `massRefund-${massRefundId}` } as const;
  return { kind: 'closeByAuthority', overrideId: massRefundId, reason, by };
}

interface Moved {
  readonly refunded: bigint;
  readonly released: bigint;
  /** As the events left it, which a later deposit or payout does not change; absent: nothing happened. */
  readonly held?: bigint;
  readonly status?: Contract['status'];
}

const NOTHING: Moved = { refunded: 0n, released: 0n };

/** Timers that were due have fired in the same step: what they paid out was not refunded. */
function movedBy(events: readonly ContractEvent[]): Moved {
  let { refunded, released } = NOTHING;
  for (const { type, data } of events) {
    if (type === 'FundsRefunded') refunded += data.amount;
    if (type === 'FundsReleased') released += data.amount;
  }
  const last = events.at(-1)?.data;
  return last ? { refunded, released, held: last.totals.held, status: last.status } : NOTHING;
}

function outcomeOf(state: Contract, moved: Moved, code: string | null): WoundUp {
  const { terms, contractId, subject, parties } = state;
  const { refunded, released } = moved;
  const owed = moved.held ?? heldBy(state);
  const funder = parties.find(({ role }) => role === terms.funding.from)?.partyId ?? terms.funding.from;
  return {
    contractId,
    templateId: terms.templateId,
    subject,
    funder,
    asset: terms.asset,
    heldBefore: owed + refunded + released,
    refunded,
    released,
    owed,
    status: moved.status ?? state.status,
    code,
  };
}
