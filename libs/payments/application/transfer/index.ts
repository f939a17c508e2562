import type { Provider } from '@nestjs/common';
import { ConfirmCollectionHandler } from './confirm-collection.js';
import { TransferParts, TransferPorts } from './parts.js';
import { CollectionByContentHandler, RequestCollectionHandler } from './request-collection.js';
import { TopUpFromBankHandler } from './top-up-from-bank.js';
import { TransferFinisher } from './transfer-finisher.js';
import { TransferNotices, TransferReturnNotices } from './transfer-notices.js';
import { TransferProcess } from './transfer-process.js';
import { WithdrawFromWalletHandler } from './withdraw-from-wallet.js';

export { TransferFinisher, TransferNotices, TransferReturnNotices };

/**
 * Money between wallets and banks, and between wallets. Needs `EXTERNAL_CHANNEL`, `CASES`, `OPEN_TRANSFERS`; the composition root starts
 * and stops `TransferFinisher` and lists the two receivers of notices.
 */
export const transferApplication: readonly Provider[] = [
  TransferPorts,
  TransferParts,
  TransferProcess,
  TransferFinisher,
  TransferNotices,
  TransferReturnNotices,
  TopUpFromBankHandler,
  WithdrawFromWalletHandler,
  RequestCollectionHandler,
  CollectionByContentHandler,
  ConfirmCollectionHandler,
];
