import { describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { parseLocalDate } from '#libs/kernel/time/index.js';
import { callerOf, OTHER_SCHOOL, requestOf, SCHOOL, TENANT } from '#libs/testing/callers.js';
import { contextWorld } from '#libs/testing/context-world.js';
import { onboardingEventSets } from '../codec/index.js';
import { MERCHANTS, RegisterOrganisation, SetMerchantCategory, type Merchants } from '../contract/index.js';
import { onboardingProjections, onboardingQueries } from '../read-model/index.js';
import { onboardingApplication } from './index.js';

const ops = requestOf(callerOf('ops', 'ops-1'));
const day = parseLocalDate;

describe('what a merchant sells', () => {
  it('is set by staff of the tenant from today or a later day on', async () => {
    await using world = await contextWorld({
      events: onboardingEventSets,
      projections: onboardingProjections,
      providers: [...onboardingApplication, ...onboardingQueries],
    });
    const school = { organisationId: SCHOOL, nameZh: '示范', nameEn: 'Demo', kind: 'school' } as const;
    await world.execute(new RegisterOrganisation(ops, school));
    const set = (mcc: string, from?: string, { request = ops, organisationId = SCHOOL, key = mcc } = {}) =>
      world.execute(
        new SetMerchantCategory(request, {
          idempotencyKey: key,
          organisationId,
          mcc,
          ...(from !== undefined && { from: day(from) }),
        }),
      );
    const merchants = world.part<Merchants>(MERCHANTS);
    const mccOn = async (text: string) => (await merchants.find(TENANT, SCHOOL, day(text)))?.mcc;
    expect(await mccOn('2026-09-01')).toBeNull();
    expect(await set('8211')).toMatchObject({ accepted: true, value: { mcc: '8211', from: '2026-09-01' } });
    expect(await set('8299', '2026-10-01')).toMatchObject({ accepted: true });
    expect([await mccOn('2026-09-30'), await mccOn('2026-10-01')]).toEqual(['8211', '8299']);
    // Back again, under another key.
    await set('5411', '2026-10-01');
    await set('8299', '2026-10-01', { key: 'again' });
    expect(await mccOn('2026-10-01')).toBe('8299');
    const bursar = requestOf(callerOf('bursar', 'bursar-1', SCHOOL));
    const stranger = requestOf({ ...callerOf('ops', 'ops-2'), tenant: asId<'tenant'>('other') });
    expect(await set('8211', undefined, { request: bursar })).toMatchObject({
      rejection: { code: 'FORBIDDEN' },
    });
    for (const options of [{ organisationId: OTHER_SCHOOL }, { request: stranger }]) {
      const refused = await set('8211', undefined, options);
      expect(refused).toMatchObject({ rejection: { code: 'ORGANISATION_NOT_FOUND' } });
    }
    for (const [mcc, from] of [
      ['82', undefined],
      ['8211', '2026-08-31'],
      ['８２１１', undefined],
    ] as const) {
      await expect(set(mcc, from, { key: 'bad' })).rejects.toMatchObject({ code: 'INVALID_CATEGORY' });
    }
    expect(await merchants.find(asId('other'), SCHOOL, day('2026-10-01'))).toBeUndefined();
  });
});
