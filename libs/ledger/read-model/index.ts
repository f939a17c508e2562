import type { Provider } from '@nestjs/common';
import { AccountBalancesHandler } from './account-balances.js';
import { AccountStatementHandler } from './account-statement.js';
import { VisibleAccounts } from './accounts.js';
import { PastBalances } from './balances.js';
import { RecordedTime } from './recorded-time.js';
import { CustodyCheckHandler } from './custody-check.js';
import { CustodyMonitor } from './custody-monitor.js';
import { TrialBalanceHandler } from './trial-balance.js';

export { CUSTODY, custodyProjection } from './custody-projection.js';
export { CustodyMonitor };
export { LEDGER, ledgerProjection } from './ledger-projection.js';

/**
 * The queries of the ledger, and the monitor of custody, which the composition root starts and stops with the finishers. Need `VIEWS`, `CONSUMERS`, `EVENT_LOG`, `RUNTIME` and the
 * queries of payments.
 */
export const ledgerQueries: readonly Provider[] = [
  RecordedTime,
  PastBalances,
  VisibleAccounts,
  TrialBalanceHandler,
  AccountBalancesHandler,
  AccountStatementHandler,
  CustodyCheckHandler,
  CustodyMonitor,
];
