import { accept, reject, type Decider, type Decision } from '#libs/kernel/decider/index.js';
import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type {
  PaymentLinkCommand,
  PaymentLinkEvent,
  PaymentLinkRefusal,
  PaymentLinkState,
} from './messages.js';

type LinkDecision = Decision<PaymentLinkEvent, PaymentLinkRefusal>;
type Of<Kind extends PaymentLinkCommand['kind']> = Extract<PaymentLinkCommand, { kind: Kind }>;

/** Whether its bills are paid is theirs to say; the link itself is open until it is withdrawn. */
export const paymentLinkDecider: Decider<
  PaymentLinkCommand,
  PaymentLinkState,
  PaymentLinkEvent,
  PaymentLinkRefusal
> = {
  initial: { status: 'absent' },
  decide(command, state) {
    switch (command.kind) {
      case 'issue':
        return issue(command, state);
      case 'withdraw':
        return withdraw(command, state);
      default:
        return assertNever(command, 'command to a payment link');
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'PaymentLinkIssued':
        if (state.status !== 'absent') throw new ImpossibleHistoryError('A link was issued twice.');
        return { status: 'open', ...event.data };
      case 'PaymentLinkWithdrawn':
        if (state.status !== 'open')
          throw new ImpossibleHistoryError('A link was withdrawn that was not open.');
        return { ...state, status: 'withdrawn' };
      default:
        return assertNever(event, 'event of a payment link');
    }
  },
};

function issue({ kind: _kind, ...link }: Of<'issue'>, state: PaymentLinkState): LinkDecision {
  if (state.status === 'absent') return accept({ type: 'PaymentLinkIssued', data: link });
  if (state.inputHash === link.inputHash) return accept();
  return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The key was used with another input.' });
}

function withdraw({ tenant, reason, at }: Of<'withdraw'>, state: PaymentLinkState): LinkDecision {
  if (state.status === 'absent' || state.tenant !== tenant) {
    return reject({ code: 'PAYMENT_LINK_NOT_FOUND', message: 'There is no such link.' });
  }
  if (state.status === 'withdrawn') return accept();
  return accept({
    type: 'PaymentLinkWithdrawn',
    data: { linkId: state.linkId, reason, withdrawnAt: at },
  });
}
