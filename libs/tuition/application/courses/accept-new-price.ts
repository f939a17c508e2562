import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ContractSummary } from '#libs/contracts/contract/release-contracts.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { AcceptNewPrice } from '../../contract/courses.js';
import type { KnownOrder } from '../../domain/course-order/index.js';
import { ContractSteps } from './contract-steps.js';
import { CoursePorts } from './course-ports.js';
import { refused } from './narrow.js';
import { asPayer } from './payer-acts.js';

/** The payer signs the price that the school has proposed, by naming it. */
@CommandHandler(AcceptNewPrice)
export class AcceptNewPriceHandler implements ICommandHandler<AcceptNewPrice> {
  constructor(
    private readonly ports: CoursePorts,
    private readonly steps: ContractSteps,
  ) {}

  execute({ context, input }: AcceptNewPrice) {
    const { idempotencyKey, orderId, expectedTotal } = input;
    return asPayer(this.ports, context, {
      operation: 'acceptNewPrice',
      idempotencyKey,
      orderId,
      input: [`${expectedTotal.asset} ${expectedTotal.amount}`],
      run: (order) => this.#sign(context, order, expectedTotal),
      codes: [
        'COURSE_ORDER_ENDED',
        'PRICE_NOT_PROPOSED',
        'AMOUNT_MISMATCH',
        'INVALID_PARAMETERS',
        'AMENDMENT_NOT_POSSIBLE',
        'AMENDMENT_OPEN',
        'CONTRACT_NOT_ACTIVE',
        'CONTRACT_FROZEN',
        'CONTRACT_CLOSING',
        'CONTRACT_CLOSED',
        'CLOCK_REGRESSION',
      ],
    });
  }

  async #sign(
    context: RequestContext,
    order: KnownOrder,
    expected: Money,
  ): Promise<Outcome<ContractSummary, Rejection>> {
    const { proposal, asset } = order;
    const total = proposal?.total ?? order.total;
    if (order.status !== 'open') return ENDED;
    if (expected.asset !== asset || expected.amount !== total) return proposal ? MISMATCH : NOT_PROPOSED;
    // The school's signature first, should a crash have kept it back.
    const proposed = await this.steps.passPrice(order);
    // Without a proposal the price named is the one that holds: signed before.
    if (!proposed.accepted || !proposal) return proposed;
    const signed = await this.steps.signPrice(order, proposed.value, 'payer');
    if (!signed.accepted || signed.value.openAmendment !== null) return signed;
    const { amendmentId } = proposal;
    const step = {
      name: `reprice ${amendmentId}`,
      actor: order.account,
      correlationId: context.correlationId,
    };
    await this.ports.decide(order, step, { kind: 'reprice', amendmentId, at: this.ports.now() });
    return signed;
  }
}

const ENDED = refused('COURSE_ORDER_ENDED', 'The order was withdrawn or has ended.');
const NOT_PROPOSED = refused('PRICE_NOT_PROPOSED', 'No other price is proposed.');
const MISMATCH = refused('AMOUNT_MISMATCH', 'The price proposed is another; look at the order again.');
