import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#libs/event-log/port/index.js';
import { fold } from '#libs/kernel/decider/index.js';
import { EVENT_SCHEMAS_DIRECTORY, goldenSamples } from '#libs/testing/golden.js';
import { verifyDraw } from '../contract/draw.js';
import { campaignDecider, signUpsInOrder, type CampaignEvent } from '../domain/campaign/index.js';
import { voucherSpendDecider } from '../domain/voucher-spend/index.js';
import { campaignEvents, voucherSpendEvents } from './index.js';

goldenSamples(campaignEvents, {
  fold: (event) => event.type === 'CampaignDrafted' && fold(campaignDecider, [event]),
});

goldenSamples(voucherSpendEvents, { fold: (event) => fold(voucherSpendDecider, [event]) });

const ORDER = [
  'CampaignDrafted.v1.vouchers',
  'CampaignSponsored.v1.wallet',
  'CampaignOpened.v1.funded',
  'SignUpRecorded.v1.1',
  'SignUpRecorded.v1.2',
  'SignUpRecorded.v1.3',
  'SeedRevealed.v1.three-signed-up',
  'WinnersDrawn.v1.two',
  'AwardGranted.v1.first',
  'AwardGranted.v1.last',
  'CampaignEnded.v1.completed',
];

describe('the samples together', () => {
  it('are the history of one campaign whose draw can be verified', () => {
    const folder = join(EVENT_SCHEMAS_DIRECTORY, 'campaigns', 'samples');
    const history = ORDER.map((name) => {
      const { data } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as { data: JsonObject };
      const type = name.split('.')[0] as CampaignEvent['type'];
      return { type, data: campaignEvents.types[type].decode(data) } as CampaignEvent;
    });
    expect(readdirSync(folder).length).toBe(ORDER.length + 2);
    const state = fold(campaignDecider, history);
    expect(state).toMatchObject({ status: 'ended', granted: 2 });
    if (state.status === 'absent' || !state.drawn) throw new Error('It has been drawn.');
    const { campaignId, commitment, award, drawn } = state;
    const signUpIds = signUpsInOrder(state).map(({ signUpId }) => signUpId);
    const { seed, digest, winners } = drawn;
    expect(verifyDraw({ campaignId, commitment, award, seed, digest, winners, signUpIds })).toEqual([]);
  });
});
