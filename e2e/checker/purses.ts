import { type Amount, amountOf, type ExportedEvent, idIn, minorOf, nameOf, textOf } from './export.js';
import { at } from './order-and-chain.js';
import type { Payments } from './payments.js';
import type { Refunds } from './refunds.js';
import type { Transfers } from './transfers.js';
import { Verdict } from './verdict.js';

interface Purse {
  available: bigint;
  held: bigint;
  /** Ids of what came in, for good. */
  readonly credits: Set<string>;
}

/** What an event does to `available` and `held`, in multiples of its amount. */
const MOVES: Readonly<Record<string, readonly [bigint, bigint]>> = {
  WalletToppedUp: [1n, 0n],
  WalletCredited: [1n, 0n],
  WalletHoldPlaced: [-1n, 1n],
  WalletHoldReleased: [1n, -1n],
  WalletHoldSpent: [0n, -1n],
  AdvanceCredited: [1n, 0n],
  AdvanceHeld: [-1n, 1n],
  AdvanceHoldReleased: [1n, -1n],
  AdvanceHoldSpent: [0n, -1n],
};

/** Wallets and advances: never below zero, what an event states is the fold, nothing comes in twice or from nowhere. */
export class Purses {
  readonly verdict = new Verdict(
    'purses',
    'wallets and advances are what their events say, and never below zero',
  );
  readonly credited = new Verdict('purses', 'what comes in comes in once, from something that gave it');
  readonly purses = new Map<string, Purse>();

  constructor(
    private readonly payments: Payments,
    private readonly transfers: Transfers,
    private readonly refunds: Refunds,
  ) {}

  observe(event: ExportedEvent): void {
    if (!/^(wallet|advance)-/.test(event.stream)) return;
    const name = nameOf(event.type);
    const move = MOVES[name];
    const amount = amountOf(event.data['amount']);
    if (!move || !amount) return;
    const purse = this.#purse(event.stream);
    purse.available += move[0] * amount.minor;
    purse.held += move[1] * amount.minor;
    const { availableAfter, heldAfter } = event.data;
    const stated =
      (availableAfter === undefined || minorOf(availableAfter) === purse.available) &&
      (heldAfter === undefined || minorOf(heldAfter) === purse.held);
    this.verdict.expect(
      purse.available >= 0n && purse.held >= 0n && stated,
      () => `${at(event)}: ${purse.available} available and ${purse.held} held by the fold`,
    );
    if (name === 'WalletCredited') this.#came(purse, event, this.#gaveToWallet(event, amount));
    if (name === 'WalletToppedUp') this.#came(purse, event, true);
    if (name === 'AdvanceCredited') this.#came(purse, event, this.#gaveToAdvance(event, amount));
  }

  #purse(stream: string): Purse {
    let purse = this.purses.get(stream);
    if (!purse) this.purses.set(stream, (purse = { available: 0n, held: 0n, credits: new Set() }));
    return purse;
  }

  #came(purse: Purse, event: ExportedEvent, given: boolean): void {
    const { creditId, topUpId, paymentId, billId } = event.data;
    const id = textOf(creditId) || textOf(topUpId) || `${textOf(paymentId)} ${textOf(billId)}`;
    this.credited.expect(given && !purse.credits.has(id), () => `${at(event)}: ${id} again, or from nowhere`);
    purse.credits.add(id);
  }

  #gaveToWallet(event: ExportedEvent, amount: Amount): boolean {
    const creditId = textOf(event.data['creditId']);
    const source = textOf(event.data['source']);
    // Whose payout it is, the rule of payouts says.
    if (source === 'clearing:payout') return true;
    if (source === 'clearing:refund') {
      const refund = this.refunds.refunds.get(creditId);
      const payment = this.payments.payments.get(refund?.paymentId ?? '');
      const home = `wallet-${textOf(payment?.tender['walletId'])}` === event.stream;
      return refund?.status === 'sent' && refund.minor === amount.minor && home;
    }
    const transfer = this.transfers.transfers.get(
      idIn('transfer', creditId) ?? idIn('transferBack', creditId) ?? '',
    );
    if (!transfer || transfer.minor !== amount.minor) return false;
    const owner = creditId.startsWith('transferBack-') ? transfer.from : transfer.to;
    const due = creditId.startsWith('transferBack-') ? ['returned', 'undeliverable'] : ['taken'];
    return event.stream === `wallet-${owner}` && due.includes(transfer.status);
  }

  #gaveToAdvance(event: ExportedEvent, amount: Amount): boolean {
    const { paymentId, billId } = event.data;
    const advanceId = idIn('advance', event.stream);
    const payment = this.payments.payments.get(textOf(paymentId));
    const paid = payment?.bills.find((bill) => bill.billId === billId && bill.advanceId === advanceId);
    if (payment) return payment.status === 'captured' && paid?.advance === amount.minor;
    const refund = this.refunds.refunds.get(textOf(paymentId));
    return refund?.status === 'sent' && refund.minor === amount.minor;
  }
}
