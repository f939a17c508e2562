import { addDays, type Instant, type LocalDate, localDateOf } from '#libs/kernel/time/index.js';
import { billsOf, momentOf, type PlannedPayment, type PlannedSchool } from './demo-plan.js';
import type { DemoStudent } from './demo-students.js';

/** Per day on what is overdue, of the primary school; days of grace after the due date. */
export const LATE_FEE = { of: 5n, per: 10_000n, graceDays: 3 } as const;

/** What does not go by the plan: part payments, a late one, one of too much, money that goes back. */
export interface Occasions {
  /** In no order. */
  readonly payments: readonly PlannedPayment[];
  /** By the sandbox bank, which knows the present alone. */
  readonly byOperator: readonly PlannedPayment[];
  /** By wallet; the line of one bill goes back, small enough for one person. */
  readonly smallRefund: PlannedPayment;
  /** By wallet; all of it is to go back, too much for one person. */
  readonly largeRefund: PlannedPayment;
  /** Its receipt is cancelled. */
  readonly cancelled: PlannedPayment;
  /** The second demo payer gives a mandate for their bills. */
  readonly mandateFor: DemoStudent;
  /** When each of it happens. */
  readonly at: Readonly<
    Record<'smallRefund' | 'largeRefund' | 'cancelled' | 'mandate' | 'complaint', Instant>
  >;
}

/** Picked from the plan by rules, so that the same plan has the same occasions. @param now the demo's present */
export function planOccasions([high, primary]: readonly PlannedSchool[], now: Instant): Occasions {
  if (!high || !primary) throw new Error('The demo has a high school and a primary school.');
  const today = localDateOf(now);
  const ago = (days: number, minute: number): Instant => momentOf(addDays(today, -days), minute);
  const overdue = students(high).filter((student) => !hasPaid(high, student, 0));
  const [first, second, third, ...more] = overdue;
  if (!first || !second || !third) throw new Error('The demo has overdue students.');
  const part = (student: DemoStudent, fen: bigint, rest: Pick<PlannedPayment, 'at' | 'method' | 'key'>) =>
    payment(high, student, { ...rest, wave: 0, feeItem: 'TUITION', fen: () => fen });
  return {
    payments: [
      part(first, 60_000n, { key: 'part-cash', method: 'cash', at: ago(12, 630) }),
      part(second, 30_000n, { key: 'part-1', method: 'wallet', at: ago(10, 1_215) }),
      part(second, 30_000n, { key: 'part-2', method: 'wallet', at: ago(4, 1_215) }),
      beyondTheBill(high, ago(2, 600)),
      late(primary, addDays(today, -3)),
    ],
    byOperator: more.slice(0, 3).map((student, index) =>
      payment(high, student, {
        key: `operator-${index}`,
        method: 'operator',
        at: now,
        wave: 0,
        feeItem: 'TUITION',
        fen: (due) => (index === 2 ? due / 2n : due),
      }),
    ),
    smallRefund: ofBook(high, high.students[2]),
    largeRefund: paymentOf(high, ({ student }) => student === high.students[1]),
    cancelled: paymentOf(
      high,
      ({ student, method }) =>
        method === 'wallet' && student !== high.students[1] && student !== high.students[2],
    ),
    mandateFor: third,
    at: {
      smallRefund: ago(4, 655),
      largeRefund: ago(1, 680),
      cancelled: ago(3, 940),
      mandate: ago(3, 1_250),
      complaint: ago(1, 1_300),
    },
  };
}

/** All but the first, whose bills stay open for a visitor, and the next two, the demo payers' own. */
function students({ students: all }: PlannedSchool): readonly DemoStudent[] {
  return all.slice(3);
}

function hasPaid({ school, payments }: PlannedSchool, student: DemoStudent, wave: number): boolean {
  const key = `${school.organisation.id}-${wave}-`;
  return payments.some((planned) => planned.student === student && planned.key.startsWith(key));
}

/** Somebody who owes nothing but the newest bill pays 200 yuan more than that asks for. */
function beyondTheBill(high: PlannedSchool, at: Instant): PlannedPayment {
  const newest = high.waves.length - 1;
  const student = students(high).find((one) => hasPaid(high, one, 0) && !hasPaid(high, one, newest));
  if (!student) throw new Error('Everybody has paid the newest bill.');
  const fen = (due: bigint): bigint => due + 20_000n;
  return payment(high, student, { key: 'advance', method: 'cash', at, wave: newest, feeItem: 'DORM', fen });
}

/** All that is due, the late fee included. */
function late(primary: PlannedSchool, day: LocalDate): PlannedPayment {
  const student = students(primary).find((one) => !hasPaid(primary, one, 0));
  const wave = primary.waves[0];
  if (!student || !wave) throw new Error('The primary school has nobody who is late.');
  const daysLate = (Date.parse(day) - Date.parse(wave.dueDate)) / 86_400_000 - LATE_FEE.graceDays;
  const fen = (due: bigint): bigint => due + (due * BigInt(daysLate) * LATE_FEE.of) / LATE_FEE.per;
  return payment(primary, student, {
    key: 'late',
    method: 'cash',
    at: momentOf(day, 625),
    wave: 0,
    feeItem: 'BOOK',
    fen,
  });
}

interface Occasion extends Pick<PlannedPayment, 'at' | 'method' | 'key'> {
  readonly wave: number;
  readonly feeItem: string;
  readonly fen: (due: bigint) => bigint;
}

function payment({ school, waves }: PlannedSchool, student: DemoStudent, occasion: Occasion): PlannedPayment {
  const { wave, feeItem, fen, key, at, method } = occasion;
  const bill = waves[wave] && billsOf(waves[wave], student).find((one) => one.feeItem === feeItem);
  if (!bill) throw new Error(`${student.studentNo} has no bill of ${feeItem}.`);
  return {
    at,
    key: `${school.organisation.id}-${key}`,
    method,
    bills: [{ ...bill, fen: fen(bill.fen) }],
    student,
    school,
  };
}

function ofBook(high: PlannedSchool, of: DemoStudent | undefined): PlannedPayment {
  return paymentOf(
    high,
    ({ student, bills }) => student === of && bills.some(({ feeItem }) => feeItem === 'BOOK'),
  );
}

/** The first of the plan that is like this, of the first wave. */
function paymentOf(
  { payments }: PlannedSchool,
  isLike: (planned: PlannedPayment) => boolean,
): PlannedPayment {
  const found = payments.find((planned) => isLike(planned));
  if (!found) throw new Error('The plan has no such payment.');
  return found;
}
