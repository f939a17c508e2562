import { hasRole, type RequestContext, type Role } from '#libs/security/port/index.js';
import type { KnownOrder } from '../../domain/course-order/index.js';
import type { CoursePorts } from './course-ports.js';
import { refused, type Refused } from './narrow.js';

/** Who runs a school's timetable. */
const STAFF: readonly Role[] = ['bursar', 'clerk', 'supervisor'];

type Found =
  { readonly accepted: true; readonly order: KnownOrder } | Refused<'FORBIDDEN' | 'COURSE_ORDER_NOT_FOUND'>;

/** An order of the caller's own school. Another school's looks like none. */
export async function orderForStaff(
  ports: CoursePorts,
  { caller }: RequestContext,
  orderId: string,
  roles = STAFF,
): Promise<Found> {
  if (caller.organisation === undefined || !hasRole(caller, roles)) return FORBIDDEN;
  const order = await ports.order(orderId);
  const isOwn = order?.tenant === caller.tenant && order.organisationId === caller.organisation;
  return isOwn ? { accepted: true, order } : NOT_FOUND;
}

/** An order that the caller has placed. */
export async function orderForPayer(
  ports: CoursePorts,
  { caller }: RequestContext,
  orderId: string,
): Promise<Found> {
  if (!caller.roles.includes('payer')) return FORBIDDEN;
  const order = await ports.order(orderId);
  const isOwn = order?.tenant === caller.tenant && order.account === caller.accountId;
  return isOwn ? { accepted: true, order } : NOT_FOUND;
}

export function isStaffOfSchool({ caller }: RequestContext): boolean {
  return caller.organisation !== undefined && hasRole(caller, STAFF);
}

export const FORBIDDEN = refused('FORBIDDEN', 'This may not be done here.');
const NOT_FOUND = refused('COURSE_ORDER_NOT_FOUND', 'There is no such course order.');
