import type { ContractSummary } from '#libs/contracts/contract/release-contracts.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import type { RequestContext } from '#libs/security/port/index.js';
import type { CourseOrderView } from '../../contract/courses.js';
import type { KnownOrder } from '../../domain/course-order/index.js';
import { inOrderWords } from './contract-codes.js';
import type { CoursePorts } from './course-ports.js';
import { narrow, type Refused } from './narrow.js';
import { orderForPayer } from './order-access.js';
import { orderViewOf } from './order-view.js';

/** What a payer does with the contract behind an order of their own, once per key. */
export async function asPayer<Code extends string>(
  ports: CoursePorts,
  context: RequestContext,
  act: {
    readonly operation: string;
    readonly idempotencyKey: string;
    readonly orderId: string;
    readonly input: readonly string[];
    run(order: KnownOrder): Promise<Outcome<ContractSummary, Rejection>>;
    readonly codes: readonly Code[];
  },
): Promise<
  | { readonly accepted: true; readonly value: CourseOrderView }
  | Refused<Code | 'FORBIDDEN' | 'COURSE_ORDER_NOT_FOUND' | 'IDEMPOTENCY_CONFLICT'>
> {
  const { operation, idempotencyKey, orderId, input, codes } = act;
  assertIdempotencyKey(idempotencyKey);
  const found = await orderForPayer(ports, context, orderId);
  if (!found.accepted) return found;
  const conflict = await ports.claim(context, operation, { idempotencyKey, input: [orderId, ...input] });
  if (conflict) return { accepted: false, rejection: conflict };
  const result = await act.run(found.order);
  if (!result.accepted) return narrow(inOrderWords(result.rejection), codes);
  const order = (await ports.order(orderId)) ?? found.order;
  return { accepted: true, value: orderViewOf(order, result.value) };
}
