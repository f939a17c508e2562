import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { WithdrawNewPrice } from '../../contract/courses.js';
import { inOrderWords } from './contract-codes.js';
import { ContractSteps } from './contract-steps.js';
import { CoursePorts } from './course-ports.js';
import { narrow, refused } from './narrow.js';
import { orderForStaff } from './order-access.js';
import { orderViewOf } from './order-view.js';

/** The school takes its proposal back while the payer has not signed. */
@CommandHandler(WithdrawNewPrice)
export class WithdrawNewPriceHandler implements ICommandHandler<WithdrawNewPrice> {
  constructor(
    private readonly ports: CoursePorts,
    private readonly steps: ContractSteps,
  ) {}

  async execute({ context, input }: WithdrawNewPrice) {
    const { idempotencyKey, orderId } = input;
    assertIdempotencyKey(idempotencyKey);
    const found = await orderForStaff(this.ports, context, orderId, ['bursar']);
    if (!found.accepted) return found;
    const { order } = found;
    const claim = { idempotencyKey, input: [orderId] };
    const conflict = await this.ports.claim(context, 'withdrawNewPrice', claim);
    if (conflict) return { accepted: false as const, rejection: conflict };
    const { accountId } = context.caller;
    const amendmentId = order.proposal?.amendmentId;
    if (amendmentId === undefined) return NOT_PROPOSED;
    const act = { kind: 'withdrawAmendment', amendmentId } as const;
    const withdrawn = await this.steps.act(order, 'school', {
      step: `take back ${amendmentId}`,
      actor: accountId,
      act,
    });
    if (!withdrawn.accepted) return narrow(inOrderWords(withdrawn.rejection), CODES);
    const step = {
      name: `taken back ${amendmentId}`,
      actor: accountId,
      correlationId: context.correlationId,
    };
    const drop = { kind: 'dropPrice', amendmentId, code: 'WITHDRAWN', at: this.ports.now() } as const;
    const decided = await this.ports.decide(order, step, drop);
    if (!decided.accepted) return narrow(decided.rejection, CODES);
    return { accepted: true as const, value: orderViewOf(decided.order, withdrawn.value) };
  }
}

const CODES = ['PRICE_NOT_PROPOSED', 'CONTRACT_FROZEN', 'CONTRACT_CLOSED', 'CLOCK_REGRESSION'] as const;
const NOT_PROPOSED = refused('PRICE_NOT_PROPOSED', 'No other price is proposed.');
