/** A payer whose bills are paid by a sub-wallet on the 15th of every month; on a clock that stands until it is moved. */
import type { BillId } from '#libs/kernel/ids/index.js';
import { asId, type WalletId } from '#libs/kernel/ids/index.js';
import type { EventLog } from '#libs/event-log/port/index.js';
import { walletAggregate } from '#libs/payments/codec/index.js';
import { OpenWallet, TopUpWallet } from '#libs/payments/contract/index.js';
import { GiveMandate, MandateById, type MandateView } from '#libs/payments/contract/mandates.js';
import { standingClock } from './outside-world.js';
import { accepted } from './payment-fixture.js';
import { fen, recordedEvents, SCHOOL, TENANT } from './payment-world.js';
import { productWorld, type ProductWorld } from './product-world.js';
import { billContent, defineFeeItem, issueBill, payer } from './school-fixture.js';

export const SUB_WALLET = asId<'subWallet'>('00000000-0000-8000-8000-0000000000aa');

export interface Standing {
  readonly world: ProductWorld;
  readonly walletId: WalletId;
  readonly bills: readonly BillId[];
  readonly mandate: MandateView;
  /** To the morning of the day. */
  dawn(day: string): Promise<void>;
}

interface Setting {
  readonly balance?: number;
  /** Oldest first. */
  readonly bills?: readonly number[];
  /** Of the sub-wallet, per day. */
  readonly dayLimit?: number;
  readonly until?: string;
  readonly writeTo?: (log: EventLog) => EventLog;
}

/** A payer with a mandate for the 15th of every month, given on 20 October. */
export async function standing(setting: Setting = {}): Promise<Standing> {
  const { balance = 10_000, bills: amounts = [3_000, 2_000], dayLimit = 50_000, until, writeTo } = setting;
  const time = standingClock('2026-10-20T02:00:00.000Z');
  const world = await productWorld({ clock: time.clock, ...(writeTo && { writeTo }) });
  const bills: BillId[] = [];
  for (const [index, amount] of amounts.entries()) {
    const item = await defineFeeItem(world, `ITEM-${index}`);
    const dueDate = `2027-0${index + 1}-01` as never;
    bills.push(await issueBill(world, billContent(item, '0001', { amount: fen(amount), dueDate })));
  }
  const opened = accepted(
    await world.execute(new OpenWallet(payer(), { idempotencyKey: 'w', label: 'main' })),
  );
  const walletId = opened.id;
  if (balance > 0) {
    accepted(
      await world.execute(new TopUpWallet(payer(), { idempotencyKey: 't', walletId, amount: fen(balance) })),
    );
  }
  const limits = { single: fen(dayLimit), day: fen(dayLimit) };
  const push = {
    kind: 'pushSubWallet',
    tenant: TENANT,
    owner: 'payer-1',
    subWalletId: SUB_WALLET,
    token: 'TOKEN0000000000000000001',
    organisationId: SCHOOL,
    scene: undefined,
    limits,
    at: time.clock.now(),
  } as const;
  const context = {
    commandId: '00000000-0000-8000-8000-0000000000ab',
    correlationId: 'c',
    actor: 'payer-1',
    tenant: TENANT,
    at: time.clock.now(),
  };
  const pushed = await world.store.run(walletAggregate, walletId, push, context);
  if (!pushed.accepted) throw new Error(pushed.rejection.code);
  await world.consumers.caughtUp();
  const give = {
    idempotencyKey: 'm',
    walletId,
    subWalletId: SUB_WALLET,
    payerNumber: '0001',
    payerName: '学生0001',
    dayOfMonth: 15,
    ...(until !== undefined && { until: until as never }),
  };
  const mandate = accepted<MandateView>(await world.execute(new GiveMandate(payer(), give)));
  return {
    world,
    walletId,
    bills,
    mandate,
    async dawn(day) {
      await world.consumers.caughtUp();
      time.pass(Date.parse(`${day}T00:30:00.000Z`) - Date.parse(time.clock.now()));
    },
  };
}

export async function viewOf({ world, mandate }: Standing): Promise<MandateView> {
  return (await world.query(new MandateById(payer(), mandate.id)))!;
}

/** The run as the sweeper makes it, without its pauses. */
export async function collect({ world, mandate }: Standing): Promise<void> {
  await world.consumers.caughtUp();
  await world.collector.collect(mandate.id);
}

export async function paymentsIn({ world }: Standing): Promise<number> {
  return (await recordedEvents(world.log)).filter(({ type }) => type === 'PaymentCaptured.v1').length;
}
