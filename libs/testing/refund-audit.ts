import type { JsonObject, RecordedEvent } from '#libs/event-log/port/index.js';

/**
 * Judges what refunds have left in a log by its stored JSON alone. Answers every broken promise as a sentence.
 *
 * - what refunds hold and have given back of a payment is never more than was paid, per bill, at any position
 * - nothing is sent that is not held on the payment and approved, by another person where one is needed
 * - at the end: bills refunded or reversed, receipt cancelled, the fence settled or released, in this order before `complete`
 * - `clearing:refund` holds exactly what is on its way and is never below zero; the accounts sum to zero
 */
export function auditRefunds(events: readonly RecordedEvent[]): readonly string[] {
  const audit = new RefundAudit();
  for (const event of events) audit.take(event);
  return audit.end();
}

type Lines = ReadonlyMap<string, bigint>;

interface Audited {
  readonly request: JsonObject;
  readonly lines: Lines;
  status: 'requested' | 'approved' | 'sent' | 'returned' | 'rejected';
  by?: string;
  complete: boolean;
  /** Steps elsewhere, as they were stored: `held`, `BillRefunded <bill>` … */
  readonly steps: string[];
}

class RefundAudit {
  readonly #faults: string[] = [];
  readonly #refunds = new Map<string, Audited>();
  /** Paid, by `<payment> <bill>`; and what refunds hold or have given back of it. */
  readonly #paid = new Map<string, bigint>();
  readonly #fenced = new Map<string, Map<string, Lines>>();
  readonly #accounts = new Map<string, bigint>();

  take({ type, data }: RecordedEvent): void {
    this.#post(data);
    switch (type) {
      case 'PaymentCaptured.v1':
        for (const bill of list(data, 'bills')) {
          this.#paid.set(`${text(data, 'paymentId')} ${text(bill, 'billId')}`, minor(bill['amount']));
        }
        return;
      case 'RefundRequested.v2': {
        const refund: Audited = {
          request: data,
          lines: linesOf(data),
          status: 'requested',
          complete: false,
          steps: [],
        };
        if (this.#refunds.has(text(data, 'refundId'))) this.#faults.push('a refund is requested twice');
        this.#refunds.set(text(data, 'refundId'), refund);
        return;
      }
      case 'PaymentRefundHeld.v1':
        this.#hold(data);
        return;
      case 'PaymentRefundReleased.v1':
        this.#fenced.get(text(data, 'paymentId'))?.delete(text(data, 'refundId'));
        this.#step(data, 'released');
        return;
      case 'PaymentRefunded.v1':
        this.#step(data, 'settled');
        return;
      case 'BillRefunded.v1':
      case 'BillAllocationReversed.v1':
        this.#step(data, `${type} ${text(data, 'billId')}`);
        return;
      case 'ReceiptCancelled.v1':
        this.#step(data, 'receipt');
        return;
      default:
        if (type.startsWith('Refund')) this.#move(type, data);
    }
  }

  end(): readonly string[] {
    let onItsWay = 0n;
    for (const [id, refund] of this.#refunds) {
      const dishonour = refund.request['refundKind'] === 'dishonour';
      if (refund.status === 'sent' && !dishonour) onItsWay += minor(refund.request['amount']);
      if (refund.complete) this.#judge(id, refund);
      else if (refund.status === 'returned' || refund.status === 'rejected') {
        this.#faults.push(`refund ${id} was left ${refund.status}`);
      }
    }
    const clearing = this.#accounts.get('clearing:refund') ?? 0n;
    if (clearing !== onItsWay) this.#faults.push(`clearing:refund holds ${clearing}, not ${onItsWay}`);
    let sum = 0n;
    for (const balance of this.#accounts.values()) sum += balance;
    if (sum !== 0n) this.#faults.push(`the trial balance is ${sum}`);
    return this.#faults;
  }

  #post(data: JsonObject): void {
    for (const posting of data['postings'] ? list(data, 'postings') : []) {
      const amount = minor(posting['amount']);
      const [to, from] = [text(posting, 'destination'), text(posting, 'source')];
      this.#accounts.set(to, (this.#accounts.get(to) ?? 0n) + amount);
      const left = (this.#accounts.get(from) ?? 0n) - amount;
      this.#accounts.set(from, left);
      if (left < 0n && !from.startsWith('world:')) this.#faults.push(`${from} fell to ${left}`);
    }
  }

  #hold(data: JsonObject): void {
    const paymentId = text(data, 'paymentId');
    const fenced = this.#fenced.get(paymentId) ?? new Map<string, Lines>();
    this.#fenced.set(paymentId, fenced.set(text(data, 'refundId'), linesOf(data)));
    this.#step(data, 'held');
    const sums = new Map<string, bigint>();
    for (const lines of fenced.values()) {
      for (const [billId, amount] of lines) sums.set(billId, (sums.get(billId) ?? 0n) + amount);
    }
    for (const [billId, sum] of sums) {
      const paid = this.#paid.get(`${paymentId} ${billId}`) ?? 0n;
      if (sum > paid) this.#faults.push(`refunds hold ${sum} of ${paid} paid on ${billId}`);
    }
  }

  #step(data: JsonObject, step: string): void {
    const refund = this.#refunds.get(text(data, 'refundId'));
    if (!refund) this.#faults.push(`${step} of a refund that nobody asked for`);
    else if (refund.steps.includes(step)) this.#faults.push(`${step} twice`);
    else refund.steps.push(step);
  }

