import { randomUUID } from 'node:crypto';
import { DefineFeeItem, IssueBill, type BillContent } from '#libs/billing/contract/index.js';
import { asId, type BillId, type FeeItemId, type OrganisationId } from '#libs/kernel/ids/index.js';
import { parseLocalDate } from '#libs/kernel/time/index.js';
import { callerOf, fen, requestOf, SCHOOL } from './payment-world.js';
import type { ProductWorld } from './product-world.js';

export const bursar = (organisationId: OrganisationId = SCHOOL) =>
  requestOf(callerOf('bursar', `bursar-of-${organisationId}`, organisationId));
export const ops = requestOf(callerOf('ops', 'ops-1'));
export const payer = (name = 'payer-1') => requestOf(callerOf('payer', name));
export const clerk = (organisationId?: OrganisationId) =>
  requestOf(callerOf('clerk', 'clerk-1', organisationId));

export async function defineFeeItem(
  world: ProductWorld,
  code: string,
  organisationId = SCHOOL,
): Promise<FeeItemId> {
  const input = {
    idempotencyKey: `define-${code}`,
    organisationId,
    code,
    name: code === 'TUITION' ? '学费' : code,
    category: 'tuition',
    glCode: '4101',
    priority: 1,
  };
  const outcome = await world.execute(new DefineFeeItem(bursar(organisationId), input));
  if (!outcome.accepted) throw new Error(outcome.rejection.code);
  return outcome.value.id;
}

export function billContent(
  feeItemId: FeeItemId,
  payerNumber: string,
  change: Partial<BillContent> = {},
): BillContent {
  return {
    payer: {
      subjectId: asId(`subject-${payerNumber}`),
      number: payerNumber,
      name: `学生${payerNumber}`,
      group: '1班',
      grade: '一年级',
    },
    academicYear: '2026-2027',
    term: '1',
    feeItemId,
    amount: fen(1_000),
    waived: fen(0),
    dueDate: parseLocalDate('2026-09-30'),
    ...change,
  };
}

export async function issueBill(
  world: ProductWorld,
  content: BillContent,
  organisationId = SCHOOL,
): Promise<BillId> {
  const outcome = await world.execute(
    new IssueBill(bursar(organisationId), organisationId, content, randomUUID()),
  );
  if (!outcome.accepted) throw new Error(outcome.rejection.code);
  return outcome.value.billId;
}
