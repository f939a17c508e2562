import { InvalidInputError } from '../errors/index.js';
import type { Money } from './money.js';

/**
 * An account path: `world:<channel>`, `wallet:<id>`, `hold:<payment>`, `org:<id>:payable`, `org:<id>:fees`, `bank:fees`,
 * `custody:<contract>`, `cash:<shift>`, `clearing:<channel>`, `suspense:<org>`, `treasury:<unit>`.
 */
export type AccountPath = string;

/**
 * One movement of money. A posting balances by construction: what leaves the source arrives at the destination.
 * Money moves by postings carried inside the event that moves it, and in no other way.
 */
export interface Posting {
  readonly source: AccountPath;
  readonly destination: AccountPath;
  readonly amount: Money;
}

const ACCOUNT = /^[a-z]+(:[A-Za-z0-9._-]{1,80}){0,3}$/;

/** @throws InvalidInputError `INVALID_POSTING` for a bad path, equal ends, or an amount that is not above zero */
export function posting(source: AccountPath, destination: AccountPath, amount: Money): Posting {
  if (!ACCOUNT.test(source) || !ACCOUNT.test(destination) || source === destination || amount.amount <= 0n) {
    throw new InvalidInputError(
      'INVALID_POSTING',
      `No posting of ${amount.amount} ${amount.asset} from "${source}" to "${destination}".`,
    );
  }
  return { source, destination, amount };
}
