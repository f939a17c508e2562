import { Inject, Injectable } from '@nestjs/common';
import { CASES, type Cases } from '#libs/cases/contract/index.js';
import { EXTERNAL_CHANNEL, type ExternalChannel } from '#libs/channels/port/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { RUNTIME } from '#libs/runtime/port/tokens.js';

/** What a payment reaches beside the log and the bills. */
@Injectable()
export class PaymentPorts {
  constructor(
    @Inject(EXTERNAL_CHANNEL) readonly external: ExternalChannel,
    @Inject(CASES) readonly cases: Cases,
    @Inject(RUNTIME) readonly runtime: Runtime,
  ) {}
}
