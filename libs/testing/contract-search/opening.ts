import { asId } from '#libs/kernel/ids/index.js';
import type { ContractCommand } from '#libs/contracts/domain/release-contract/messages.js';
import { act, CONTRACT_ID, HASH, type Asked } from './act.js';
import type { Setup } from './setup.js';

/** Drafted, signed by everybody, funded: the way into force. */
export function opening(setup: Setup): readonly ContractCommand[] {
  const { template, params, parties } = setup;
  const nowMs = Date.parse(setup.start);
  const signers = Object.keys(template.roles).filter((role) => template.roles[role]!.signs === true);
  const amount = BigInt(setup.deposit);
  const paymentId = asId<'payment'>('payment-1');
  const first = signers[0]!;
  return [
    act(setup, first, nowMs, {
      kind: 'draft',
      contractId: CONTRACT_ID,
      tenant: asId<'tenant'>('tenant-1'),
      organisationId: asId<'organisation'>('school-1'),
      inputHash: HASH,
      subject: 'contract-1',
      template,
      templateHash: HASH,
      params,
      parties,
      docHash: HASH,
      region: 'CN',
    } as Asked),
    ...signers.map((role) =>
      act(setup, role, nowMs, {
        kind: 'sign',
        role,
        signature: { keyId: `account:${role}`, alg: 'account', docHash: HASH, sig: '' },
      }),
    ),
    act(setup, template.funding.from, nowMs, { kind: 'reserveFunding', paymentId, amount }),
    act(setup, template.funding.from, nowMs, {
      kind: 'deposit',
      depositId: 'payment-1',
      source: { kind: 'payment', paymentId },
      amount,
    }),
  ];
}
