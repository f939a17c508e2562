import type { Bills } from './bills.js';
import type { Cases } from './cases.js';
import type { ContractAnswers } from './contract-answers.js';
import type { ContractConduct } from './contract-conduct.js';
import type { Contracts } from './contracts.js';
import type { HardWallets } from './hard-wallets.js';
import type { Holds } from './holds.js';
import type { Payments } from './payments.js';
import type { Payouts } from './payouts.js';
import type { Purses } from './purses.js';
import type { Receipts } from './receipts.js';
import type { RefundFences } from './refund-fences.js';
import type { Refunds } from './refunds.js';
import type { Transfers } from './transfers.js';

/** What the rules have made of the log; asked by whoever compares it with something else. */
export interface Folds {
  readonly cases: Cases;
  readonly contracts: Contracts;
  readonly conduct: ContractConduct;
  readonly answers: ContractAnswers;
  readonly payouts: Payouts;
  readonly payments: Payments;
  readonly bills: Bills;
  readonly hardWallets: HardWallets;
  readonly holds: Holds;
  readonly purses: Purses;
  readonly receipts: Receipts;
  readonly fences: RefundFences;
  readonly refunds: Refunds;
  readonly transfers: Transfers;
}
