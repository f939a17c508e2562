import { Inject, Injectable } from '@nestjs/common';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { CommandContext, DeciderStore } from '#libs/event-log/runner/types.js';
import { assertNever, type Outcome } from '#libs/kernel/errors/index.js';
import type { OrganisationId, TenantId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { approvalAggregate } from '../codec/index.js';
import type {
  Actor,
  ApprovalId,
  ApprovalRequest,
  Approvals,
  ApprovalUseRejection,
} from '../contract/index.js';
import type { ApprovalRefusal, ApprovalState } from '../domain/approval/index.js';
import { payloadHashOf } from './payload-hash.js';

const ACTOR = 'system:approvals';
const LONGEST_REASON = 500;

type UseAct = Parameters<Approvals['use']>[1];
type WithdrawAct = Parameters<Approvals['withdraw']>[1];

/** Maker-checker for the contexts whose acts need a second person. */
@Injectable()
export class ApprovalDesk implements Approvals {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  /** @throws TypeError for a payload that cannot be shown; Error when the id is another act's or its act is done */
  async request(request: ApprovalRequest, correlationId: string): Promise<void> {
    const { approvalId, kind, tenant, organisationId, subject, requestedAt, maker } = request;
    const payloadHash = payloadHashOf(request.payload);
    // With all that makes it another request, so that the id of one is never taken for a repeat of another.
    const act = [tenant, organisationId ?? '', kind, subject];
    const commandId = commandIdOf(approvalId, 'request', ...act, payloadHash, requestedAt);
    const base = this.#context({ commandId, correlationId, tenant, organisationId });
    const result = await this.store.run(
      approvalAggregate,
      approvalId,
      { command: 'request', ...contentOf(request), payloadHash },
      { ...base, actor: maker.accountId },
    );
    if (!result.accepted) {
      throw new Error(`Asking for ${request.subject} was refused with ${result.rejection.code}.`);
    }
  }

  async use(
    approvalId: ApprovalId,
    { tenant, payload, useId, correlationId }: UseAct,
  ): Promise<Outcome<{ readonly checker: Actor }, ApprovalUseRejection>> {
    const payloadHash = payloadHashOf(payload);
    const known = await this.#known(approvalId);
    const context = this.#context({
      commandId: commandIdOf(approvalId, 'use', roundOf(known), payloadHash, useId),
      correlationId,
      tenant,
      organisationId: organisationOf(known),
    });
    const result = await this.store.run(
      approvalAggregate,
      approvalId,
      { command: 'use', tenant, payloadHash, useId, at: context.at },
      context,
    );
    if (!result.accepted) return { accepted: false, rejection: useRejection(result.rejection) };
    if (result.state.status !== 'used') throw new Error(`Approval ${approvalId} was used and is not.`);
    return { accepted: true, value: { checker: result.state.decision.checker } };
  }

  async withdraw(approvalId: ApprovalId, { tenant, reason, correlationId }: WithdrawAct): Promise<void> {
    const known = await this.#known(approvalId);
    const context = this.#context({
      commandId: commandIdOf(approvalId, 'withdraw', roundOf(known)),
      correlationId,
      tenant,
      organisationId: organisationOf(known),
    });
    await this.store.run(
      approvalAggregate,
      approvalId,
      { command: 'withdraw', tenant, reason, at: context.at },
      context,
    );
  }

  async #known(approvalId: ApprovalId): Promise<ApprovalState> {
    return (await this.store.load(approvalAggregate, approvalId)).state;
  }

  #context({
    organisationId,
    ...rest
  }: {
    readonly commandId: string;
    readonly correlationId: string;
    readonly tenant: TenantId;
    readonly organisationId: OrganisationId | undefined;
  }): CommandContext {
    const place = organisationId === undefined ? {} : { organisation: organisationId };
    return { ...rest, ...place, actor: ACTOR, at: this.runtime.clock.now() };
  }
}

/** The request's own properties and nothing that a caller may have beside them. */
function contentOf(request: ApprovalRequest): ApprovalRequest {
  const { approvalId, kind, tenant, organisationId, subject, payload, reason, requestedAt, expiresAt } =
    request;
  const { accountId, personId } = request.maker;
  if (reason.length > LONGEST_REASON)
    throw new TypeError(`A reason has at most ${LONGEST_REASON} characters.`);
  return {
    approvalId,
    kind,
    tenant,
    ...(organisationId !== undefined && { organisationId }),
    subject,
    payload: { ...payload },
    maker: { accountId, personId },
    reason,
    requestedAt,
    expiresAt,
  };
}

/** Ids of the commands on an approval; with what makes a repeat the same command. */
export function commandIdOf(approvalId: ApprovalId, ...step: readonly string[]): string {
  return deriveUuid(UUID_NAMESPACES.command, approvalId, ...step);
}

/** Each edit opens another round; what was said in one is no repeat of what is said in the next. */
export function roundOf(state: ApprovalState): string {
  return state.status === 'absent' ? '0' : String(state.asked.length);
}

function organisationOf(state: ApprovalState): OrganisationId | undefined {
  return state.status === 'absent' ? undefined : state.organisationId;
}

function useRejection({ code, message }: ApprovalRefusal): ApprovalUseRejection {
  switch (code) {
    case 'APPROVAL_NOT_FOUND':
    case 'APPROVAL_PENDING':
    case 'APPROVAL_DECLINED':
    case 'APPROVAL_VOID':
    case 'APPROVAL_USED':
      return { code, message };
    case 'APPROVAL_STALE':
    case 'APPROVAL_CLOSED':
    case 'SAME_PERSON':
    case 'APPROVAL_OF_ANOTHER_ACT':
      throw new Error(`Using an approval was refused with ${code}.`);
    default:
      return assertNever(code, 'refusal');
  }
}
