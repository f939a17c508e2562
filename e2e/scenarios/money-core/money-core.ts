import { agreements } from './parts/agreements.js';
import { books } from './parts/books.js';
import { codes } from './parts/codes.js';
import { counter } from './parts/counter.js';
import { ledger } from './parts/ledger.js';
import { live } from './parts/live.js';
import { offline } from './parts/offline.js';
import { operator } from './parts/operator.js';
import { payments } from './parts/payments.js';
import { wallets } from './parts/wallets.js';
import { receipts } from './parts/receipts.js';
import { refunds } from './parts/refunds.js';
import type { Story } from './story.js';

/** Everything people do with money here, in order; each part makes what it needs. */
export const PARTS: Readonly<Record<string, (story: Story) => Promise<void>>> = {
  payments,
  ledger,
  wallets,
  offline,
  counter,
  operator,
  codes,
  receipts,
  refunds,
  agreements,
  live,
  books,
};
