import { hash } from 'node:crypto';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { asId, assertIdempotencyKey, isUuid } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import type { Caller } from '#libs/security/port/index.js';
import type { FundContractInput } from '../../contract/funding.js';
import type { FundContractRejectionCode } from '../../contract/payments.js';
import { fundsContracts, type PaymentRequest } from '../../domain/payment/index.js';
import { methodRefusal } from '../pay-bills/check-method.js';
import { tenderText } from '../pay-bills/read-request.js';

export type ReadFunding = Outcome<PaymentRequest, Rejection<FundContractRejectionCode>>;

/**
 * What can be told without looking at anything stored. Nothing is stored for a request that is refused here.
 *
 * @throws InvalidInputError for what the schema of the input rules out
 */
export function readFunding(caller: Caller, input: FundContractInput, at: Instant): ReadFunding {
  const { idempotencyKey, contractId, amount, method } = input;
  assertIdempotencyKey(idempotencyKey);
  if (!isUuid(contractId)) {
    return refused('CONTRACT_NOT_FOUND', 'There is no such contract.', ['input', 'contractId']);
  }
  if (!fundsContracts(method)) {
    const message = 'Money for a contract must be of a kind that nobody can take back.';
    return refused('CHANNEL_NOT_ALLOWED', message, ['input', 'method']);
  }
  if (amount.amount <= 0n) {
    return refused('INVALID_AMOUNT', 'An amount to pay in is above zero.', ['input', 'amount']);
  }
  const refusal = methodRefusal(method, at);
  if (refusal) return refusal as Extract<ReadFunding, { accepted: false }>;
  const scope = [caller.tenant, caller.accountId, 'fundContract', idempotencyKey] as const;
  const said = [contractId, amount.asset, String(amount.amount), method.channel, ...tenderText(method)];
  const value: PaymentRequest = {
    paymentId: asId<'payment'>(deriveUuid(UUID_NAMESPACES.entity, 'payment', ...scope)),
    tenant: caller.tenant,
    account: caller.accountId,
    organisationId: method.channel === 'cash' ? (caller.organisation ?? null) : null,
    inputHash: hash('sha256', said.join('\n'), 'hex'),
    bills: [{ billId: asId<'bill'>(contractId), amount }],
    funding: { contractId },
    total: amount,
    tender: method,
    initiatedAt: at,
  };
  return { accepted: true, value };
}

export function refused(
  code: FundContractRejectionCode,
  message: string,
  path?: readonly string[],
): Extract<ReadFunding, { accepted: false }> {
  return { accepted: false, rejection: path ? { code, message, path } : { code, message } };
}
