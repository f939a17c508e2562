import { type ExportedEvent, idIn, nameOf, textOf } from './export.js';
import { at } from './order-and-chain.js';
import type { Payments } from './payments.js';
import { Verdict } from './verdict.js';

/** What can be used once is used once: dynamic codes of merchants, codes shown by payers; nothing runs under a revoked mandate. */
export class OneTime {
  readonly verdict = new Verdict(
    'one-time',
    'codes are used once, by one payment; a revoked mandate does not run',
  );
  /** Code of a merchant → its kind, and the payment that has it. */
  readonly #codes = new Map<
    string,
    { readonly dynamic: boolean; by: string | undefined; withdrawn: boolean }
  >();
  readonly #payerCodes = new Set<string>();
  readonly #revoked = new Set<string>();

  constructor(private readonly payments: Payments) {}

  observe(event: ExportedEvent): void {
    const { data, stream } = event;
    const codeId = idIn('qrCode', stream);
    if (codeId !== undefined) this.#code(codeId, event);
    const paymentId = idIn('payment', stream);
    if (paymentId !== undefined && nameOf(event.type) === 'PaymentInitiated') {
      const shown = textOf(this.payments.payments.get(paymentId)?.tender['codeId']);
      if (shown === '') return;
      this.verdict.expect(!this.#payerCodes.has(shown), () => `${at(event)}: code ${shown} was used before`);
      this.#payerCodes.add(shown);
    }
    if (idIn('mandate', stream) === undefined) return;
    if (nameOf(event.type) === 'MandateRevoked') this.#revoked.add(stream);
    if (nameOf(event.type) === 'MandateRun') {
      this.verdict.expect(
        !this.#revoked.has(stream),
        () => `${at(event)}: ${textOf(data['ranAt'])}, after its end`,
      );
    }
  }

  #code(codeId: string, event: ExportedEvent): void {
    const code = this.#codes.get(codeId);
    const paymentId = textOf(event.data['paymentId']);
    switch (nameOf(event.type)) {
      case 'QrCodeIssued': {
        this.verdict.expect(!code, () => `${at(event)}: issued again`);
        this.#codes.set(codeId, {
          dynamic: event.data['kind'] === 'dynamic',
          by: undefined,
          withdrawn: false,
        });
        return;
      }
      case 'QrCodeWithdrawn':
        if (code) code.withdrawn = true;
        return;
      case 'QrCodeUsed': {
        const free = code?.withdrawn === false && (!code.dynamic || code.by === undefined);
        this.verdict.expect(free, () => `${at(event)}: by ${paymentId}, used by ${code?.by ?? 'nobody'}`);
        if (code) code.by = paymentId;
        return;
      }
      case 'QrCodeUseGivenBack': {
        const status = this.payments.payments.get(paymentId)?.status;
        this.verdict.expect(
          code?.by === paymentId && status !== 'captured',
          () => `${at(event)}: of payment ${paymentId}, which is ${status ?? 'not known'}`,
        );
        if (code) code.by = undefined;
      }
    }
  }
}
