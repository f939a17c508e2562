import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asId } from '#libs/kernel/ids/index.js';
import { CNY, money } from '#libs/kernel/money/index.js';
import {
  agreementWorld,
  bursar,
  escrow,
  inForce,
  nextKey,
  officer,
  payer,
  publishWithoutSteps,
  stream,
  voucher,
} from '#libs/testing/agreement-world.js';
import { OTHER_SCHOOL, SCHOOL } from '#libs/testing/callers.js';
import type { ContractsWorld } from '#libs/testing/contracts-views-world.js';
import { DAY_MS, yuan } from '#libs/testing/contracts-world.js';
import { ApproveUnit, ClaimFromContract, DrawFromContract, RevealSecret } from '../../contract/requests.js';

let world: ContractsWorld;

beforeAll(async () => {
  world = await agreementWorld();
});
afterAll(async () => world[Symbol.asyncDispose]());

describe('what rules wait for', () => {
  it('a secret, from whoever of the parties knows it', async () => {
    const { contractId } = await inForce(world, escrow(world));
    const reveal = (secret: string, idempotencyKey: string, ruleId = 'accepted') =>
      world.execute(new RevealSecret(bursar, { idempotencyKey, contractId, ruleId, secret }));
    expect(await reveal('open', '1')).toMatchObject({ rejection: { code: 'WRONG_SECRET' } });
    expect(await reveal('open sesame', '2', 'cancelled')).toMatchObject({
      rejection: { code: 'RULE_NOT_APPLICABLE' },
    });
    expect(await reveal('open sesame', '3', 'nothing')).toMatchObject({
      rejection: { code: 'RULE_NOT_FOUND' },
    });
    expect(await reveal('open sesame', '4')).toMatchObject({
      value: { status: 'completed', released: yuan(100) },
    });
    await expect(reveal('', '5')).rejects.toMatchObject({ code: 'INVALID_SECRET' });
  });

  it('approvals, of as many roles as the terms say', async () => {
    const { contractId } = await inForce(world, escrow(world));
    const approve = (
      request: typeof payer,
      idempotencyKey: string,
      decision: 'approve' | 'reject' = 'approve',
    ) => {
      const input = { idempotencyKey, contractId, ruleId: 'cancelled', dedupeKey: '', decision };
      return world.execute(new ApproveUnit(request, input));
    };
    expect(await approve(payer, '1')).toMatchObject({ value: { status: 'active' } });
    expect(await approve(payer, '2')).toMatchObject({ rejection: { code: 'ALREADY_VOTED' } });
    expect(await approve(officer, '3', 'reject')).toMatchObject({ value: { status: 'active' } });
    expect(await approve(officer, '4')).toMatchObject({
      value: { status: 'completed', refunded: yuan(100) },
    });
  });

  it('time: the payee draws what has been earned by now', async () => {
    await publishWithoutSteps(world);
    const { parameters, ...rest } = stream(world);
    const own = parameters.filter(({ name }) => name !== 'every');
    const { contractId } = await inForce(world, { ...rest, templateId: 'subsidy-on-call', parameters: own });
    const draw = (idempotencyKey: string, request = payer) =>
      world.execute(new DrawFromContract(request, { idempotencyKey, contractId, ruleId: 'stream' }));
    expect(await draw('1')).toMatchObject({ rejection: { code: 'NOTHING_TO_PAY' } });
    world.pass(2 * DAY_MS);
    expect(await draw('2', officer)).toMatchObject({ rejection: { code: 'NOT_AUTHORISED' } });
    const drawn = await draw('3');
    expect(drawn).toMatchObject({ value: { released: yuan(10), held: yuan(90) } });
    expect(await draw('3')).toEqual(drawn);
    expect(await draw('4')).toMatchObject({ rejection: { code: 'NOTHING_TO_PAY' } });
  });

  it('a claim, at an organisation of the bank, within what is held', async () => {
    const { contractId } = await inForce(world, voucher(world));
    const claim = (change: Partial<ClaimFromContract['input']> = {}) => {
      const input = {
        idempotencyKey: nextKey(),
        contractId,
        ruleId: 'spend',
        organisationId: OTHER_SCHOOL,
        amount: yuan(20),
        ...change,
      };
      return world.execute(new ClaimFromContract(payer, input));
    };
    const refusals: readonly (readonly [Partial<ClaimFromContract['input']>, string])[] = [
      [{ organisationId: asId('school-9') }, 'ORGANISATION_NOT_FOUND'],
      [{ amount: yuan(0) }, 'INVALID_AMOUNT'],
      [{ amount: money(CNY, -1n) }, 'INVALID_AMOUNT'],
      [{ amount: money('JPY/0', 20n) }, 'INVALID_AMOUNT'],
      [{ spend: yuan(19) }, 'INVALID_AMOUNT'],
      [{ amount: yuan(51) }, 'EXCEEDS_CAP'],
      [{ ruleId: 'nothing' }, 'RULE_NOT_FOUND'],
    ];
    for (const [change, code] of refusals) {
      expect(await claim(change)).toMatchObject({ accepted: false, rejection: { code } });
    }
    const bought = await claim({ idempotencyKey: 'tea', spend: yuan(30) });
    expect(bought).toMatchObject({ value: { released: yuan(20), held: yuan(30) } });
    expect(await claim({ idempotencyKey: 'tea', spend: yuan(30) })).toEqual(bought);
    expect(await claim({ idempotencyKey: 'tea', spend: yuan(31) })).toMatchObject({
      rejection: { code: 'IDEMPOTENCY_CONFLICT' },
    });
    expect(await claim({ idempotencyKey: 'more', amount: yuan(30) })).toMatchObject({
      value: { released: yuan(50), status: 'completed' },
    });
  });

  it('a claim, but not past the context whose voucher it is', async () => {
    const { contractId } = await world.running('a course', { subject: 'campaign-1' });
    const input = {
      idempotencyKey: 'x',
      contractId,
      ruleId: 'lesson',
      organisationId: SCHOOL,
      amount: yuan(1),
    };
    expect(await world.execute(new ClaimFromContract(payer, input))).toMatchObject({
      rejection: { code: 'RULE_NOT_APPLICABLE', message: 'This is spent through campaign-1.' },
    });
  });
});
