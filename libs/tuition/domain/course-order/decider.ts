import { accept, reject, type Decider } from '#libs/kernel/decider/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import type { CourseOrderCommand, CourseOrderEvent, CourseOrderRefusal, OrderDecision } from './messages.js';
import { evolve } from './evolve.js';
import { deliver, miss, refuseDelivery, reschedule, schedule } from './lessons.js';
import type { CourseOrderState, KnownOrder } from './state.js';

type Of<Kind extends CourseOrderCommand['kind']> = Extract<CourseOrderCommand, { kind: Kind }>;

/**
 * A course that was ordered: what was promised, when lessons are and which were given. The money is the contract's affair; the
 * order says first what is to happen to it, and takes back what the contract refused.
 */
export const courseOrderDecider: Decider<
  CourseOrderCommand,
  CourseOrderState,
  CourseOrderEvent,
  CourseOrderRefusal
> = {
  initial: { status: 'absent' },
  decide(command, state) {
    if (command.kind === 'order') return order(command, state);
    if (state.status === 'absent') {
      return reject({ code: 'COURSE_ORDER_NOT_FOUND', message: 'There is no such course order.' });
    }
    return decideKnown(command, state);
  },
  evolve,
};

function decideKnown(command: Exclude<CourseOrderCommand, Of<'order'>>, state: KnownOrder): OrderDecision {
  switch (command.kind) {
    case 'close':
      return close(command, state);
    case 'refuseDelivery':
      return refuseDelivery(command, state);
    case 'refuseWithdrawal':
      return refuseWithdrawal(command, state);
    case 'dropPrice':
    case 'reprice':
      return endProposal(command, state);
    case 'schedule':
    case 'reschedule':
    case 'miss':
    case 'deliver':
    case 'withdraw':
    case 'proposePrice':
      return decideOpen(command, state);
    default:
      return assertNever(command, 'course order command');
  }
}

function decideOpen(
  command: Of<'schedule' | 'reschedule' | 'miss' | 'deliver' | 'withdraw' | 'proposePrice'>,
  state: KnownOrder,
): OrderDecision {
  const { orderId } = state;
  // Asking again for what is under way says nothing new.
  if (command.kind === 'withdraw' && state.status === 'withdrawn') return accept();
  if (state.status !== 'open') return ENDED;
  switch (command.kind) {
    case 'schedule':
      return schedule(command, state);
    case 'reschedule':
      return reschedule(command, state);
    case 'miss':
      return miss(command, state);
    case 'deliver':
      return deliver(command, state);
    case 'withdraw': {
      const { reason, at } = command;
      return accept({
        type: 'OrderWithdrawn',
        data: { orderId, at, reason, attempt: state.withdrawals + 1 },
      });
    }
    case 'proposePrice':
      return proposePrice(command, state);
    default:
      return assertNever(command, 'course order command');
  }
}

function order({ kind: _kind, ...facts }: Of<'order'>, state: CourseOrderState): OrderDecision {
  if (state.status === 'absent') return accept({ type: 'CourseOrdered', data: facts });
  // Times and prices are those of the first asking; what was asked for must be the same.
  const isSame =
    state.courseId === facts.courseId &&
    state.lessons === facts.lessons &&
    state.studentNo === facts.studentNo &&
    state.account === facts.account;
  if (isSame) return accept();
  return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The key was used with another input.' });
}

function proposePrice(
  { amendmentId, total, reason, account, at }: Of<'proposePrice'>,
  state: KnownOrder,
): OrderDecision {
  const { orderId, asset, proposal } = state;
  if (proposal) {
    if (proposal.amendmentId === amendmentId) return accept();
    return reject({ code: 'PRICE_PROPOSED', message: 'Another price is proposed and not answered yet.' });
  }
  return accept({
    type: 'OrderPriceProposed',
    data: { orderId, at, amendmentId, asset, total, reason, proposedBy: account },
  });
}

/** From the contract: the amendment took effect, or never will. */
function endProposal(command: Of<'dropPrice' | 'reprice'>, state: KnownOrder): OrderDecision {
  const { orderId, asset, proposal, status } = state;
  const { amendmentId, at } = command;
  if (status === 'closed' || proposal?.amendmentId !== amendmentId) return accept();
  if (command.kind === 'dropPrice') {
    return accept({ type: 'OrderPriceDropped', data: { orderId, at, amendmentId, code: command.code } });
  }
  return accept({ type: 'OrderRepriced', data: { orderId, at, amendmentId, asset, total: proposal.total } });
}

function refuseWithdrawal({ code, at }: Of<'refuseWithdrawal'>, state: KnownOrder): OrderDecision {
  if (state.status !== 'withdrawn') return accept();
  return accept({ type: 'OrderWithdrawalRefused', data: { orderId: state.orderId, at, code } });
}

function close({ reason, code, at }: Of<'close'>, state: KnownOrder): OrderDecision {
  if (state.status === 'closed') return accept();
  return accept({ type: 'OrderClosed', data: { orderId: state.orderId, at, reason, code } });
}

const ENDED = reject<CourseOrderRefusal>({
  code: 'COURSE_ORDER_ENDED',
  message: 'The order was withdrawn or has ended.',
});
