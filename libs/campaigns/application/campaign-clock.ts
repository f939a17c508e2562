import { Inject, Injectable } from '@nestjs/common';
import { DONE, Sweeper, type Swept } from '#libs/event-log/consumers/sweeper.js';
import type { Consumers } from '#libs/event-log/consumers/types.js';
import { asId } from '#libs/kernel/ids/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { CONSUMERS, RUNTIME } from '#libs/runtime/port/tokens.js';
import { DUE_CAMPAIGNS, type DueCampaign, type DueCampaigns } from '../domain/campaign/index.js';
import { CampaignProcess } from './campaign-process.js';

const CLOCK = 'system:campaigns';

/** Draws when it is time, goes on with awards that a crash has left behind, and ends campaigns. */
@Injectable()
export class CampaignClock extends Sweeper<DueCampaign> {
  constructor(
    @Inject(CampaignProcess) process: CampaignProcess,
    @Inject(DUE_CAMPAIGNS) due: DueCampaigns,
    @Inject(CONSUMERS) consumers: Pick<Consumers, 'status'>,
    @Inject(RUNTIME) runtime: Runtime,
  ) {
    const work = {
      name: 'campaign',
      view: 'campaigns',
      wholeList: true,
      idleSince: (_moment: unknown, limit: number, after: DueCampaign | undefined) =>
        due.dueBy(runtime.clock.now(), limit, after),
      idOf: ({ campaignId }: DueCampaign) => campaignId,
      finish: (id: string) => advance(process, id),
    };
    super(work, consumers, runtime);
  }
}

async function advance(process: CampaignProcess, id: string): Promise<Swept> {
  const campaignId = asId<'campaign'>(id);
  const { waitsFor } = await process.advance(campaignId, { actor: CLOCK, correlationId: id });
  return waitsFor === undefined ? DONE : { done: false, reason: waitsFor };
}
