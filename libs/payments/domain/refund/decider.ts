import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import { equals, posting, sum } from '#libs/kernel/money/index.js';
import { accounts } from '../accounts.js';
import { evolve } from './evolve.js';
import type { RefundCommand, RefundEvent, RefundRefusal } from './messages.js';
import type { KnownRefund, RefundState } from './state.js';

type RefundDecision = Decision<RefundEvent, RefundRefusal>;
type Of<Kind extends RefundCommand['kind']> = Extract<RefundCommand, { kind: Kind }>;

/**
 * One refund: requested → approved → sent → returned, or rejected on the way. Whether the payment still has so much to give
 * back is decided on the payment's stream; this stream decides in which order things happen, and that they happen once.
 */
export const refundDecider: Decider<RefundCommand, RefundState, RefundEvent, RefundRefusal> = {
  initial: { status: 'absent' },
  decide(command, state) {
    switch (command.kind) {
      case 'request':
        return request(command, state);
      case 'approve':
        return approve(command, state);
      case 'send':
        return send(command, state);
      case 'confirm':
        return confirm(command, state);
      case 'reject':
        return rejectRefund(command, state);
      case 'complete':
        return complete(command, state);
      case 'payAfterAll':
        return payAfterAll(command, state);
      case 'comeBack':
        return comeBack(command, state);
      default:
        return assertNever(command, 'refund command');
    }
  },
  evolve,
};

function request({ kind: _kind, ...asked }: Of<'request'>, state: RefundState): RefundDecision {
  if (state.status === 'absent') {
    const amounts = asked.lines.map(({ amount }) => amount);
    const adds = amounts.every(({ amount }) => amount > 0n) && asked.amount.amount > 0n;
    if (!adds || !equals(sum(asked.amount.asset, amounts), asked.amount)) {
      throw new ImpossibleHistoryError('A refund whose lines do not add up to its amount.');
    }
    return accept({ type: 'RefundRequested', data: asked });
  }
  if (state.inputHash === asked.inputHash) return accept();
  return refuse('IDEMPOTENCY_CONFLICT', 'The key was used with another input.');
}

function approve({ checker, at }: Of<'approve'>, state: RefundState): RefundDecision {
  switch (state.status) {
    case 'absent':
      return notFound();
    case 'approved':
    case 'sent':
    case 'returned':
      return accept();
    case 'rejected':
      return ended();
    case 'requested':
      if (state.approvalNeeded && checker === null) {
        return refuse('REFUND_NOT_APPROVED', 'The refund needs a second person.');
      }
      if (checker?.personId === state.maker.personId) {
        throw new ImpossibleHistoryError('A refund approved by the person who asked for it.');
      }
      return accept({
        type: 'RefundApproved',
        data: { refundId: state.refundId, checker, approvedAt: at },
      });
  }
}

function send({ at }: Of<'send'>, state: RefundState): RefundDecision {
  switch (state.status) {
    case 'absent':
      return notFound();
    case 'requested':
      return refuse('REFUND_NOT_APPROVED', 'The refund is not approved.');
    case 'sent':
    case 'returned':
      return accept();
    case 'rejected':
      return ended();
    case 'approved': {
      const { refundId, organisationId, amount, refundKind } = state;
      const from = refundKind === 'contract' ? accounts.payoutClearing : accounts.payable(organisationId);
      const out = posting(from, accounts.refundClearing, amount);
      const postings = refundKind === 'dishonour' ? [] : [out];
      return accept({ type: 'RefundSent', data: { refundId, postings, sentAt: at } });
    }
  }
}

function confirm(command: Of<'confirm'>, state: RefundState): RefundDecision {
  const { reference, postings, confirmation, at } = command;
  switch (state.status) {
    case 'absent':
      return notFound();
    case 'requested':
    case 'approved':
      return refuse('REFUND_NOT_APPROVED', 'The refund was not sent.');
    case 'returned':
      // Whoever hands the money out a second time must hear that it was handed out.
      return confirmation === state.confirmation ? accept() : ended();
    case 'rejected':
      return ended();
    case 'sent':
      return accept({
        type: 'RefundReturned',
        data: {
          refundId: state.refundId,
          reference,
          postings,
          ...(confirmation !== undefined && { confirmation }),
          returnedAt: at,
        },
      });
  }
}

