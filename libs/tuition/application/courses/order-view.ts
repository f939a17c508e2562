import type { ContractStatus, ContractSummary } from '#libs/contracts/contract/release-contracts.js';
import { money } from '#libs/kernel/money/index.js';
import type { CourseOrderStatus, CourseOrderView, CourseView } from '../../contract/courses.js';
import type { KnownCourse } from '../../domain/course/index.js';
import type { KnownOrder } from '../../domain/course-order/index.js';

export function courseViewOf(course: KnownCourse): CourseView {
  const { asset, name, subject, lessonMinutes, authorityId, region, validDays } = course;
  return {
    id: course.courseId,
    organisationId: course.organisationId,
    status: course.status === 'published' ? 'PUBLISHED' : 'WITHDRAWN',
    name,
    subject,
    lessonMinutes,
    packages: course.packages.map(({ lessons, price }) => ({ lessons, price: money(asset, price) })),
    authorityId,
    region,
    validDays,
  };
}

/** The order as it is now, from the write side of both contexts. Without a contract nothing is paid yet. */
export function orderViewOf(order: KnownOrder, contract: ContractSummary | undefined): CourseOrderView {
  const { asset, proposal } = order;
  const nothing = money(asset, 0n);
  return {
    id: order.orderId,
    contractId: order.contractId,
    organisationId: order.organisationId,
    courseId: order.courseId,
    courseName: order.courseName,
    status: statusOf(order, contract?.status),
    closed: order.closed,
    lessons: order.lessons,
    total: money(asset, order.total),
    studentNo: order.studentNo,
    account: order.account,
    fundBy: order.fundBy,
    endsAt: order.endsAt,
    orderedAt: order.orderedAt,
    funded: contract?.funded ?? nothing,
    released: contract?.released ?? nothing,
    refunded: contract?.refunded ?? nothing,
    held: contract?.held ?? nothing,
    proposedPrice: proposal && {
      amendmentId: proposal.amendmentId,
      total: money(asset, proposal.total),
      reason: proposal.reason,
    },
  };
}

function statusOf(order: KnownOrder, contract: ContractStatus | undefined): CourseOrderStatus {
  if (order.closed?.reason === 'refused') return 'REFUSED';
  if (contract === 'active' && order.status === 'withdrawn') return 'ENDING';
  return ORDER_STATUS[contract ?? 'drafted'];
}

const ORDER_STATUS = {
  drafted: 'AWAITING_PAYMENT',
  awaitingFunding: 'AWAITING_PAYMENT',
  active: 'ACTIVE',
  frozen: 'FROZEN',
  closing: 'ENDING',
  completed: 'ENDED',
  refunded: 'ENDED',
  expired: 'ENDED',
  cancelled: 'CANCELLED',
} as const satisfies Record<ContractStatus, CourseOrderStatus>;
