import { describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { DEMO_TENANT } from './demo-directory.js';
import { demoEmployment, noEmployment } from './demo-employment.js';

describe('employment in the demo', () => {
  it('goes by the person, within the tenant', async () => {
    expect(await demoEmployment.employersOf(DEMO_TENANT, 'demo-person-bursar1')).toEqual(['school-1']);
    expect(await demoEmployment.employersOf(DEMO_TENANT, 'demo-person-payer')).toEqual([]);
    expect(await demoEmployment.employersOf(asId('other'), 'demo-person-bursar1')).toEqual([]);
    expect(await noEmployment.employersOf(DEMO_TENANT, 'demo-person-bursar1')).toEqual([]);
  });
});
