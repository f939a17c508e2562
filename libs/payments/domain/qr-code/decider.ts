import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever } from '#libs/kernel/errors/index.js';
import { equals, formatDecimal } from '#libs/kernel/money/index.js';
import { evolve } from './evolve.js';
import type { QrCodeCommand, QrCodeEvent, QrCodeRefusal } from './messages.js';
import type { QrCodeState } from './state.js';

type QrCodeDecision = Decision<QrCodeEvent, QrCodeRefusal>;
type Of<Kind extends QrCodeCommand['kind']> = Extract<QrCodeCommand, { kind: Kind }>;

/**
 * A merchant's code. A dynamic one is paid once: the payment that claims it first has it, until it is captured or gives it
 * back. A static one is claimed by everybody and by nobody: it only says whether it still holds.
 */
export const qrCodeDecider: Decider<QrCodeCommand, QrCodeState, QrCodeEvent, QrCodeRefusal> = {
  initial: { status: 'absent' },
  decide(command, state) {
    switch (command.kind) {
      case 'issue':
        return issue(command, state);
      case 'claim':
        return claim(command, state);
      case 'giveBack':
        return giveBack(command, state);
      case 'withdraw':
        return withdraw(command, state);
      default:
        return assertNever(command, 'command to a code');
    }
  },
  evolve,
};

function issue({ kind: _kind, codeKind, ...code }: Of<'issue'>, state: QrCodeState): QrCodeDecision {
  if (state.status === 'absent') return accept({ type: 'QrCodeIssued', data: { ...code, kind: codeKind } });
  if (state.inputHash === code.inputHash) return accept();
  return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The key was used with another input.' });
}

function claim({ tenant, paymentId, total, at }: Of<'claim'>, state: QrCodeState): QrCodeDecision {
  if (state.status === 'absent' || state.tenant !== tenant) return notFound();
  if (state.barred.has(paymentId)) {
    return reject({ code: 'PAYMENT_ENDED', message: 'The payment has given the code back.' });
  }
  switch (state.status) {
    case 'used':
      return state.paymentId === paymentId ? accept() : used();
    case 'withdrawn':
      return reject({ code: 'QR_WITHDRAWN', message: 'The code was withdrawn.' });
    case 'open':
      break;
    default:
      return assertNever(state, 'status of a code');
  }
  if (state.kind === 'static') return accept();
  if (state.expiresAt !== null && at >= state.expiresAt) {
    return reject({ code: 'QR_EXPIRED', message: 'The code has expired.' });
  }
  if (state.amount !== null && !equals(state.amount, total)) {
    const details = { expected: formatDecimal(state.amount), actual: formatDecimal(total) };
    return reject({ code: 'AMOUNT_MISMATCH', message: 'The code asks for another amount.', details });
  }
  return accept({ type: 'QrCodeUsed', data: { codeId: state.codeId, paymentId, usedAt: at } });
}

/** Bars the payment even where it has not claimed yet: its claim may still be on its way. */
function giveBack({ paymentId, at }: Of<'giveBack'>, state: QrCodeState): QrCodeDecision {
  if (state.status === 'absent' || state.kind === 'static' || state.barred.has(paymentId)) return accept();
  return accept({
    type: 'QrCodeUseGivenBack',
    data: { codeId: state.codeId, paymentId, givenBackAt: at },
  });
}

function withdraw({ tenant, reason, at }: Of<'withdraw'>, state: QrCodeState): QrCodeDecision {
  if (state.status === 'absent' || state.tenant !== tenant) return notFound();
  switch (state.status) {
    case 'withdrawn':
      return accept();
    case 'used':
      return used();
    case 'open':
      return accept({ type: 'QrCodeWithdrawn', data: { codeId: state.codeId, reason, withdrawnAt: at } });
    default:
      return assertNever(state, 'status of a code');
  }
}

function notFound(): QrCodeDecision {
  return reject({ code: 'QR_NOT_FOUND', message: 'There is no such code.' });
}

function used(): QrCodeDecision {
  return reject({ code: 'QR_USED', message: 'The code has been used.' });
}
