import type { Provider } from '@nestjs/common';
import { ChargePayerCodeHandler } from './charge-payer-code.js';
import { CreatePaymentLinkHandler } from './create-payment-link.js';
import { IssueMerchantCodeHandler } from './issue-merchant-code.js';
import { MerchantCodes } from './merchant-codes.js';
import { OrganisationNames } from './organisation-names.js';
import { PayMerchantCodeHandler } from './pay-merchant-code.js';
import { PayerCodes } from './payer-codes.js';
import { PaymentLinkByCodeHandler } from './payment-link-by-code.js';
import { ReadMerchantCodeHandler } from './read-merchant-code.js';
import { ShowPayerCodeHandler } from './show-payer-code.js';
import { WithdrawMerchantCodeHandler } from './withdraw-merchant-code.js';
import { WithdrawPaymentLinkHandler } from './withdraw-payment-link.js';

/** Codes and links. Needs `MESSAGE_SEALS` beside what payments need, and onboarding's `OrganisationById`. */
export const qrApplication: readonly Provider[] = [
  MerchantCodes,
  PayerCodes,
  OrganisationNames,
  IssueMerchantCodeHandler,
  WithdrawMerchantCodeHandler,
  ReadMerchantCodeHandler,
  PayMerchantCodeHandler,
  ShowPayerCodeHandler,
  ChargePayerCodeHandler,
  CreatePaymentLinkHandler,
  WithdrawPaymentLinkHandler,
  PaymentLinkByCodeHandler,
];
