import {
  addDays,
  addMs,
  epochMsOf,
  type Instant,
  type LocalDate,
  localDateOf,
  parseInstant,
} from '#libs/kernel/time/index.js';
import { DEMO_SCHOOLS, type DemoSchool, type DemoWave } from './demo-schools.js';
import { type Dice, diceOf } from './dice.js';
import { type DemoStudent, studentsOf } from './demo-students.js';

/** A part of one, in order of time, of what people paid: 62 % in the first week, 85 % by the due date (1-product). */
const PAID_IN_FIRST_WEEK = 0.62;
const PAID_BY_DUE_DATE = 0.85;
/** Of the payments; the rest is cash at the school's counter. */
const BY_WALLET = 0.7;
/** When people pay, in minutes after midnight in Shanghai. */
const HOURS_OF_PAYING = [570, 840, 1_170] as const;
const MORNING_MINUTES = 480;
const SHANGHAI_OFFSET = '+08:00';

export interface PlannedRow {
  readonly student: DemoStudent;
  readonly feeItem: string;
  readonly amountFen: bigint;
  readonly waivedFen: bigint;
}

/** A file that the bursar publishes one morning. */
export interface PlannedWave {
  readonly name: string;
  readonly issuedAt: Instant;
  readonly dueDate: LocalDate;
  readonly academicYear: string;
  readonly term: string;
  readonly rows: readonly PlannedRow[];
}

export interface PlannedBill {
  readonly feeItem: string;
  readonly academicYear: string;
  readonly term: string;
  /** To be paid: the waiver is taken off. Less is a part payment, more an advance or a late fee. */
  readonly fen: bigint;
}

export interface PlannedPayment {
  readonly at: Instant;
  /** Unique in the plan, the same in every run. */
  readonly key: string;
  readonly method: 'wallet' | 'cash' | 'operator';
  /** All of one student. */
  readonly bills: readonly PlannedBill[];
  readonly student: DemoStudent;
  readonly school: DemoSchool;
}

export interface PlannedSchool {
  readonly school: DemoSchool;
  readonly students: readonly DemoStudent[];
  readonly waves: readonly PlannedWave[];
  readonly payments: readonly PlannedPayment[];
}

/** What happened at the demo schools before `now`. The same `now` and scale give the same plan. */
export function planDemo(now: Instant, scale: number): readonly PlannedSchool[] {
  return DEMO_SCHOOLS.map((school, index) =>
    planSchool(school, { now, scale, dice: diceOf(20_260_901 + index) }),
  );
}

interface Setting {
  readonly now: Instant;
  readonly scale: number;
  readonly dice: Dice;
}

function planSchool(school: DemoSchool, setting: Setting): PlannedSchool {
  const students = studentsOf(school, school.studentsInSlice * setting.scale, localDateOf(setting.now));
  const waves = school.waves.map((wave) => planWave(wave, students, setting));
  const payments = waves.flatMap((wave, index) =>
    planPayments(wave, students, { ...setting, school, key: `${school.organisation.id}-${index}` }),
  );
  return { school, students, waves, payments: payments.filter(({ at }) => at < setting.now) };
}

function planWave(wave: DemoWave, students: readonly DemoStudent[], { now, dice }: Setting): PlannedWave {
  const issuedOn = addDays(localDateOf(now), -wave.issuedDaysAgo);
  const rows = students.flatMap((student) =>
    wave.fees.map(({ code, fenByGrade }) => {
      const amountFen = fenByGrade[student.gradeIndex] ?? fenByGrade[0] ?? 0n;
      // One in thirty has half of it waived.
      const waivedFen = dice.below(30) === 0 ? amountFen / 2n : 0n;
      return { student, feeItem: code, amountFen, waivedFen };
    }),
  );
  return {
    name: wave.name,
    issuedAt: momentOf(issuedOn, MORNING_MINUTES),
    dueDate: addDays(issuedOn, wave.dueDaysAfterIssue),
    ...schoolTermOf(issuedOn),
    rows,
  };
}

/** The first student never pays: theirs are the bills a visitor finds open. The next two pay by the demo payers' wallets. */
const NEVER_PAYS = 1;
const FIRST_TO_PAY = 2;

function planPayments(
  wave: PlannedWave,
  students: readonly DemoStudent[],
  { dice, school, key }: Setting & { readonly school: DemoSchool; readonly key: string },
): readonly PlannedPayment[] {
  const eager = students.slice(NEVER_PAYS, NEVER_PAYS + FIRST_TO_PAY);
  const order = [...eager, ...dice.shuffle(students.slice(NEVER_PAYS + FIRST_TO_PAY))];
  const issuedOn = localDateOf(wave.issuedAt);
  const daysToPay = Math.round((Date.parse(wave.dueDate) - Date.parse(issuedOn)) / 86_400_000);
  return order.flatMap((student, rank) => {
    const share = (rank + 1) / students.length;
    if (share > PAID_BY_DUE_DATE) return [];
    const day = share <= PAID_IN_FIRST_WEEK ? dice.below(7) : 7 + dice.below(Math.max(1, daysToPay - 6));
    const minute = HOURS_OF_PAYING[dice.below(HOURS_OF_PAYING.length)] ?? MORNING_MINUTES;
    const method = rank < FIRST_TO_PAY || dice.next() < BY_WALLET ? ('wallet' as const) : ('cash' as const);
    const bills = billsOf(wave, student);
    // Most pay everything at once, some bill by bill.
    const groups = dice.below(10) < 7 ? [bills] : bills.map((bill) => [bill]);
    const at = momentOf(addDays(issuedOn, day), minute);
    return groups
      .filter((group) => group.length > 0)
      .map((group, part) => ({
        at,
        key: `${key}-${student.studentNo}-${part}`,
        method,
        bills: group,
        student,
        school,
      }));
  });
}

export function billsOf(
  { rows, academicYear, term }: PlannedWave,
  student: DemoStudent,
): readonly PlannedBill[] {
  return rows
    .filter((row) => row.student === student && row.amountFen > row.waivedFen)
    .map(({ feeItem, amountFen, waivedFen }) => ({
      feeItem,
      academicYear,
      term,
      fen: amountFen - waivedFen,
    }));
}

export function momentOf(day: LocalDate, minutes: number): Instant {
  return addMs(parseInstant(`${day}T00:00:00${SHANGHAI_OFFSET}`), minutes * 60_000);
}

/** Terms begin in September and in February; from August on, bills are for the coming school year. */
export function schoolTermOf(day: LocalDate): { readonly academicYear: string; readonly term: string } {
  const [year = 0, month = 0] = day.split('-').map(Number);
  const first = month >= 8 ? year : year - 1;
  return { academicYear: `${first}-${first + 1}`, term: month >= 8 || month === 1 ? '1' : '2' };
}

/** Groups by moment, in order of time. */
export function byMoment(
  payments: readonly PlannedPayment[],
): readonly (readonly [Instant, readonly PlannedPayment[]])[] {
  const groups = new Map<Instant, PlannedPayment[]>();
  for (const payment of payments) {
    const group = groups.get(payment.at);
    if (group) group.push(payment);
    else groups.set(payment.at, [payment]);
  }
  return [...groups].sort(([a], [b]) => epochMsOf(a) - epochMsOf(b));
}
