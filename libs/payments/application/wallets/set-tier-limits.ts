import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { APPROVALS, type Actor, type Approvals } from '#libs/approvals/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey, type TenantId } from '#libs/kernel/ids/index.js';
import { CNY, type Money } from '#libs/kernel/money/index.js';
import { localDateOf, parseInstant, type Instant, type LocalDate } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { walletTiersAggregate } from '../../codec/index.js';
import { SetTierLimits, type TierLimitsProposal, type TierLimitsView } from '../../contract/index.js';
import type { TierLimits } from '../../domain/wallet/index.js';
import type { ProposedLimits, WalletTiersRefusal } from '../../domain/wallet-tiers/index.js';

type Refusal = Rejection<'FORBIDDEN' | 'IDEMPOTENCY_CONFLICT' | 'LIMITS_FOR_THE_PAST' | 'INVALID_LIMITS'>;

const LONGEST_REASON = 200;
const TENANT_ZONE_OFFSET = '+08:00';
const NAMES = ['balance', 'single', 'day', 'year'] as const;

/**
 * Operations propose other limits for a tier from a coming day on; a second person must approve. The proposal is recorded first: the
 * same key again asks for the approval again, whatever a crash has left out.
 */
@CommandHandler(SetTierLimits)
export class SetTierLimitsHandler implements ICommandHandler<SetTierLimits> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(APPROVALS) private readonly approvals: Approvals,
  ) {}

  async execute({ context, input }: SetTierLimits): Promise<Outcome<TierLimitsProposal, Refusal>> {
    const { tenant, accountId, personId, roles, organisation } = context.caller;
    if (!roles.includes('ops') || organisation !== undefined) {
      return refused({ code: 'FORBIDDEN', message: 'Only operations of the tenant set limits.' });
    }
    assertIdempotencyKey(input.idempotencyKey);
    const { limits, from, idempotencyKey } = input;
    const reason = readReason(input.reason);
    const at = this.runtime.clock.now();
    const proposalId = asId<'limitProposal'>(
      deriveUuid(UUID_NAMESPACES.entity, 'limitProposal', tenant, accountId, idempotencyKey),
    );
    const proposed: ProposedLimits = { proposalId, tier: limits.tier, limits: readLimits(limits), from };
    const payload = payloadOf(tenant, proposed);
    const commandId = deriveUuid(UUID_NAMESPACES.command, proposalId, ...Object.values(payload));
    const result = await this.store.run(
      walletTiersAggregate,
      tenant,
      { kind: 'propose', ...proposed, tenant, maker: accountId, reason, today: localDateOf(at), at },
      commandContext(context, commandId, at),
    );
    if (!result.accepted) return refused(publicRefusal(result.rejection));
    const known = result.state.proposals.get(proposalId);
    if (known?.pending) {
      const { correlationId } = context;
      const ask = { tenant, reason, requestedAt: known.proposedAt, correlationId };
      await this.#askForApproval(proposed, { accountId, personId }, ask);
    }
    return accepted(proposed, limits);
  }

  #askForApproval(
    proposed: ProposedLimits,
    maker: Actor,
    { tenant, reason, requestedAt, correlationId }: Ask,
  ): Promise<void> {
    const request = {
      approvalId: asId<'approval'>(proposed.proposalId),
      kind: 'walletLimits',
      tenant,
      subject: `walletTiers-${tenant}`,
      payload: payloadOf(tenant, proposed),
      maker,
      reason,
      requestedAt,
      // Later it could not take effect any more.
      expiresAt: parseInstant(`${proposed.from}T00:00:00${TENANT_ZONE_OFFSET}`),
    } as const;
    return this.approvals.request(request, correlationId);
  }
}

interface Ask {
  readonly tenant: TenantId;
  readonly reason: string;
  /** Of the proposal's event: asking again is the same request. */
  readonly requestedAt: Instant;
  readonly correlationId: string;
}

/** What the checker sees and the approval is good for; amounts in minor units of CNY/2. */
export function payloadOf(tenant: TenantId, { proposalId, tier, limits, from }: ProposedLimits) {
  const figures = NAMES.map((name) => [name, limits[name]?.toString() ?? 'none'] as const);
  return { tenant, proposalId, tier, from: from as string, ...Object.fromEntries(figures) };
}

function readLimits(view: TierLimitsView): TierLimits {
  const given = NAMES.flatMap((name) => {
    const limit = view[name];
    return limit ? [[name, minorOf(limit, name)] as const] : [];
  });
  return Object.fromEntries(given);
}

function minorOf({ asset, amount }: Money, name: string): bigint {
  if (asset === CNY) return amount;
  throw new InvalidInputError('INVALID_AMOUNT', 'Limits are in CNY.', ['input', name]);
}

function readReason(text: string): string {
  const reason = text.trim();
  if (reason !== '' && reason.length <= LONGEST_REASON) return reason;
  const message = `A reason has 1 to ${LONGEST_REASON} characters.`;
  throw new InvalidInputError('INVALID_REASON', message, ['input', 'reason']);
}

function accepted(
  { proposalId, from }: { readonly proposalId: string; readonly from: LocalDate },
  limits: TierLimitsView,
) {
  return { accepted: true, value: { id: proposalId, limits, from } } as const;
}

function refused(rejection: Refusal): { readonly accepted: false; readonly rejection: Refusal } {
  return { accepted: false, rejection };
}

function publicRefusal({ code, message, details }: WalletTiersRefusal): Refusal {
  if (code === 'PROPOSAL_NOT_FOUND') throw new Error('A proposal was refused as unknown.');
  return { code, message, details };
}
