import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { RepriceOrder } from '../../contract/courses.js';
import { inOrderWords, notOpen } from './contract-codes.js';
import { ContractSteps } from './contract-steps.js';
import { CoursePorts } from './course-ports.js';
import { assertReason } from './mark-lesson-missed.js';
import { narrow, refused } from './narrow.js';
import { orderForStaff } from './order-access.js';
import { orderViewOf } from './order-view.js';

/** The school proposes another price for the package and signs it; it holds once the payer has signed too. */
@CommandHandler(RepriceOrder)
export class RepriceOrderHandler implements ICommandHandler<RepriceOrder> {
  constructor(
    private readonly ports: CoursePorts,
    private readonly steps: ContractSteps,
  ) {}

  async execute({ context, input }: RepriceOrder) {
    const { idempotencyKey, orderId, total, reason } = input;
    assertIdempotencyKey(idempotencyKey);
    assertReason(reason);
    const found = await orderForStaff(this.ports, context, orderId, ['bursar']);
    if (!found.accepted) return found;
    const { order } = found;
    if (total.asset !== order.asset || total.amount <= 0n) return INVALID_AMOUNT;
    const claim = { idempotencyKey, input: [orderId, String(total.amount), reason] };
    const conflict = await this.ports.claim(context, 'repriceOrder', claim);
    if (conflict) return { accepted: false as const, rejection: conflict };
    const { accountId } = context.caller;
    const scope = ['amendment', orderId, accountId, idempotencyKey];
    const amendmentId = deriveUuid(UUID_NAMESPACES.entity, ...scope);
    if (order.status === 'open' && !order.proposal) {
      const contract = await this.ports.contracts.find(order.tenant, order.contractId);
      const closed = notOpen(contract);
      if (closed) return closed;
    }
    const step = {
      name: `propose ${amendmentId}`,
      actor: accountId,
      correlationId: context.correlationId,
    };
    const decided = await this.ports.decide(order, step, {
      kind: 'proposePrice',
      amendmentId,
      total: total.amount,
      reason,
      account: accountId,
      at: this.ports.now(),
    });
    if (!decided.accepted) return narrow(decided.rejection, CODES);
    const passed = await this.steps.passPrice(decided.order);
    if (!passed.accepted) return narrow(inOrderWords(passed.rejection), CODES);
    return { accepted: true as const, value: orderViewOf(decided.order, passed.value) };
  }
}

const INVALID_AMOUNT = refused('INVALID_AMOUNT', 'A price is above zero, in the currency of the order.');

const CODES = [
  'COURSE_ORDER_ENDED',
  'PRICE_PROPOSED',
  'INVALID_PARAMETERS',
  'AMENDMENT_NOT_POSSIBLE',
  'AMENDMENT_OPEN',
  'CONTRACT_NOT_ACTIVE',
  'CONTRACT_FROZEN',
  'CONTRACT_CLOSING',
  'CONTRACT_CLOSED',
  'CLOCK_REGRESSION',
] as const;
