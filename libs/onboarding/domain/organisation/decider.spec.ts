import { describe, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { parseInstant } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import { organisationDecider, type OrganisationEvent, type RegisterOrganisation } from './index.js';

const at = parseInstant('2026-09-01T00:00:00.000Z');
const organisation = {
  organisationId: asId<'organisation'>('school-1'),
  tenant: asId<'tenant'>('demo'),
  nameZh: '示范第一小学',
  nameEn: 'Model Primary School No. 1',
  kind: 'school',
} as const;
const register: RegisterOrganisation = { kind: 'register', organisation, at };
const registered: OrganisationEvent = {
  type: 'OrganisationRegistered',
  data: { ...organisation, registeredAt: at },
};

describe('registering an organisation', () => {
  it('registers it, and says nothing when it is registered like this already', () => {
    spec(organisationDecider).given([]).when(register).then([registered]);
    const later = parseInstant('2026-10-01T00:00:00.000Z');
    spec(organisationDecider)
      .given([registered])
      .when({ ...register, at: later })
      .then([]);
  });

  it.each([{ tenant: asId<'tenant'>('other') }, { nameZh: 'x' }, { nameEn: 'x' }])(
    'refuses the id of another organisation: %j',
    (change) => {
      spec(organisationDecider)
        .given([registered])
        .when({ ...register, organisation: { ...organisation, ...change } })
        .thenRejected({ code: 'ORGANISATION_EXISTS' });
    },
  );

  it('cannot have been registered twice', () => {
    spec(organisationDecider).given([registered, registered]).thenImpossible();
  });
});