/**
 * Only the bank can end what was sent to it: until it says so the money may be with the payer already. What a person was to
 * hand out lies here until this stream says otherwise.
 */
function rejectRefund({ by, inHand, code, reason, at }: Of<'reject'>, state: RefundState): RefundDecision {
  switch (state.status) {
    case 'absent':
      return notFound();
    case 'rejected':
      return accept();
    case 'returned':
      return ended();
    case 'approved':
      // What voids a receipt has begun to open the bills again: it goes through.
      if (state.refundKind !== 'refund') return refuse('REFUND_SENT', 'The receipt is being taken back.');
      return rejectUnsent({ by, code, reason, at }, state);
    case 'requested':
      if (state.refundKind === 'contract') return refuse('REFUND_SENT', 'The contract has paid it out.');
      return rejectUnsent({ by, code, reason, at }, state);
    case 'sent': {
      const { refundId, organisationId, amount, refundKind } = state;
      const callable = by === 'maker' && inHand === true && refundKind === 'refund';
      if (by !== 'bank' && !callable) return refuse('REFUND_SENT', 'The refund is on its way.');
      if (refundKind === 'dishonour')
        throw new ImpossibleHistoryError('A dishonour is not for a bank to end.');
      const home =
        refundKind === 'refund' ? accounts.payable(organisationId) : accounts.suspense(organisationId);
      const postings = [posting(accounts.refundClearing, home, amount)];
      return accept({
        type: 'RefundRejected',
        data: { refundId, by, code, reason, postings, rejectedAt: at },
      });
    }
  }
}

function rejectUnsent(
  { by, code, reason, at }: Omit<Of<'reject'>, 'kind'>,
  { refundId }: KnownRefund,
): RefundDecision {
  return accept({
    type: 'RefundRejected',
    data: { refundId, by, code, reason, postings: [], rejectedAt: at },
  });
}

function complete({ at }: Of<'complete'>, state: RefundState): RefundDecision {
  switch (state.status) {
    case 'absent':
      return notFound();
    case 'requested':
    case 'approved':
    case 'sent':
      return refuse('REFUND_NOT_APPROVED', 'The refund has not come to its end.');
    case 'returned':
    case 'rejected':
      if (state.complete) return accept();
      return accept({ type: 'RefundCompleted', data: { refundId: state.refundId, completedAt: at } });
  }
}

function payAfterAll({ reference, channel, at }: Of<'payAfterAll'>, state: RefundState): RefundDecision {
  if (state.status === 'absent') return notFound();
  if (state.status !== 'rejected' || state.by !== 'bank') {
    return refuse('REFUND_NOT_APPROVED', 'Only what the bank had refused is paid after all.');
  }
  if (state.paidAfterAll) return accept();
  const { refundId, organisationId, amount } = state;
  const postings = [posting(accounts.suspense(organisationId), accounts.outside(channel), amount)];
  return accept({
    type: 'RefundPaidAfterAll',
    data: { refundId, reference, postings, paidAt: at },
  });
}

function comeBack({ reference, channel, at }: Of<'comeBack'>, state: RefundState): RefundDecision {
  switch (state.status) {
    case 'absent':
      return notFound();
    case 'requested':
    case 'approved':
    case 'sent':
    case 'rejected':
      return refuse('REFUND_NOT_APPROVED', 'Only what was returned can come back.');
    case 'returned': {
      if (state.cameBack) return accept();
      const { refundId, organisationId, amount } = state;
      const postings = [posting(accounts.outside(channel), accounts.suspense(organisationId), amount)];
      return accept({ type: 'RefundCameBack', data: { refundId, reference, postings, cameBackAt: at } });
    }
  }
}

function notFound(): RefundDecision {
  return refuse('REFUND_NOT_FOUND', 'There is no such refund.');
}

function ended(): RefundDecision {
  return refuse('REFUND_ENDED', 'The refund has come to its end.');
}

function refuse(code: RefundRefusal['code'], message: string): RefundDecision {
  return reject({ code, message });
}
