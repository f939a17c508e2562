import { randomUUID } from 'node:crypto';
import type { CommandBus } from '@nestjs/cqrs';
import { DefineFeeItem, IssueBill, feeItemIdFor, type BillContent } from '#libs/billing/contract/index.js';
import { asId, type BillId, type OrganisationId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import { parseLocalDate } from '#libs/kernel/time/index.js';
import { inFlight } from '../../harness/in-flight.js';
import { accepted } from './accepted.js';
import { bursarOf, organisationAt } from './callers.js';

/** Of every bill: 1,409.50 yuan. */
export const BILL_FEN = 140_950n;
export const FEE_ITEM_CODE = 'TUITION';

const DUE = parseLocalDate('2027-09-30');

export interface BillsOrder {
  readonly count: number;
  /** The bills are dealt out to so many organisations in turn. */
  readonly organisations: number;
  /** Of the organisations to use; bills of an earlier order are not met again under another one. */
  readonly term: string;
  readonly inFlight: number;
}

export interface IssuedBills {
  readonly ids: readonly BillId[];
  readonly durationMs: number;
}

export async function defineFeeItems(commands: CommandBus, organisations: number): Promise<void> {
  await inFlight(organisations, 16, async (index) => {
    const organisationId = organisationAt(index);
    const input = {
      idempotencyKey: `bench-fee-item-${index}`,
      organisationId,
      code: FEE_ITEM_CODE,
      name: '学费',
      category: 'tuition',
      glCode: '600101',
      priority: 1,
    };
    accepted(await commands.execute(new DefineFeeItem(bursarOf(organisationId), input)), 'define a fee item');
  });
}

/** Issues bills by the command that everybody uses. The fee items must be there. */
export async function issueBills(commands: CommandBus, order: BillsOrder): Promise<IssuedBills> {
  const issues = Array.from({ length: order.count }, (_, index) => issueOf(order, index));
  const ids: BillId[] = [];
  const startedMs = performance.now();
  await inFlight(order.count, order.inFlight, async (index) => {
    const { billId } = accepted(await commands.execute(issues[index]!), 'issue a bill');
    ids[index] = billId;
  });
  return { ids, durationMs: performance.now() - startedMs };
}

function issueOf({ organisations, term }: BillsOrder, index: number): IssueBill {
  const organisationId = organisationAt(index % organisations);
  return new IssueBill(
    bursarOf(organisationId),
    organisationId,
    contentOf(organisationId, term, index),
    randomUUID(),
  );
}

function contentOf(organisationId: OrganisationId, term: string, index: number): BillContent {
  const number = `2026${index.toString().padStart(6, '0')}`;
  return {
    payer: {
      subjectId: asId<'subject'>(`bench-student-${organisationId}-${number}`),
      number,
      name: `学生${number}`,
      group: '高一（1）班',
      grade: '高一',
    },
    academicYear: '2026-2027',
    term,
    feeItemId: feeItemIdFor(organisationId, FEE_ITEM_CODE),
    amount: money(CNY, BILL_FEN),
    waived: money(CNY, 0n),
    dueDate: DUE,
  };
}
