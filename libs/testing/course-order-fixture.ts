/** An order of twelve lessons. */
import { asId } from '#libs/kernel/ids/index.js';
import { CNY } from '#libs/kernel/money/index.js';
import { addMs, parseInstant } from '#libs/kernel/time/index.js';
import type { OrderFacts } from '#libs/tuition/domain/course-order/index.js';

export const at = parseInstant('2026-09-01T08:00:00Z');
export const orderId = asId<'courseOrder'>('o1');
export const facts: OrderFacts = {
  orderId,
  contractId: asId('o1'),
  tenant: asId('demo'),
  organisationId: asId('school-1'),
  authorityId: asId('bureau-1'),
  courseId: asId('c1'),
  courseName: '初中数学',
  lessons: 12,
  lessonMinutes: 45,
  asset: CNY,
  total: 120_000n,
  account: 'payer-1',
  studentNo: '2026000001',
  offeredBy: 'bursar-1',
  region: 'CN',
  fundBy: addMs(at, 3 * 86_400_000),
  endsAt: addMs(at, 180 * 86_400_000),
  lessonKeys: [{ keyId: 'k1-0123456789abcdef', alg: 'Ed25519', publicKey: 'A'.repeat(43) }],
  orderedAt: at,
};
