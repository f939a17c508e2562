import type { Provider } from '@nestjs/common';
import { FundContractHandler } from './fund-contract.js';

/** Paying into contracts. Needs what payments need, and `RELEASE_CONTRACTS` and `CONTRACT_FUNDING`. */
export const fundingApplication: readonly Provider[] = [FundContractHandler];
