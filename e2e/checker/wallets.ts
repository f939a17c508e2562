import { amountOf, type ExportedEvent, nameOf } from './export.js';
import { at } from './order-and-chain.js';
import type { Payments } from './payments.js';
import { Verdict } from './verdict.js';

interface Hold {
  readonly wallet: string;
  readonly minor: bigint;
  state: 'open' | 'spent' | 'released';
}

/** I2 on wallets: one hold per payment, spent only when the payment was captured, given back only when it was not. */
export class Wallets {
  readonly verdict = new Verdict('I2', 'a wallet holds once per payment; spent if captured, released if not');
  readonly holds = new Map<string, Hold>();

  constructor(private readonly payments: Payments) {}

  observe(event: ExportedEvent): void {
    if (!event.stream.startsWith('wallet-')) return;
    const name = nameOf(event.type);
    const { paymentId } = event.data;
    const amount = amountOf(event.data['amount']);
    if (!/^WalletHold(Placed|Spent|Released)$/.test(name)) return;
    if (typeof paymentId !== 'string' || !amount) {
      this.verdict.expect(false, () => `${at(event)}: no payment or no amount`);
      return;
    }
    const payment = this.payments.payments.get(paymentId);
    const hold = this.holds.get(paymentId);
    if (name === 'WalletHoldPlaced') {
      const right = !hold && payment?.total === amount.minor && payment.asset === amount.asset;
      this.verdict.expect(
        right,
        () => `${at(event)}: held again, or not what payment ${paymentId} agreed to`,
      );
      this.holds.set(paymentId, { wallet: event.stream, minor: amount.minor, state: 'open' });
      return;
    }
    const due = name === 'WalletHoldSpent' ? 'captured' : 'refused';
    const right = hold?.state === 'open' && hold.wallet === event.stream && hold.minor === amount.minor;
    this.verdict.expect(right, () => `${at(event)}: no such hold of payment ${paymentId}`);
    this.verdict.expect(
      payment?.status === due,
      () => `${at(event)}: payment ${paymentId} is ${payment?.status ?? 'not known'}`,
    );
    if (hold) hold.state = name === 'WalletHoldSpent' ? 'spent' : 'released';
  }
}
