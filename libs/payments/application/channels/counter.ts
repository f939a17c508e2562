import { compare, formatDecimal } from '#libs/kernel/money/index.js';
import { refused } from '../pay-bills/reserve-bills.js';
import { nothingToDo, TAKEN, type PaymentChannel, type TenderOf } from './port.js';

/** Money on the counter, in the clerk's hands before the payment begins. */
export const cashChannel: PaymentChannel<TenderOf<'cash'>> = {
  authorise({ payment: { total } }, { tendered }) {
    if (tendered.asset === total.asset && compare(tendered, total) >= 0) return Promise.resolve(TAKEN);
    const failure = {
      code: 'CASH_SHORT',
      message: 'Less cash was handed over than is to be paid.',
      path: ['input', 'method', 'cash', 'tendered'],
      details: { required: formatDecimal(total), tendered: formatDecimal(tendered) },
    };
    return Promise.resolve(refused(failure));
  },
  capture: nothingToDo,
  cancel: nothingToDo,
};

/** What was taken elsewhere and is only booked here: cheque, card terminal, hard wallet, money in suspense. */
export const handedOver: PaymentChannel<TenderOf<'cheque' | 'pos' | 'offline' | 'suspense'>> = {
  authorise: () => Promise.resolve(TAKEN),
  capture: nothingToDo,
  cancel: nothingToDo,
};
