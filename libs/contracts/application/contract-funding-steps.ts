import { Inject, Injectable } from '@nestjs/common';
import { get } from '#libs/kernel/collections/index.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import type { ContractId, PaymentId } from '#libs/kernel/ids/index.js';
import { money, type Money } from '#libs/kernel/money/index.js';
import type {
  ContractFunding,
  FundedContract,
  FundingRefusalCode,
  FundingStep,
} from '../contract/release-contracts.js';
import type { ContractRefusal } from '../domain/release-contract/messages.js';
import type { Contract } from '../domain/release-contract/state.js';
import { actorIn, ContractStreams, type ContractAsk } from './contract-streams.js';

/** A receipt's line holds so many characters. */
const LONGEST_DESCRIPTION = 160;

type FundingRefusal = Rejection<FundingRefusalCode>;

/** Takes payment on contracts: each step is one command on one contract, in the platform's name. */
@Injectable()
export class ContractFundingSteps implements ContractFunding {
  constructor(@Inject(ContractStreams) private readonly streams: ContractStreams) {}

  async reserve(step: FundingStep, amount: Money): Promise<Outcome<FundedContract, FundingRefusal>> {
    const { paymentId, tenant, contractId } = step;
    const contract = await this.streams.find(tenant, contractId);
    if (!contract) return refused('CONTRACT_NOT_FOUND', 'There is no such contract.');
    const { asset } = contract.terms;
    // Room for another asset there is none.
    if (amount.asset !== asset) return refused('EXCEEDS_MAX_FUNDING', `The contract takes ${asset} only.`);
    const ask = { kind: 'reserveFunding', paymentId, amount: amount.amount } as const;
    const result = await this.#decide(step, contract, ask);
    if (!result.accepted) return { accepted: false, rejection: fundingRefusal(step, result.rejection) };
    const reserved = reservedFor(paymentId, result.value);
    // The very command was stored before, and what it reserved has been released since.
    if (!reserved) return refused('PAYMENT_ENDED', 'The payment has ended and can reserve nothing any more.');
    return { accepted: true, value: reserved };
  }

  async reservationOf(contractId: ContractId, paymentId: PaymentId): Promise<FundedContract | undefined> {
    const contract = await this.streams.load(contractId);
    return contract && reservedFor(paymentId, contract);
  }

  async release(step: FundingStep): Promise<void> {
    const contract = await this.streams.find(step.tenant, step.contractId);
    // Nothing can be reserved on what is not there.
    if (!contract) return;
    const result = await this.#decide(step, contract, { kind: 'releaseFunding', paymentId: step.paymentId });
    if (!result.accepted) throw unexpected(step, result.rejection);
  }

  async deposit(step: FundingStep, amount: Money): Promise<void> {
    const { paymentId, tenant, contractId } = step;
    const contract = await this.streams.find(tenant, contractId);
    if (!contract || contract.terms.asset !== amount.asset) {
      throw new Error(`Payment ${paymentId} has nothing to fund at contract ${contractId}.`);
    }
    const result = await this.#decide(step, contract, {
      kind: 'deposit',
      depositId: depositIdFor(paymentId),
      source: { kind: 'payment', paymentId },
      amount: amount.amount,
    });
    if (!result.accepted) throw unexpected(step, result.rejection);
  }

  #decide(step: FundingStep, contract: Contract, ask: ContractAsk) {
    return this.streams.decide(step, contract, actorIn(contract, 'system', step), ask);
  }
}

/** One payment is one deposit, however often it is brought. */
function depositIdFor(paymentId: PaymentId): string {
  return `payment-${paymentId}`;
}

/** What the payment has at the contract: its reservation, or the deposit that came of it. */
function reservedFor(paymentId: PaymentId, contract: Contract): FundedContract | undefined {
  const fate = get(contract.payments, paymentId);
  if (!fate || fate.kind === 'ended') return undefined;
  const { contractId, organisationId, template, subject, terms } = contract;
  return {
    contractId,
    organisationId,
    reserved: money(terms.asset, fate.amount),
    description: `${template.title['zh-CN']} ${subject}`.slice(0, LONGEST_DESCRIPTION),
  };
}

function refused<Code extends FundingRefusalCode>(
  code: Code,
  message: string,
): Outcome<never, Rejection<Code>> {
  return { accepted: false, rejection: { code, message } };
}

function fundingRefusal(step: FundingStep, rejection: ContractRefusal): FundingRefusal {
  switch (rejection.code) {
    case 'CONTRACT_NOT_FOUND':
    case 'CONTRACT_NOT_SIGNED':
    case 'FUNDING_CLOSED':
    case 'CONTRACT_FROZEN':
    case 'CONTRACT_CLOSED':
    case 'BELOW_MIN_FUNDING':
    case 'EXCEEDS_MAX_FUNDING':
    case 'PAYMENT_ENDED':
      return { ...rejection, code: rejection.code };
    // To whoever pays it is the same: the contract takes no more money.
    case 'CONTRACT_CLOSING':
    case 'CONTRACT_NOT_ACTIVE':
      return { ...rejection, code: 'FUNDING_CLOSED' };
    default:
      throw unexpected(step, rejection);
  }
}

/**
 * A step that the protocol between payment and contract rules out, or a clock that went back: the payment stays on the exceptions
 * list and is tried again.
 */
function unexpected({ contractId, paymentId }: FundingStep, { code }: ContractRefusal): Error {
  return new Error(`Contract ${contractId} refused a step of payment ${paymentId} with ${code}.`);
}
