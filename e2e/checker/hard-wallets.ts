import { amountOf, type ExportedEvent, idIn, minorOf, nameOf, textOf } from './export.js';
import { at } from './order-and-chain.js';
import type { Payments } from './payments.js';
import { Verdict } from './verdict.js';

interface Load {
  readonly walletId: string;
  readonly total: bigint;
  readonly asset: string;
  status: 'requested' | 'taken' | 'refused';
}

interface OfflinePayment {
  readonly minor: bigint;
  readonly tenant: string;
  readonly asset: string;
  readonly organisationId: string;
  end: 'open' | 'settled' | 'suspended';
}

interface HardWallet {
  readonly walletId: string;
  readonly permitted: number;
  /** Numbered up to here when the device was last in touch with the bank. */
  synced: number;
  balance: bigint;
  /** By the counter of the device. */
  readonly taken: Map<number, OfflinePayment>;
}

/** Hard wallets: each counter is paid once, within what was loaded and permitted, and comes to one end. */
export class HardWallets {
  readonly verdict = new Verdict(
    'offline',
    'an offline payment is taken once per counter, covered, and comes to one end',
  );
  /** Loads hold money of the wallet behind, under their own id. */
  readonly loads = new Map<string, Load>();
  readonly #wallets = new Map<string, HardWallet>();
  /** `device counter` → the payment that has the money. */
  readonly #payments = new Map<string, string>();

  constructor(private readonly payments: Payments) {}

  observe(event: ExportedEvent): void {
    this.#payment(event);
    const id = idIn('hardWallet', event.stream);
    if (id === undefined) return;
    const { data } = event;
    if (nameOf(event.type) === 'HardWalletIssued') {
      this.verdict.expect(!this.#wallets.has(id), () => `${at(event)}: issued twice`);
      const permitted = Number(data['permitted']);
      this.#wallets.set(id, {
        walletId: textOf(data['walletId']),
        permitted,
        synced: 0,
        balance: 0n,
        taken: new Map(),
      });
      return;
    }
    const wallet = this.#wallets.get(id);
    this.verdict.expect(wallet !== undefined, () => `${at(event)}: before the hard wallet was issued`);
    if (!wallet) return;
    this.#loaded(wallet, event);
    this.#spent(id, wallet, event);
    const { balanceAfter } = data;
    const stated = balanceAfter === undefined || minorOf(balanceAfter) === wallet.balance;
    this.verdict.expect(wallet.balance >= 0n && stated, () => `${at(event)}: ${wallet.balance} by the fold`);
  }

  /** `h1#2` of every offline payment that has come to no end. */
  open(): readonly string[] {
    return [...this.#wallets].flatMap(([id, { taken }]) =>
      [...taken].flatMap(([counter, { end }]) => (end === 'open' ? [`${id}#${counter}`] : [])),
    );
  }

  /** Taken from a device and not yet a bill's or in suspense. */
  underWay(tenant: string, asset: string): bigint {
    let sum = 0n;
    for (const { taken } of this.#wallets.values()) {
      for (const payment of taken.values()) {
        if (payment.end === 'open' && payment.tenant === tenant && payment.asset === asset)
          sum += payment.minor;
      }
    }
    return sum;
  }

  #loaded(wallet: HardWallet, event: ExportedEvent): void {
    const { data } = event;
    const loadId = textOf(data['loadId']);
    const amount = amountOf(data['amount']);
    const load = this.loads.get(loadId);
    switch (nameOf(event.type)) {
      case 'HardWalletLoadRequested': {
        this.verdict.expect(!load && amount !== undefined, () => `${at(event)}: asked for twice`);
        const facts = { walletId: wallet.walletId, total: amount?.minor ?? 0n, asset: amount?.asset ?? '?' };
        this.loads.set(loadId, { ...facts, status: 'requested' });
        wallet.synced = Number(data['counter']);
        return;
      }
      case 'HardWalletLoaded':
      case 'HardWalletLoadRefused': {
        const done = nameOf(event.type) === 'HardWalletLoaded';
        const right = load?.status === 'requested' && (!done || amount?.minor === load.total);
        this.verdict.expect(right, () => `${at(event)}: of a load that is ${load?.status ?? 'not known'}`);
        if (load) load.status = done ? 'taken' : 'refused';
        if (done) wallet.balance += amount?.minor ?? 0n;
      }
    }
  }

  #spent(id: string, wallet: HardWallet, event: ExportedEvent): void {
    const { data } = event;
    const counter = Number(data['counter']);
    const taken = wallet.taken.get(counter);
    switch (nameOf(event.type)) {
      case 'OfflinePaymentTaken': {
        const inRange = counter >= 1 && counter <= wallet.synced + wallet.permitted;
        this.verdict.expect(
          !taken && inRange,
          () => `${at(event)}: counter ${counter} again, or beyond what is permitted`,
        );
        const amount = amountOf(data['amount']);
        wallet.balance -= amount?.minor ?? 0n;
        wallet.taken.set(counter, {
          minor: amount?.minor ?? 0n,
          asset: amount?.asset ?? '?',
          tenant: textOf(event.metadata['tenant']),
          organisationId: textOf(data['organisationId']),
          end: 'open',
        });
        return;
      }
      case 'OfflinePaymentSettled': {
        const paymentId = textOf(data['paymentId']);
        const payment = this.payments.payments.get(paymentId);
        const right =
          taken?.end === 'open' &&
          payment?.status === 'captured' &&
          this.#payments.get(`${id} ${counter}`) === paymentId;
        this.verdict.expect(right, () => `${at(event)}: by payment ${paymentId}, which has not the money`);
        if (taken) taken.end = 'settled';
        return;
      }
      case 'OfflinePaymentSuspended': {
        const right = taken?.end === 'open' && minorOf(data['amount']) === taken.minor;
        this.verdict.expect(
          right && !this.#payments.has(`${id} ${counter}`),
          () => `${at(event)}: counter ${counter} has come to its end, or is paid`,
        );
        if (taken) taken.end = 'suspended';
      }
    }
  }

  /** A payment by tender `offline` takes the money of one counter, all of it, once. */
  #payment(event: ExportedEvent): void {
    if (nameOf(event.type) !== 'PaymentCaptured') return;
    const payment = this.payments.payments.get(idIn('payment', event.stream) ?? '');
    if (payment?.channel !== 'offline') return;
    const device = textOf(payment.tender['hardWalletId']);
    const counter = Number(payment.tender['counter']);
    const key = `${device} ${counter}`;
    const taken = this.#wallets.get(device)?.taken.get(counter);
    const right = taken?.end === 'open' && taken.minor === payment.total && !this.#payments.has(key);
    this.verdict.expect(right, () => `${at(event)}: of ${payment.total}, by counter ${counter} of ${device}`);
    this.#payments.set(key, payment.id);
  }
}
