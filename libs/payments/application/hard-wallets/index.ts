import type { Provider } from '@nestjs/common';
import { IssueHardWalletHandler } from './issue-hard-wallet.js';
import { LoadHardWalletHandler } from './load-hard-wallet.js';
import { LoadProcess } from './load-process.js';
import { OfflineProcess, OfflineReactions } from './offline-process.js';
import { OFFLINE_SETTLEMENT, PaidOfflineSettlement } from './offline-settlement.js';
import { SyncOfflinePaymentsHandler } from './sync-offline-payments.js';

export { OfflineReactions };

/** Devices that pay without a network. Needs `CASES` and the desk of payments; the composition root adds `OfflineReactions`. */
export const hardWalletApplication: readonly Provider[] = [
  { provide: OFFLINE_SETTLEMENT, useClass: PaidOfflineSettlement },
  LoadProcess,
  OfflineProcess,
  OfflineReactions,
  IssueHardWalletHandler,
  LoadHardWalletHandler,
  SyncOfflinePaymentsHandler,
];
