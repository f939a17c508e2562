import type { Provider } from '@nestjs/common';
import type { Projection } from '#libs/event-log/consumers/types.js';
import { DUE_CONTRACTS } from '../domain/release-contract/due-contracts.js';
import { TEMPLATE_IDS } from '../domain/published-template/index.js';
import { ContractTimelineHandler, UnitsOfHandler } from './contract-history.js';
import { ContractByIdHandler, ContractsOfHandler } from './contract-queries.js';
import { contractsProjection } from './contracts-projection.js';
import { ViewedDueContracts } from './due-contract-list.js';
import { LIVE_CONTRACTS, OPEN_MASS_REFUNDS } from '../domain/mass-refund/index.js';
import {
  MassRefundByIdHandler,
  MassRefundsOfHandler,
  ViewedLiveContracts,
  ViewedOpenMassRefunds,
} from './mass-refund-queries.js';
import { massRefundsProjection } from './mass-refunds-projection.js';
import { ViewedTemplateIds } from './template-id-list.js';
import { templatesProjection } from './templates-projection.js';

/** The read side of contracts. Needs `VIEWS` and `RELEASE_CONTRACTS`; offers `DUE_CONTRACTS` and `TEMPLATE_IDS`. */
export const contractsQueries: readonly Provider[] = [
  ContractByIdHandler,
  ContractsOfHandler,
  ContractTimelineHandler,
  UnitsOfHandler,
  { provide: DUE_CONTRACTS, useClass: ViewedDueContracts },
  { provide: TEMPLATE_IDS, useClass: ViewedTemplateIds },
];

/** `contracts`: streams `contract-`; `contract-templates`: streams `contractTemplate-`; `mass-refunds`: streams `massRefund-`. */
export const contractsProjections: readonly Projection[] = [
  contractsProjection,
  templatesProjection,
  massRefundsProjection,
];

/** Of mass refunds; need the tables of `contracts` too. Offer `LIVE_CONTRACTS` and `OPEN_MASS_REFUNDS`. */
export const massRefundQueries: readonly Provider[] = [
  MassRefundsOfHandler,
  MassRefundByIdHandler,
  { provide: LIVE_CONTRACTS, useClass: ViewedLiveContracts },
  { provide: OPEN_MASS_REFUNDS, useClass: ViewedOpenMassRefunds },
];
