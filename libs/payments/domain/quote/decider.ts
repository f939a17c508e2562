import { accept, reject, type Decider } from '#libs/kernel/decider/index.js';
import { ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { GiveQuote, Quote, QuoteGiven, QuoteRefusal } from './messages.js';

export type QuoteState = { readonly status: 'absent' } | ({ readonly status: 'given' } & Quote);

/** A promise that is made once and then only kept or outlived. */
export const quoteDecider: Decider<GiveQuote, QuoteState, QuoteGiven, QuoteRefusal> = {
  initial: { status: 'absent' },
  decide({ quote }, state) {
    if (state.status === 'absent') return accept({ type: 'QuoteGiven', data: quote });
    if (state.inputHash === quote.inputHash) return accept();
    return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The key was used with another input.' });
  },
  evolve(state, { data }) {
    if (state.status !== 'absent') throw new ImpossibleHistoryError('A quote is given once.');
    return { status: 'given', ...data };
  },
};
