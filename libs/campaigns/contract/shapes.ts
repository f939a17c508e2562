import { money, type Asset } from '#libs/kernel/money/index.js';
import type { SpendingTerms } from '../domain/campaign/index.js';
import type { AwardAmounts } from '../domain/lottery/index.js';
import type { AwardsView, SpendingView } from './campaigns.js';

export function awardsViewOf(award: AwardAmounts, asset: Asset): AwardsView {
  if (award.kind === 'packets') return { ...award, pot: money(asset, award.pot) };
  const prizes = award.prizes.map(({ amount, count }) => ({ amount: money(asset, amount), count }));
  return { kind: 'prizes', prizes };
}

export function spendingViewOf({ shops, mccs, minSpend }: SpendingTerms, asset: Asset): SpendingView {
  return { shops, categories: mccs, minSpend: money(asset, minSpend) };
}