  #move(type: string, data: JsonObject): void {
    const id = text(data, 'refundId');
    const refund = this.#refunds.get(id);
    if (!refund) return void this.#faults.push(`${type} of nothing`);
    const { request, status } = refund;
    switch (type) {
      case 'RefundApproved.v1': {
        const checker = data['checker'] as JsonObject | null;
        const maker = request['maker'] as JsonObject;
        if (status !== 'requested') this.#faults.push(`refund ${id} approved when ${status}`);
        if (checker === null ? request['approvalNeeded'] : checker['personId'] === maker['personId']) {
          this.#faults.push(`refund ${id} lacks its second person`);
        }
        refund.status = 'approved';
        return;
      }
      case 'RefundSent.v1':
        if (status !== 'approved') this.#faults.push(`refund ${id} sent when ${status}`);
        if (!refund.steps.includes('held') || refund.steps.includes('released')) {
          this.#faults.push(`refund ${id} sent without a hold on the payment`);
        }
        refund.status = 'sent';
        return;
      case 'RefundReturned.v1':
        if (status !== 'sent') this.#faults.push(`refund ${id} returned when ${status}`);
        refund.status = 'returned';
        return;
      case 'RefundRejected.v1':
        if (status === 'returned' || status === 'rejected') this.#faults.push(`refund ${id} ends twice`);
        refund.status = 'rejected';
        refund.by = text(data, 'by');
        return;
      case 'RefundCompleted.v1':
        refund.complete = true;
        return;
    }
  }

  /** What a refund that has come to its end owes elsewhere. */
  #judge(id: string, refund: Audited): void {
    const { request, lines, status, by, steps } = refund;
    const bills = [...lines.keys()];
    const isVoid = request['refundKind'] !== 'refund';
    const onBills = (type: string) => bills.map((billId) => `${type} ${billId}`);
    const reversals = isVoid ? [...onBills('BillAllocationReversed.v1'), 'receipt'] : [];
    let expected: readonly string[];
    if (status === 'returned') {
      expected = ['held', ...(isVoid ? reversals : onBills('BillRefunded.v1')), 'settled'];
    } else if (by === 'payment') expected = ['released'];
    else if (by === 'bank') expected = isVoid ? ['held', ...reversals] : ['held', 'released'];
    else expected = steps.includes('held') ? ['held', 'released'] : ['released'];
    // The bills of one refund are told in any order.
    if (inOrder(steps) !== inOrder(expected)) {
      this.#faults.push(`refund ${id}, ${status}: ${steps.join()} instead of ${expected.join()}`);
    }
  }
}

/** Runs of steps of one type are sorted; their order among the types stays. */
function inOrder(steps: readonly string[]): string {
  const runs: string[][] = [];
  for (const step of steps) {
    const last = runs.at(-1);
    if (last && last[0]!.split(' ')[0] === step.split(' ')[0]) last.push(step);
    else runs.push([step]);
  }
  return runs.map((run) => run.sort().join()).join(' > ');
}

function linesOf(data: JsonObject): Lines {
  return new Map(list(data, 'lines').map((line) => [text(line, 'billId'), minor(line['amount'])]));
}

function text(data: JsonObject, name: string): string {
  return data[name] as string;
}

function list(data: JsonObject, name: string): readonly JsonObject[] {
  return data[name] as readonly JsonObject[];
}

function minor(money: unknown): bigint {
  return BigInt((money as { readonly amount: string }).amount);
}
