import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { APPROVALS, type Approvals } from '#libs/approvals/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import { claimKey } from '#libs/event-log/runner/request-register.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey, isUuid } from '#libs/kernel/ids/index.js';
import { money } from '#libs/kernel/money/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { billAggregate } from '../../codec/index.js';
import { WriteOffBill, type WriteOffBillRejection, type WriteOffRequestView } from '../../contract/index.js';
import type { BillRefusal } from '../../domain/bill/index.js';
import { billViewOf } from '../bill-view.js';
import { FORBIDDEN } from '../forbidden.js';
import { assertReason } from '../reason.js';
import { payloadOf } from './payload.js';

/** How long a second person may take, ms. */
const TO_DECIDE_MS = 7 * 86_400_000;

/**
 * A bursar asks to give up what is outstanding: the request is stored on the bill, then shown to a second person. Asking again
 * with the same key repairs a request that a crash kept from being shown.
 */
@CommandHandler(WriteOffBill)
export class WriteOffBillHandler implements ICommandHandler<WriteOffBill> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(APPROVALS) private readonly approvals: Approvals,
  ) {}

  async execute({
    context,
    input,
  }: WriteOffBill): Promise<Outcome<WriteOffRequestView, WriteOffBillRejection>> {
    const { tenant, accountId, personId, organisation, roles } = context.caller;
    const { idempotencyKey, billId, reason } = input;
    if (organisation === undefined || !roles.includes('bursar')) return FORBIDDEN;
    assertIdempotencyKey(idempotencyKey);
    assertReason(reason);
    if (!isUuid(billId)) return NOT_FOUND;
    const scope = ['writeOffBill', tenant, accountId, idempotencyKey, billId] as const;
    const approvalId = deriveUuid(UUID_NAMESPACES.entity, 'approval', ...scope);
    const at = this.runtime.clock.now();
    const expiresAt = addMs(at, TO_DECIDE_MS);
    const claim = { operation: 'writeOffBill', idempotencyKey, input: [billId, reason] };
    const conflict = await claimKey({ store: this.store, at }, context, claim);
    if (conflict) return { accepted: false, rejection: conflict };
    const { accepted, ...result } = await this.store.run(
      billAggregate,
      billId,
      { kind: 'requestWriteOff', tenant, organisationId: organisation, approvalId, reason, at, expiresAt },
      commandContext(context, deriveUuid(UUID_NAMESPACES.command, approvalId, 'request', reason), at),
    );
    if ('rejection' in result) return { accepted: false, rejection: writeOffRejection(result.rejection) };
    const { state } = result;
    const request = state.status === 'absent' ? undefined : findRequest(state.writeOffs, approvalId);
    if (!accepted || state.status === 'absent' || !request) return NOT_FOUND;
    await this.approvals.request(
      {
        approvalId: asId(approvalId),
        kind: 'writeOff',
        tenant,
        organisationId: organisation,
        subject: `bill-${billId}`,
        payload: payloadOf(state, request),
        maker: { accountId, personId },
        reason,
        requestedAt: request.requestedAt,
        expiresAt: request.expiresAt,
      },
      context.correlationId,
    );
    const amount = money(state.asset, request.amount);
    return { accepted: true, value: { approvalId, amount, bill: billViewOf(state) } };
  }
}

function findRequest<Request extends { readonly approvalId: string }>(
  requests: readonly Request[],
  approvalId: string,
): Request | undefined {
  return requests.find((known) => known.approvalId === approvalId);
}

const NOT_FOUND: Outcome<never, WriteOffBillRejection> = {
  accepted: false,
  rejection: { code: 'BILL_NOT_FOUND', message: 'There is no such bill.' },
};

function writeOffRejection(rejection: BillRefusal): WriteOffBillRejection {
  switch (rejection.code) {
    case 'BILL_NOT_FOUND':
    case 'BILL_ALREADY_PAID':
    case 'BILL_RESERVED':
    case 'BILL_CANCELLED':
    case 'BILL_EXPIRED':
    case 'BILL_WRITTEN_OFF':
    case 'WRITE_OFF_PENDING':
    case 'IDEMPOTENCY_CONFLICT':
      return { ...rejection, code: rejection.code };
    default:
      throw new Error(`Writing a bill off was refused with ${rejection.code}.`);
  }
}
