import type { Provider, Type } from '@nestjs/common';
import {
  PaymentNotices,
  ReturnNotices,
  TransferNotices,
  TransferReturnNotices,
} from '#libs/payments/application/index.js';
import { RefundNotices } from '#libs/payments/application/refund/index.js';
import { NOTICE_RECEIVERS, type NoticeReceiver } from '#libs/channels/port/index.js';

/** Who waits for the institution's notices: providers of their contexts, one for each prefix of operation ids. */
const RECEIVERS: readonly Type<NoticeReceiver>[] = [
  PaymentNotices,
  ReturnNotices,
  RefundNotices,
  TransferNotices,
  TransferReturnNotices,
];

export const NOTICE_RECEIVERS_PROVIDER: Provider = {
  provide: NOTICE_RECEIVERS,
  inject: [...RECEIVERS],
  useFactory: (...receivers: readonly NoticeReceiver[]) => receivers,
};
