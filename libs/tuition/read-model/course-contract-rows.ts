import type { EventSet } from '#libs/event-log/codec/types.js';
import type { ProjectionPart } from '#libs/event-log/consumers/types.js';
import type { ContractStatus } from '#libs/contracts/contract/release-contracts.js';
import type { ViewRow, ViewWriter } from '#libs/views/port/index.js';
import type { CourseOrderStatus, LessonStatus } from '../contract/courses.js';

const LESSON_RULE = 'lesson';
const LESSON_TIMER = `payable:${LESSON_RULE}:`;

/** What is read of every event of a release contract, and of some of them. */
interface ContractNews {
  readonly contractId: string;
  readonly status: ContractStatus;
  readonly totals: {
    readonly funded: bigint;
    readonly released: bigint;
    readonly refunded: bigint;
    readonly held: bigint;
  };
}
interface Unit {
  readonly ruleId: string;
  readonly dedupeKey: string;
}
interface Accepted extends ContractNews {
  readonly statement: { readonly rule: string; readonly dedupeKey: string };
  readonly entitlementBefore: bigint;
  readonly entitlementAfter: bigint;
  readonly payableAt: string | null;
}

type Act = (data: never, lesson: (key: string, set: ViewRow) => void, view: ViewWriter) => void;

/** What else than figures and status the contract's events mean for lessons. */
const LESSON_ACTS: Readonly<Record<string, Act>> = {
  EvidenceAccepted: (data: Accepted, lesson) => {
    if (data.statement.rule !== LESSON_RULE) return;
    const amount = data.entitlementAfter - data.entitlementBefore;
    lesson(data.statement.dedupeKey, {
      ...is('DELIVERED'),
      amount_minor: amount,
      payable_at: data.payableAt,
    });
  },
  AccrualConfirmed: (data: Unit, lesson) => {
    if (data.ruleId === LESSON_RULE) lesson(data.dedupeKey, { ...is('CONFIRMED'), consent: 'CONFIRMED' });
  },
  TimerFired: (data: { readonly timerId: string }, lesson) => {
    const { timerId } = data;
    if (timerId.startsWith(LESSON_TIMER)) lesson(timerId.slice(LESSON_TIMER.length), { consent: 'DEEMED' });
  },
  FundsReleased: (
    data: { readonly ruleId: string | null; readonly dedupeKeys: readonly string[] },
    lesson,
  ) => {
    if (data.ruleId !== LESSON_RULE) return;
    for (const key of data.dedupeKeys) lesson(key, is('RELEASED'));
  },
  EntitlementWaived: (data: Unit, lesson) => {
    if (data.ruleId === LESSON_RULE) lesson(data.dedupeKey, is('WAIVED'));
  },
  DisputeOpened: (data: { readonly disputeId: string; readonly subject: Unit | null }, lesson) => {
    if (data.subject?.ruleId !== LESSON_RULE) return;
    lesson(data.subject.dedupeKey, { ...is('DISPUTED'), dispute_id: data.disputeId });
  },
  DisputeResolved: (
    data: ContractNews & { readonly disputeId: string; readonly outcome: 'release' | 'refund' | 'thaw' },
    _lesson,
    view,
  ) => {
    const where = { order_id: data.contractId, dispute_id: data.disputeId };
    view.patch('course_lesson', where, { ...is(AFTER_DISPUTE[data.outcome]), dispute_id: null });
  },
};

const AFTER_DISPUTE = {
  thaw: 'DELIVERED',
  release: 'RELEASED',
  refund: 'WAIVED',
} as const satisfies Record<string, LessonStatus>;

/** Every event of a contract sets the figures of the order with the same id. */
export function onContracts(contractEvents: EventSet): ProjectionPart {
  const handlers = Object.fromEntries(
    Object.keys(contractEvents.types).map((type) => [type, handlerOf(type)]),
  );
  return { events: contractEvents, handlers };
}

function handlerOf(type: string) {
  const act = LESSON_ACTS[type];
  return (data: ContractNews, view: ViewWriter): void => {
    const { contractId, status, totals } = data;
    view.patch(
      'course_order',
      { id: contractId },
      {
        status: ORDER_STATUS[status],
        funded_minor: totals.funded,
        released_minor: totals.released,
        refunded_minor: totals.refunded,
        held_minor: totals.held,
      },
    );
    act?.(data as never, (key, set) => patchLesson(view, contractId, key, set), view);
  };
}

/** Evidence for what is no lesson number finds no row. */
function patchLesson(view: ViewWriter, orderId: string, key: string, set: ViewRow): void {
  const lessonNo = Number(key);
  if (Number.isSafeInteger(lessonNo))
    view.patch('course_lesson', { order_id: orderId, lesson_no: lessonNo }, set);
}

function is(status: LessonStatus): ViewRow {
  return { status };
}

const ORDER_STATUS: Readonly<Record<ContractStatus, CourseOrderStatus>> = {
  drafted: 'AWAITING_PAYMENT',
  awaitingFunding: 'AWAITING_PAYMENT',
  active: 'ACTIVE',
  frozen: 'FROZEN',
  closing: 'ENDING',
  completed: 'ENDED',
  refunded: 'ENDED',
  expired: 'ENDED',
  cancelled: 'CANCELLED',
};
