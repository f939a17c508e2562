import { accept, reject, type Decider } from '#libs/kernel/decider/index.js';
import { ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { PayerCodeRefusal, PayerCodeShown, PayerCodeState, ShowPayerCode } from './messages.js';

/**
 * A payer's one-time code. Its one use is the payment whose id derives from the code: whoever comes second finds that payment
 * already asked for, by somebody else. So nothing has to be claimed or given back here.
 */
export const payerCodeDecider: Decider<ShowPayerCode, PayerCodeState, PayerCodeShown, PayerCodeRefusal> = {
  initial: { status: 'absent' },
  decide({ kind: _kind, ...code }, state) {
    if (state.status === 'absent') return accept({ type: 'PayerCodeShown', data: code });
    return reject({ code: 'PAYER_CODE_TAKEN', message: 'Another code had these digits.' });
  },
  evolve(state, { data }) {
    if (state.status !== 'absent') throw new ImpossibleHistoryError('A payer’s code was shown twice.');
    return { status: 'shown', ...data };
  },
};
