import type { Provider } from '@nestjs/common';
import type { Projection } from '#libs/event-log/consumers/types.js';
import { DUE_CAMPAIGNS } from '../domain/campaign/index.js';
import { CampaignByIdHandler, CampaignsOfHandler, ViewedDueCampaigns } from './campaign-queries.js';
import { campaignsProjection } from './campaigns-projection.js';
import { CampaignDrawHandler, DrawnSignUpsHandler, MySignUpHandler } from './draw-queries.js';
import { MyVouchersHandler, VoucherByIdHandler, VouchersTakenHandler } from './voucher-queries.js';

/** The read side of campaigns. Needs `VIEWS` and `RELEASE_CONTRACTS`; offers `DUE_CAMPAIGNS` to the clock. */
export const campaignsQueries: readonly Provider[] = [
  CampaignsOfHandler,
  CampaignByIdHandler,
  MySignUpHandler,
  CampaignDrawHandler,
  DrawnSignUpsHandler,
  MyVouchersHandler,
  VoucherByIdHandler,
  VouchersTakenHandler,
  ViewedDueCampaigns,
  { provide: DUE_CAMPAIGNS, useExisting: ViewedDueCampaigns },
];

/** `campaigns`: streams `campaign-` and `voucherSpend-`. */
export const campaignsProjections: readonly Projection[] = [campaignsProjection];
