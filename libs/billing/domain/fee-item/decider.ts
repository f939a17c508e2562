import { accept, reject, type Decider } from '#libs/kernel/decider/index.js';
import { ImpossibleHistoryError } from '#libs/kernel/errors/index.js';
import type { DefineFeeItem, FeeItemContent, FeeItemEvent, FeeItemRefusal } from './messages.js';

export type FeeItemState = { readonly status: 'absent' } | ({ readonly status: 'defined' } & FeeItemContent);

const CODE = /^[A-Za-z0-9._-]{1,40}$/;
const TEXT_LIMIT = 100;

/** What an organisation charges for. */
export const feeItemDecider: Decider<DefineFeeItem, FeeItemState, FeeItemEvent, FeeItemRefusal> = {
  initial: { status: 'absent' },
  decide({ kind: _kind, ...content }, state) {
    const fault = faultOf(content);
    if (fault) return reject({ code: 'INVALID_FEE_ITEM', ...fault });
    if (state.status === 'absent') return accept({ type: 'FeeItemDefined', data: content });
    if (state.requestId !== content.requestId) {
      return reject({
        code: 'FEE_ITEM_CODE_TAKEN',
        message: 'The organisation has a fee item of this code.',
      });
    }
    if (!sameContent(content, state)) {
      return reject({ code: 'IDEMPOTENCY_CONFLICT', message: 'The key was used with another input.' });
    }
    return accept();
  },
  evolve(state, event) {
    if (state.status !== 'absent') throw new ImpossibleHistoryError('A fee item is defined once.');
    return { status: 'defined', ...event.data };
  },
};

function faultOf(content: FeeItemContent): { message: string; path: readonly string[] } | undefined {
  if (!CODE.test(content.code)) {
    return { message: 'A code is 1 to 40 letters, digits, dots, dashes or underscores.', path: ['code'] };
  }
  const texts = { name: content.name, category: content.category, glCode: content.glCode };
  for (const [field, text] of Object.entries(texts)) {
    if (text.trim() === '' || text.length > TEXT_LIMIT) {
      return { message: `1 to ${TEXT_LIMIT} characters.`, path: [field] };
    }
  }
  if (!Number.isInteger(content.priority) || content.priority < 1 || content.priority > 999) {
    return { message: 'A priority is a whole number from 1 to 999.', path: ['priority'] };
  }
  return undefined;
}

function sameContent(given: FeeItemContent, known: FeeItemContent): boolean {
  return (
    given.code === known.code &&
    given.name === known.name &&
    given.category === known.category &&
    given.glCode === known.glCode &&
    given.priority === known.priority
  );
}
