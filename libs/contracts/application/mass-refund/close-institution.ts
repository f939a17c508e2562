import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { APPROVALS, type Approvals } from '#libs/approvals/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { claimKey } from '#libs/event-log/runner/request-register.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { InvalidInputError } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey, type OrganisationId } from '#libs/kernel/ids/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import type { Caller } from '#libs/security/port/index.js';
import { massRefundAggregate } from '../../codec/index.js';
import { CloseInstitution } from '../../contract/mass-refund.js';
import {
  LIVE_CONTRACTS,
  type KnownMassRefund,
  type LiveContractList,
  type MassRefundId,
} from '../../domain/mass-refund/index.js';
import { massRefundViewOf, payloadOf } from './mass-refund-view.js';

/** How long a second person may take, ms. */
const TO_DECIDE_MS = 7 * 86_400_000;
const LONGEST_REASON = 500;

/** Asks for every live contract of an organisation to be wound up: stored first, then shown to a second person. */
@CommandHandler(CloseInstitution)
export class CloseInstitutionHandler implements ICommandHandler<CloseInstitution> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(APPROVALS) private readonly approvals: Approvals,
    @Inject(LIVE_CONTRACTS) private readonly live: LiveContractList,
  ) {}

  async execute({ context, input }: CloseInstitution) {
    const { idempotencyKey, organisationId, reason } = input;
    const { tenant, accountId, personId } = context.caller;
    const asker = askerOf(context.caller);
    if (!asker) return FORBIDDEN;
    assertIdempotencyKey(idempotencyKey);
    assertReason(reason);
    const { authorityId } = asker;
    // Nobody winds up their own.
    if (authorityId === organisationId) return NOTHING;
    const at = this.runtime.clock.now();
    const claim = { operation: 'closeInstitution', idempotencyKey, input: [organisationId, reason] };
    const conflict = await claimKey({ store: this.store, at }, context, claim);
    if (conflict) return { accepted: false as const, rejection: conflict };
    const scope = [tenant, accountId, 'closeInstitution', idempotencyKey];
    const massRefundId: MassRefundId = asId(deriveUuid(UUID_NAMESPACES.entity, 'massRefund', ...scope));
    const known = await this.#known(massRefundId);
    const statuses = ['drafted', 'awaitingFunding', 'active', 'frozen', 'closing'] as const;
    const of = { tenant, organisationId, authorityId, statuses };
    const contracts = known?.contracts ?? (await this.live.count(of));
    // Looks the same for an organisation that does not exist and for one with which the authority has nothing to do.
    if (contracts === 0) return NOTHING;
    const result = await this.store.run(
      massRefundAggregate,
      massRefundId,
      {
        kind: 'request',
        massRefundId,
        tenant,
        organisationId,
        authorityId,
        reason,
        requester: { accountId, personId },
        approvalId: deriveUuid(UUID_NAMESPACES.entity, 'approval', massRefundId),
        contracts,
        at,
        expiresAt: addMs(at, TO_DECIDE_MS),
      },
      commandContext(context, deriveUuid(UUID_NAMESPACES.command, massRefundId, 'request'), at),
    );
    if (!result.accepted || result.state.status === 'absent')
      throw new Error(`Mass refund ${massRefundId} was not taken.`);
    await this.#show(result.state, context.correlationId);
    return { accepted: true as const, value: massRefundViewOf(result.state) };
  }

  async #known(massRefundId: MassRefundId): Promise<KnownMassRefund | undefined> {
    const { state } = await this.store.load(massRefundAggregate, massRefundId);
    return state.status === 'absent' ? undefined : state;
  }

  /** Asking again with the same key repairs a request that a crash kept from being shown. */
  #show(refund: KnownMassRefund, correlationId: string): Promise<void> {
    const { massRefundId, tenant, authorityId, requester, reason, requestedAt, expiresAt } = refund;
    return this.approvals.request(
      {
        approvalId: asId(refund.approvalId),
        kind: 'releaseOverride',
        tenant,
        ...(authorityId !== null && { organisationId: authorityId }),
        subject: `massRefund-${massRefundId}`,
        payload: payloadOf(refund),
        maker: requester,
        reason,
        requestedAt,
        expiresAt,
      },
      correlationId,
    );
  }
}

/** Operations of the tenant, or a supervisor of an organisation. */
function askerOf({
  roles,
  organisation,
}: Caller): { readonly authorityId: OrganisationId | null } | undefined {
  if (organisation === undefined) return roles.includes('ops') ? { authorityId: null } : undefined;
  return roles.includes('supervisor') ? { authorityId: organisation } : undefined;
}

function assertReason(reason: string): void {
  if (reason.trim() !== '' && reason.length <= LONGEST_REASON) return;
  throw new InvalidInputError('INVALID_REASON', 'A reason has 1 to 500 characters.', ['input', 'reason']);
}

const FORBIDDEN = {
  accepted: false,
  rejection: { code: 'FORBIDDEN', message: 'This may not be done here.' },
} as const;
const NOTHING = {
  accepted: false,
  rejection: { code: 'NOTHING_TO_REFUND', message: 'There is no live contract to wind up.' },
} as const;
