import type { RequestContext } from '#libs/security/port/index.js';
import type { CourseOrderView } from '../../contract/courses.js';
import type { CourseOrderCommand } from '../../domain/course-order/index.js';
import type { CoursePorts } from './course-ports.js';
import { narrow, type Refused } from './narrow.js';
import { orderForStaff } from './order-access.js';
import { orderViewOf } from './order-view.js';

/** An act on the timetable that leaves the contract alone, once per key. */
export async function onTimetable<Code extends string>(
  ports: CoursePorts,
  context: RequestContext,
  act: {
    readonly operation: string;
    readonly idempotencyKey: string;
    readonly orderId: string;
    readonly input: readonly string[];
    command(order: {
      readonly times: ReadonlyMap<number, { readonly minutes: number }>;
      readonly lessonMinutes: number;
    }): CourseOrderCommand;
    readonly codes: readonly Code[];
  },
): Promise<
  | { readonly accepted: true; readonly value: CourseOrderView }
  | Refused<Code | 'FORBIDDEN' | 'COURSE_ORDER_NOT_FOUND' | 'IDEMPOTENCY_CONFLICT'>
> {
  const { operation, idempotencyKey, orderId, input, codes } = act;
  const found = await orderForStaff(ports, context, orderId);
  if (!found.accepted) return found;
  const conflict = await ports.claim(context, operation, { idempotencyKey, input: [orderId, ...input] });
  if (conflict) return { accepted: false, rejection: conflict };
  const { accountId } = context.caller;
  const name = `${operation} ${accountId} ${idempotencyKey}`;
  const step = { name, actor: accountId, correlationId: context.correlationId };
  const decided = await ports.decide(found.order, step, act.command(found.order));
  if (!decided.accepted) return narrow(decided.rejection, codes);
  const { order } = decided;
  return {
    accepted: true,
    value: orderViewOf(order, await ports.contracts.find(order.tenant, order.contractId)),
  };
}
