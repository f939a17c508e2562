import { describe, expect, it } from '@jest/globals';
import { demoIdentityCheck, noIdentityCheck } from './demo-identity-check.js';

describe('the identity check of the demo', () => {
  it.each([
    [
      'a number of the demo: its region does not exist and its check digit is wrong',
      '999999201001010017',
      true,
    ],
    ['the same with the right check digit, which could be issued one day', '999999201001010016', 'unknown'],
    ['a wrong check digit elsewhere', '110101201001010010', 'checkDigit'],
    ['17 digits', '99999920100101001', 'malformed'],
    ['a birthday that does not exist', '999999201002300017', 'malformed'],
    ['full-width digits', '９99999201001010016', 'malformed'],
  ])('answers %s', async (_what, number, expected) => {
    const answer = await demoIdentityCheck.check({ name: '学生0001', number });
    expect(answer).toEqual(expected === true ? { confirmed: true } : { confirmed: false, reason: expected });
  });

  it('confirms nobody without a name, and nobody where no register is connected', async () => {
    const claimed = { name: ' ', number: '999999201001010017' };
    expect(await demoIdentityCheck.check(claimed)).toEqual({ confirmed: false, reason: 'malformed' });
    expect(await noIdentityCheck.check({ ...claimed, name: '学生0001' })).toEqual({
      confirmed: false,
      reason: 'unknown',
    });
  });
});
