import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome } from '#libs/kernel/errors/index.js';
import type { BillId, PaymentId, TenantId } from '#libs/kernel/ids/index.js';
import { money, type Money } from '#libs/kernel/money/index.js';
import type { LocalDate } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { billAggregate } from '../codec/index.js';
import type {
  BillPaymentSteps,
  BillPrice,
  PaymentStep,
  RefundStep,
  ReserveAsk,
  ReserveBillRejection,
  ReservedBill,
} from '../contract/index.js';
import { shareOf, type BillCommand, type BillRefusal, type BillState } from '../domain/bill/index.js';
import { descriptionOf, priceOf } from './bill-price.js';

/** Takes payment on bills: each step is one command on one bill. */
@Injectable()
export class BillSteps implements BillPaymentSteps {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async price(
    tenant: TenantId,
    billIds: readonly BillId[],
    asOf: LocalDate,
  ): Promise<ReadonlyMap<BillId, BillPrice>> {
    const prices = new Map<BillId, BillPrice>();
    for (const billId of billIds) {
      const { state } = await this.store.load(billAggregate, billId);
      if (state.status !== 'absent' && state.tenant === tenant) prices.set(billId, priceOf(state, asOf));
    }
    return prices;
  }

  async reserve(
    step: PaymentStep,
    { amount, asOf, quotedDue }: ReserveAsk,
  ): Promise<Outcome<ReservedBill, ReserveBillRejection>> {
    const { paymentId, tenant, organisationId } = step;
    const ask = { amount, asOf, quotedDue };
    const result = await this.#run(step, { kind: 'reserve', tenant, organisationId, paymentId, ...ask });
    if (!result.accepted) return { accepted: false, rejection: reserveRejection(result.rejection) };
    const reserved = reservedFor(paymentId, result.state);
    // The very command was stored before, and what it reserved has been released since.
    if (!reserved) return PAYMENT_ENDED;
    return { accepted: true, value: reserved };
  }

  async reservationOf(billId: BillId, paymentId: PaymentId): Promise<ReservedBill | undefined> {
    const { state } = await this.store.load(billAggregate, billId);
    return reservedFor(paymentId, state);
  }

  async release(step: PaymentStep): Promise<void> {
    const result = await this.#run(step, { kind: 'release', paymentId: step.paymentId });
    if (!result.accepted) throw unexpected(step, result.rejection);
  }

  async allocate(step: PaymentStep, amount: Money): Promise<void> {
    const result = await this.#run(step, { kind: 'allocate', paymentId: step.paymentId, amount });
    if (!result.accepted) throw unexpected(step, result.rejection);
  }

  async refund(step: RefundStep, amount: Money): Promise<void> {
    const { refundId, paymentId } = step;
    const result = await this.#run(step, { kind: 'refund', refundId, paymentId, amount });
    if (!result.accepted) throw unexpected(step, result.rejection);
  }

  async reverse(step: RefundStep, why: 'receiptCancel' | 'dishonour'): Promise<void> {
    const { refundId, paymentId } = step;
    const result = await this.#run(step, { kind: 'reverse', refundId, paymentId, why });
    if (!result.accepted) throw unexpected(step, result.rejection);
  }

  async payerNames(billIds: readonly BillId[]): Promise<ReadonlyMap<BillId, string | null>> {
    const names = new Map<BillId, string | null>();
    for (const billId of billIds) {
      const { state } = await this.store.load(billAggregate, billId);
      if (state.status !== 'absent') names.set(billId, state.payer.name);
    }
    return names;
  }

  #run(step: PaymentStep, command: BillCommand) {
    const { commandId, correlationId, actor, tenant, organisationId } = step;
    const at = this.runtime.clock.now();
    const context: CommandContext = { commandId, correlationId, actor, tenant, at };
    const scoped = organisationId === undefined ? context : { ...context, organisation: organisationId };
    return this.store.run(billAggregate, step.billId, command, scoped);
  }
}

const PAYMENT_ENDED: Outcome<never, ReserveBillRejection> = {
  accepted: false,
  rejection: { code: 'PAYMENT_ENDED', message: 'The payment has ended and can reserve nothing any more.' },
};

/** What the payment has on the bill: its reservation, or the allocation that came of it. */
function reservedFor(paymentId: PaymentId, state: BillState): ReservedBill | undefined {
  if (state.status === 'absent') return undefined;
  const held = shareOf(state.reservations, paymentId);
  const share = held ?? shareOf(state.allocations, paymentId);
  if (!share) return undefined;
  return {
    billId: state.billId,
    organisationId: state.organisationId,
    reserved: money(state.asset, share.amount),
    lateFee: money(state.asset, share.lateFee),
    advance: money(state.asset, share.advance),
    billNumber: state.number,
    payerNumber: state.payer.number,
    payerName: state.payer.name,
    description: descriptionOf(state),
  };
}

function reserveRejection(rejection: BillRefusal): ReserveBillRejection {
  switch (rejection.code) {
    case 'INVALID_BILL':
    case 'NOT_RESERVED':
    case 'NOT_ALLOCATED':
    case 'UNKNOWN_FEE_ITEM':
    case 'IDEMPOTENCY_CONFLICT':
    case 'WRITE_OFF_PENDING':
      throw new Error(`A reservation was refused with ${rejection.code}.`);
    default:
      return { ...rejection, code: rejection.code };
  }
}

/** A step that the protocol between payment and bill rules out: a bug, and the payment stays on the exceptions list. */
function unexpected({ billId, paymentId }: PaymentStep, { code }: BillRefusal): Error {
  return new Error(`Bill ${billId} refused a step of payment ${paymentId} with ${code}.`);
}
