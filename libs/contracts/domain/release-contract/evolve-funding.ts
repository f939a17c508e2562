import { get, set } from '#libs/kernel/collections/index.js';
import type { Bare } from './bare-event.js';
import { impossible } from './impossible.js';
import type { Contract } from './state.js';

export function reserved(state: Contract, { paymentId, amount }: Bare<'FundingReserved'>): Contract {
  if (get(state.payments, paymentId)) throw impossible('FundingReserved', 'twice for one payment');
  return {
    ...state,
    reserved: [...state.reserved, { paymentId, amount }],
    payments: set(state.payments, paymentId, { kind: 'reserved', amount }),
  };
}

export function fundingReleased(state: Contract, { paymentId }: Bare<'FundingReleased'>): Contract {
  const fate = get(state.payments, paymentId);
  if (fate && fate.kind !== 'reserved') throw impossible('FundingReleased', 'for a payment that has ended');
  return {
    ...state,
    reserved: state.reserved.filter((reservation) => reservation.paymentId !== paymentId),
    payments: set(state.payments, paymentId, { kind: 'ended' }),
  };
}

export function deposited(state: Contract, { depositId, source, amount }: Bare<'FundsDeposited'>): Contract {
  if (get(state.deposits, depositId) !== undefined) throw impossible('FundsDeposited', 'twice');
  if (state.status === 'drafted') throw impossible('FundsDeposited', 'before the contract was signed');
  const comesHome = source.kind === 'contract' && state.activatedAt !== null;
  const paid = {
    ...state,
    funded: state.funded + amount,
    givenBack: comesHome ? state.givenBack + amount : state.givenBack,
    fundingOpen: false,
    deposits: set(state.deposits, depositId, amount),
  };
  if (source.kind !== 'payment') return paid;
  return {
    ...paid,
    reserved: state.reserved.filter(({ paymentId }) => paymentId !== source.paymentId),
    payments: set(state.payments, source.paymentId, { kind: 'deposited', amount }),
  };
}
