import { Inject, Injectable } from '@nestjs/common';
import type { Consumers } from '#libs/event-log/consumers/types.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { CONSUMERS, RUNTIME } from '#libs/runtime/port/tokens.js';
import {
  OPEN_REFUNDS,
  type KnownRefund,
  type OpenRefund,
  type OpenRefundList,
} from '../../domain/refund/index.js';
import { DONE, Sweeper, type Swept } from '#libs/event-log/consumers/sweeper.js';
import { RefundProcess } from './refund-process.js';

const FINISHER = 'system:refund-finisher';

/** Goes on with refunds that a crash, a silent bank or a lost caller left behind. */
@Injectable()
export class RefundFinisher extends Sweeper<OpenRefund> {
  constructor(
    @Inject(OPEN_REFUNDS) open: OpenRefundList,
    @Inject(RefundProcess) process: RefundProcess,
    @Inject(CONSUMERS) consumers: Pick<Consumers, 'status'>,
    @Inject(RUNTIME) runtime: Runtime,
  ) {
    const work = {
      name: 'refund',
      view: 'refunds',
      idleSince: (...args: Parameters<OpenRefundList['idleSince']>) => open.idleSince(...args),
      idOf: ({ refundId }: OpenRefund) => refundId,
      async finish(id: string) {
        const mover = { actor: FINISHER, correlationId: id };
        const refund = await process.finish(asId<'refund'>(id), mover);
        return refund ? sweptOf(refund) : DONE;
      },
    };
    super(work, consumers, runtime);
  }
}

/** Whom a refund waits for that met no fault. */
function sweptOf(refund: KnownRefund): Swept {
  switch (refund.status) {
    case 'requested':
      return { done: false, reason: 'A second person has to decide.' };
    case 'approved':
      return { done: false };
    case 'sent':
      return { done: false, reason: 'The bank has not answered yet, or a person has to hand the money out.' };
    case 'returned':
    case 'rejected':
      return refund.complete ? DONE : { done: false };
  }
}
