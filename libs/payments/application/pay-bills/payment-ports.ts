import { Inject, Injectable, Optional } from '@nestjs/common';
import { CASES, type Cases } from '#libs/cases/contract/index.js';
import { EXTERNAL_CHANNEL, type ExternalChannel } from '#libs/channels/port/index.js';
import { CONTRACT_FUNDING, type ContractFunding } from '#libs/contracts/contract/release-contracts.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RUNTIME } from '#libs/runtime/port/tokens.js';
import { NO_CONTRACTS } from './dues.js';

/** What a payment reaches beside the log and the bills. */
@Injectable()
export class PaymentPorts {
  constructor(
    @Inject(EXTERNAL_CHANNEL) readonly external: ExternalChannel,
    @Inject(CASES) readonly cases: Cases,
    @Inject(RUNTIME) readonly runtime: Runtime,
    @Optional() @Inject(CONTRACT_FUNDING) readonly contracts: ContractFunding = NO_CONTRACTS,
  ) {}
}
