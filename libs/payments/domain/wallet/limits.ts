import { assertNever } from '#libs/kernel/errors/index.js';
import { formatDecimal, money, type Asset, type Money } from '#libs/kernel/money/index.js';
import { addDays, type LocalDate } from '#libs/kernel/time/index.js';

/** From the least known holder to the best known one. */
export const WALLET_TIERS = ['IV', 'III', 'II', 'I'] as const;
export type WalletTier = (typeof WALLET_TIERS)[number];

/** Of one tier, minor units of CNY; absent: no limit. */
export interface TierLimits {
  /** Available and held together. */
  readonly balance?: bigint;
  /** One payment. */
  readonly single?: bigint;
  /** Holds and payments of one business day, and of one calendar year. */
  readonly day?: bigint;
  readonly year?: bigint;
}

/**
 * The limits of one business day, of every tier: the wallet picks its own, so that an upgrade never races with a payment, and a
 * refusal can say which tier would do.
 */
export type LimitsByTier = Readonly<Record<WalletTier, TierLimits>>;

export type LimitName = 'balance' | 'single' | 'day' | 'year' | 'subWalletSingle' | 'subWalletDay';

export type Suggestion =
  /** Pay in these parts. */
  | { readonly kind: 'SPLIT'; readonly amounts: readonly bigint[] }
  | { readonly kind: 'UPGRADE'; readonly tier: WalletTier }
  | { readonly kind: 'WAIT'; readonly until: LocalDate }
  /** Only the owner can: the sub-wallet's own limits are too low. */
  | { readonly kind: 'RELIMIT' };

/** The first limit that an amount would break. Minor units. */
export interface LimitHit {
  readonly name: LimitName;
  readonly limit: bigint;
  /** Counted against the limit already; zero for a limit of one payment. */
  readonly used: bigint;
  readonly remaining: bigint;
  readonly suggestion?: Suggestion;
}

/** What counts against the limits of the business day. */
export interface Usage {
  readonly tier: WalletTier;
  readonly day: bigint;
  readonly year: bigint;
  readonly subWallet?: { readonly single: bigint; readonly day: bigint; readonly used: bigint };
}

/** More parts than these are no help to anybody. */
const MOST_PARTS = 20n;

/**
 * The limit that spending the amount would break: single before day before year, the sub-wallet's own before the wallet's.
 * One function for the decision and for whoever asks beforehand.
 */
export function spendingLimitHit(
  amount: bigint,
  usage: Usage,
  limits: LimitsByTier,
  businessDate: LocalDate,
): LimitHit | undefined {
  const { subWallet, tier } = usage;
  if (subWallet) {
    const hit =
      over('subWalletSingle', amount, subWallet.single, 0n) ??
      over('subWalletDay', amount, subWallet.day, subWallet.used);
    if (hit)
      return { ...hit, suggestion: subWalletSuggestion(hit.name, amount, usage, { limits, businessDate }) };
  }
  const own = limits[tier];
  const hit =
    over('single', amount, own.single, 0n) ??
    over('day', amount, own.day, usage.day) ??
    over('year', amount, own.year, usage.year);
  if (!hit) return undefined;
  const suggestion = spendingSuggestion(hit.name, amount, usage, { limits, businessDate });
  return suggestion ? { ...hit, suggestion } : hit;
}

/** The limit that taking in the amount would break: a wallet may not hold more than its tier allows. */
export function balanceLimitHit(
  amount: bigint,
  wallet: { readonly tier: WalletTier; readonly balance: bigint },
  limits: LimitsByTier,
): LimitHit | undefined {
  const hit = over('balance', amount, limits[wallet.tier].balance, wallet.balance);
  if (!hit) return undefined;
  const tier = higherTiers(wallet.tier).find(
    (one) => !over('balance', amount, limits[one].balance, wallet.balance),
  );
  return tier ? { ...hit, suggestion: { kind: 'UPGRADE', tier } } : hit;
}

