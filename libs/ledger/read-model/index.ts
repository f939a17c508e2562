import type { Provider } from '@nestjs/common';
import { AccountBalancesHandler } from './account-balances.js';
import { AccountStatementHandler } from './account-statement.js';
import { VisibleAccounts } from './accounts.js';
import { PastBalances } from './balances.js';
import { RecordedTime } from './recorded-time.js';
import { TrialBalanceHandler } from './trial-balance.js';

export { LEDGER, ledgerProjection } from './ledger-projection.js';

/** The queries of the ledger. Need `VIEWS`, `CONSUMERS`, `EVENT_LOG`, `RUNTIME` and the queries of payments. */
export const ledgerQueries: readonly Provider[] = [
  RecordedTime,
  PastBalances,
  VisibleAccounts,
  TrialBalanceHandler,
  AccountBalancesHandler,
  AccountStatementHandler,
];
