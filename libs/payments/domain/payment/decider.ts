import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import { equals } from '#libs/kernel/money/index.js';
import { decideOnAuthorisation } from './authorisation.js';
import { capture } from './capture.js';
import { evolve } from './evolve.js';
import { decideOnLateSuccess } from './late-success.js';
import type { Funding, PaymentCommand, PaymentEvent, PaymentRefusal, PaymentRequest } from './messages.js';
import { decideOnRefund } from './refund-fence.js';
import { ended, notFound } from './refusals.js';
import type { PaymentState } from './state.js';
import { fundsContracts } from './tender.js';

type PaymentDecision = Decision<PaymentEvent, PaymentRefusal>;
type Of<Kind extends PaymentCommand['kind']> = Extract<PaymentCommand, { kind: Kind }>;

/**
 * One payment: initiated → captured, or initiated → refused → failed; by an institution outside, initiated → authorising
 * (→ unknown) → authorised → captured. Capture and refusal exclude each other here, in one stream, whoever asks first; so
 * what a payment promised elsewhere can be given back without fear that it is captured meanwhile. Captured and failed are
 * final: what comes later (refunds, late money) stands beside them.
 */
export const paymentDecider: Decider<PaymentCommand, PaymentState, PaymentEvent, PaymentRefusal> = {
  initial: { status: 'absent' },
  decide(command, state) {
    switch (command.kind) {
      case 'initiate':
        return initiate(command, state);
      case 'capture':
        return capture(command, state);
      case 'refuse':
        return refuse(command, state);
      case 'fail':
        return fail(command, state);
      case 'seekAuthorisation':
      case 'instruct':
      case 'authorise':
      case 'loseTrack':
        return decideOnAuthorisation(command, state);
      case 'recordLateSuccess':
      case 'seekReturn':
      case 'settleReturn':
      case 'settleReallocation':
        return decideOnLateSuccess(command, state);
      case 'holdRefund':
      case 'releaseRefund':
      case 'settleRefund':
        return decideOnRefund(command, state);
      default:
        return assertNever(command, 'payment command');
    }
  },
  evolve,
};

function initiate({ kind: _kind, ...request }: Of<'initiate'>, state: PaymentState): PaymentDecision {
  if (state.status === 'absent') {
    if (request.funding) assertFunds(request, request.funding);
    return accept({ type: 'PaymentInitiated', data: request });
  }
  if (state.inputHash === request.inputHash) return accept();
  return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The key was used with another input.' });
}

/** One line, the contract's, of the whole amount; and no tender that can be taken back once the contract has the money. */
function assertFunds({ bills, total, charge, tender }: PaymentRequest, { contractId }: Funding): void {
  const [line, ...others] = bills;
  const whole = line?.amount && equals(line.amount, total) && !charge && others.length === 0;
  // The contract's id stands where a bill's would.
  if (!whole || String(line.billId) !== String(contractId) || !fundsContracts(tender)) {
    throw new ImpossibleHistoryError('A funding payment of something else than one contract.');
  }
}

function refuse({ failure, at }: Of<'refuse'>, state: PaymentState): PaymentDecision {
  switch (state.status) {
    case 'absent':
      return notFound();
    case 'captured':
      return ended('The payment was captured and cannot be refused.');
    case 'authorised':
      return ended('The money is there; the payment can only be captured.');
    case 'refused':
    case 'failed':
      return accept();
    case 'initiated':
    case 'authorising':
    case 'unknown':
      return accept({
        type: 'PaymentRefused',
        data: { paymentId: state.paymentId, failure, refusedAt: at },
      });
  }
}

function fail({ at }: Of<'fail'>, state: PaymentState): PaymentDecision {
  switch (state.status) {
    case 'absent':
      return notFound();
    case 'initiated':
    case 'authorising':
    case 'unknown':
    case 'authorised':
    case 'captured':
      return ended('Only a payment that was refused can end as failed.');
    case 'failed':
      return accept();
    case 'refused': {
      const { paymentId, failure } = state;
      return accept({ type: 'PaymentFailed', data: { paymentId, failure, failedAt: at } });
    }
  }
}
