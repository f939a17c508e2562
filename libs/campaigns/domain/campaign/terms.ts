import { epochMsOf, type Instant } from '#libs/kernel/time/index.js';
import { awardsOf, budgetOf, type AwardAmounts } from '../lottery/index.js';
import {
  LONGEST_NAME,
  LONGEST_SPAN_MS,
  MOST_AWARDS,
  MOST_CATEGORIES,
  MOST_PRIZES,
  MOST_SHOPS,
} from './limits.js';
import type { CampaignTerms } from './messages.js';

/** What is wrong with the terms of a campaign, by a word for programs, and where. */
export interface TermsFault {
  readonly reason: string;
  readonly path: readonly string[];
}

const CATEGORY = /^\d{4}$/;
/** Highest amount of a single award or pot, minor units: the input contract's 15 digits and two decimals. */
const HIGHEST = 10n ** 17n - 1n;

/** The first fault, or `undefined`. */
export function faultOfTerms(terms: CampaignTerms, at: Instant): TermsFault | undefined {
  return faultOfName(terms) ?? faultOfTimes(terms, at) ?? faultOfAward(terms.award) ?? faultOfSpending(terms);
}

function faultOfName({ name, sponsor }: CampaignTerms): TermsFault | undefined {
  if (name.trim() === '' || name.length > LONGEST_NAME || !name.isWellFormed())
    return fault('NAME_LENGTH', 'name');
  if (sponsor.trim() === '' || sponsor.length > 200) return fault('NO_SPONSOR', 'sponsorAccountId');
  return undefined;
}

function faultOfTimes(
  { opensAt, closesAt, drawAt, expiresAt }: CampaignTerms,
  at: Instant,
): TermsFault | undefined {
  if (closesAt <= at) return fault('CLOSES_IN_THE_PAST', 'closesAt');
  if (closesAt <= opensAt) return fault('CLOSES_BEFORE_IT_OPENS', 'closesAt');
  if (drawAt < closesAt) return fault('DRAWN_BEFORE_IT_CLOSES', 'drawAt');
  if (expiresAt <= drawAt) return fault('EXPIRES_BEFORE_THE_DRAW', 'expiresAt');
  if (spanMs(at, drawAt) > LONGEST_SPAN_MS) return fault('TOO_FAR_AHEAD', 'drawAt');
  if (spanMs(drawAt, expiresAt) > LONGEST_SPAN_MS) return fault('TOO_FAR_AHEAD', 'expiresAt');
  return undefined;
}

function faultOfAward(award: AwardAmounts): TermsFault | undefined {
  if (award.kind === 'packets') {
    if (!isCount(award.packets)) return fault('AWARDS_COUNT', 'awards', 'redPackets', 'packets');
    if (award.pot > HIGHEST) return fault('AMOUNT', 'awards', 'redPackets', 'pot');
    // Each holds at least one minor unit.
    if (award.pot < BigInt(award.packets)) return fault('POT_TOO_SMALL', 'awards', 'redPackets', 'pot');
    return undefined;
  }
  const { prizes } = award;
  if (prizes.length === 0 || prizes.length > MOST_PRIZES)
    return fault('PRIZES_COUNT', 'awards', 'vouchers', 'prizes');
  for (const [index, { amount, count }] of prizes.entries()) {
    const place = ['awards', 'vouchers', 'prizes', String(index)];
    if (amount <= 0n || amount > HIGHEST) return fault('AMOUNT', ...place, 'amount');
    if (!isCount(count)) return fault('AWARDS_COUNT', ...place, 'count');
  }
  if (awardsOf(award) > MOST_AWARDS) return fault('AWARDS_COUNT', 'awards', 'vouchers', 'prizes');
  if (budgetOf(award) > HIGHEST) return fault('AMOUNT', 'awards', 'vouchers', 'prizes');
  return undefined;
}

function faultOfSpending({ spending }: CampaignTerms): TermsFault | undefined {
  const { shops, mccs, minSpend } = spending;
  if (shops.length > MOST_SHOPS || new Set(shops).size !== shops.length)
    return fault('SHOPS', 'awards', 'vouchers', 'shops');
  const distinct = new Set(mccs).size === mccs.length;
  if (mccs.length > MOST_CATEGORIES || !distinct || !mccs.every((code) => CATEGORY.test(code)))
    return fault('CATEGORIES', 'awards', 'vouchers', 'categories');
  if (minSpend < 0n || minSpend > HIGHEST) return fault('AMOUNT', 'awards', 'vouchers', 'minSpend');
  return undefined;
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= MOST_AWARDS;
}

function spanMs(from: Instant, to: Instant): number {
  return epochMsOf(to) - epochMsOf(from);
}

function fault(reason: string, ...place: readonly string[]): TermsFault {
  return { reason, path: ['input', ...place] };
}
