import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { DeciderStore } from '#libs/event-log/runner/types.js';
import { assertNever, type Outcome, type Rejection } from '#libs/kernel/errors/index.js';
import type { TenantId } from '#libs/kernel/ids/index.js';
import type { Instant } from '#libs/kernel/time/index.js';
import { DECIDER_STORE, MESSAGE_SEALS } from '#libs/runtime/port/tokens.js';
import type { MessageSeals } from '#libs/security/port/index.js';
import { qrCodeAggregate } from '../../codec/qr-aggregates.js';
import type { QrRejectionCode } from '../../contract/index.js';
import { base32Of } from '../../domain/base32.js';
import type { IssuedQrCode, KnownQrCode } from '../../domain/qr-code/index.js';
import { contentOf, readContent, type CodeFacts, type ReadContent } from './merchant-code-content.js';
import { OrganisationNames } from './organisation-names.js';

/** 80 bits, 16 characters. */
const SEAL_BYTES = 10;

type Refused = Rejection<QrRejectionCode>;

/** A code that is ours and unchanged; whether it still pays is `refusalOf`'s to say. */
export interface GenuineCode {
  readonly code: KnownQrCode;
  readonly merchantName: string;
}

/** Makes the text of our merchants' codes, and tells the genuine from everything else that can be scanned. */
@Injectable()
export class MerchantCodes {
  constructor(
    @Inject(DECIDER_STORE) private readonly store: DeciderStore,
    @Inject(MESSAGE_SEALS) private readonly seals: MessageSeals,
    @Inject(OrganisationNames) private readonly names: OrganisationNames,
  ) {}

  /** `undefined` for an organisation that is not there. */
  async contentOf(
    { tenant, organisationId }: Pick<IssuedQrCode, 'tenant' | 'organisationId'>,
    facts: Omit<CodeFacts, 'nameZh' | 'nameEn'>,
    correlationId: string,
  ): Promise<string | undefined> {
    const names = await this.names.of(tenant, organisationId, correlationId);
    if (!names) return undefined;
    const { nameZh, nameEn } = names;
    return contentOf({ ...facts, nameZh, nameEn }, (text) => this.#sealOf(tenant, text));
  }

  async genuine(tenant: TenantId, text: string): Promise<Outcome<GenuineCode, Refused>> {
    const read = readContent(text);
    if (!read.accepted) return read;
    const { state } = await this.store.load(qrCodeAggregate, read.value.codeId);
    if (state.status === 'absent' || !this.#sealFits(state, read.value)) return forged();
    // The seal covers what is said, not how: a second spelling of a genuine code is not one of ours either.
    if (state.content !== text) return forged();
    if (state.tenant !== tenant) return refused('QR_OTHER_TENANT', 'The code is another institution’s.');
    return { accepted: true, value: { code: state, merchantName: read.value.merchantName } };
  }

  #sealFits({ tenant }: KnownQrCode, { sealedText, seal }: ReadContent): boolean {
    return timingSafeEqual(Buffer.from(this.#sealOf(tenant, sealedText)), Buffer.from(seal));
  }

  #sealOf(tenant: TenantId, text: string): string {
    return base32Of(this.seals.seal(tenant, 'merchantCode', text).subarray(0, SEAL_BYTES));
  }
}

/** Why the code pays nothing at this moment; `undefined` when it does. */
export function refusalOf(code: KnownQrCode, at: Instant): Refused | undefined {
  switch (code.status) {
    case 'used':
      return { code: 'QR_USED', message: 'The code has been used.', path: ['content'] };
    case 'withdrawn':
      return { code: 'QR_WITHDRAWN', message: 'The code was withdrawn.', path: ['content'] };
    case 'open':
      if (code.expiresAt === null || at < code.expiresAt) return undefined;
      return { code: 'QR_EXPIRED', message: 'The code has expired.', path: ['content'] };
    default:
      return assertNever(code, 'status of a code');
  }
}

function forged() {
  return refused('QR_FORGED', 'The code is not one of ours.');
}

function refused(code: QrRejectionCode, message: string) {
  return { accepted: false, rejection: { code, message, path: ['content'] } } as const;
}
