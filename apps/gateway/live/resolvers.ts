import type { Queries } from '../own-writes.js';
import { BillById, type BillView } from '#libs/billing/contract/index.js';
import { type Resolvers, type StreamResolver, localId, protocolError } from '#libs/graphql/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { OrganisationById } from '#libs/onboarding/contract/index.js';
import { PaymentById, type PaymentView } from '#libs/payments/contract/index.js';
import { RefundById, type RefundView } from '#libs/payments/contract/refunds.js';
import { ImportById, type ImportView } from '#libs/tuition/contract/index.js';
import { mayReadOrganisation } from '#libs/security/port/index.js';
import type { GatewayContext } from '../context.js';
import { type LiveSignals, type Topic, endingWith } from './signals.js';

/** Four updates a second (5-conventions, Job). */
const JOB_PAUSE_MS = 250;
/** Bursts of one bill or payment become one update. */
const PAUSE_MS = 50;

interface Watch<View> {
  readonly topic: Topic;
  readonly pauseMs: number;
  /** As the subscriber; `undefined` for what is not theirs to see. */
  read(id: string): Promise<View | undefined>;
  /** Sent at once, so that a client needs no query before the first change. */
  readonly first?: string;
}

/** Each signal becomes the thing as the subscriber may see it now: isolation is checked per event, by the context. */
export function views<View>(signals: LiveSignals, watch: Watch<View>): AsyncGenerator<View, void, void> {
  const changes = signals.watch(watch.topic, { pauseMs: watch.pauseMs });
  return endingWith(readEach(changes, watch), () => void changes.return());
}

async function* readEach<View>(
  changes: AsyncGenerator<string, void, void>,
  { read, first }: Watch<View>,
): AsyncGenerator<View, void, void> {
  try {
    const before = first === undefined ? undefined : await read(first);
    if (before !== undefined) yield before;
    for await (const id of changes) {
      const view = await read(id);
      if (view !== undefined) yield view;
    }
  } finally {
    // Also when the first reading fails: nobody else would end the watch then.
    await changes.return();
  }
}

export function stream<Args, View>(
  open: (args: Args, context: GatewayContext) => Promise<AsyncIterable<View>>,
): StreamResolver {
  return {
    subscribe: (_source: unknown, args: Args, context: GatewayContext) => open(args, context),
    resolve: (view: View) => view,
  };
}

export const nothingToWatch = (): Error =>
  protocolError('BAD_USER_INPUT', 'There is nothing with this id for you to watch.');

export function liveResolvers(queries: Queries, signals: LiveSignals): Resolvers {
  const readBill = (context: GatewayContext) => (id: string) =>
    queries.execute(new BillById(context.request, asId<'bill'>(id)));
  const readPayment = (context: GatewayContext) => (id: string) =>
    queries.execute(new PaymentById(context.request, asId<'payment'>(id)));
  const readRefund = (context: GatewayContext) => (id: string) =>
    queries.execute(new RefundById(context.request, asId<'refund'>(id)));
  const readImport = (context: GatewayContext) => (id: string) =>
    queries.execute(new ImportById(context.request, asId<'import'>(id)));

  async function staffTopic(category: string, id: string, context: GatewayContext): Promise<Topic> {
    const organisationId = localId<'organisation'>('Organisation', id, ['of', 'organisationId']);
    if (!mayReadOrganisation(context.request.caller, organisationId)) throw nothingToWatch();
    if (!(await queries.execute(new OrganisationById(context.request, organisationId))))
      throw nothingToWatch();
    return `${category}@${organisationId}`;
  }

  return {
    Subscription: {
      billUpdated: stream<{ of: { billId?: string; organisationId?: string } }, BillView>(
        async ({ of }, context) => {
          const read = readBill(context);
          if (of.organisationId)
            return views(signals, {
              topic: await staffTopic('bill', of.organisationId, context),
              pauseMs: PAUSE_MS,
              read,
            });
          const id = localId<'bill'>('Bill', of.billId ?? '', ['of', 'billId']);
          if (!(await read(id))) throw nothingToWatch();
          return views(signals, { topic: `bill:${id}`, pauseMs: PAUSE_MS, read });
        },
      ),
      paymentUpdated: stream<{ of: { paymentId?: string; organisationId?: string } }, PaymentView>(
        async ({ of }, context) => {
          const read = readPayment(context);
          if (of.organisationId)
            return views(signals, {
              topic: await staffTopic('payment', of.organisationId, context),
              pauseMs: PAUSE_MS,
              read,
            });
          const id = localId<'payment'>('Payment', of.paymentId ?? '', ['of', 'paymentId']);
          if (!(await read(id))) throw nothingToWatch();
          return views(signals, { topic: `payment:${id}`, pauseMs: PAUSE_MS, read });
        },
      ),
      refundUpdated: stream<{ of: { refundId?: string; organisationId?: string } }, RefundView>(
        async ({ of }, context) => {
          const read = readRefund(context);
          if (of.organisationId)
            return views(signals, {
              topic: await staffTopic('refund', of.organisationId, context),
              pauseMs: PAUSE_MS,
              read,
            });
          const id = localId<'refund'>('Refund', of.refundId ?? '', ['of', 'refundId']);
          if (!(await read(id))) throw nothingToWatch();
          return views(signals, { topic: `refund:${id}`, pauseMs: PAUSE_MS, read });
        },
      ),
      importProgressed: stream<{ importId: string }, ImportView>(async ({ importId }, context) => {
        const read = readImport(context);
        const id = localId<'import'>('Import', importId, ['importId']);
        if (!(await read(id))) throw nothingToWatch();
        return views(signals, { topic: `import:${id}`, pauseMs: JOB_PAUSE_MS, read, first: id });
      }),
    },
  };
}
