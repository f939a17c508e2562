import { describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { SCHOOL } from '#libs/testing/callers.js';
import type { DraftParty } from '../../contract/requests.js';
import { partiesOf } from './parties-of.js';

const walletId = asId<'wallet'>('00000000-0000-8000-8000-000000000001');

describe('parties of a draft', () => {
  it.each<[DraftParty, object]>([
    [
      { role: 'payer', account: 'payer-1' },
      { kind: 'account', partyId: 'payer-1', payTo: null },
    ],
    [
      { role: 'payer', account: 'payer-1', payTo: { walletId } },
      { kind: 'account', partyId: 'payer-1', payTo: `wallet:${walletId}` },
    ],
    [
      { role: 'school', organisationId: SCHOOL },
      { kind: 'organisation', partyId: SCHOOL, payTo: `org:${SCHOOL}:payable` },
    ],
    [
      { role: 'office', organisationId: SCHOOL, payTo: { treasury: 'district-1' } },
      { kind: 'organisation', partyId: SCHOOL, payTo: 'treasury:district-1' },
    ],
    [
      { role: 'bank', organisationId: SCHOOL, payTo: { bankFees: true } },
      { kind: 'organisation', partyId: SCHOOL, payTo: 'bank:fees' },
    ],
  ])('%j is paid where it may be', (given, party) => {
    expect(partiesOf([given])).toEqual([{ role: given.role, ...party }]);
  });

  it.each<[string, readonly DraftParty[]]>([
    ['an organisation into a wallet', [{ role: 'school', organisationId: SCHOOL, payTo: { walletId } }]],
    ['a person into a treasury', [{ role: 'payer', account: 'a', payTo: { treasury: 'x' } }]],
    ['a person into the bank’s fees', [{ role: 'payer', account: 'a', payTo: { bankFees: true } }]],
    ['a path in a unit', [{ role: 'office', organisationId: SCHOOL, payTo: { treasury: 'x:y' } }]],
    ['a wallet that is none', [{ role: 'payer', account: 'a', payTo: { walletId: asId('x:y') } }]],
    ['an account that is none', [{ role: 'payer', account: 'a b' }]],
    ['a role that is none', [{ role: '1', account: 'a' }]],
    [
      'a role twice',
      [
        { role: 'payer', account: 'a' },
        { role: 'payer', account: 'b' },
      ],
    ],
    ['too many', Array.from({ length: 33 }, (_, index) => ({ role: `r${index}`, account: 'a' }))],
  ])('refuses %s', (_name, given) => {
    expect(() => partiesOf(given)).toThrow(expect.objectContaining({ code: 'INVALID_PARTIES' }));
  });
});
