import { accept, reject, type Decider, type Decision as Decided } from '#libs/kernel/decider/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { evolve } from './evolve.js';
import type {
  ApprovalCommand,
  ApprovalEvent,
  ApprovalRefusal,
  DecideOnRequest,
  RequestApproval,
  RequestContent,
  UseApproval,
  WithdrawRequest,
} from './messages.js';
import type { ApprovalState, KnownApproval } from './state.js';

type Answer = Decided<ApprovalEvent, ApprovalRefusal>;

/** Maker-checker: a second person agrees to exactly one payload, for exactly one act, before it expires. */
export const approvalDecider: Decider<ApprovalCommand, ApprovalState, ApprovalEvent, ApprovalRefusal> = {
  initial: { status: 'absent' },
  decide(command, state) {
    switch (command.command) {
      case 'request':
        return request(command, state);
      case 'decide':
        return decide(command, state);
      case 'use':
        return use(command, state);
      case 'withdraw':
        return withdraw(command, state);
      default:
        return assertNever(command, 'approval command');
    }
  },
  evolve,
};

function request({ command: _command, ...content }: RequestApproval, state: ApprovalState): Answer {
  const requested: ApprovalEvent = { type: 'ApprovalRequested', data: content };
  if (state.status === 'absent') return accept(requested);
  if (!isSameAct(content, state)) {
    return refuse('APPROVAL_OF_ANOTHER_ACT', 'The id belongs to a request for another act.');
  }
  // What stands is what is asked for, or a late repeat of what was asked for before an edit.
  if (content.payloadHash === state.payloadHash || wasAsked(state, content)) return accept();
  switch (state.status) {
    case 'pending':
    case 'granted': {
      const reason = 'Another payload was asked for.';
      return accept(voided(state, { cause: 'edited', reason, at: content.requestedAt }), requested);
    }
    case 'declined':
    case 'void':
      return accept(requested);
    case 'used':
      return refuse('APPROVAL_USED', 'The act was done under this approval; another act needs another.');
    default:
      return assertNever(state, 'approval');
  }
}

function isSameAct(content: RequestContent, known: KnownApproval): boolean {
  return (
    content.tenant === known.tenant &&
    content.organisationId === known.organisationId &&
    content.kind === known.kind &&
    content.subject === known.subject
  );
}

function wasAsked({ asked }: KnownApproval, { payloadHash, requestedAt }: RequestContent): boolean {
  return asked.some((round) => round.payloadHash === payloadHash && round.requestedAt === requestedAt);
}

function decide({ payloadHash, grant, checker, comment, at }: DecideOnRequest, state: ApprovalState): Answer {
  if (state.status === 'absent') return notFound();
  const { maker } = state;
  if (checker.personId === maker.personId || checker.accountId === maker.accountId) {
    return refuse('SAME_PERSON', 'Who asked for it cannot decide on it, with any account.');
  }
  if (payloadHash !== state.payloadHash) {
    return refuse('APPROVAL_STALE', 'What is to be approved has changed since it was shown.');
  }
  if (state.status !== 'pending') {
    const repeated =
      state.status !== 'void' &&
      state.decision.checker.accountId === checker.accountId &&
      state.decision.granted === grant &&
      state.decision.comment === comment;
    return repeated ? accept() : refuse('APPROVAL_CLOSED', `The request is ${state.status}.`);
  }
  if (isExpired(state, at)) return refuse('APPROVAL_CLOSED', 'The request has expired.');
  if (hasDecided(state, checker.personId)) {
    return refuse('APPROVAL_CLOSED', 'This person has decided on the same payload before.');
  }
  const { approvalId, kind, subject } = state;
  const data = { approvalId, kind, subject, payloadHash, checker, comment, decidedAt: at };
  return accept({ type: grant ? 'ApprovalGranted' : 'ApprovalDeclined', data });
}

function hasDecided({ decidedBy, payloadHash }: KnownApproval, personId: string): boolean {
  return decidedBy.some((past) => past.personId === personId && past.payloadHash === payloadHash);
}

function use({ tenant, payloadHash, useId, at }: UseApproval, state: ApprovalState): Answer {
  if (state.status === 'absent' || state.tenant !== tenant) return notFound();
  const isSamePayload = payloadHash === state.payloadHash;
  if (state.status === 'used') {
    if (isSamePayload && state.useId === useId) return accept();
    return refuse('APPROVAL_USED', 'The approval was used for an act before.');
  }
  if (!isSamePayload) return refuse('APPROVAL_VOID', 'The approval is of another payload.');
  if (state.status === 'declined') return refuse('APPROVAL_DECLINED', 'The second person declined.');
  if (state.status === 'void') return refuse('APPROVAL_VOID', `The request was ${state.cause}.`);
  if (isExpired(state, at)) return refuse('APPROVAL_VOID', 'The approval has expired.');
  if (state.status === 'pending') return refuse('APPROVAL_PENDING', 'The second person has not decided yet.');
  const { approvalId } = state;
  return accept({ type: 'ApprovalUsed', data: { approvalId, payloadHash, useId, usedAt: at } });
}

function withdraw({ tenant, reason, at }: WithdrawRequest, state: ApprovalState): Answer {
  if (state.status === 'absent' || state.tenant !== tenant) return accept();
  if (state.status !== 'pending' && state.status !== 'granted') return accept();
  return accept(voided(state, { cause: 'withdrawn', reason, at }));
}

function voided(
  { approvalId, payloadHash }: KnownApproval,
  { cause, reason, at }: { readonly cause: 'edited' | 'withdrawn'; reason: string; at: Instant },
): ApprovalEvent {
  return { type: 'ApprovalVoided', data: { approvalId, payloadHash, cause, reason, voidedAt: at } };
}

/** Good until the moment itself. */
function isExpired({ expiresAt }: KnownApproval, at: Instant): boolean {
  return at >= expiresAt;
}

function notFound(): Answer {
  return refuse('APPROVAL_NOT_FOUND', 'There is no such approval.');
}

function refuse(code: ApprovalRefusal['code'], message: string): Answer {
  return reject({ code, message });
}
