import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  agreementWorld,
  bursar,
  inForce,
  nextKey,
  officer,
  payer,
  tuition,
} from '#libs/testing/agreement-world.js';
import type { ContractsWorld } from '#libs/testing/contracts-views-world.js';
import { yuan } from '#libs/testing/contracts-world.js';
import { accepted } from '#libs/testing/payment-fixture.js';
import type { ContractSummary } from '../../contract/release-contracts.js';
import { ProposeAmendment, SignAmendment, WithdrawAmendment } from '../../contract/requests.js';

let world: ContractsWorld;

beforeAll(async () => {
  world = await agreementWorld();
});
afterAll(async () => world[Symbol.asyncDispose]());

describe('an amendment', () => {
  it('holds with the last signature over what was shown, or is taken back', async () => {
    const { contractId } = await inForce(world, tuition(world));
    const propose = (idempotencyKey: string, change: object = {}) => {
      const parameters = [{ name: 'total', amount: yuan(600) }];
      const input = { idempotencyKey, contractId, parameters, reason: '降价', ...change };
      return world.execute(new ProposeAmendment(bursar, input));
    };
    expect(await propose('1', { templateVersion: '9.9.9' })).toMatchObject({
      rejection: { code: 'TEMPLATE_NOT_FOUND' },
    });
    expect(await propose('2', { parameters: [{ name: 'lessons', text: '0' }] })).toMatchObject({
      rejection: { code: 'INVALID_PARAMETERS' },
    });
    expect(await propose('3', { parameters: [{ name: 'total', text: '60000' }] })).toMatchObject({
      rejection: { code: 'INVALID_PARAMETERS', details: { fault: 'MALFORMED' } },
    });
    const proposed = accepted<ContractSummary>(await propose('4'));
    expect(await propose('4')).toEqual({ accepted: true, value: proposed });
    expect(await propose('5')).toMatchObject({ rejection: { code: 'AMENDMENT_OPEN' } });
    const { amendmentId, docHash: documentHash } = proposed.openAmendment!;
    const withdraw = new WithdrawAmendment(payer, { idempotencyKey: '6', contractId, amendmentId });
    expect(await world.execute(withdraw)).toMatchObject({ value: { openAmendment: null } });
    const sign = (request: typeof payer, input: object) => {
      const common = { idempotencyKey: nextKey(), contractId, amendmentId, documentHash };
      return world.execute(new SignAmendment(request, { ...common, ...input }));
    };
    expect(await sign(payer, {})).toMatchObject({ rejection: { code: 'AMENDMENT_NOT_FOUND' } });
    const again = accepted<ContractSummary>(await propose('7')).openAmendment!;
    const shown = { amendmentId: again.amendmentId, documentHash: again.docHash };
    expect(await sign(payer, { ...shown, documentHash })).toMatchObject({
      rejection: { code: 'WRONG_DOCUMENT' },
    });
    expect(await sign(officer, shown)).toMatchObject({ rejection: { code: 'NOT_AUTHORISED' } });
    expect(await sign(payer, shown)).toMatchObject({ value: { openAmendment: { unsigned: ['school'] } } });
    expect(await sign(bursar, shown)).toMatchObject({
      value: { openAmendment: null, refunded: yuan(600), held: yuan(600), docHash: again.docHash },
    });
  });
});
