import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome } from '#libs/kernel/errors/index.js';
import { assertIdempotencyKey } from '#libs/kernel/ids/index.js';
import { compare, formatDecimal } from '#libs/kernel/money/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, RUNTIME } from '#libs/runtime/port/tokens.js';
import { actsFor } from '#libs/security/port/index.js';
import { paymentAggregate } from '../../codec/index.js';
import { ChargePayerCode, type ChargePayerCodeRejection, type PaymentView } from '../../contract/index.js';
import type { PayerCode } from '../../domain/payer-code/index.js';
import { PaymentDesk, type PayOutcome } from '../pay-bills/payment-desk.js';
import { paymentIdFor } from '../pay-bills/read-request.js';
import { PayerCodes } from './payer-codes.js';

type ChargeOutcome = Outcome<PaymentView, ChargePayerCodeRejection>;

/**
 * A terminal charges the wallet behind a scanned code. The payment's id derives from the code, so that a code makes one payment
 * and no more: the same terminal asking again gets the same answer, anybody else finds the code used.
 */
@CommandHandler(ChargePayerCode)
export class ChargePayerCodeHandler implements ICommandHandler<ChargePayerCode> {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(RUNTIME) private readonly runtime: Runtime,
    @Inject(PayerCodes) private readonly codes: PayerCodes,
    @Inject(PaymentDesk) private readonly desk: PaymentDesk,
  ) {}

  async execute({ context, input }: ChargePayerCode): Promise<ChargeOutcome> {
    const { caller } = context;
    const { organisation, tenant } = caller;
    const mayCharge =
      organisation !== undefined &&
      (actsFor(caller, organisation, 'clerk') || actsFor(caller, organisation, 'bursar'));
    if (!mayCharge) {
      return refused({ code: 'FORBIDDEN', message: 'Only an organisation’s counter charges a code.' });
    }
    assertIdempotencyKey(input.idempotencyKey);
    const resolved = await this.codes.resolve(tenant, input.code);
    if (!resolved.accepted) return resolved;
    const code = resolved.value;
    const { walletId, subWalletId, owner, codeId } = code;
    const method = {
      channel: 'wallet',
      walletId,
      ...(subWalletId !== null && { subWalletId }),
      owner,
      codeId,
    } as const;
    const { idempotencyKey, bills, expectedTotal } = input;
    const paymentId = paymentIdFor(caller, { method, idempotencyKey });
    const { state: payment } = await this.store.load(paymentAggregate, paymentId);
    // Asked again, the payment is what it was, although its code is over by now.
    if (payment.status === 'absent') {
      const rejection = this.#refusalOf(code, input);
      if (rejection) return refused(rejection);
    }
    return usedOnce(await this.desk.pay(context, { idempotencyKey, bills, expectedTotal, method }));
  }

  #refusalOf(
    { expiresAt, limit }: PayerCode,
    { expectedTotal }: ChargePayerCode['input'],
  ): ChargePayerCodeRejection | undefined {
    if (this.runtime.clock.now() >= expiresAt) {
      return { code: 'QR_EXPIRED', message: 'The code has expired.', path: ['input', 'code'] };
    }
    if (expectedTotal.asset === limit.asset && compare(expectedTotal, limit) <= 0) return undefined;
    return {
      code: 'QR_OVER_LIMIT',
      message: 'The code was shown for less.',
      path: ['input', 'expectedTotal'],
      details: { limit: formatDecimal(limit) },
    };
  }
}

/** The code's payment was asked for otherwise: by another terminal, under another key, for something else. */
function usedOnce(outcome: PayOutcome): ChargeOutcome {
  // A wallet, no quote: nothing but this can be what it is refused for.
  if (outcome.accepted || outcome.rejection.code !== 'IDEMPOTENCY_CONFLICT') return outcome as ChargeOutcome;
  return refused({ code: 'QR_USED', message: 'The code has been used.', path: ['input', 'code'] });
}

function refused(rejection: ChargePayerCodeRejection): ChargeOutcome {
  return { accepted: false, rejection };
}
