import { describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { callerOf, OTHER_SCHOOL, requestOf, SCHOOL } from '#libs/testing/payment-world.js';
import { productWorld } from '#libs/testing/product-world.js';
import { bursar, clerk, ops, payer } from '#libs/testing/school-fixture.js';
import { OrganisationById, RegisterOrganisation } from '../contract/index.js';

const input = {
  organisationId: SCHOOL,
  nameZh: '示范第一小学',
  nameEn: 'Model Primary School No. 1',
  kind: 'school' as const,
};
const stranger = requestOf({ ...callerOf('ops', 'ops-2'), tenant: asId<'tenant'>('other-tenant') });

describe('organisations', () => {
  it('are registered once by staff of the tenant, and seen by whom they concern', async () => {
    await using world = await productWorld();
    const register = (request: typeof ops, change: object = {}) =>
      world.execute(new RegisterOrganisation(request, { ...input, ...change }));
    const view = { id: SCHOOL, nameZh: input.nameZh, nameEn: input.nameEn, kind: 'school' };
    expect(await register(bursar())).toMatchObject({ rejection: { code: 'FORBIDDEN' } });
    expect(await register(ops)).toEqual({ accepted: true, value: view });
    expect(await register(requestOf(callerOf('bd', 'bd-1')))).toEqual({ accepted: true, value: view });
    for (const outcome of [await register(ops, { nameEn: 'Other' }), await register(stranger)]) {
      expect(outcome).toMatchObject({ rejection: { code: 'ORGANISATION_EXISTS' } });
    }
    await expect(register(ops, { organisationId: asId('a:b') })).rejects.toMatchObject({
      code: 'INVALID_ORGANISATION',
      path: ['input', 'organisationId'],
    });
    await expect(register(ops, { nameZh: '' })).rejects.toMatchObject({ code: 'INVALID_ORGANISATION' });
    for (const request of [ops, bursar(), clerk(), payer()]) {
      expect(await world.query(new OrganisationById(request, SCHOOL))).toEqual(view);
    }
    for (const request of [bursar(OTHER_SCHOOL), stranger]) {
      expect(await world.query(new OrganisationById(request, SCHOOL))).toBeUndefined();
    }
  });
});
