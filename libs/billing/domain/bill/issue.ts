import { accept, type Decision } from '#libs/kernel/decider/index.js';
import { equals, money, sum } from '#libs/kernel/money/index.js';
import type {
  BillAmended,
  BillEvent,
  BillIssued,
  BillItem,
  BillRefusal,
  IssueBill,
  Payer,
} from './messages.js';
import { invalid, refuse } from './refusals.js';
import { chargeOf } from './allocation.js';
import { refuseClosed } from './close.js';
import { lastDayOf } from './dues.js';
import { outstandingAs, principalOf, type BillState, type KnownBill, type LiveBill } from './state.js';

/** An account path's segment (libs/kernel/money): the bill's money goes to `org:<organisation>:payable`. */
const ACCOUNT_SEGMENT = /^[A-Za-z0-9._-]{1,80}$/;
/** Longest text of a field, UTF-16 code units. */
const TEXT_LIMIT = 200;

/** Issues the bill, or brings it to the content given: the same content again says nothing. */
export function issue(command: IssueBill, state: BillState): Decision<BillEvent, BillRefusal> {
  const fault = faultOf(command);
  if (fault) return fault;
  switch (state.status) {
    case 'absent':
      return accept(issuedBy(command));
    case 'cancelled':
      return refuse('BILL_CANCELLED', state.billId);
    case 'expired':
    case 'writtenOff':
      return sameFigures(command, state) ? accept() : refuseClosed(state);
    case 'issued':
    case 'partiallyPaid':
    case 'paid':
    case 'partiallyRefunded':
    case 'refunded':
      return bringTo(command, state);
  }
}

function bringTo(command: IssueBill, bill: LiveBill): Decision<BillEvent, BillRefusal> {
  const events: BillEvent[] = [];
  if (!sameFigures(command, bill)) {
    if (bill.paid > 0n) return refuse('BILL_ALREADY_PAID', bill.billId);
    if (bill.reserved > 0n) return refuse('BILL_RESERVED', bill.billId);
    const amended = amendedBy(command, bill);
    const outstanding = amended.data.outstandingAfter.amount;
    if (!bearsNotes(command, bill) || principalOf({ ...bill, outstanding }) < 0n) {
      return invalid(['amount'], 'The notes on the bill leave no such amount.');
    }
    events.push(amended);
  }
  if (!samePayer(command.payer, bill.payer)) {
    const payer = { ...command.payer, subjectId: bill.payer.subjectId };
    events.push({ type: 'BillPayerCorrected', data: { billId: bill.billId, payer } });
  }
  return accept(...events);
}

function issuedBy(command: IssueBill): BillIssued {
  const total = totalOf(command.items);
  return {
    type: 'BillIssued',
    data: {
      billId: command.billId,
      tenant: command.tenant,
      organisationId: command.organisationId,
      number: command.number,
      payer: command.payer,
      academicYear: command.academicYear,
      term: command.term,
      items: command.items,
      total,
      waived: command.waived,
      outstandingAfter: money(total.asset, total.amount - command.waived.amount),
      dueDate: command.dueDate,
      policy: command.policy,
      issuedAt: command.at,
    },
  };
}

function amendedBy({ items, waived, dueDate }: IssueBill, bill: LiveBill): BillAmended {
  const total = totalOf(items);
  const outstanding = outstandingAs(bill, { total: total.amount, waived: waived.amount });
  const difference = outstanding - bill.outstanding;
  const note =
    difference === 0n
      ? null
      : difference < 0n
        ? ({ kind: 'credit', difference: money(total.asset, -difference) } as const)
        : ({ kind: 'debit', difference: money(total.asset, difference) } as const);
  const outstandingAfter = money(total.asset, outstanding);
  const lastDay = lastDayOf({ policy: bill.policy, dueDate });
  return {
    type: 'BillAmended',
    data: {
      billId: bill.billId,
      items,
      total,
      waived,
      dueDate,
      note,
      outstandingAfter,
      ...(lastDay === undefined ? {} : { lastDayAfter: lastDay }),
    },
  };
}

function faultOf(command: IssueBill): ReturnType<typeof invalid> | undefined {
  const { items, waived, payer, organisationId } = command;
  const [first] = items;
  if (!first) return invalid(['items'], 'A bill has at least one item.');
  const asset = first.amount.asset;
  if (items.some((item) => item.amount.asset !== asset || item.amount.amount === 0n)) {
    return invalid(['amount'], 'Every item has an amount in one currency; a credit has one below zero.');
  }
  if (totalOf(items).amount < 0n || items.every((item) => item.amount.amount < 0n)) {
    return invalid(['amount'], 'The items come to zero or more.');
  }
  if (new Set(items.map(({ feeItemId }) => feeItemId)).size !== items.length) {
    return invalid(['items'], 'A fee item stands on a bill once.');
  }
  if (waived.asset !== asset || waived.amount < 0n || waived.amount > totalOf(items).amount) {
    return invalid(['waived'], 'A waiver lies between zero and the sum of the items.');
  }
  if (!ACCOUNT_SEGMENT.test(organisationId))
    return invalid(['organisationId'], 'Not the id of an organisation.');
  const texts = { number: payer.number, name: payer.name };
  for (const [field, text] of Object.entries(texts)) {
    if (text.trim() === '') return invalid(['payer', field], 'The payer has a number and a name.');
  }
  for (const [field, text] of Object.entries({ academicYear: command.academicYear, term: command.term })) {
    if (text.trim() === '' || text.length > 40)
      return invalid([field], 'At most 40 characters, and not blank.');
  }
  const bounded = { ...texts, group: payer.group, grade: payer.grade };
  for (const [field, text] of Object.entries(bounded)) {
    if (text.length > TEXT_LIMIT) return invalid(['payer', field], `At most ${TEXT_LIMIT} characters.`);
  }
  return undefined;
}

function totalOf(items: readonly BillItem[]) {
  return sum(
    items[0]!.amount.asset,
    items.map(({ amount }) => amount),
  );
}

function sameFigures(command: IssueBill, bill: KnownBill): boolean {
  return (
    command.waived.amount === bill.waived &&
    command.waived.asset === bill.asset &&
    command.dueDate === bill.dueDate &&
    command.items.length === bill.items.length &&
    command.items.every((item, index) => {
      const known = bill.items[index]!;
      return item.feeItemId === known.feeItemId && equals(item.amount, known.amount);
    })
  );
}

/** Every item that notes stand on is still there, and none of them goes below zero. */
function bearsNotes({ items }: IssueBill, { notes }: LiveBill): boolean {
  const isThere = notes.every(({ perItem }) =>
    perItem.every((part) => items.some(({ feeItemId }) => feeItemId === part.feeItemId)),
  );
  return isThere && items.every((item) => item.amount.amount < 0n || chargeOf({ notes }, item) >= 0n);
}

/** An erased name stays erased: the roster that still has it is no correction. */
function samePayer(given: Payer, known: Payer): boolean {
  return (
    given.group === known.group &&
    given.grade === known.grade &&
    (known.name === null || given.name === known.name)
  );
}
