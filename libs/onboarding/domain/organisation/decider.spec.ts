import { describe, expect, it } from '@jest/globals';
import { fold } from '#libs/kernel/decider/index.js';
import { asId } from '#libs/kernel/ids/index.js';
import { parseInstant, parseLocalDate } from '#libs/kernel/time/index.js';
import { spec } from '#libs/testing/decider-spec.js';
import {
  categoryOn,
  organisationDecider,
  type OrganisationEvent,
  type RegisterOrganisation,
  type SetCategory,
} from './index.js';

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

describe('the category of a merchant', () => {
  const { tenant, organisationId } = organisation;
  const day = parseLocalDate;
  const set = (mcc: string, from: string): SetCategory => ({
    kind: 'setCategory',
    tenant,
    mcc,
    from: day(from),
    at,
  });
  const wasSet = (mcc: string, from: string): OrganisationEvent => ({
    type: 'MerchantCategorySet',
    data: { organisationId, mcc, from: day(from), setAt: at },
  });

  it('holds from its day on; the later word for the same day holds', () => {
    spec(organisationDecider)
      .given([registered])
      .when(set('8211', '2026-09-02'))
      .then([wasSet('8211', '2026-09-02')]);
    spec(organisationDecider)
      .given([registered, wasSet('8211', '2026-09-02')])
      .when(set('8211', '2026-09-02'))
      .then([]);
    const history = [
      registered,
      wasSet('8299', '2026-10-01'),
      wasSet('8211', '2026-09-02'),
      wasSet('8220', '2026-10-01'),
    ];
    const state = fold(organisationDecider, history);
    const on = (text: string): string | undefined =>
      state.status === 'absent' ? undefined : categoryOn(state, day(text));
    expect(['2026-09-01', '2026-09-02', '2026-09-30', '2026-10-01'].map(on)).toEqual([
      undefined,
      '8211',
      '8211',
      '8220',
    ]);
  });

  it('is that of an organisation of the tenant', () => {
    const code = 'ORGANISATION_NOT_FOUND';
    spec(organisationDecider).given([]).when(set('8211', '2026-09-02')).thenRejected({ code });
    const foreign = { ...set('8211', '2026-09-02'), tenant: asId<'tenant'>('other') };
    spec(organisationDecider).given([registered]).when(foreign).thenRejected({ code });
  });
});
