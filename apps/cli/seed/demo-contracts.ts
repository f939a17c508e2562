import { addDays, type Instant, type LocalDate, localDateOf } from '#libs/kernel/time/index.js';
import {
  DEMO_BUREAU,
  DEMO_PRIMARY_SCHOOL,
  DEMO_TRAINING_CENTRE,
} from '#libs/security/adapters/demo/demo-directory.js';
import { momentOf } from './demo-plan.js';

export type DemoPayer = 'payer' | 'payer2';

/** Within what the region lets schools take in advance: 60 lessons, 5,000 yuan. */
export const DEMO_COURSE = {
  name: '初中数学同步课',
  subject: '数学',
  lessonMinutes: 60,
  packages: [
    { lessons: 12, fen: 120_000n },
    { lessons: 24, fen: 228_000n },
    { lessons: 48, fen: 432_000n },
  ],
  authorityId: DEMO_BUREAU.id,
  region: 'CN',
  validDays: 180,
} as const;

export const DEMO_DEPOSIT = {
  template: 'deposit-return',
  region: 'CN',
  lessee: 'payer2',
  lessor: DEMO_TRAINING_CENTRE,
  arbiter: DEMO_BUREAU,
  fen: 80_000n,
  /** Found on inspection. */
  deductionFen: 6_000n,
  /** Working days. */
  notice: '5WD',
} as const;

/** There are more vouchers than people, all worth the same: who has won how much does not hang on the draw's dice. */
export const DEMO_CAMPAIGN = {
  name: '示范读书节消费券',
  organiser: DEMO_TRAINING_CENTRE,
  sponsor: 'payer2',
  winner: 'payer',
  /** Families of the primary school beside the winner. */
  families: 4,
  vouchers: 6,
  voucherFen: 5_000n,
  minSpendFen: 3_000n,
  merchant: DEMO_PRIMARY_SCHOOL,
  /** Book stores (ISO 18245). */
  category: '5942',
  spentFen: 3_000n,
  priceFen: 4_860n,
} as const;

export interface PlannedLesson {
  readonly lessonNo: number;
  readonly deliveredAt: Instant;
  /** What the payer says to it; nothing: silence. */
  readonly answer?: { readonly at: Instant; readonly says: 'confirm' | 'object' };
}

export interface PlannedOrder {
  /** Unique in the plan, the same in every run. */
  readonly key: string;
  readonly payer: DemoPayer;
  readonly studentNo: string;
  readonly lessons: 12 | 24 | 48;
  readonly fen: bigint;
  readonly orderedAt: Instant;
  /** What follows once it is paid for. */
  readonly paid?: {
    readonly at: Instant;
    readonly scheduledAt: Instant;
    readonly firstDate: LocalDate;
    /** 1 Monday … 7 Sunday. */
    readonly weekdays: readonly number[];
    readonly given: readonly PlannedLesson[];
    readonly withdrawnAt?: Instant;
  };
}

/** Release contracts of the demo: prepaid lessons, a deposit and a campaign of vouchers. They do not grow with the demo. */
export interface PlannedContracts {
  readonly publishedAt: Instant;
  readonly orders: readonly PlannedOrder[];
  readonly deposit: Readonly<
    Record<'draftedAt' | 'signedAt' | 'paidAt' | 'inspectedAt' | 'fundBy' | 'returnOn' | 'endsAt', Instant>
  >;
  readonly campaign: Readonly<
    Record<
      'draftedAt' | 'sponsoredAt' | 'paidAt' | 'signUpsAt' | 'closesAt' | 'spentAt' | 'expiresAt',
      Instant
    >
  >;
}

/** Of a lesson day, in minutes after midnight: no two moments of one contract are the same. */
export const LESSON_STARTS = '18:30';
const GIVEN = 1_180;
const CONFIRMED = 1_250;
const OBJECTED = 500;

