import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { deriveUuid, UUID_NAMESPACES } from '#libs/event-log/codec/derive-uuid.js';
import { commandContext } from '#libs/event-log/runner/command-context.js';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import type { Outcome, Rejection } from '#libs/kernel/errors/index.js';
import { asId, type PayerCodeId, type TenantId, type WalletId } from '#libs/kernel/ids/index.js';
import type { Money } from '#libs/kernel/money/index.js';
import { addMs } from '#libs/kernel/time/index.js';
import type { Runtime } from '#libs/runtime/port/index.js';
import { DECIDER_STORE, MESSAGE_SEALS, RUNTIME } from '#libs/runtime/port/tokens.js';
import type { MessageSeals, RequestContext } from '#libs/security/port/index.js';
import { payerCodeAggregate } from '../../codec/qr-aggregates.js';
import type { PayerCodeView, QrRejectionCode } from '../../contract/index.js';
import {
  isPayerCode,
  nonceIn,
  nonceOf,
  passesLuhn,
  payerCodeOf,
  type PayerCode,
} from '../../domain/payer-code/index.js';

/** A code that was not scanned by then is worth nothing. */
export const PAYER_CODE_LIFE_MS = 60_000;
/** Digits that pass for a card's, or that another code had, are not shown: one in ten, and one in many millions. */
const ATTEMPTS = 20;

type Refused = Rejection<Extract<QrRejectionCode, 'QR_UNREADABLE' | 'QR_FORGED' | 'QR_OTHER_TENANT'>>;

interface Shown {
  readonly walletId: WalletId;
  readonly subWalletId: string | null;
  readonly limit: Money;
}

/**
 * Payers' one-time codes: digits out of chance and authentication, and a stream that says which wallet they stand for. Nothing
 * of the payer is in the digits.
 */
@Injectable()
export class PayerCodes {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(MESSAGE_SEALS) private readonly seals: MessageSeals,
    @Inject(RUNTIME) private readonly runtime: Runtime,
  ) {}

  /** The wallet must have been found to be the caller's. */
  async show(context: RequestContext, { walletId, subWalletId, limit }: Shown): Promise<PayerCodeView> {
    const { tenant, accountId } = context.caller;
    const shownAt = this.runtime.clock.now();
    const expiresAt = addMs(shownAt, PAYER_CODE_LIFE_MS);
    const code = { tenant, walletId, subWalletId, owner: accountId, limit, shownAt, expiresAt };
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const digits = this.#digitsOf(tenant, nonceOf(this.runtime.rng.bytes(8)));
      if (passesLuhn(digits)) continue;
      const codeId = codeIdOf(digits);
      const shown = await this.store.run(
        payerCodeAggregate,
        codeId,
        { kind: 'show', codeId, ...code },
        // No two attempts are the same command: digits that come again must be refused, not answered.
        commandContext(context, this.runtime.ids.next(), shownAt),
      );
      if (shown.accepted) return { digits, limit, expiresAt };
    }
    throw new Error('No digits were found for a payer’s code.');
  }

  /** What a scanned code stands for, whether or not its time is over. */
  async resolve(tenant: TenantId, digits: string): Promise<Outcome<PayerCode, Refused>> {
    if (!isPayerCode(digits)) {
      const details = { reason: 'NOT_A_PAYER_CODE' };
      return refused({ code: 'QR_UNREADABLE', message: 'No payer’s code looks like this.', details });
    }
    const { state } = await this.store.load(payerCodeAggregate, codeIdOf(digits));
    if (state.status === 'absent' || !this.#isGenuine(state.tenant, digits)) {
      return refused({ code: 'QR_FORGED', message: 'No payer has shown this code.' });
    }
    if (state.tenant !== tenant) {
      return refused({ code: 'QR_OTHER_TENANT', message: 'The code is another institution’s.' });
    }
    return { accepted: true, value: state };
  }

  #isGenuine(tenant: TenantId, digits: string): boolean {
    const genuine = this.#digitsOf(tenant, nonceIn(digits));
    return timingSafeEqual(Buffer.from(genuine), Buffer.from(digits));
  }

  #digitsOf(tenant: TenantId, nonce: string): string {
    return payerCodeOf(nonce, this.seals.seal(tenant, 'payerCode', nonce));
  }
}

function codeIdOf(digits: string): PayerCodeId {
  return asId<'payerCode'>(deriveUuid(UUID_NAMESPACES.entity, 'payerCode', digits));
}

function refused(rejection: Refused) {
  return { accepted: false, rejection: { ...rejection, path: ['input', 'code'] } } as const;
}
