/** Holds the same request to one payment, however often it is sent, and different requests to different payments. */
export class OnePaymentEach {
  readonly #paymentOf = new Map<string, string>();
  readonly #requestOf = new Map<string, string>();
  readonly #underWay = new Map<string, number>();
  #overlapping = 0;

  /** Requests that began while the same request was under way. */
  get overlapping(): number {
    return this.#overlapping;
  }

  begin(request: string): void {
    const underWay = this.#underWay.get(request) ?? 0;
    if (underWay > 0) this.#overlapping += 1;
    this.#underWay.set(request, underWay + 1);
  }

  /** @param payment what the answer says was paid; undefined for no payment */
  end(request: string, payment: string | undefined): boolean {
    const underWay = (this.#underWay.get(request) ?? 0) - 1;
    if (underWay > 0) this.#underWay.set(request, underWay);
    else this.#underWay.delete(request);
    if (payment === undefined) return false;
    const [paidBefore, askedBefore] = [this.#paymentOf.get(request), this.#requestOf.get(payment)];
    this.#paymentOf.set(request, paidBefore ?? payment);
    this.#requestOf.set(payment, askedBefore ?? request);
    return (paidBefore ?? payment) === payment && (askedBefore ?? request) === request;
  }
}
