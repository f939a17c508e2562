import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  BILL_PAYMENT_STEPS,
  OPEN_BILLS,
  type BillPaymentSteps,
  type BillPrice,
  type OpenBills,
} from '#libs/billing/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { DecodedEvent, EventSet } from '#libs/event-log/codec/types.js';
import type { Consumers, ProcessManager } from '#libs/event-log/consumers/types.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { asId, type AdvanceId, type BillId, type OrganisationId } from '#libs/kernel/ids/index.js';
import { compare, minimum, money, type Money } from '#libs/kernel/money/index.js';
import { localDateOf } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { CONSUMERS, DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import type { Caller, RequestContext } from '#libs/security/port/index.js';
import { advanceAggregate, advanceEvents } from '../../codec/index.js';
import { FUNDED_ADVANCES, type FundedAdvanceList, type OpenAdvance } from '../../domain/advance/index.js';
import type { PaymentRequest } from '../../domain/payment/index.js';
import { advanceIdFor } from '../pay-bills/capture.js';
import { PaymentDesk } from '../pay-bills/payment-desk.js';

/** Injection token of an `EventSet` with billing's `BillIssued`, handed over by the composition root. */
export const ISSUED_BILLS = Symbol('ISSUED_BILLS');

const CARRIER = 'system:advance-carrier';
const PER_PAGE = 250;
const PAUSE_MS = 100;
const LONGEST_WAIT_MS = 60_000;

/** What is read of billing's `BillIssued`. */
interface IssuedBill {
  readonly billId: BillId;
  readonly organisationId: OrganisationId;
  readonly payer: { readonly number: string };
}

/** What the carrier reaches beside the log. */
@Injectable()
export class CarrierParts {
  @Inject(ISSUED_BILLS) readonly issuedBills!: EventSet;

  constructor(
    @Inject(BILL_PAYMENT_STEPS) readonly bills: BillPaymentSteps,
    @Inject(FUNDED_ADVANCES) readonly list: FundedAdvanceList,
    @Inject(OPEN_BILLS) readonly open: OpenBills,
    @Inject(CONSUMERS) readonly consumers: Pick<Consumers, 'status'>,
  ) {}
}

/**
 * Pays the payer's bills out of what they have paid in advance, the oldest first, whenever a bill is issued or an advance
 * has money again: by ordinary payments, whose ids follow from the state of the advance, so that a repeated reaction
 * repeats the same payment. What was missed while it did not run is done when it has caught up.
 */
@Injectable()
export class AdvanceCarrier implements ProcessManager {
  readonly name = 'advance-carrier';
  readonly events: readonly EventSet[];
  /** Those with money to spend: thousands of bills are issued to payers who have none. */
  readonly #funded = new Set<AdvanceId>();
  #swept = false;

  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(CarrierParts) private readonly parts: CarrierParts,
    @Inject(PaymentDesk) private readonly desk: PaymentDesk,
  ) {
    this.events = [advanceEvents as unknown as EventSet, parts.issuedBills];
  }

  async react({ event, metadata }: DecodedEvent): Promise<void> {
    switch (event.type) {
      case 'BillIssued': {
        const { billId, organisationId, payer } = event.data as IssuedBill;
        const advanceId = advanceIdFor(organisationId, payer.number);
        // Before everything funded is known, `caughtUp` will come by.
        if (this.#funded.has(advanceId)) await this.#carry(advanceId, metadata.correlationId, billId);
        return;
      }
      case 'AdvanceCredited':
      case 'AdvanceHoldReleased': {
        const { advanceId } = event.data as { readonly advanceId: AdvanceId };
        this.#funded.add(advanceId);
        await this.#carry(advanceId, metadata.correlationId);
        return;
      }
      default:
        return;
    }
  }

  /** Once in the life of the process; from then on events tell. */
  async caughtUp(): Promise<void> {
    if (this.#swept || !(await this.#viewIsCurrent())) return;
    this.#swept = true;
    let page: readonly AdvanceId[];
    let after: AdvanceId | undefined;
    do {
      page = await this.parts.list.funded(PER_PAGE, after);
      after = page.at(-1);
      for (const advanceId of page) {
        this.#funded.add(advanceId);
        await this.#carry(advanceId, advanceId);
      }
    } while (page.length === PER_PAGE);
  }

  /** The view may be behind this reader of the log; waits for it a while. */
  async #viewIsCurrent(): Promise<boolean> {
    for (let waited = 0; waited < LONGEST_WAIT_MS; waited += PAUSE_MS) {
      const view = this.parts.consumers.status().find(({ name }) => name === 'advances');
      if (view?.caughtUp) return true;
      await this.runtime.timers.sleep(PAUSE_MS);
    }
    return false;
  }

  async #carry(advanceId: AdvanceId, correlationId: string, issued?: BillId): Promise<void> {
    const first = (await this.store.load(advanceAggregate, advanceId)).state;
    if (first.status === 'absent' || first.available <= 0n) {
      this.#funded.delete(advanceId);
      return;
    }
    for (const billId of await this.#openBills(first, issued)) {
      const { state, revision } = await this.store.load(advanceAggregate, advanceId);
      if (state.status === 'absent' || state.available <= 0n) return;
      const price = (await this.parts.bills.price(state.tenant, [billId], this.#today())).get(billId);
      const amount = price && shareOf(price, money(state.asset, state.available));
      // A bill that another payment has reserved is refused; the next reason to carry will meet it again.
      if (amount)
        await this.desk.begin(
          contextOf(state, correlationId),
          this.#payment(state, revision, { billId, amount }),
        );
    }
  }

  /** The oldest first; the view may not know yet the bill that is the reason. */
  async #openBills(
    { tenant, organisationId, payerNumber }: OpenAdvance,
    issued: BillId | undefined,
  ): Promise<readonly BillId[]> {
    const open = await this.parts.open.ofPayer({ tenant, organisationId, payerNumber });
    const ids = open.map(({ billId }) => billId);
    return issued === undefined || ids.includes(issued) ? ids : [...ids, issued];
  }

  #payment(
    { advanceId, tenant, organisationId }: OpenAdvance,
    revision: number,
    { billId, amount }: { readonly billId: BillId; readonly amount: Money },
  ): PaymentRequest {
    const scope = ['advance', advanceId, String(revision), billId] as const;
    return {
      paymentId: asId<'payment'>(deriveUuid(UUID_NAMESPACES.entity, 'payment', tenant, ...scope)),
      tenant,
      account: CARRIER,
      organisationId,
      inputHash: hash('sha256', scope.join('\n'), 'hex'),
      bills: [{ billId, amount }],
      total: amount,
      tender: { channel: 'advance', advanceId },
      initiatedAt: this.runtime.clock.now(),
    };
  }

  #today() {
    return localDateOf(this.runtime.clock.now());
  }
}

/** As much of the bill as the advance can pay and the bill takes; undefined for nothing. */
function shareOf({ due, partialAllowed, minimumPartial }: BillPrice, available: Money): Money | undefined {
  if (due.asset !== available.asset || due.amount <= 0n) return undefined;
  const amount = minimum(due, available);
  if (compare(amount, due) === 0) return amount;
  return partialAllowed && compare(amount, minimumPartial) >= 0 ? amount : undefined;
}

/** The organisation's own process, for its own payer's money. */
function contextOf({ tenant, organisationId }: OpenAdvance, correlationId: string): RequestContext {
  const caller: Caller = {
    accountId: CARRIER,
    personId: CARRIER,
    tenant,
    organisation: organisationId,
    roles: ['bursar'],
  };
  return { caller, correlationId };
}