/** For a rejection's details. */
export function detailsOf(hit: LimitHit, asset: Asset): Readonly<Record<string, string>> {
  const text = (amount: bigint): string => formatDecimal(money(asset, amount));
  const { name, suggestion } = hit;
  const figures = { name, limit: text(hit.limit), used: text(hit.used), remaining: text(hit.remaining) };
  switch (suggestion?.kind) {
    case undefined:
      return figures;
    case 'SPLIT':
      return { ...figures, suggestion: 'SPLIT', amounts: suggestion.amounts.map(text).join(',') };
    case 'UPGRADE':
      return { ...figures, suggestion: 'UPGRADE', tier: suggestion.tier };
    case 'WAIT':
      return { ...figures, suggestion: 'WAIT', until: suggestion.until };
    case 'RELIMIT':
      return { ...figures, suggestion: 'RELIMIT' };
    default:
      return assertNever(suggestion, 'suggestion');
  }
}

/** The same for a limit of demo money, which no tier knows. */
export function demoLimitDetails(name: LimitName, limit: Money): Readonly<Record<string, string>> {
  return { name, limit: formatDecimal(limit) };
}

interface On {
  readonly limits: LimitsByTier;
  readonly businessDate: LocalDate;
}

function spendingSuggestion(
  name: LimitName,
  amount: bigint,
  usage: Usage,
  { limits, businessDate }: On,
): Suggestion | undefined {
  const own = limits[usage.tier];
  if (name === 'single') {
    const amounts = fitsToday(amount, usage, limits) ? partsOf(amount, singleOf(own, usage)) : undefined;
    if (amounts) return { kind: 'SPLIT', amounts };
  }
  if (name === 'day' && !over('day', amount, own.day, 0n) && !over('year', amount, own.year, usage.year)) {
    return { kind: 'WAIT', until: addDays(businessDate, 1) };
  }
  const tier = higherTiers(usage.tier).find((one) => fits(amount, usage, limits[one]));
  return tier && { kind: 'UPGRADE', tier };
}

function subWalletSuggestion(
  name: LimitName,
  amount: bigint,
  usage: Usage,
  { limits, businessDate }: On,
): Suggestion {
  const { single, day } = usage.subWallet!;
  if (name === 'subWalletSingle' && fitsToday(amount, usage, limits)) {
    const amounts = partsOf(amount, singleOf(limits[usage.tier], usage) ?? single);
    if (amounts) return { kind: 'SPLIT', amounts };
  }
  if (name === 'subWalletDay' && amount <= day) return { kind: 'WAIT', until: addDays(businessDate, 1) };
  return { kind: 'RELIMIT' };
}

/** Whether the amount fits into what is left of the day and the year, in however many parts. */
function fitsToday(amount: bigint, usage: Usage, limits: LimitsByTier): boolean {
  const { subWallet } = usage;
  if (subWallet && over('subWalletDay', amount, subWallet.day, subWallet.used)) return false;
  const { day, year } = limits[usage.tier];
  return !over('day', amount, day, usage.day) && !over('year', amount, year, usage.year);
}

function fits(amount: bigint, usage: Usage, { single, day, year }: TierLimits): boolean {
  return (
    !over('single', amount, single, 0n) &&
    !over('day', amount, day, usage.day) &&
    !over('year', amount, year, usage.year)
  );
}

function singleOf(own: TierLimits, { subWallet }: Usage): bigint | undefined {
  if (!subWallet) return own.single;
  return own.single === undefined || subWallet.single < own.single ? subWallet.single : own.single;
}

function partsOf(amount: bigint, single: bigint | undefined): readonly bigint[] | undefined {
  if (single === undefined || single <= 0n) return undefined;
  const whole = amount / single;
  const rest = amount % single;
  if (whole + (rest > 0n ? 1n : 0n) > MOST_PARTS) return undefined;
  const parts = Array.from({ length: Number(whole) }, () => single);
  return rest > 0n ? [...parts, rest] : parts;
}

function higherTiers(tier: WalletTier): readonly WalletTier[] {
  return WALLET_TIERS.slice(WALLET_TIERS.indexOf(tier) + 1);
}

function over(
  name: LimitName,
  amount: bigint,
  limit: bigint | undefined,
  used: bigint,
): LimitHit | undefined {
  if (limit === undefined || used + amount <= limit) return undefined;
  // A limit may have been lowered below what was used before.
  const remaining = used < limit ? limit - used : 0n;
  return { name, limit, used, remaining };
}
