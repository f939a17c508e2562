import type { Asset } from '#libs/kernel/money/index.js';
import type { CampaignKind, CampaignTerms, SpendingTerms } from '../domain/campaign/index.js';
import type { AwardAmounts } from '../domain/lottery/index.js';

/** What of a campaign is only ever shown, never searched for. */
export interface StoredTerms {
  readonly name: string;
  readonly kind: CampaignKind;
  readonly asset: Asset;
  readonly award: AwardAmounts;
  readonly spending: SpendingTerms;
}

/** Members that hold minor units. */
const MINOR: ReadonlySet<string> = new Set(['amount', 'pot', 'minSpend']);

export function textOfTerms({ name, kind, asset, award, spending }: CampaignTerms): string {
  return JSON.stringify({ name, kind, asset, award, spending }, (_, part: unknown) =>
    typeof part === 'bigint' ? part.toString() : part,
  );
}

export function termsOfText(text: string): StoredTerms {
  return JSON.parse(text, (key, part: unknown) =>
    MINOR.has(key) && typeof part === 'string' ? BigInt(part) : part,
  ) as StoredTerms;
}
