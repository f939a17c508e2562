import type { BillPaymentSteps, PaymentStep, ReservedBill } from '#libs/billing/contract/index.js';
import type {
  ContractFunding,
  FundedContract,
  FundingStep,
} from '#libs/contracts/contract/release-contracts.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { asId, type ContractId } from '#libs/kernel/ids/index.js';
import { formatDecimal, money, zero, type Asset } from '#libs/kernel/money/index.js';
import type { PaymentRequest } from '../../domain/payment/index.js';
import type { PaymentParts } from './parts.js';

/** Where a payment's money is owed: the steps it takes there, bill by bill. */
export interface Dues extends Pick<BillPaymentSteps, 'reservationOf' | 'release' | 'allocate'> {
  reserve(
    step: PaymentStep,
    ask: Parameters<BillPaymentSteps['reserve']>[1],
  ): Promise<Outcome<ReservedBill, Rejection>>;
}

/** The one place where a payment that funds a contract takes another way than one that pays bills. */
export function duesOf(
  { bills, contracts }: Pick<PaymentParts, 'bills' | 'contracts'>,
  { funding }: Pick<PaymentRequest, 'funding'>,
): Dues {
  return funding ? contractDues(contracts, funding.contractId) : bills;
}

/** A contract as the one thing that its payment pays: reserved, deposited, released like a bill. */
function contractDues(contracts: ContractFunding, contractId: ContractId): Dues {
  const stepOf = ({ paymentId, tenant, actor, correlationId, commandId }: PaymentStep): FundingStep => ({
    contractId,
    paymentId,
    tenant,
    actor,
    correlationId,
    commandId,
  });
  return {
    async reserve(step, { amount }) {
      if (!amount) throw new Error('A funding payment names its amount.');
      const reserved = await contracts.reserve(stepOf(step), amount);
      if (reserved.accepted) return { accepted: true, value: lineOf(reserved.value) };
      return { accepted: false, rejection: inDecimals(reserved.rejection, amount.asset) };
    },
    async reservationOf(_contract, paymentId) {
      const reserved = await contracts.reservationOf(contractId, paymentId);
      return reserved && lineOf(reserved);
    },
    release: (step) => contracts.release(stepOf(step)),
    allocate: (step, amount) => contracts.deposit(stepOf(step), amount),
  };
}

/** What a contract takes, `min` and `max`, as amounts are written for people. */
function inDecimals({ details, ...rejection }: Rejection, asset: Asset): Rejection {
  if (!details) return rejection;
  const shown = Object.entries(details).map(([name, text]) => [
    name,
    /^\d+$/.test(text) ? formatDecimal(money(asset, BigInt(text))) : text,
  ]);
  return { ...rejection, details: Object.fromEntries(shown) as Record<string, string> };
}

/** Longest description that a capture and a receipt keep, UTF-16 code units. */
const LONGEST_DESCRIPTION = 160;

/** What capture and receipt say of the contract. */
function lineOf({ contractId, organisationId, reserved, description }: FundedContract): ReservedBill {
  return {
    billId: asId<'bill'>(contractId),
    organisationId,
    reserved,
    lateFee: zero(reserved.asset),
    advance: zero(reserved.asset),
    billNumber: contractId,
    // A contract knows its payer by account alone, which is no number that a receipt would show.
    payerNumber: '-',
    payerName: null,
    description: description.slice(0, LONGEST_DESCRIPTION),
  };
}

/** For programs without release contracts. */
export const NO_CONTRACTS: ContractFunding = {
  reserve: () =>
    Promise.resolve({
      accepted: false,
      rejection: { code: 'CONTRACT_NOT_FOUND', message: 'There is no such contract.' },
    }),
  reservationOf: () => Promise.resolve(undefined),
  release: () => Promise.resolve(),
  deposit: () => Promise.reject(new Error('No contract takes deposits here.')),
};
