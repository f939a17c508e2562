/** Prepaid courses and mass refunds as a program runs them, over release contracts on a log in memory. */
import type { Provider } from '@nestjs/common';
import { ApprovalDecisions } from '#libs/approvals/application/index.js';
import { APPROVAL_WAITERS, type ApprovalWaiter } from '#libs/approvals/contract/index.js';
import {
  MassRefundApprovals,
  MassRefundJobs,
  massRefundApplication,
} from '#libs/contracts/application/mass-refund/index.js';
import { releaseContractEvents } from '#libs/contracts/codec/index.js';
import { massRefundQueries } from '#libs/contracts/read-model/index.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import type { OrganisationId } from '#libs/kernel/ids/index.js';
import { onboardingApplication } from '#libs/onboarding/application/index.js';
import { onboardingEventSets } from '#libs/onboarding/codec/index.js';
import { RegisterOrganisation } from '#libs/onboarding/contract/index.js';
import { ATTESTOR_KEYRING, SPREADSHEET_WRITER } from '#libs/runtime/port/tokens.js';
import type { AttestorKeyring } from '#libs/security/port/index.js';
import { xlsxWriter } from '#libs/spreadsheet/adapters/index.js';
import {
  type CourseOrderView,
  type CourseView,
  LessonsOf,
  OrderCourse,
  PublishCourse,
} from '#libs/tuition/contract/courses.js';
import {
  COURSE_CONTRACT_EVENTS,
  courseProviders,
  CourseOrderFollower,
  coursesProjection,
  tuitionEventSets,
} from '#libs/tuition/providers.js';
import { callerOf, requestOf, SCHOOL, OTHER_SCHOOL } from './callers.js';
import { contractsWorld, type ContractsWorld } from './contracts-views-world.js';
import { BUREAU, fund, yuan } from './contracts-world.js';
import { accepted } from './payment-fixture.js';
import { terminalKey } from './terminal-key.js';

export const bursar = (organisation: OrganisationId = SCHOOL) =>
  requestOf(callerOf('bursar', `bursar-of-${organisation}`, organisation));
export const clerk = (organisation: OrganisationId = SCHOOL) =>
  requestOf(callerOf('clerk', `clerk-of-${organisation}`, organisation));
export const payer = (name = 'payer-1') => requestOf(callerOf('payer', name));
export const inspector = (name = 'inspector-1', organisation = BUREAU) =>
  requestOf(callerOf('supervisor', name, organisation));
export const operator = (name = 'ops-1') => requestOf(callerOf('ops', name));

/** One key for every holder: what counts here is that the platform signs and the contract verifies. */
function keyringOf(seed: number): AttestorKeyring {
  const terminal = terminalKey(seed);
  const { keyId, alg } = terminal.key;
  return {
    publicKeys: () => Promise.resolve([terminal.key]),
    sign: (_tenant, _holder, message) => Promise.resolve({ keyId, alg, sig: terminal.signBytes(message) }),
  };
}

const PROVIDERS: readonly Provider[] = [
  ...onboardingApplication,
  ...courseProviders,
  ...massRefundApplication,
  ...massRefundQueries,
  { provide: ATTESTOR_KEYRING, useValue: keyringOf(7) },
  { provide: SPREADSHEET_WRITER, useValue: xlsxWriter },
  { provide: COURSE_CONTRACT_EVENTS, useValue: releaseContractEvents },
  {
    provide: APPROVAL_WAITERS,
    inject: [MassRefundApprovals],
    useFactory: (...waiters: readonly ApprovalWaiter[]) => waiters,
  },
];

export interface CoursesWorld extends ContractsWorld {
  /** Rings again after every view and process has caught up: what follows from what. */
  settled(): Promise<void>;
  course(key?: string): Promise<CourseView>;
  /** Ordered and paid for. */
  paidOrder(course: CourseView, key?: string, lessons?: number): Promise<CourseOrderView>;
  lessonStates(order: CourseOrderView): Promise<readonly string[]>;
}

/** `follow: false`: no process manager makes good what a request left undone. */
export async function coursesWorld({
  follow = true,
  log,
}: { readonly follow?: boolean; readonly log?: EventLog } = {}): Promise<CoursesWorld> {
  const world = await contractsWorld({
    ...(log && { log }),
    events: [...tuitionEventSets, ...onboardingEventSets],
    projections: [coursesProjection(releaseContractEvents)],
    managers: [...(follow ? [CourseOrderFollower] : []), ApprovalDecisions],
    providers: PROVIDERS,
  });
  for (const organisationId of [SCHOOL, OTHER_SCHOOL, BUREAU]) {
    const input = { organisationId, nameZh: '机构', nameEn: 'Organisation', kind: 'school' as const };
    accepted<unknown>(await world.execute(new RegisterOrganisation(operator(), input)));
  }
  return {
    ...world,
    async settled() {
      await world.consumers.caughtUp();
      await world.consumers.caughtUp();
    },
    async course(key = 'course-1') {
      const input = {
        idempotencyKey: key,
        name: '初中数学',
        subject: '数学',
        lessonMinutes: 45,
        packages: [
          { lessons: 12, price: yuan(1_200) },
          { lessons: 24, price: yuan(2_160) },
        ],
        authorityId: BUREAU,
        region: 'CN',
        validDays: 180,
      };
      return accepted<CourseView>(await world.execute(new PublishCourse(bursar(), input)));
    },
    async paidOrder(course, key = 'order-1', lessons = 12) {
      const price = course.packages.find((known) => known.lessons === lessons)!.price;
      const order = accepted<CourseOrderView>(
        await world.execute(
          new OrderCourse(payer(), {
            idempotencyKey: key,
            courseId: course.id,
            lessons,
            expectedPrice: price,
            studentNo: '2026000001',
          }),
        ),
      );
      await fund(world, order.contractId);
      return order;
    },
    async lessonStates(order) {
      const lessons = await world.query(new LessonsOf(payer(), order.id));
      return lessons.map(({ status }) => status);
    },
  };
}

export { BUREAU, MassRefundJobs, yuan };
