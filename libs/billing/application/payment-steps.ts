import { Inject, Injectable } from '@nestjs/common';
import type { CommandContext, DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome } from '#libs/kernel/errors/index.js';
import type { BillId, PaymentId } from '#libs/kernel/ids/index.js';
import { money, type Money } from '#libs/kernel/money/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { billAggregate } from '../codec/index.js';
import type { BillPaymentSteps, PaymentStep, ReserveBillRejection, ReservedBill } from '../contract/index.js';
import {
  shareOf,
  type BillCommand,
  type BillRefusal,
  type BillState,
  type KnownBill,
} from '../domain/bill/index.js';

/** Takes payment on bills: each step is one command on one bill. */
@Injectable()
export class BillSteps implements BillPaymentSteps {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async reserve(
    step: PaymentStep,
    amount: Money | undefined,
  ): Promise<Outcome<ReservedBill, ReserveBillRejection>> {
    const { paymentId, tenant, organisationId } = step;
    const result = await this.#run(step, { kind: 'reserve', tenant, organisationId, paymentId, amount });
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
  const minor = shareOf(state.reservations, paymentId) ?? shareOf(state.allocations, paymentId);
  if (minor === undefined) return undefined;
  return {
    billId: state.billId,
    organisationId: state.organisationId,
    reserved: money(state.asset, minor),
    billNumber: state.number,
    payerNumber: state.payer.number,
    payerName: state.payer.name,
    description: descriptionOf(state),
  };
}

/** Longest description, UTF-16 code units: what fits a line or two of a receipt. */
const DESCRIPTION_LIMIT = 160;

function descriptionOf({ items, academicYear, term }: KnownBill): string {
  const names = items.length === 1 ? items[0]!.name : items.map(({ name }) => name).join('、');
  return `${names} ${academicYear} ${term}`.slice(0, DESCRIPTION_LIMIT);
}

function reserveRejection(rejection: BillRefusal): ReserveBillRejection {
  switch (rejection.code) {
    case 'INVALID_BILL':
    case 'NOT_RESERVED':
      throw new Error(`A reservation was refused with ${rejection.code}.`);
    default:
      return { ...rejection, code: rejection.code };
  }
}

/** A step that the protocol between payment and bill rules out: a bug, and the payment stays on the exceptions list. */
function unexpected({ billId, paymentId }: PaymentStep, { code }: BillRefusal): Error {
  return new Error(`Bill ${billId} refused a step of payment ${paymentId} with ${code}.`);
}
