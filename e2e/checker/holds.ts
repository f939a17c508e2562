import { amountOf, type ExportedEvent, nameOf } from './export.js';
import type { HardWallets } from './hard-wallets.js';
import { at } from './order-and-chain.js';
import type { Payments } from './payments.js';
import type { Transfers } from './transfers.js';
import { Verdict } from './verdict.js';

interface Hold {
  /** The stream that holds it. */
  readonly purse: string;
  readonly minor: bigint;
  state: 'open' | 'spent' | 'released';
}

interface Promised {
  readonly total: bigint;
  readonly asset: string;
  readonly status: string;
  readonly purse: string;
}

const STEP = /^(?:Wallet|Advance)(Held|HoldPlaced|HoldSpent|HoldReleased)$/;

/** What a hold may be spent or given back after; a transfer's hold is spent once its money is taken. */
const SPENT_AFTER = new Set(['captured', 'taken', 'undeliverable', 'completed']);

/** I2 on wallets and advances: one hold per payment or transfer, spent only when it took its money, else given back. */
export class Holds {
  readonly verdict = new Verdict(
    'I2',
    'one hold per payment, transfer or load; spent if captured, released if not',
  );
  /** By the id of the payment or transfer. */
  readonly holds = new Map<string, Hold>();

  constructor(
    private readonly payments: Payments,
    private readonly transfers: Transfers,
    private readonly hardWallets: HardWallets,
  ) {}

  observe(event: ExportedEvent): void {
    if (!/^(wallet|advance)-/.test(event.stream)) return;
    const [, step] = STEP.exec(nameOf(event.type)) ?? [];
    if (step === undefined) return;
    const { paymentId } = event.data;
    const amount = amountOf(event.data['amount']);
    if (typeof paymentId !== 'string' || !amount) {
      this.verdict.expect(false, () => `${at(event)}: no payment or no amount`);
      return;
    }
    const promised = this.#promised(paymentId);
    const hold = this.holds.get(paymentId);
    if (step === 'Held' || step === 'HoldPlaced') {
      const right = !hold && promised?.total === amount.minor && promised.asset === amount.asset;
      this.verdict.expect(
        right && promised.purse === event.stream,
        () => `${at(event)}: held again, or not what payment ${paymentId} agreed to`,
      );
      this.holds.set(paymentId, { purse: event.stream, minor: amount.minor, state: 'open' });
      return;
    }
    const due =
      step === 'HoldSpent' ? SPENT_AFTER.has(promised?.status ?? '') : promised?.status === 'refused';
    const right = hold?.state === 'open' && hold.purse === event.stream && hold.minor === amount.minor;
    this.verdict.expect(right, () => `${at(event)}: no such hold of payment ${paymentId}`);
    this.verdict.expect(
      due,
      () => `${at(event)}: payment ${paymentId} is ${promised?.status ?? 'not known'}`,
    );
    if (hold) hold.state = step === 'HoldSpent' ? 'spent' : 'released';
  }

  #promised(id: string): Promised | undefined {
    const payment = this.payments.payments.get(id);
    if (payment) {
      const { channel, tender } = payment;
      const purse =
        channel === 'wallet'
          ? `wallet-${String(tender['walletId'])}`
          : `advance-${String(tender['advanceId'])}`;
      return { ...payment, purse };
    }
    const transfer = this.transfers.transfers.get(id);
    if (transfer) return { ...transfer, total: transfer.minor, purse: `wallet-${transfer.from}` };
    const load = this.hardWallets.loads.get(id);
    return load && { ...load, purse: `wallet-${load.walletId}` };
  }
}
