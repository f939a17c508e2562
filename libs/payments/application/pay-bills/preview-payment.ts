import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { BillPaymentSteps } from '#libs/billing/contract/index.js';
import type { Cases } from '#libs/cases/contract/index.js';
import type { ExternalChannel } from '#libs/channels/port/index.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RUNTIME } from '#libs/runtime/port/tokens.js';
import { PreviewPayment } from '../../contract/index.js';
import { ReceiptDesk } from '../receipt-desk.js';
import { roleFor } from './pay-bills.js';
import { PaymentDesk, type PayOutcome } from './payment-desk.js';
import { PaymentPorts } from './payment-ports.js';
import { PaymentProcess } from './payment-process.js';

/** A stage on which commands are decided and never stored, with the bills on the same stage. A new one for every call. */
export type Rehearsal = () => { readonly store: DeciderStore; readonly bills: BillPaymentSteps };

/** Injection token of `Rehearsal`; the composition root knows how bills are kept. */
export const REHEARSAL = Symbol('REHEARSAL');

/** The same desk, process and deciders as `PayBills`, on a stage: what they would do is the answer, and nothing is left of it. */
@QueryHandler(PreviewPayment)
export class PreviewPaymentHandler implements IQueryHandler<PreviewPayment> {
  constructor(
    @Inject(REHEARSAL) private readonly rehearsal: Rehearsal,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  async execute({ context, input }: PreviewPayment): Promise<PayOutcome> {
    if (!context.caller.roles.includes(roleFor(input.method))) {
      return {
        accepted: false,
        rejection: { code: 'FORBIDDEN', message: 'The caller may not pay like this.' },
      };
    }
    const { store, bills } = this.rehearsal();
    const runtime: Runtime = { ...this.runtime, timers: NO_WAITING };
    const ports = new PaymentPorts(NOBODY_ASKED, NO_CASES, runtime);
    const process = new PaymentProcess(store, bills, new ReceiptDesk(store, runtime), ports);
    return new PaymentDesk(store, runtime, bills, process).pay(context, input);
  }
}

const pending = () => Promise.resolve({ outcome: 'pending' } as const);

/** An institution is not asked in a rehearsal; as far as we can tell the payment would wait for it. */
const NOBODY_ASKED: ExternalChannel = {
  submit: pending,
  query: pending,
  cancel: pending,
  statement: () => Promise.reject(new Error('A rehearsal reads no statement.')),
};

const NO_CASES: Cases = {
  find: () => Promise.resolve(undefined),
  open: () => Promise.resolve(),
  note: () => Promise.resolve(),
};

const NO_WAITING: Runtime['timers'] = {
  sleep: () => Promise.resolve(),
  after: (_durationMs, run) => {
    queueMicrotask(run);
    return () => undefined;
  },
  every: () => () => undefined,
};
