import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome } from '#libs/kernel/errors/index.js';
import { crockfordOf, type BillId, type FeeItemId, type OrganisationId } from '#libs/kernel/ids/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { actsFor } from '#libs/security/port/index.js';
import { billAggregate, billingTermsAggregate, feeItemAggregate } from '../codec/index.js';
import {
  billIdFor,
  billingTermsIdFor,
  IssueBill,
  type IssueBillRejection,
  type IssueEffect,
} from '../contract/index.js';
import type { BillEvent, BillItem, BillRefusal } from '../domain/bill/index.js';
import { termsOn } from '../domain/billing-terms/index.js';
import type { FeeItemContent } from '../domain/fee-item/index.js';
import { FORBIDDEN } from './forbidden.js';

type IssueOutcome = Outcome<{ readonly billId: BillId; readonly effect: IssueEffect }, IssueBillRejection>;

/** A fee item never changes once defined, so that it is read once; far more than one organisation has. */
const REMEMBERED_FEE_ITEMS = 10_000;

/** Issues one bill, or brings the bill of the same payer, term and fee item to the content given. */
@CommandHandler(IssueBill)
export class IssueBillHandler implements ICommandHandler<IssueBill> {
  readonly #feeItems = new Map<FeeItemId, FeeItemContent>();

  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context, organisationId, content, commandId }: IssueBill): Promise<IssueOutcome> {
    if (!actsFor(context.caller, organisationId, 'bursar')) return FORBIDDEN;
    const { feeItemId, payer, academicYear, term } = content;
    const { tenant } = context.caller;
    const feeItem = this.#feeItems.get(feeItemId) ?? (await this.#readFeeItem(feeItemId));
    if (feeItem?.organisationId !== organisationId || feeItem.tenant !== tenant) return UNKNOWN_FEE_ITEM;
    const at = this.runtime.clock.now();
    const { state: terms } = await this.store.load(
      billingTermsAggregate,
      billingTermsIdFor(tenant, organisationId),
    );
    const billId = billIdFor({ organisationId, academicYear, term, payerNumber: payer.number, feeItemId });
    const { code, name, category, glCode, priority } = feeItem;
    const item: BillItem = { feeItemId, code, name, category, glCode, priority, amount: content.amount };
    const result = await this.store.run(
      billAggregate,
      billId,
      {
        kind: 'issue',
        billId,
        tenant,
        organisationId,
        number: billNumberOf(billId, academicYear),
        payer,
        academicYear,
        term,
        items: [item],
        waived: content.waived,
        dueDate: content.dueDate,
        policy: termsOn(terms, localDateOf(at)),
        at,
      },
      { ...commandContext(context, commandId, at), organisation: organisationId },
    );
    if (result.accepted) return { accepted: true, value: { billId, effect: effectOf(result.events) } };
    return { accepted: false, rejection: issueRejection(result.rejection, organisationId) };
  }

  async #readFeeItem(id: FeeItemId): Promise<FeeItemContent | undefined> {
    const { state } = await this.store.load(feeItemAggregate, id);
    if (state.status === 'absent') return undefined;
    if (this.#feeItems.size >= REMEMBERED_FEE_ITEMS) this.#feeItems.clear();
    this.#feeItems.set(id, state);
    return state;
  }
}

const UNKNOWN_FEE_ITEM: IssueOutcome = {
  accepted: false,
  rejection: { code: 'UNKNOWN_FEE_ITEM', message: 'The organisation has no such fee item.' },
};

/**
 * `2026-7KQ2-M4XD-9PAB`: the year and 60 bits of the bill's hash-based id, short enough to be read out. Among a million bills
 * of one organisation two share a number with a chance of one in two million; every lookup that matters goes by id.
 */
function billNumberOf(billId: BillId, academicYear: string): string {
  const code = crockfordOf(billId);
  return `${academicYear.slice(0, 4)}-${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`;
}

function effectOf(events: readonly BillEvent[]): IssueEffect {
  if (events.length === 0) return 'unchanged';
  return events[0]!.type === 'BillIssued' ? 'issued' : 'amended';
}

function issueRejection(rejection: BillRefusal, organisationId: OrganisationId): IssueBillRejection {
  switch (rejection.code) {
    case 'BILL_ALREADY_PAID':
    case 'BILL_RESERVED':
    case 'BILL_CANCELLED':
    case 'BILL_EXPIRED':
    case 'BILL_WRITTEN_OFF':
    case 'INVALID_BILL':
      return { ...rejection, code: rejection.code };
    default:
      throw new Error(`Issuing a bill of ${organisationId} was refused with ${rejection.code}.`);
  }
}