/** The same present, the same contracts. @param now the demo's present */
export function planContracts(now: Instant): PlannedContracts {
  const day = (daysAgo: number): LocalDate => addDays(localDateOf(now), -daysAgo);
  const ago = (daysAgo: number, minute: number): Instant => momentOf(day(daysAgo), minute);
  const ahead = (days: number): Instant => momentOf(day(-days), 0);
  return {
    publishedAt: ago(34, 600),
    orders: [
      completed(day),
      running(day),
      withdrawn(day),
      order('unpaid', { payer: 'payer', studentNo: '770002', lessons: 48, orderedAt: ago(1, 1_215) }),
    ],
    deposit: {
      draftedAt: ago(10, 610),
      signedAt: ago(9, 700),
      paidAt: ago(9, 710),
      inspectedAt: ago(1, 660),
      fundBy: ago(6, 720),
      returnOn: ahead(60),
      endsAt: ahead(90),
    },
    campaign: {
      draftedAt: ago(33, 900),
      sponsoredAt: ago(33, 905),
      paidAt: ago(33, 910),
      signUpsAt: ago(33, 960),
      closesAt: ago(32, 720),
      spentAt: ago(2, 750),
      expiresAt: ahead(90),
    },
  };
}

/** Fen that the demo payers lay out for all of it. */
export function laidOut({ orders }: PlannedContracts): Readonly<Record<DemoPayer, bigint>> {
  const sums = { payer: 0n, payer2: 0n };
  for (const { payer, fen, paid } of orders) if (paid) sums[payer] += fen;
  sums[DEMO_DEPOSIT.lessee] += DEMO_DEPOSIT.fen;
  sums[DEMO_CAMPAIGN.sponsor] += DEMO_CAMPAIGN.voucherFen * BigInt(DEMO_CAMPAIGN.vouchers);
  return sums;
}

type DayAgo = (days: number) => LocalDate;

/** Three lessons a week, every one confirmed: all of the money is the school's. */
function completed(day: DayAgo): PlannedOrder {
  const first = 32;
  const weekdays = [1, 3, 5];
  const days = Array.from({ length: 28 }, (_, index) => day(first - index));
  const dates = days.filter((date) => weekdays.includes(weekdayOf(date))).slice(0, 12);
  return order('completed', {
    payer: 'payer',
    studentNo: '770002',
    lessons: 12,
    orderedAt: momentOf(day(33), 730),
    paid: {
      at: momentOf(day(33), 742),
      scheduledAt: momentOf(day(33), 870),
      firstDate: day(first),
      weekdays,
      given: dates.map((date, index) => lesson(index + 1, date, answered(date, 'confirm'))),
    },
  });
}

/** The payer has confirmed one lesson, said nothing to two, objected to one, and still has time for the last. */
function running(day: DayAgo): PlannedOrder {
  const given = [
    lesson(1, day(15), answered(day(15), 'confirm')),
    lesson(2, day(11)),
    lesson(3, day(8)),
    lesson(4, day(4), answered(day(3), 'object')),
    lesson(5, day(1)),
  ];
  return order('running', {
    payer: 'payer',
    studentNo: '770002',
    lessons: 24,
    orderedAt: momentOf(day(17), 733),
    paid: {
      at: momentOf(day(17), 745),
      scheduledAt: momentOf(day(17), 873),
      firstDate: day(15),
      weekdays: [weekdayOf(day(1)), weekdayOf(day(4))],
      given,
    },
  });
}

/** Two lessons, then the payer gives the rest up and has it back. */
function withdrawn(day: DayAgo): PlannedOrder {
  const given = [22, 15].map((ago, index) => lesson(index + 1, day(ago), answered(day(ago), 'confirm')));
  return order('withdrawn', {
    payer: 'payer2',
    studentNo: '770003',
    lessons: 24,
    orderedAt: momentOf(day(25), 736),
    paid: {
      at: momentOf(day(25), 748),
      scheduledAt: momentOf(day(25), 876),
      firstDate: day(22),
      weekdays: [weekdayOf(day(22))],
      given,
      withdrawnAt: momentOf(day(9), 560),
    },
  });
}

function order(key: string, rest: Omit<PlannedOrder, 'key' | 'fen'>): PlannedOrder {
  const sold = DEMO_COURSE.packages.find(({ lessons }) => lessons === rest.lessons);
  if (!sold) throw new Error(`The course is not sold with ${rest.lessons} lessons.`);
  return { key, fen: sold.fen, ...rest };
}

function lesson(lessonNo: number, date: LocalDate, answer?: PlannedLesson['answer']): PlannedLesson {
  return { lessonNo, deliveredAt: momentOf(date, GIVEN), ...(answer && { answer }) };
}

function answered(date: LocalDate, says: 'confirm' | 'object'): NonNullable<PlannedLesson['answer']> {
  return { at: momentOf(date, says === 'confirm' ? CONFIRMED : OBJECTED), says };
}

/** 1 Monday … 7 Sunday. */
function weekdayOf(date: LocalDate): number {
  return new Date(date).getUTCDay() || 7;
}
