import { type ExportedEvent, idIn, minorOf, nameOf, textOf } from './export.js';
import { at } from './order-and-chain.js';
import type { Payments } from './payments.js';
import { TierLimits } from './tier-limits.js';
import { Verdict } from './verdict.js';

interface SubWallet {
  readonly organisationId: string;
  single: bigint;
  day: bigint;
  closed: boolean;
}

interface LimitedWallet {
  readonly tenant: string;
  tier: string;
  /** Everything in it, held money too. */
  balance: bigint;
  frozen: boolean;
  readonly subWallets: Map<string, SubWallet>;
  /** By day, by year, and by sub-wallet and day: holds placed and not given back. */
  readonly used: Map<string, bigint>;
}

/** Of a wallet that was opened before tiers were known. */
const TIER_BEFORE_TIERS = 'II';

/** What a wallet may spend and hold, recomputed: tiers, sub-wallets, frozen wallets. */
export class WalletLimits {
  readonly verdict = new Verdict(
    'limits',
    'no hold exceeds the limits of tier and sub-wallet: single, day, year',
  );
  readonly closed = new Verdict(
    'limits',
    'nothing leaves a closed sub-wallet or a frozen wallet; payees are its own',
  );
  readonly balance = new Verdict('limits', 'no transfer fills a wallet above what its tier may hold');
  readonly #tiers = new TierLimits();
  readonly #wallets = new Map<string, LimitedWallet>();
  /** Payments of before the limits: their holds name no day. */
  readonly #uncounted = new Set<string>();

  constructor(private readonly payments: Payments) {}

  observe(event: ExportedEvent): void {
    this.#tiers.observe(event);
    if (event.type === 'PaymentInitiated.v1') this.#uncounted.add(textOf(event.data['paymentId']));
    const id = idIn('wallet', event.stream);
    if (id === undefined) return this.#payee(event);
    const { data } = event;
    if (nameOf(event.type) === 'WalletOpened') {
      this.#wallets.set(id, {
        tenant: textOf(data['tenant']) || textOf(event.metadata['tenant']),
        tier: textOf(data['tier']) || TIER_BEFORE_TIERS,
        balance: 0n,
        frozen: false,
        subWallets: new Map(),
        used: new Map(),
      });
      return;
    }
    const wallet = this.#wallets.get(id);
    if (wallet) this.#changed(wallet, event);
  }

  #changed(wallet: LimitedWallet, event: ExportedEvent): void {
    const { data } = event;
    const amount = minorOf(data['amount']);
    const subWallet = wallet.subWallets.get(textOf(data['subWalletId']));
    switch (nameOf(event.type)) {
      case 'WalletUpgraded':
        wallet.tier = textOf(data['to']);
        break;
      case 'WalletFrozen':
      case 'WalletThawed':
        wallet.frozen = nameOf(event.type) === 'WalletFrozen';
        break;
      case 'SubWalletPushed': {
        const bounds = { single: minorOf(data['single']), day: minorOf(data['day']), closed: false };
        const organisationId = textOf(data['organisationId']);
        wallet.subWallets.set(textOf(data['subWalletId']), { organisationId, ...bounds });
        break;
      }
      case 'SubWalletRelimited':
        if (subWallet)
          Object.assign(subWallet, { single: minorOf(data['single']), day: minorOf(data['day']) });
        break;
      case 'SubWalletClosed':
        if (subWallet) subWallet.closed = true;
        break;
      case 'WalletToppedUp':
        wallet.balance += amount;
        break;
      case 'WalletCredited':
        wallet.balance += amount;
        this.#filled(wallet, event);
        break;
      case 'WalletHoldSpent':
        wallet.balance -= amount;
        break;
      case 'WalletHoldReleased':
        count(wallet, event, -amount);
        break;
      case 'WalletHoldPlaced':
        this.#placed(wallet, event, amount);
        break;
    }
  }

  #placed(wallet: LimitedWallet, event: ExportedEvent, amount: bigint): void {
    const { data } = event;
    const subWalletId = textOf(data['subWalletId']);
    const subWallet = wallet.subWallets.get(subWalletId);
    this.closed.expect(
      !wallet.frozen && (subWalletId === '' || subWallet?.closed === false),
      () => `${at(event)}: from a wallet that is frozen or a sub-wallet that is closed`,
    );
    const day = textOf(data['businessDate']);
    if (day === '') {
      const paymentId = textOf(data['paymentId']);
      const counted = this.payments.payments.has(paymentId) && !this.#uncounted.has(paymentId);
      this.verdict.expect(!counted, () => `${at(event)}: not counted against any limit`);
      return;
    }
    count(wallet, event, amount);
    const limits = this.#tiers.on(wallet.tenant, wallet.tier, day);
    const used = (key: string): bigint => wallet.used.get(key) ?? 0n;
    const bounds: readonly (readonly [string, bigint, bigint | undefined])[] = [
      ['single', amount, limits.single],
      ['day', used(day), limits.day],
      ['year', used(day.slice(0, 4)), limits.year],
      ['single of the sub-wallet', amount, subWallet?.single],
      ['day of the sub-wallet', used(`${subWalletId} ${day}`), subWallet?.day],
    ];
    for (const [name, spent, limit] of bounds) {
      this.verdict.expect(
        limit === undefined || spent <= limit,
        () => `${at(event)}: ${spent} against ${name} limit ${limit} of tier ${wallet.tier}`,
      );
    }
  }

  /** Refunds and one's own money coming back are never kept out by a limit. */
  #filled(wallet: LimitedWallet, event: ExportedEvent): void {
    if (!textOf(event.data['creditId']).startsWith('transfer-')) return;
    const limit = this.#tiers.on(
      wallet.tenant,
      wallet.tier,
      shanghaiDay(textOf(event.metadata['at'])),
    ).balance;
    this.balance.expect(
      limit === undefined || wallet.balance <= limit,
      () => `${at(event)}: ${wallet.balance} in a wallet of tier ${wallet.tier}, which may hold ${limit}`,
    );
  }

  #payee(event: ExportedEvent): void {
    if (nameOf(event.type) !== 'PaymentCaptured') return;
    const payment = this.payments.payments.get(idIn('payment', event.stream) ?? '');
    const subWalletId = textOf(payment?.tender['subWalletId']);
    if (!payment || subWalletId === '') return;
    const wallet = this.#wallets.get(textOf(payment.tender['walletId']));
    const subWallet = wallet?.subWallets.get(subWalletId);
    this.closed.expect(
      payment.bills.every(({ organisationId }) => organisationId === subWallet?.organisationId),
      () => `${at(event)}: to somebody else than the sub-wallet was pushed to`,
    );
  }
}

function count({ used }: LimitedWallet, { data }: ExportedEvent, amount: bigint): void {
  const day = textOf(data['businessDate']);
  if (day === '') return;
  const subWalletId = textOf(data['subWalletId']);
  const keys = [day, day.slice(0, 4), ...(subWalletId === '' ? [] : [`${subWalletId} ${day}`])];
  for (const key of keys) used.set(key, (used.get(key) ?? 0n) + amount);
}

/** Business days are those of Shanghai, eight hours ahead without summer time. */
function shanghaiDay(instant: string): string {
  const ms = Date.parse(instant);
  return Number.isNaN(ms) ? '' : new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
}
