import { assertNever, ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { QrCodeEvent } from './messages.js';
import type { KnownQrCode, QrCodeState } from './state.js';

export function evolve(state: QrCodeState, event: QrCodeEvent): QrCodeState {
  if (event.type === 'QrCodeIssued') {
    if (state.status !== 'absent') throw new ImpossibleHistoryError('A code was issued twice.');
    return { status: 'open', ...event.data, barred: new Set() };
  }
  if (state.status === 'absent') throw new ImpossibleHistoryError(`${event.type} of a code never issued.`);
  switch (event.type) {
    case 'QrCodeUsed':
      if (state.status !== 'open') throw new ImpossibleHistoryError('A code was used that was not open.');
      return { ...state, status: 'used', paymentId: event.data.paymentId };
    case 'QrCodeUseGivenBack':
      return givenBack(state, event.data.paymentId);
    case 'QrCodeWithdrawn':
      if (state.status !== 'open')
        throw new ImpossibleHistoryError('A code was withdrawn that was not open.');
      return { ...state, status: 'withdrawn' };
    default:
      return assertNever(event, 'event of a code');
  }
}

function givenBack(state: KnownQrCode, paymentId: KnownPaymentId): QrCodeState {
  if (state.barred.has(paymentId)) throw new ImpossibleHistoryError('A payment gave a code back twice.');
  const barred = new Set(state.barred).add(paymentId);
  if (state.status !== 'used' || state.paymentId !== paymentId) return { ...state, barred };
  const { paymentId: _free, ...code } = state;
  return { ...code, status: 'open', barred };
}

type KnownPaymentId = Extract<KnownQrCode, { status: 'used' }>['paymentId'];
