import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Instant, epochMsOf, instantFromEpochMs } from '#libs/kernel/time/index.js';
import type { Clock } from '#libs/runtime/port/index.js';
import type { Caller } from '#libs/security/port/index.js';
import type { Language } from '../i18n/index.js';

/** What a link may be used for; one purpose's token opens no other. */
export type LinkPurpose =
  'upload' | 'error-workbook' | 'receipt' | 'slip' | 'statement' | 'merchant-code' | 'mass-refund';

/** What the token vouches for. */
interface Claims {
  readonly purpose: LinkPurpose;
  readonly id: string;
  readonly expiresAtMs: number;
  /** Downloads ask the context again, as this caller. */
  readonly caller?: Caller;
  readonly language?: Language;
  readonly maxBytes?: number;
}

export type OpenedLink = Omit<Claims, 'purpose' | 'id' | 'expiresAtMs'>;

const LIFETIME_MS = 15 * 60_000;
const MAX_TOKEN = 4_096;

/**
 * Addresses that a browser can fetch or fill without an Authorization header: the token in them is signed (HMAC-SHA-256)
 * over purpose, id, expiry and the caller it was made for.
 */
export class SignedLinks {
  constructor(
    private readonly secret: string,
    private readonly baseUrl: string,
    private readonly clock: Clock,
  ) {}

  upload(id: string, maxBytes: number): { readonly url: string; readonly expiresAt: Instant } {
    const expiresAtMs = this.#expiry();
    const token = this.#sign({ purpose: 'upload', id, expiresAtMs, maxBytes });
    return {
      url: `${this.baseUrl}/files/uploads/${encodeURIComponent(id)}?token=${token}`,
      expiresAt: instantFromEpochMs(expiresAtMs),
    };
  }

  errorWorkbook(id: string, reader: { readonly caller: Caller; readonly language: Language }): string {
    const token = this.#sign({ purpose: 'error-workbook', id, expiresAtMs: this.#expiry(), ...reader });
    return `${this.baseUrl}/files/imports/${encodeURIComponent(id)}/errors.xlsx?token=${token}`;
  }

  receipt(id: string, reader: { readonly caller: Caller; readonly language: Language }): string {
    const token = this.#sign({ purpose: 'receipt', id, expiresAtMs: this.#expiry(), ...reader });
    return `${this.baseUrl}/files/receipts/${encodeURIComponent(id)}.pdf?token=${token}`;
  }

  /** The 80 mm slip of a receipt; `&format=escpos` for printers, `svg` (default) to look at, `text` for the ear. */
  slip(id: string, reader: { readonly caller: Caller; readonly language: Language }): string {
    const token = this.#sign({ purpose: 'slip', id, expiresAtMs: this.#expiry(), ...reader });
    return `${this.baseUrl}/files/receipts/${encodeURIComponent(id)}/slip?token=${token}`;
  }

  /** An account's statement as CSV; `id` names account and period. */
  statement(id: string, reader: { readonly caller: Caller; readonly language: Language }): string {
    const token = this.#sign({ purpose: 'statement', id, expiresAtMs: this.#expiry(), ...reader });
    return `${this.baseUrl}/files/statements/${encodeURIComponent(id)}.csv?token=${token}`;
  }

  /** The report of a mass refund as a workbook. */
  massRefundReport(id: string, reader: { readonly caller: Caller; readonly language: Language }): string {
    const token = this.#sign({ purpose: 'mass-refund', id, expiresAtMs: this.#expiry(), ...reader });
    return `${this.baseUrl}/files/mass-refunds/${encodeURIComponent(id)}.xlsx?token=${token}`;
  }

  /** A merchant's code as a picture. */
  merchantCode(
    { id, format }: { readonly id: string; readonly format: 'svg' | 'png' },
    reader: { readonly caller: Caller; readonly language: Language },
  ): string {
    const token = this.#sign({ purpose: 'merchant-code', id, expiresAtMs: this.#expiry(), ...reader });
    return `${this.baseUrl}/files/codes/${encodeURIComponent(id)}.${format}?token=${token}`;
  }

  /** What the token allows, or `undefined` when it is forged, expired, or made for something else. */
  open(purpose: LinkPurpose, id: string, token: string | undefined): OpenedLink | undefined {
    if (!token || token.length > MAX_TOKEN) return undefined;
    const [payload = '', signature = ''] = token.split('.');
    const given = Buffer.from(signature, 'base64url');
    const expected = this.#mac(payload);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims;
    const fits =
      claims.purpose === purpose && claims.id === id && claims.expiresAtMs > epochMsOf(this.clock.now());
    return fits ? claims : undefined;
  }

  #expiry(): number {
    return epochMsOf(this.clock.now()) + LIFETIME_MS;
  }

  #sign(claims: Claims): string {
    const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return `${payload}.${this.#mac(payload).toString('base64url')}`;
  }

  #mac(payload: string): Buffer {
    return createHmac('sha256', this.secret).update(payload).digest();
  }
}
