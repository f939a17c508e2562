import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import {
  agreementWorld,
  bursar,
  draft,
  escrow,
  inForce,
  officer,
  payer,
  PAYERS_WALLET,
  stream,
  tuition,
  type Terms,
} from '#libs/testing/agreement-world.js';
import { callerOf, OTHER_SCHOOL, requestOf, SCHOOL, TENANT } from '#libs/testing/callers.js';
import type { ContractsWorld } from '#libs/testing/contracts-views-world.js';
import { PAYER } from '#libs/testing/contracts-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import type { ContractSummary } from '../../contract/release-contracts.js';
import { WithdrawContract } from '../../contract/requests.js';

let world: ContractsWorld;

beforeAll(async () => {
  world = await agreementWorld();
});
afterAll(async () => world[Symbol.asyncDispose]());

describe('a draft', () => {
  it('names who is paid where, and waits for its signatures', async () => {
    const contract = accepted<ContractSummary>(await draft(world, tuition(world)));
    expect(contract).toMatchObject({
      tenant: TENANT,
      organisationId: SCHOOL,
      subject: `contract-${contract.contractId}`,
      region: 'CN',
      status: 'drafted',
      unsigned: ['payer', 'school'],
      parties: [
        { role: 'payer', partyId: PAYER, kind: 'account', payTo: null },
        { role: 'school', partyId: SCHOOL, kind: 'organisation', payTo: `org:${SCHOOL}:payable` },
        { role: 'bureau', partyId: OTHER_SCHOOL, kind: 'organisation', payTo: `org:${OTHER_SCHOOL}:payable` },
      ],
      params: { total: '120000', lessons: '12', cooling: '3WD' },
    });
  });

  it('is the same under its key, and another input is told apart', async () => {
    const terms = tuition(world);
    const [first, again] = [
      await draft(world, terms, { idempotencyKey: 'k' }),
      await draft(world, terms, { idempotencyKey: 'k' }),
    ];
    expect(again).toEqual(first);
    for (const change of [{ parties: [...terms.parties].reverse() }, { templateVersion: '1.0.0' }]) {
      expect(await draft(world, terms, { idempotencyKey: 'k', ...change })).toMatchObject({
        rejection: { code: 'IDEMPOTENCY_CONFLICT' },
      });
    }
  });

  const ghost = asId<'organisation'>('school-9');
  it.each<[string, () => ReturnType<typeof draft>, string]>([
    ['a payer', () => draft(world, tuition(world), {}, payer), 'FORBIDDEN'],
    [
      'a supervisor',
      () => draft(world, tuition(world), {}, requestOf(callerOf('supervisor', 's', SCHOOL))),
      'FORBIDDEN',
    ],
    [
      'a bursar of no organisation',
      () => draft(world, tuition(world), {}, requestOf(callerOf('bursar', 'b'))),
      'FORBIDDEN',
    ],
    [
      'an organisation that is no party',
      () => draft(world, tuition(world), {}, requestOf(callerOf('bursar', 'b', ghost))),
      'NOT_AUTHORISED',
    ],
    [
      'an unknown template',
      () => draft(world, { ...tuition(world), templateId: 'nothing' }),
      'TEMPLATE_NOT_FOUND',
    ],
    [
      'an unknown version',
      () => draft(world, tuition(world), { templateVersion: '9.9.9' }),
      'TEMPLATE_NOT_FOUND',
    ],
    ['an unknown region', () => draft(world, tuition(world), { region: 'XX' }), 'REGION_NOT_FOUND'],
    [
      'an unknown organisation',
      () => {
        const { parties, ...rest } = tuition(world);
        return draft(world, {
          ...rest,
          parties: [...parties.slice(0, 2), { role: 'bureau', organisationId: ghost }],
        });
      },
      'ORGANISATION_NOT_FOUND',
    ],
    [
      'a role that nobody fills',
      () => draft(world, { ...tuition(world), parties: tuition(world).parties.slice(0, 2) }),
      'INVALID_PARAMETERS',
    ],
    [
      'a parameter that is missing',
      () => draft(world, { ...tuition(world), parameters: [] }),
      'INVALID_PARAMETERS',
    ],
  ])('is refused to or for %s', async (_name, ask, code) => {
    expect(await ask()).toMatchObject({ accepted: false, rejection: { code } });
  });

  const paidInto = (walletId: typeof PAYERS_WALLET, account = PAYER) => {
    const { parties, ...rest } = tuition(world);
    return draft(world, {
      ...rest,
      parties: [{ role: 'payer', account, payTo: { walletId } }, ...parties.slice(1)],
    });
  };

  it('pays nobody back into a wallet of somebody else, which looks like none', async () => {
    const contract = accepted<ContractSummary>(await paidInto(PAYERS_WALLET));
    expect(contract.parties[0]).toMatchObject({ role: 'payer', payTo: `wallet:${PAYERS_WALLET}` });
    const foreign = await paidInto(PAYERS_WALLET, 'payer-2');
    expect(foreign).toMatchObject({
      accepted: false,
      rejection: { code: 'INVALID_PARAMETERS', details: { parameter: 'parties/payer/payTo' } },
    });
    expect(await paidInto(asId('00000000-0000-8000-8000-000000000001'))).toEqual(foreign);
  });

  it.each<[string, (world: ContractsWorld) => Terms, string]>([
    ['watched over by who sells', tuition, 'bureau'],
    ['with an arbiter who sells', escrow, 'arbiter'],
    ['with an arbiter who pays', stream, 'arbiter'],
  ])('is refused %s: one party would be two voices', async (_name, terms, role) => {
    const { parties, ...rest } = terms(world);
    const own = parties.map((party) => (party.role === role ? { role, organisationId: SCHOOL } : party));
    expect(await draft(world, { ...rest, parties: own })).toMatchObject({
      accepted: false,
      rejection: { code: 'INVALID_PARAMETERS', details: { parameter: `parties/${role}` } },
    });
  });

  it('is refused with an arbiter who is the bursar in person', async () => {
    const { parties, ...rest } = escrow(world);
    const own = { role: 'arbiter', account: bursar.caller.accountId };
    expect(await draft(world, { ...rest, parties: [...parties.slice(0, 2), own] })).toMatchObject({
      rejection: { code: 'INVALID_PARAMETERS', details: { parameter: 'parties/arbiter' } },
    });
  });

  it('is called off by a party while nobody has paid', async () => {
    const { contractId } = accepted<ContractSummary>(await draft(world, tuition(world)));
    const off = (request: typeof payer, idempotencyKey: string) =>
      world.execute(new WithdrawContract(request, { idempotencyKey, contractId, reason: '改期' }));
    expect(await off(officer, '1')).toMatchObject({ rejection: { code: 'NOT_AUTHORISED' } });
    expect(await off(payer, '2')).toMatchObject({ value: { status: 'cancelled' } });
    expect(await off(payer, '3')).toMatchObject({ rejection: { code: 'CONTRACT_CLOSED' } });
    const paid = await inForce(world, tuition(world));
    const late = new WithdrawContract(payer, {
      idempotencyKey: '4',
      contractId: paid.contractId,
      reason: 'x',
    });
    expect(await world.execute(late)).toMatchObject({ rejection: { code: 'FUNDING_CLOSED' } });
  });
});
