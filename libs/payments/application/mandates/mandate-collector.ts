import { Inject, Injectable, type Provider } from '@nestjs/common';
import {
  BILL_PAYMENT_STEPS,
  OPEN_BILLS,
  type BillPaymentSteps,
  type OpenBills,
} from '#libs/billing/contract/index.js';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { Consumers } from '#libs/event-log/consumers/types.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { asId } from '#libs/kernel/ids/index.js';
import { localDateOf, type LocalDate } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { CONSUMERS, DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import type { RequestContext } from '#libs/security/port/index.js';
import { mandateAggregate } from '../../codec/index.js';
import {
  DUE_MANDATES,
  type DueMandate,
  type DueMandates,
  type KnownMandate,
  type MandateBill,
  type MandateCommand,
  type MandateId,
  type MandateResult,
  type MandateState,
} from '../../domain/mandate/index.js';
import { PaymentDesk } from '../pay-bills/payment-desk.js';
import { DONE, Sweeper } from '#libs/event-log/consumers/sweeper.js';

const COLLECTOR = 'system:mandates';

interface MandateParts {
  readonly store: DeciderStore;
  readonly openBills: OpenBills;
  readonly bills: BillPaymentSteps;
  readonly desk: PaymentDesk;
}

const MANDATE_PARTS = Symbol('MANDATE_PARTS');

type Injected = [DeciderStore, OpenBills, BillPaymentSteps, PaymentDesk];

export const MANDATE_PARTS_PROVIDER: Provider = {
  provide: MANDATE_PARTS,
  inject: [DECIDER_STORE, OPEN_BILLS, BILL_PAYMENT_STEPS, PaymentDesk],
  useFactory: (...[store, openBills, bills, desk]: Injected): MandateParts => ({
    store,
    openBills,
    bills,
    desk,
  }),
};

/**
 * Pays what mandates owe on their days. Works from a view of the log; every payment's key derives from mandate, day and
 * bill, so that a crash between paying and recording repeats the very same payments.
 */
@Injectable()
export class MandateCollector extends Sweeper<DueMandate> {
  constructor(
    @Inject(MANDATE_PARTS) private readonly parts: MandateParts,
    @Inject(DUE_MANDATES) due: DueMandates,
    @Inject(CONSUMERS) consumers: Pick<Consumers, 'status'>,
    @Inject(RUNTIME) private readonly world: Runtime,
  ) {
    const work = {
      name: 'mandate',
      view: 'mandates',
      idleSince: (_moment: unknown, limit: number, after: DueMandate | undefined) =>
        due.on(localDateOf(world.clock.now()), limit, after),
      idOf: ({ mandateId }: DueMandate) => mandateId,
      // Several runs may have been missed: the next one is due at once.
      finish: async (id: string) => {
        await this.collect(id);
        return DONE;
      },
    };
    super(work, consumers, world);
  }

  /** Pays the open bills of one mandate, if today is its day or later, and records what became of each. */
  async collect(id: string): Promise<void> {
    const mandateId = asId<'mandate'>(id);
    const mandate = await this.#active(mandateId);
    const due = mandate?.nextRun?.due;
    if (!mandate || due === undefined || due > this.#today()) return;
    const bills = mandate.begun ?? (await this.#begin(mandate, due));
    const results: MandateResult[] = [];
    // One after the other, oldest first: a limit that does not reach for all pays the oldest.
    for (const bill of bills) {
      // Revoked meanwhile: effective before the next payment.
      if (!(await this.#active(mandateId))) return;
      results.push(await this.#pay(mandate, due, bill));
    }
    const closed = results.some(({ code }) => code === 'SUB_WALLET_CLOSED');
    const at = this.world.clock.now();
    await this.#decide(mandate, `run ${due}`, { kind: 'recordRun', due, results, at });
    if (closed) await this.#decide(mandate, 'closed', { kind: 'revoke', by: 'closedSubWallet', at });
  }

  async #active(mandateId: MandateId): Promise<KnownMandate | undefined> {
    const { state } = await this.parts.store.load(mandateAggregate, mandateId);
    return state.status === 'active' ? state : undefined;
  }

  /** Fixes what the run pays. After the mandate's last day there is nothing: the consent has ended. */
  async #begin(mandate: KnownMandate, due: LocalDate): Promise<readonly MandateBill[]> {
    const today = this.#today();
    const over = mandate.until !== null && today > mandate.until;
    const open = over ? [] : await this.parts.openBills.ofPayer(mandate);
    const ids = open.map(({ billId }) => billId);
    const prices = await this.parts.bills.price(mandate.tenant, ids, today);
    const bills = ids.flatMap((billId) => {
      const amount = prices.get(billId)?.due;
      return amount && amount.amount > 0n ? [{ billId, amount }] : [];
    });
    const command = { kind: 'beginRun', due, bills, at: this.world.clock.now() } as const;
    const state = await this.#decide(mandate, `begin ${due}`, command);
    return state.status === 'active' ? (state.begun ?? []) : [];
  }

  async #decide(
    { mandateId, tenant, organisationId: organisation }: KnownMandate,
    step: string,
    command: MandateCommand,
  ): Promise<MandateState> {
    const commandId = deriveUuid(UUID_NAMESPACES.command, mandateId, step);
    const at = this.world.clock.now();
    const context = { commandId, correlationId: mandateId, actor: COLLECTOR, tenant, organisation, at };
    return (await this.parts.store.run(mandateAggregate, mandateId, command, context)).state;
  }

  async #pay(
    { tenant, organisationId, walletId, subWalletId, account: owner, mandateId }: KnownMandate,
    due: LocalDate,
    { billId, amount }: MandateBill,
  ): Promise<MandateResult> {
    const caller = {
      accountId: COLLECTOR,
      personId: COLLECTOR,
      tenant,
      organisation: organisationId,
      roles: [],
    };
    const context: RequestContext = { caller, correlationId: mandateId };
    const paid = await this.parts.desk.pay(context, {
      idempotencyKey: `${mandateId}/${due}/${billId}`,
      bills: [{ billId }],
      expectedTotal: amount,
      method: { channel: 'wallet', walletId, subWalletId, owner },
    });
    if (paid.accepted) return { billId, paymentId: paid.value.id, code: null };
    return { billId, paymentId: null, code: paid.rejection.code };
  }

  #today(): LocalDate {
    return localDateOf(this.world.clock.now());
  }
}
